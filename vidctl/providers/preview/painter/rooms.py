"""Rooms: a wall, a floor, a window and its light, and what somebody keeps there."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from PIL import ImageChops

from vidctl.providers.preview.painter import growing, instruments, things
from vidctl.providers.preview.painter.canvas import COARSE, HIGH, WIDE, Stencil, coarse_grid
from vidctl.providers.preview.painter.colour import Lab, lighter, mix
from vidctl.providers.preview.painter.outline import arch, box, ellipse, line, polygon, smooth
from vidctl.providers.preview.painter.settlement import coloured
from vidctl.providers.preview.painter.stage import Stage, across
from vidctl.providers.preview.painter.texture import chance, noise
from vidctl.providers.preview.painter.vocabulary import Maker

FLOOR: Final = 6.9


def library(stage: Stage) -> None:
    """Paint a room of books."""
    wall, _ = _room(stage, warmth=0.8)
    x = float(stage.rng.uniform(6.8, 9.2))
    _window(stage, x, 1.15, 1.3, 5.4, wall)
    for left, right in ((-0.3, x - 2.3), (x + 2.3, WIDE + 0.3)):
        _shelves(stage, left, right, wall)
    _table(stage, (instruments.globe, things.book, things.lantern))


def workshop(stage: Stage) -> None:
    """Paint a workshop: tools, wheels or shelves on the wall, a bench, a machine."""
    wall, _ = _room(stage, warmth=0.9)
    rng = stage.rng
    x = 11.6 if stage.sun_x > WIDE / 2 else 4.4
    _window(stage, x + float(rng.uniform(-0.9, 0.9)), float(rng.uniform(1.15, 1.75)), 1.2, 4.9, wall)
    beam = Stencil().add(box(-0.2, 0.35, WIDE + 0.2, 0.85))
    for at in (2.2, 8.0, 13.8):
        beam.add(polygon((at - 0.15, 0.8), (at + 0.15, 0.8), (at + 0.9, -0.1), (at + 0.5, -0.1)))
    wood = lighter(stage.paint.wood, -0.1)
    stage.canvas.layer(beam.mask(), wood, lighter(wood, -0.05), shade=0.3)
    spots = (3.5, 7.2) if x > WIDE / 2 else (12.5, 8.8)
    for at, fill in zip(spots, rng.permutation(3), strict=False):
        (_cogs, _tool_rack, _jars)[fill](stage, at, wall)
    pool = (instruments.machine, things.tools, things.book, things.lantern, instruments.clock, things.barrel)
    _table(stage, tuple(pool[at] for at in rng.permutation(len(pool))[:3]))


def _cogs(stage: Stage, x: float, wall: Lab) -> None:
    cogs = Stencil()
    for right, y, radius, teeth in ((0.0, 2.7, 0.95, 16), (1.35, 3.45, 0.6, 11), (-1.1, 3.8, 0.5, 9)):
        cogs.add(instruments.gear_outline(x + right, y, radius, teeth))
        cogs.add(ellipse(x + right, y, radius * 0.3, radius * 0.3), cut=True)
    metal = mix(stage.paint.metal, wall, 0.35)
    stage.canvas.layer(cogs.mask(), metal, mix(metal, wall, 0.25), shade=0.25)


def _tool_rack(stage: Stage, x: float, wall: Lab) -> None:
    board = Stencil().add(box(x - 1.7, 1.9, x + 1.7, 4.3)).mask()
    stage.canvas.layer(board, lighter(wall, -0.09), lighter(wall, -0.12), shade=0.25)
    for at, maker in enumerate((things.tools, things.key, things.sword, things.wheel_thing, things.anchor)):
        spot = x - 1.24 + 0.62 * at
        coloured(stage, maker(stage.paint), spot, 3.75, 1.2 if maker is not things.tools else 0.6, distance=0.25)


def _jars(stage: Stage, x: float, wall: Lab) -> None:
    shelf = Stencil()
    makers = (instruments.flask, things.bottle, things.barrel, things.book, instruments.clock)
    for y in (2.4, 3.6, 4.8):
        shelf.add(box(x - 1.6, y, x + 1.6, y + 0.12))
        for at in np.arange(x - 1.2, x + 1.3, 0.6):
            maker = makers[int(stage.rng.integers(len(makers)))]
            coloured(stage, maker(stage.paint), float(at), y, float(stage.rng.uniform(0.35, 0.65)), distance=0.25)
    stage.canvas.layer(shelf.mask(), lighter(wall, -0.18), lighter(wall, -0.22), shade=0.25)


def laboratory(stage: Stage) -> None:
    """Paint a laboratory: shelves of glass, a bench with instruments."""
    wall, _ = _room(stage, warmth=0.1)
    x = 12.2 if stage.sun_x > WIDE / 2 else 3.8
    _window(stage, x, 1.5, 1.0, 4.8, wall)
    shelf = Stencil()
    for y in (2.6, 4.2):
        shelf.add(box(6.0, y, 10.6, y + 0.12))
        for at in np.arange(6.3, 10.3, 0.62):
            maker = (instruments.flask, things.bottle, instruments.hourglass)[int(stage.rng.integers(3))]
            coloured(stage, maker(stage.paint), float(at) + 0.1, y, float(stage.rng.uniform(0.5, 0.85)), distance=0.3)
    stage.canvas.layer(shelf.mask(), lighter(wall, -0.18), lighter(wall, -0.22), shade=0.25)
    _table(stage, (instruments.microscope, things.book, instruments.flask))


def hall(stage: Stage) -> None:
    """Paint a great hall: columns towards a bright end."""
    light = stage.light
    _room(stage, warmth=0.55)
    stone = stage.film.natural(0.22 + 0.75 * light.ground_lightness, 0.03, 80)
    end = Stencil().add(arch(8, 1.5, 1.7, FLOOR)).mask()
    stage.canvas.layer(end, light.middle, lighter(light.horizon, 0.03), shade=0.2)
    stage.canvas.glow(8, 4.2, 3.2, light.sun, 0.6)
    for depth, (inset, wide) in enumerate(((5.1, 0.45), (3.4, 0.62), (1.2, 0.9))):
        columns, low = Stencil(), FLOOR + 0.05 + 0.55 * depth
        for x in (inset, WIDE - inset):
            columns.add(polygon((x - wide, low), (x - wide * 0.78, 1.2), (x + wide * 0.78, 1.2), (x + wide, low)))
            columns.add(box(x - wide * 1.25, low - 0.25, x + wide * 1.25, low)).add(
                box(x - wide * 1.3, 0.85, x + wide * 1.3, 1.3)
            )
        columns.add(box(-0.2, -0.2, WIDE + 0.2, 0.95 - 0.2 * depth))
        tone = mix(stone, light.haze, 0.35 - 0.16 * depth)
        stage.canvas.layer(
            columns.mask(), lighter(tone, 0.04), lighter(tone, -0.1), rim=stage.rim(tone), shade=0.3, light_x=8
        )
    pool = Stencil().add(polygon((7.0, FLOOR), (9.0, FLOOR), (11.4, HIGH), (4.6, HIGH))).mask()
    stage.canvas.soft(pool, light.sun, 16, 0.4)


def parlour(stage: Stage) -> None:
    """Paint a lived-in room: a window, a picture, a lamp, a table."""
    wall, _ = _room(stage, warmth=float(stage.rng.uniform(0.2, 0.9)))
    x = 10.8 if stage.sun_x > WIDE / 2 else 5.2
    _window(stage, x, 1.35, 1.5, 5.0, wall)
    at = WIDE - x
    stage.canvas.layer(
        Stencil().add(box(at - 1.1, 1.7, at + 1.1, 3.3)).mask(),
        stage.paint.wood,
        lighter(stage.paint.wood, -0.05),
        shade=0.3,
    )
    stage.canvas.layer(
        Stencil().add(box(at - 0.92, 1.88, at + 0.92, 3.12)).mask(), stage.light.top, stage.light.horizon
    )
    peak = (
        Stencil()
        .add(polygon((at - 0.92, 3.12), (at - 0.3, 2.3), (at + 0.1, 2.7), (at + 0.45, 2.4), (at + 0.92, 3.12)))
        .mask()
    )
    stage.canvas.flat(peak, stage.surface(0.4, 0.05, 200))
    curtains = Stencil()
    for way in (-1, 1):
        curtains.add(
            smooth(
                (x + way * 1.6, 1.1),
                (x + way * 2.4, 1.1),
                (x + way * 2.5, 5.7),
                (x + way * 1.9, 5.7),
                (x + way * 1.5, 3.4),
                steps=4,
            )
        )
    stage.canvas.layer(curtains.mask(), mix(stage.paint.main, wall, 0.25), mix(stage.paint.main, wall, 0.4), shade=0.25)
    _table(stage, (things.lantern, things.book, growing.flower))


def _room(stage: Stage, *, warmth: float) -> tuple[Lab, Lab]:
    """Paint walls and floor; return their colours."""
    night = stage.light.ground_lightness
    wall = stage.film.tone(0.20 + 0.62 * night, 0.05, warmth)
    floor = lighter(stage.film.natural(0.20 + 0.45 * night, 0.06, 58), 0)
    _, ys = coarse_grid()
    field = np.broadcast_to(wall, (*ys.shape, 3)).copy()
    field[..., 0] += 0.07 * (ys / FLOOR - 0.6) + 0.03 * (noise(stage.rng, COARSE, (6, 5)) - 0.5)
    stage.canvas.wash(field)
    ground = Stencil().ridge(np.array([-0.2, WIDE + 0.2]), np.array([FLOOR, FLOOR])).mask()
    stage.canvas.layer(ground, floor, lighter(floor, -0.08), rim=lighter(floor, 0.1), shade=0.25)
    boards = Stencil()
    for foot in np.arange(-20, 37, 2.2):
        boards.add(polygon((8 + (foot - 8) * 0.42, FLOOR), (foot, HIGH + 0.1), (foot + 0.06, HIGH + 0.1)))
    stage.canvas.flat(boards.mask(), lighter(floor, -0.12), 0.8)
    stage.canvas.layer(
        Stencil().add(box(-0.2, FLOOR - 0.28, WIDE + 0.2, FLOOR)).mask(),
        lighter(wall, -0.12),
        lighter(wall, -0.14),
        shade=0.15,
    )
    return wall, floor


def _window(stage: Stage, x: float, wide: float, top: float, low: float, wall: Lab) -> None:
    """Cut a window, show the sky through it, and let its light fall on the floor."""
    light, canvas = stage.light, stage.canvas
    opening = Stencil().add(arch(x, wide, top, low))
    frame = (
        Stencil()
        .add(arch(x, wide + 0.18, top - 0.18, low + 0.05))
        .add(box(x - wide - 0.35, low, x + wide + 0.35, low + 0.22))
    )
    canvas.layer(frame.mask(), lighter(wall, -0.2), lighter(wall, -0.24), shade=0.3)
    canvas.layer(opening.mask(), light.middle, lighter(light.horizon, 0.02))
    hills = Stencil().ridge(across(), low - 0.5 - 0.25 * np.sin(across() * 1.3 + x), down_to=low)
    both = ImageChops.darker(hills.mask(), opening.mask())
    canvas.flat(both, stage.far(stage.surface(0.45, 0.06, 140), 0.5))
    bars = Stencil().add(line((x, top), (x, low), 0.05))
    for y in np.linspace(top, low, 4)[1:3]:
        bars.add(line((x - wide, y), (x + wide, y), 0.04))
    canvas.flat(bars.mask(), lighter(wall, -0.24))
    canvas.glow(x, (top + low) / 2, 2.6, light.sun, 0.4)
    lean = 2.4 if x < WIDE / 2 else -2.4
    shaft = Stencil().add(
        polygon((x - wide, top + 0.6), (x + wide, low), (x + wide + lean * 1.5, HIGH), (x - wide + lean * 1.1, HIGH))
    )
    canvas.soft(shaft.mask(), light.sun, 20, 0.20)
    patch = Stencil().add(
        polygon(
            (x - wide + lean * 0.7, FLOOR + 0.4),
            (x + wide + lean * 0.7, FLOOR + 0.4),
            (x + wide + lean * 1.3, 8.6),
            (x - wide + lean * 1.1, 8.6),
        )
    )
    canvas.soft(patch.mask(), light.sun, 10, 0.38)


def _shelves(stage: Stage, left: float, right: float, wall: Lab) -> None:
    case = Stencil().add(box(left, 0.7, right, FLOOR + 0.1)).mask()
    wood = mix(stage.paint.wood, wall, 0.35)
    stage.canvas.layer(case, lighter(wood, -0.12), lighter(wood, -0.16), shade=0.3)
    tints = [
        mix(tint, wood, 0.35)
        for tint in (stage.paint.main, stage.paint.second, stage.paint.accent, stage.paint.pale, stage.paint.dark)
    ]
    spines = [Stencil() for _ in tints]
    boards = Stencil()
    for y in np.arange(1.9, FLOOR, 1.2):
        x = left + 0.1
        while x < right - 0.2:
            wide, high = float(stage.rng.uniform(0.1, 0.24)), float(stage.rng.uniform(0.6, 0.98))
            if chance(stage.rng, 0.92):  # a gap now and then
                spines[int(stage.rng.integers(len(tints)))].add(box(x, y - high, x + wide * 0.94, y))
            x += wide
        boards.add(box(left, y, right, y + 0.12))
    for tint, sheet in zip(tints, spines, strict=True):
        stage.canvas.flat(sheet.mask(), tint, 0.92)
    stage.canvas.layer(boards.mask(), wood, wood, shade=0.2)


def _table(stage: Stage, makers: tuple[Maker, ...]) -> None:
    """Stand a table before the wall, with things on it."""
    top, middle = FLOOR - 0.75, 3.6 if stage.sun_x > WIDE / 2 else 12.4
    wood = mix(stage.paint.wood, stage.light.haze, 0.08)
    legs = Stencil()
    for x in (middle - 2.1, middle + 1.9):
        legs.add(polygon((x, top), (x + 0.24, top), (x + 0.18, FLOOR + 0.85), (x + 0.04, FLOOR + 0.85)))
    stage.canvas.layer(legs.mask(), lighter(wood, -0.1), lighter(wood, -0.15), shade=0.25)
    for at, maker in enumerate(makers):
        coloured(
            stage, maker(stage.paint), middle - 1.5 + 1.45 * at, top + 0.02, 1.25 if at != 1 else 0.6, distance=0.06
        )
    stage.canvas.layer(
        Stencil().add(box(middle - 2.4, top, middle + 2.4, top + 0.2)).mask(),
        lighter(wood, 0.05),
        wood,
        rim=stage.rim(wood),
        shade=0.3,
    )
    stage.canvas.glow(middle + 1.4, top - 0.5, 1.5, stage.paint.glow, 0.35)


ROOMS: Final[Mapping[str, Callable[[Stage], None]]] = {
    "library": library, "workshop": workshop, "laboratory": laboratory, "hall": hall, "parlour": parlour,
}  # fmt: skip
