"""What stands between the horizon and us: woods, villages, cities, harbours, and single things."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from PIL import Image

from vidctl.providers.preview.painter import buildings, craft, growing
from vidctl.providers.preview.painter.canvas import HIGH, UNIT_PX, WIDE, Stencil
from vidctl.providers.preview.painter.colour import Lab, lighter, mix
from vidctl.providers.preview.painter.figure import Figure, flat_picture
from vidctl.providers.preview.painter.outline import box, ellipse, line, polygon
from vidctl.providers.preview.painter.stage import Stage
from vidctl.providers.preview.painter.texture import chance
from vidctl.providers.preview.painter.vocabulary import Maker


def coloured(
    stage: Stage, figure: Figure, x: float, y: float, high: float, *, distance: float, flip: bool = False
) -> None:
    """Stand a figure in the landscape in its own colours, dimmed by the hour and the air; its foot at (x, y)."""
    daylight = min(1.0, 0.25 + 1.5 * stage.light.ground_lightness)

    def seen(colour: Lab) -> Lab:
        if colour[0] > 0.9 and colour[2] > 0.05:  # noqa: PLR2004  # windows and lamps shine by themselves
            return colour
        return stage.far(mix(colour * np.array([daylight, 1, 1]), stage.light.haze, 0.12), distance)

    picture, foot = flat_picture(figure, round(high * UNIT_PX), seen)
    if flip:
        picture, foot = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT), picture.width - foot
    corner = round(x * UNIT_PX) - foot, round((y - high) * UNIT_PX)
    stage.canvas.image.paste(picture, corner, picture)
    stage.pasted.append((picture, corner))


def row(
    stage: Stage,
    makers: tuple[Maker, ...],
    *,
    count: int,
    y: float,
    high: tuple[float, float],
    colour: Lab,
    distance: float,
    keep_clear: float = 0,
) -> None:
    """Cut a row of silhouettes out of one sheet; `keep_clear` leaves that much of the middle free."""
    sheet = Stencil()
    for at in range(count):
        x = (at + float(stage.rng.uniform(0.1, 0.9))) * WIDE / count
        if abs(x - WIDE / 2) < keep_clear:
            continue
        maker = makers[int(stage.rng.integers(len(makers)))]
        sheet.figure(
            maker(stage.paint),
            x,
            y + float(stage.rng.uniform(0, 0.12)),
            float(stage.rng.uniform(*high)),
            flip=bool(at % 2),
        )
    seen = stage.far(colour, distance)
    stage.canvas.layer(sheet.mask(), seen, lighter(seen, -0.05), rim=stage.rim(seen), shade=0.12, light_x=stage.sun_x)


def forest(stage: Stage) -> None:
    """Paint woods in three depths, the nearest framing the view."""
    conifers = stage.snowy or stage.brief.says("pine", "fir", "conifer", "taiga", "mountain", "nordic", "spruce")
    jungle = stage.brief.says("jungle", "rainforest", "tropical", "palm", "tropic")
    autumn = stage.brief.says("autumn", "fall", "october", "golden")
    makers: tuple[Maker, ...] = (
        (growing.conifer,)
        if conifers
        else (growing.palm, growing.tree)
        if jungle
        else (growing.tree, growing.tree, growing.conifer)
    )
    leaf = stage.surface(0.52, 0.12, 55) if autumn else stage.surface(0.42, 0.08, 140)
    y = stage.horizon
    for depth, (count, high, clear) in enumerate(((26, (1.1, 1.9), 0.0), (15, (1.9, 3.1), 1.2), (9, (3.2, 5.2), 3.4))):
        near = depth / 2
        row(
            stage,
            makers,
            count=count,
            y=y + 0.35 + 0.75 * depth,
            high=high,
            colour=lighter(leaf, -0.05 * depth),
            distance=0.62 - 0.5 * near,
            keep_clear=clear,
        )
        stage.canvas.mist(y + 0.3 + 0.75 * depth, 0.5, stage.light.haze, 0.5 - 0.35 * near)
    if not stage.light.moon:
        _shafts(stage)


def _shafts(stage: Stage) -> None:
    beams = Stencil()
    for lean in np.linspace(-3.5, 3.5, 6) + stage.rng.uniform(-0.3, 0.3, 6):
        beams.add(
            polygon((stage.sun_x, stage.sun_y), (stage.sun_x + lean * 1.5, 9.2), (stage.sun_x + lean * 1.5 + 0.55, 9.2))
        )
    stage.canvas.soft(beams.mask(), stage.light.sun, 22, 0.13 * stage.light.glow)


def trees(stage: Stage) -> None:
    """Paint a few trees."""
    leaf = stage.surface(0.44, 0.09, 130)
    maker: Maker = (
        growing.conifer
        if stage.snowy
        else growing.palm
        if stage.brief.says("palm", "oasis", "tropical")
        else growing.tree
    )
    row(stage, (maker,), count=9, y=stage.horizon + 0.45, high=(0.6, 1.3), colour=leaf, distance=0.4)


def village(stage: Stage) -> None:
    """Paint houses with lit windows, and a steeple among them."""
    y, start = stage.horizon + 0.42, float(stage.rng.uniform(2.2, 5.0))
    stalls = [(float(x), float(stage.rng.uniform(1.0, 1.4))) for x in start + np.arange(7) * 1.5]
    coloured(stage, buildings.church(stage.paint), start + 3.6, y - 0.05, 3.0, distance=0.33)
    for at, (x, high) in enumerate(stalls):
        coloured(
            stage,
            buildings.house(stage.paint),
            x,
            y + 0.16 * (at % 2),
            high,
            distance=0.30 - 0.05 * (at % 2),
            flip=bool(at % 2),
        )
    _smoke(stage, start + 1.4, y - 1.0)


def _smoke(stage: Stage, x: float, y: float) -> None:
    plume = Stencil()
    for at in range(9):
        plume.add(ellipse(x + 0.05 * at**1.5, y - 0.22 * at, 0.06 + 0.03 * at, 0.1 + 0.02 * at))
    stage.canvas.soft(plume.mask(), stage.light.haze, 9, 0.6)


def city(stage: Stage) -> None:
    """Paint a skyline in three depths, windows lit; old roofs unless the words are modern."""
    modern = stage.brief.says(
        "modern", "skyscraper", "metropolis", "futuristic", "downtown", "neon", "york", "tokyo", "traffic", "skyline"
    )
    for depth in range(3):
        near = depth / 2
        base = stage.surface(0.42, 0.035, 60 if not modern else 250)
        colour = stage.far(lighter(base, -0.03 * depth), 0.78 - 0.5 * near)
        sheet, windows, x = Stencil(), Stencil(), -0.4
        y = stage.horizon + 0.25 + 0.3 * depth
        while x < WIDE + 0.3:
            wide = float(stage.rng.uniform(0.5, 1.1)) * (0.8 + 0.3 * near)
            high = float(stage.rng.uniform(0.9, 4.3 if modern else 2.0)) * (0.9 - 0.2 * near)
            _block(stage, sheet, windows, (x, y, wide, high), modern=modern)
            x += wide * float(stage.rng.uniform(0.9, 1.25))
        stage.canvas.layer(
            sheet.mask(), colour, lighter(colour, 0.03), rim=stage.rim(colour), shade=0.14, light_x=stage.sun_x
        )
        stage.canvas.flat(
            windows.mask(),
            stage.paint.glow,
            (0.85 if stage.light.lamps else 0.35) * (0.45 + 0.55 * near),
        )
        stage.canvas.mist(y, 0.6, stage.light.haze, 0.5 - 0.2 * near)


def _block(
    stage: Stage, sheet: Stencil, windows: Stencil, at: tuple[float, float, float, float], *, modern: bool
) -> None:
    x, y, wide, high = at
    sheet.add(box(x, y - high, x + wide, HIGH))
    kind = int(stage.rng.integers(4))
    if modern and kind == 0:
        sheet.add(line((x + wide / 2, y - high), (x + wide / 2, y - high - 0.5), 0.02))
    elif not modern and kind < 3:  # noqa: PLR2004  # three roofs in four are pitched
        peak = (0.35, 0.6, 1.25)[kind]
        sheet.add(polygon((x - 0.06, y - high), (x + wide / 2, y - high - peak), (x + wide + 0.06, y - high)))
    elif not modern:
        sheet.add(ellipse(x + wide / 2, y - high, wide * 0.42, wide * 0.42))
    for row_y in np.arange(y - high + 0.15, y - 0.1, 0.24):
        for column in np.arange(x + 0.12, x + wide - 0.14, 0.2):
            if chance(stage.rng, 0.42):  # somebody is at home
                windows.add(box(column, row_y, column + 0.08, row_y + 0.12))


def harbour(stage: Stage) -> None:
    """Paint masts along a quay, and boats on the water."""
    makers: tuple[Maker, ...] = (
        (craft.steamer, craft.ship)
        if stage.brief.says("dock", "steamer", "steamship", "industrial")
        else (craft.ship, craft.boat)
    )
    for at in range(5):
        x, y = (at + float(stage.rng.uniform(0.2, 0.8))) * 3.2, stage.horizon + 0.3 + 0.35 * (at % 3)
        coloured(
            stage,
            makers[at % 2](stage.paint),
            x,
            y,
            1.3 + 0.5 * (at % 3),
            distance=0.5 - 0.16 * (at % 3),
            flip=bool(at % 2),
        )


def ruins(stage: Stage) -> None:
    """Paint broken columns."""
    stone = stage.surface(0.68, 0.03, 80)
    sheet = Stencil()
    for x in np.linspace(1.2, 14.8, 9):
        if abs(x - 8) < 1.6:  # noqa: PLR2004  # a view through the middle
            continue
        high, y = float(stage.rng.uniform(0.7, 3.1)), stage.horizon + 1.0
        sheet.add(
            polygon(
                (x - 0.27, y),
                (x - 0.2, y - high),
                (x + 0.05, y - high - 0.1),
                (x + 0.2, y - high + 0.12),
                (x + 0.27, y),
            )
        )
        sheet.add(box(x - 0.4, y - 0.14, x + 0.4, y + 0.05))
    seen = stage.far(stone, 0.15)
    stage.canvas.layer(sheet.mask(), seen, lighter(seen, -0.14), rim=stage.rim(seen), shade=0.25, light_x=stage.sun_x)


def camp(stage: Stage) -> None:
    """Paint tents and a fire."""
    for at, x in enumerate((2.6, 5.0, 11.2, 13.6)):
        coloured(
            stage,
            buildings.tent(stage.paint),
            x,
            stage.horizon + 0.8 + 0.25 * (at % 2),
            1.25 + 0.25 * (at % 2),
            distance=0.25,
        )
    coloured(stage, growing.fire(stage.paint), 8.2, stage.horizon + 1.15, 0.75, distance=0.0)
    stage.canvas.glow(8.2, stage.horizon + 0.8, 1.5, stage.paint.glow, 0.5)


def works(stage: Stage) -> None:
    """Paint factories under smoke."""
    for at, x in enumerate((2.8, 7.4, 12.4)):
        coloured(
            stage,
            buildings.factory(stage.paint),
            x,
            stage.horizon + 0.5 + 0.15 * (at % 2),
            2.3 + 0.4 * (at % 2),
            distance=0.42 - 0.12 * (at % 2),
            flip=bool(at % 2),
        )
    for x in (4.2, 9.4, 13.6):
        _smoke(stage, x, stage.horizon - 1.2)


def single(maker: Maker, high: float, lift: float = 0.0) -> Callable[[Stage], None]:
    """Return a painter that stands one thing out of the vocabulary in the middle distance."""

    def paint(stage: Stage) -> None:
        side = 4.6 if stage.sun_x > WIDE / 2 else 11.4
        x = side + float(stage.rng.uniform(-1.2, 1.2))
        coloured(stage, maker(stage.paint), x, stage.horizon + 0.7 - lift, high, distance=0.2, flip=x > WIDE / 2)

    return paint


SETTLEMENTS: Final[Mapping[str, Callable[[Stage], None]]] = {
    "forest": forest, "trees": trees, "village": village, "city": city, "harbour": harbour, "ruins": ruins,
    "camp": camp, "works": works,
    "lighthouse": single(buildings.lighthouse, 3.6), "castle": single(buildings.tower, 3.4),
    "windmill": single(buildings.windmill, 2.8), "temple": single(buildings.temple, 2.4),
    "pyramid": single(buildings.pyramid, 3.2), "stones": single(buildings.monolith, 1.9),
    "church": single(buildings.church, 2.9), "house": single(buildings.house, 1.9),
    "bridge": single(buildings.bridge, 0.95), "train": single(craft.train, 1.4), "wagon": single(craft.wagon, 1.2),
    "ship": single(craft.ship, 2.6), "boat": single(craft.boat, 1.7), "rocket": single(craft.rocket, 3.6, 0.2),
    "balloon": single(craft.balloon, 1.9, 3.1), "plane": single(craft.plane, 0.8, 3.4),
}  # fmt: skip
