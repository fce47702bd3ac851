"""Places without a horizon: caves, the deep sea, space."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from vidctl.providers.preview.painter import craft, growing, swimmers
from vidctl.providers.preview.painter.canvas import COARSE, HIGH, WIDE, Stencil, coarse_grid
from vidctl.providers.preview.painter.colour import lighter, mix
from vidctl.providers.preview.painter.outline import box, ellipse, limb, polygon, ring, smooth
from vidctl.providers.preview.painter.settlement import coloured
from vidctl.providers.preview.painter.stage import Stage, across
from vidctl.providers.preview.painter.texture import chance, noise


def cave(stage: Stage) -> None:
    """Paint the view out of a cave, or a lit hollow underground."""
    light = stage.light
    _, ys = coarse_grid()
    field = light.middle + (light.horizon - light.middle) * np.clip(ys / 6, 0, 1)[..., None]
    stage.canvas.wash(field)
    stage.canvas.glow(8.2, 4.4, 3.4, light.sun, 0.5)
    xs = across()
    for lift, distance in ((0.9, 0.6), (0.2, 0.35)):
        ridge = Stencil().ridge(xs, 5.0 - lift - 0.35 * np.sin(xs * (0.7 + lift) + 9 * stage.rng.random()))
        hill = stage.far(stage.surface(0.5, 0.06, 140), distance)
        stage.canvas.layer(ridge.mask(), hill, lighter(hill, 0.05), rim=stage.rim(hill))
    own = stage.film.natural(0.16 + 0.5 * light.ground_lightness, 0.035, 60)
    for depth in range(4):
        near = depth / 3
        reach_x, reach_y = 3.6 + 2.4 * near, 2.2 + 1.5 * near
        angle = np.linspace(0, 2 * np.pi, 26, endpoint=False)
        rough = stage.rng.uniform(0.82, 1.12, 26)
        hole = smooth(
            *[
                (8.1 + reach_x * r * np.cos(a), 4.3 + reach_y * r * np.sin(a))
                for a, r in zip(angle, rough, strict=True)
            ],
            steps=4,
        )
        sheet = Stencil().add(box(-0.2, -0.2, WIDE + 0.2, HIGH + 0.2)).add(hole, cut=True)
        _stalactites(stage, sheet, depth)
        tone = stage.far(lighter(own, -0.05 * depth), 0.42 * (1 - near))
        stage.canvas.layer(sheet.mask(), tone, lighter(tone, -0.07), rim=mix(tone, light.sun, 0.35), shade=0.25)
    if stage.brief.says("crystal", "gem", "mine", "mineral", "diamond", "gold"):
        for x, high in ((2.6, 1.6), (13.2, 2.0), (11.6, 1.0)):
            coloured(stage, growing.crystal(stage.paint), x, 8.5, high, distance=0.0)
            stage.canvas.glow(x, 7.8, 1.1, lighter(stage.paint.main, 0.2), 0.4)
    stage.canvas.mist(7.2, 0.9, light.haze, 0.25)


def _stalactites(stage: Stage, sheet: Stencil, depth: int) -> None:
    for x in stage.rng.uniform(2.5, 13.5, 5 + depth):
        long, wide = float(stage.rng.uniform(0.5, 1.7)), float(stage.rng.uniform(0.12, 0.3))
        y = 4.3 - (2.0 + 1.4 * depth / 3) * np.sqrt(max(0.05, 1 - ((x - 8.1) / (4.2 + 2.2 * depth / 3)) ** 2))
        sheet.add(polygon((x - wide, y - 0.5), (x + wide, y - 0.5), (x + 0.03, y + long), (x - 0.03, y + long)))


def deep(stage: Stage) -> None:
    """Paint the sea from within."""
    film, rng = stage.film, stage.rng
    _, ys = coarse_grid()
    shallow, abyss = film.natural(0.76, 0.08, 205, pull=0.5), film.natural(0.22, 0.06, 235, pull=0.5)
    stage.canvas.wash(shallow + (abyss - shallow) * (np.clip(ys / HIGH, 0, 1) ** 0.75)[..., None])
    beams = Stencil()
    for x in np.linspace(1, 15, 8) + rng.uniform(-0.6, 0.6, 8):
        beams.add(polygon((x, -0.2), (x + 0.5, -0.2), (x + 1.9 - (8 - x) * 0.25, 8), (x + 0.7 - (8 - x) * 0.25, 8)))
    stage.canvas.soft(beams.mask(), lighter(shallow, 0.18), 26, 0.3)
    xs = across()
    for depth in range(3):
        floor = 7.0 + 0.7 * depth - 0.5 * np.sin(xs * (0.5 + 0.2 * depth) + rng.uniform(0, 6)) - 0.2 * np.sin(xs * 1.7)
        tone = mix(film.natural(0.34, 0.05, 200), shallow, 0.42 - 0.18 * depth)
        sheet = Stencil().ridge(xs, floor)
        _kelp(stage, sheet, depth)
        stage.canvas.layer(sheet.mask(), tone, lighter(tone, -0.12), rim=lighter(tone, 0.1), shade=0.18)
    for _ in range(7):
        fish = swimmers.swimmer("fish", stage.paint)
        coloured(
            stage,
            fish,
            float(rng.uniform(1, 15)),
            float(rng.uniform(2.0, 6.0)),
            float(rng.uniform(0.12, 0.3)),
            distance=0.35,
            flip=chance(rng, 0.5),
        )  # either way
    spots = rng.uniform((0, 0), (WIDE, HIGH), (110, 2))
    stage.canvas.dots(spots, rng.uniform(0.8, 3.0, 110), lighter(shallow, 0.15), 0.5)


def _kelp(stage: Stage, sheet: Stencil, depth: int) -> None:
    for x in stage.rng.uniform(0, WIDE, 8):
        if abs(x - WIDE / 2) < 1.6 * depth:
            continue
        high, sway = float(stage.rng.uniform(1.0, 3.6)), float(stage.rng.uniform(-0.4, 0.4))
        foot = 8.0 + 0.6 * depth
        spine = [
            (x, foot),
            (x + sway, foot - high * 0.4),
            (x - sway, foot - high * 0.75),
            (x + sway * 0.5, foot - high),
        ]
        sheet.add(limb(spine, [0.12, 0.15, 0.1, 0.02]))


def space(stage: Stage) -> None:
    """Paint stars, a nebula and a world."""
    film, rng, canvas = stage.film, stage.rng, stage.canvas
    xs, ys = coarse_grid()
    dark = film.tone(0.13, 0.045, 0.05)
    canvas.wash(np.broadcast_to(dark, (*ys.shape, 3)).copy())
    for warmth, lightness in ((0.0, 0.5), (0.95, 0.58), (0.5, 0.66)):
        cloud = noise(rng, COARSE, (5, 3.5), octaves=5, fade=0.6)
        slope = np.exp(-(((ys - 4 + float(rng.uniform(-0.4, 0.4)) * (xs - 8)) / 2.4) ** 2))
        canvas.blend(np.clip((cloud - 0.47) / 0.25, 0, 1) * slope * 0.7, film.tone(lightness, 0.12, warmth))
    spots = rng.uniform((0, 0), (WIDE, HIGH), (620, 2))
    canvas.dots(spots, rng.pareto(2.3, 620).clip(0, 4) * 0.7 + 0.6, lighter(stage.light.sun, 0.02), 0.9)
    _world(stage)
    if stage.brief.says("rocket", "spaceship", "spacecraft", "mission", "station", "satellite", "probe", "shuttle"):
        coloured(stage, craft.rocket(stage.paint), 4.2, 6.0, 2.2, distance=0.05)


def _world(stage: Stage) -> None:
    film, rng, canvas = stage.film, stage.rng, stage.canvas
    near = stage.brief.says("surface", "lunar", "mars", "martian", "landing", "orbit", "earth")
    x, y, radius = (
        (8.0, 21.0, 14.2)
        if near
        else (float(rng.uniform(9.5, 12.5)), float(rng.uniform(2.8, 4.2)), float(rng.uniform(1.4, 2.1)))
    )
    tint = (
        film.natural(0.60, 0.11, 45)
        if stage.brief.says("mars", "martian", "jupiter", "desert")
        else film.natural(0.62, 0.03, 80)
        if stage.brief.says("moon", "lunar")
        else film.tone(0.62, 0.10, 0.1)
    )
    disc = Stencil().add(ellipse(x, y, radius, radius, corners=220)).mask()
    canvas.soft(disc, lighter(tint, 0.2), 60, 0.8)
    canvas.layer(disc, lighter(tint, 0.12), lighter(tint, -0.22))
    marks = Stencil()
    for _ in range(22):
        angle, out = float(rng.uniform(0, 6.3)), radius * float(np.sqrt(rng.uniform(0, 0.8)))
        size = radius * float(rng.uniform(0.03, 0.13)) * (0.22 if near else 1)
        if near:
            angle, out = -np.pi / 2 + float(rng.uniform(-0.55, 0.55)), radius - float(rng.uniform(0.25, 2.2))
        marks.add(ellipse(x + out * np.cos(angle), y + out * np.sin(angle), size * 1.6, size * 0.7))
    canvas.flat(marks.mask(), lighter(tint, -0.12), 0.6)
    if not near:
        night = (
            Stencil()
            .add(ellipse(x, y, radius * 1.01, radius * 1.01, corners=160))
            .add(ellipse(x - radius * 0.55, y - radius * 0.4, radius * 1.25, radius * 1.25, corners=160), cut=True)
        )
        canvas.soft(night.mask(), film.tone(0.12, 0.04, 0.0), 22, 0.85)
        if stage.brief.says("saturn", "ring", "ringed") or chance(rng, 0.4):  # some have rings
            canvas.flat(
                Stencil().add(ring(x, y, radius * 2.0, radius * 1.5, squash=0.16)).mask(), lighter(tint, 0.12), 0.7
            )


HOLLOWS: Final[Mapping[str, Callable[[Stage], None]]] = {"cave": cave, "deep": deep, "space": space}
