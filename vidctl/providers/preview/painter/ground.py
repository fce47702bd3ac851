"""What lies before the horizon: grass, fields, sand, rock, streets, and water that mirrors what stands behind it."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from vidctl.providers.preview.painter.canvas import HIGH, SIZE, UNIT_PX, WIDE, Stencil
from vidctl.providers.preview.painter.colour import Lab, lighter, mix
from vidctl.providers.preview.painter.land import rolling
from vidctl.providers.preview.painter.outline import curve, ellipse, limb, polygon, smooth
from vidctl.providers.preview.painter.stage import Stage, across
from vidctl.providers.preview.painter.texture import chance

GRASS: Final = (0.56, 0.10, 125)
WHEAT: Final = (0.72, 0.12, 85)
SAND: Final = (0.76, 0.075, 76)
ROCK: Final = (0.48, 0.02, 85)
EARTH: Final = (0.46, 0.06, 58)
PAVING: Final = (0.58, 0.02, 80)


def _bands(stage: Stage, colour: tuple[float, float, float], *, count: int = 3, swell: float = 0.5) -> None:
    """Lay the ground in bands that come nearer and grow darker."""
    xs = across()
    own = stage.surface(*colour)
    for at in range(count):
        near = at / max(count - 1, 1)
        y = stage.horizon + 0.05 + (HIGH - stage.horizon - 0.9) * near**1.25
        ys = y - swell * (0.35 + 0.65 * near) * (rolling(xs, stage.rng) - 0.35)
        upper = stage.far(lighter(own, 0.05 - 0.07 * near), 0.42 * (1 - near))
        mask = Stencil().ridge(xs, ys).mask()
        stage.canvas.layer(
            mask,
            upper,
            lighter(upper, -0.10),
            rim=stage.rim(upper, 0.12),
            shade=0.08 + 0.14 * near,
            light_x=stage.sun_x,
        )
        if at == 0:
            stage.canvas.mist(stage.horizon + 0.2, 0.5, stage.light.haze, 0.35)


def meadow(stage: Stage) -> None:
    """Paint grassland, with tufts and flowers at hand."""
    autumn = stage.brief.says("autumn", "fall", "dry", "savanna", "savannah", "steppe", "prairie")
    colour = WHEAT if autumn else GRASS
    _bands(stage, colour)
    blades(stage, stage.surface(colour[0] - 0.16, colour[1], colour[2]))
    if not stage.snowy:
        spots = stage.rng.uniform((0, 7.0), (WIDE, 8.9), (60, 2))
        stage.canvas.dots(
            spots,
            1.6 + 2.2 * (spots[:, 1] - 7.0) / 2,
            stage.paint.accent,
            0.75 * min(1.0, 2 * stage.light.ground_lightness),
        )


def blades(stage: Stage, colour: Lab, *, count: int = 170, tall: float = 0.42) -> None:
    """Paint tufts of grass along the lower edge."""
    tufts = Stencil()
    for x in stage.rng.uniform(-0.2, WIDE + 0.2, count):
        high, lean = stage.rng.uniform(0.4, 1.0) * tall * (0.55 + abs(x - 8) / 9), stage.rng.normal(0, 0.1)
        tufts.add(
            polygon(
                (x - 0.03, HIGH + 0.05),
                (x + lean * 0.4, HIGH - 0.55 * high),
                (x + lean, HIGH - high),
                (x + 0.035, HIGH + 0.05),
            )
        )
    stage.canvas.flat(tufts.mask(), colour, 0.9)


def field(stage: Stage) -> None:
    """Paint ploughed or standing crops, in rows that run to the horizon."""
    colour = (
        EARTH if stage.brief.says("plough", "plow", "ploughed", "mud", "trench", "battlefield", "battle") else WHEAT
    )
    _bands(stage, colour, count=2, swell=0.12)
    rows, meet = Stencil(), (float(stage.rng.uniform(5, 11)), stage.horizon - 0.1)
    for foot in np.arange(-22, 38, 1.7):
        rows.add(polygon(meet, (foot, HIGH + 0.2), (foot + 0.75, HIGH + 0.2)))
    ys = np.full(161, stage.horizon + 0.35)
    below = Stencil().ridge(across(), ys).mask()
    stage.canvas.image.paste(_darkened(stage.canvas.image, 0.86), mask=_both(rows.mask(), below))
    blades(
        stage, stage.surface(colour[0] - 0.08, colour[1], colour[2]), count=260, tall=0.75 if colour is WHEAT else 0.2
    )


def _darkened(image: Image.Image, share: float) -> Image.Image:
    return image.point([round(value * share) for value in range(256)] * 3)


def _both(one: Image.Image, other: Image.Image) -> Image.Image:
    both = Image.new("L", one.size)
    both.paste(one, mask=other)
    return both


def sand(stage: Stage) -> None:
    """Paint sand, rippled by the wind."""
    _bands(stage, SAND, swell=0.7)
    ripples = Stencil()
    for _ in range(46):
        x, y = stage.rng.uniform(0, WIDE), stage.rng.uniform(6.6, 8.9)
        long = stage.rng.uniform(0.3, 1.1) * (y - 5) / 3
        ripples.add(limb([(x - long, y), (x, y - 0.06), (x + long, y + 0.02)], [0.004, 0.018, 0.004], steps=3))
    stage.canvas.flat(ripples.mask(), stage.surface(0.55, 0.07, 66), 0.5)


def rock(stage: Stage) -> None:
    """Paint bare ground with boulders."""
    _bands(stage, ROCK, swell=0.6)
    for _ in range(9):
        y = float(stage.rng.uniform(6.4, 9.0))
        x, size = (
            float(stage.rng.choice([stage.rng.uniform(0, 4.5), stage.rng.uniform(11.5, 16)])),
            (y - 5) * float(stage.rng.uniform(0.08, 0.2)),
        )
        knots = [(x + size * 1.4 * np.cos(a) * r, y - size * (0.5 + 0.8 * np.sin(a) * r))
                 for a, r in zip(np.linspace(0, 5.6, 7), stage.rng.uniform(0.7, 1.1, 7), strict=True)]  # fmt: skip
        grey = stage.surface(0.42 + 0.1 * float(stage.rng.random()), 0.02, 85)
        stage.canvas.layer(
            Stencil().add(smooth(*knots, steps=3)).mask(), grey, lighter(grey, -0.12), rim=stage.rim(grey), shade=0.25
        )


def street(stage: Stage) -> None:
    """Paint paving whose joints run to one point."""
    _bands(stage, PAVING, count=2, swell=0.05)
    joints, meet = Stencil(), (8 + float(stage.rng.uniform(-1.5, 1.5)), stage.horizon - 0.3)
    for foot in np.arange(-26, 44, 2.1):
        joints.add(polygon(meet, (foot, HIGH + 0.2), (foot + 0.07, HIGH + 0.2)))
    for share in np.linspace(0.06, 1, 9) ** 1.7:
        y = stage.horizon + (HIGH - stage.horizon) * share
        joints.add(
            polygon(
                (-0.2, y), (WIDE + 0.2, y), (WIDE + 0.2, y + 0.012 + 0.03 * share), (-0.2, y + 0.012 + 0.03 * share)
            )
        )
    stage.canvas.flat(joints.mask(), stage.surface(0.34, 0.02, 70), 0.55)
    stage.canvas.mist(stage.horizon + 0.3, 0.6, stage.light.haze, 0.4)
    stage.canvas.glow(stage.sun_x, 7.6, 3.0, stage.light.sun, 0.22)


def path(stage: Stage) -> None:
    """Wind a path (or rails' bed) over the ground that is there already."""
    end = float(stage.rng.uniform(6, 10))
    middle = curve([(end, stage.horizon + 0.15), (end + 1.1, 6.3), (end - 1.2, 7.4), (end + 0.4, HIGH + 0.3)], 10)
    wide = np.linspace(0.05, 1.5, len(middle))[:, None] * np.array([1.0, 0.0])
    mask = Stencil().add(np.concatenate([middle - wide, (middle + wide)[::-1]])).mask()
    dust = stage.surface(0.70, 0.05, 72)
    stage.canvas.layer(mask, stage.far(dust, 0.4), lighter(dust, -0.04), shade=0.1)


def sea(stage: Stage) -> None:
    """Paint open water to the horizon, with a strip of shore at hand."""
    _water(stage, stage.horizon)
    if stage.brief.says("beach", "shore", "coast", "island", "dune", "bay"):
        _shore(stage, SAND)
    elif not stage.brief.says("ocean", "open", "ship", "voyage", "underwater", "waves", "wave", "storm"):
        _shore(stage, ROCK)
    else:
        _waves(stage)


def lake(stage: Stage) -> None:
    """Paint still water between two shores."""
    _bands(stage, GRASS, count=1, swell=0.15)
    _water(stage, stage.horizon + 0.28)
    _shore(stage, GRASS)
    blades(stage, stage.surface(0.38, 0.08, 125), count=120)


def river(stage: Stage) -> None:
    """Paint meadows with a river that winds towards us."""
    _bands(stage, GRASS)
    end = float(stage.rng.uniform(5, 11))
    way = 1 if chance(stage.rng, 0.5) else -1  # bends left or right first
    middle = curve(
        [
            (end, stage.horizon + 0.1),
            (end + 1.6 * way, 6.0),
            (end - 1.5 * way, 6.9),
            (end - 3.2 * way, 8.0),
            (end - 2.4 * way, HIGH + 0.4),
        ],
        10,
    )
    wide = (0.1 + 1.9 * np.linspace(0, 1, len(middle)) ** 1.4)[:, None] * np.array([1.0, 0.0])
    bed = Stencil().add(np.concatenate([middle - wide, (middle + wide)[::-1]])).mask()
    _mirror(stage, bed, stage.horizon)
    blades(stage, stage.surface(0.38, 0.09, 125))


def _water(stage: Stage, shore: float) -> None:
    _mirror(stage, Stencil().ridge(np.array([-0.2, WIDE + 0.2]), np.array([shore, shore])).mask(), shore)


def _mirror(stage: Stage, water: Image.Image, shore: float) -> None:
    """Fill a shape with the picture above `shore`, upside down, rippled and deepened; light glitters under the sun."""
    line = round(shore * UNIT_PX)
    above = stage.canvas.image.crop((0, 0, SIZE[0], line)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    small = above.resize((SIZE[0] // 4, 160), Image.Resampling.BILINEAR).filter(ImageFilter.BoxBlur(2))
    rows = np.asarray(small)
    ripple = np.rint(np.sin(np.arange(160) ** 1.25 * 0.9) * np.linspace(0.5, 5, 160)).astype(int)[:, None]
    columns = np.clip(np.arange(rows.shape[1]) + ripple, 0, rows.shape[1] - 1)
    rippled = np.take_along_axis(rows, columns[..., None], axis=1)
    mirrored = Image.fromarray(rippled).resize((SIZE[0], SIZE[1] - line + 1), Image.Resampling.BILINEAR)
    sheet = Image.new("RGB", SIZE)
    sheet.paste(mirrored, (0, line - 1))
    stage.canvas.image.paste(sheet, mask=water)
    depth = mix(stage.light.top, stage.film.tone(0.3, 0.07, 0.0), 0.4)
    fall = Image.new("L", SIZE)
    fall.paste(
        Image.linear_gradient("L").resize((SIZE[0], SIZE[1] - line)).point([40 + value // 2 for value in range(256)]),
        (0, line),
    )
    stage.canvas.flat(_both(fall, water), depth)
    _glitter(stage, water, shore)


def _glitter(stage: Stage, water: Image.Image, shore: float) -> None:
    sparks = Stencil()
    for _ in range(170):
        share = float(stage.rng.random()) ** 1.3
        y = shore + 0.05 + (HIGH - shore) * share
        x = stage.sun_x + float(stage.rng.normal(0, 0.35 + 1.5 * share))
        sparks.add(
            ellipse(x, y, float(stage.rng.uniform(0.05, 0.3)) * (0.35 + share), 0.012 + 0.02 * share, corners=10)
        )
    for _ in range(90):
        share = float(stage.rng.random())
        y = shore + 0.1 + (HIGH - shore) * share
        sparks.add(
            ellipse(
                float(stage.rng.uniform(0, WIDE)),
                y,
                float(stage.rng.uniform(0.1, 0.5)) * (0.3 + share),
                0.008 + 0.012 * share,
                corners=10,
            )
        )
    stage.canvas.flat(_both(sparks.mask(), water), mix(stage.light.sun, stage.light.horizon, 0.3), 0.6)


def _shore(stage: Stage, colour: tuple[float, float, float]) -> None:
    xs = across()
    ys = 7.75 - 0.5 * (rolling(xs, stage.rng) - 0.5) + 0.02 * (xs - 8) * (1 if stage.sun_x < WIDE / 2 else -1)
    own = stage.surface(*colour)
    foam = Stencil().ridge(xs, ys - 0.09).mask()
    stage.canvas.flat(foam, lighter(mix(stage.light.horizon, stage.light.sun, 0.4), 0.0), 0.55)
    stage.canvas.layer(
        Stencil().ridge(xs, ys).mask(), lighter(own, 0.02), lighter(own, -0.1), rim=stage.rim(own), shade=0.15
    )


def _waves(stage: Stage) -> None:
    """Paint swell in bands: higher in a storm."""
    wild = stage.light.stormy
    xs = across(321)
    deep = mix(stage.light.top, stage.film.tone(0.34, 0.085, 0.0), 0.55)
    for at in range(4):
        near = (at + 1) / 4
        crest = (0.30 if wild else 0.09) * (0.4 + near)
        phase = stage.rng.uniform(0, 6)
        swing = np.abs(np.sin(xs * (1.5 - 0.8 * near) + phase)) + 0.35 * np.sin(xs * (3.3 - 1.4 * near) + 2 * phase)
        ys = stage.horizon + 0.35 + (HIGH - stage.horizon - 0.75) * near**1.3 - crest * swing
        upper = stage.far(lighter(deep, 0.13 - 0.10 * near), 0.4 * (1 - near))
        stage.canvas.layer(
            Stencil().ridge(xs, ys).mask(),
            upper,
            lighter(upper, -0.09),
            rim=mix(upper, stage.light.sun, 0.75),
            shade=0.18,
        )


def snow(stage: Stage) -> None:
    """Paint snow or ice."""
    _bands(stage, (0.9, 0.02, 240), swell=0.6)


GROUNDS: Final[Mapping[str, Callable[[Stage], None]]] = {
    "meadow": meadow, "field": field, "sand": sand, "rock": rock, "street": street, "sea": sea, "lake": lake,
    "river": river, "snow": snow,
}  # fmt: skip
