"""Things that are built and stay where they are. Unit: about a metre; they stand on y = 0, their middle at x = 0."""

import numpy as np

from vidctl.providers.preview.painter.colour import lch, lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import Point, box, ellipse, lathe, limb, line, polygon, smooth
from vidctl.providers.preview.painter.paints import Paints


def house(paint: Paints) -> Figure:
    """Return a cottage."""
    made = Figure()
    made.add(box(1.3, 4.5, 2.0, 7.2), paint.stone).add(box(1.15, 7.0, 2.15, 7.4), lighter(paint.stone, -0.1))
    made.add(box(-3, 0, 3, 3.9), paint.pale)
    made.add(polygon((-3.6, 3.6), (-2.2, 6.4), (2.2, 6.4), (3.6, 3.6)), paint.main)
    for row in (4.3, 5.0, 5.7):
        reach = 3.4 - (row - 3.6) * 0.5
        made.add(line((-reach, row), (reach, row), 0.04), lighter(paint.main, -0.1), 0)
    made.add(box(-0.6, 0, 0.6, 2.4), paint.wood).add(ellipse(0.35, 1.2, 0.09, 0.09), paint.metal, 0)
    for x in (-2.3, 1.2):
        _window(made, x, 1.4, 1.1, 1.4, paint)
    return made


def _window(made: Figure, x: float, y: float, wide: float, high: float, paint: Paints) -> None:
    made.add(box(x - 0.12, y - 0.12, x + wide + 0.12, y + high + 0.12), paint.wood, 0.7)
    made.add(box(x, y, x + wide, y + high), paint.glow, 0.2)
    made.add(line((x + wide / 2, y), (x + wide / 2, y + high), 0.045), paint.wood, 0)
    made.add(line((x, y + high / 2), (x + wide, y + high / 2), 0.045), paint.wood, 0)


def lighthouse(paint: Paints) -> Figure:
    """Return a lighthouse on its rock."""
    made = Figure()
    red = lighter(paint.accent, -0.12)
    made.add(smooth((-3.4, 0), (-3, 1.1), (-1.6, 1.9), (1.4, 1.8), (2.8, 1.2), (3.6, 0)), lighter(paint.stone, -0.15))
    made.add(polygon((-1.45, 1.5), (-0.95, 10), (0.95, 10), (1.45, 1.5)), paint.pale)
    for low in (2.7, 5.4, 8.1):
        made.add(_band(low, low + 1.25), red, 0.8)
    made.add(box(-0.32, 1.6, 0.32, 2.7), paint.dark, 0.5)
    for y in (4.6, 7.3):
        made.add(box(-0.16, y, 0.16, y + 0.5), paint.dark, 0.3)
    made.add(box(-1.4, 10, 1.4, 10.35), paint.dark).add(box(-0.75, 10.3, 0.75, 11.8), paint.glow, 0.3)
    made.add(ellipse(0, 11.05, 0.32, 0.5), lighter(paint.glow, 0.05), 0)
    for x in (-0.72, 0, 0.72):
        made.add(line((x, 10.3), (x, 11.8), 0.05), paint.dark, 0)
    made.add(smooth((-1.05, 11.75), (-0.6, 12.45), (0, 12.8), (0.6, 12.45), (1.05, 11.75)), red)
    return made.add(line((0, 12.7), (0, 13.5), 0.05), paint.dark, 0)


def _band(low: float, high: float) -> np.ndarray:
    wide = [1.45 - 0.5 * (y - 1.5) / 8.5 for y in (low, high)]
    return polygon((-wide[0], low), (wide[0], low), (wide[1], high), (-wide[1], high))


def tower(paint: Paints) -> Figure:
    """Return a castle's tower with a flag."""
    made = Figure()
    made.add(line((0, 9), (0, 12.6), 0.07), paint.wood)
    made.add(
        smooth((0.05, 12.5), (1.0, 12.7), (2.2, 12.3), (1.6, 11.9), (2.1, 11.4), (1.0, 11.7), (0.05, 11.4)),
        paint.accent,
    )
    made.add(polygon((-2.2, 0), (-1.8, 8), (1.8, 8), (2.2, 0)), paint.stone)
    for _ in range(14):
        x, y = paint.rng.uniform(-1.5, 1.1), paint.rng.uniform(0.3, 7.2)
        made.add(box(x, y, x + 0.55, y + 0.28), lighter(paint.stone, float(paint.rng.uniform(-0.09, 0.05))), 0.3)
    made.add(box(-2.2, 7.8, 2.2, 9), lighter(paint.stone, -0.04))
    for x in (-2.2, -1.0, 0.2, 1.4):
        made.add(box(x, 8.9, x + 0.8, 9.8), lighter(paint.stone, -0.04))
    made.add(smooth((-0.6, 0), (-0.6, 1.6), (0, 2.2), (0.6, 1.6), (0.6, 0)), paint.wood)
    for y in (3.6, 5.8):
        made.add(smooth((-0.25, y), (-0.25, y + 0.9), (0, y + 1.25), (0.25, y + 0.9), (0.25, y)), paint.ink, 0.4)
    return made


def windmill(paint: Paints) -> Figure:
    """Return a windmill."""
    made = Figure()
    made.add(polygon((-2, 0), (-1.2, 7), (1.2, 7), (2, 0)), paint.pale)
    made.add(smooth((-1.5, 6.9), (-1.0, 8.3), (0, 8.8), (1.0, 8.3), (1.5, 6.9)), paint.main)
    made.add(box(-0.5, 0, 0.5, 1.9), paint.wood)
    _window(made, -0.4, 3.6, 0.8, 1.0, paint)
    for angle in np.radians(np.array([28, 118, 208, 298])):
        cos, sin = float(np.cos(angle)), float(np.sin(angle))
        tip: Point = (4.8 * cos, 7.5 + 4.8 * sin)
        made.add(polygon((1.0 * cos, 7.5 + 1.0 * sin), tip, (tip[0] - 1.1 * sin, tip[1] + 1.1 * cos),
            (1.0 * cos - 1.1 * sin, 7.5 + 1.0 * sin + 1.1 * cos)), lighter(paint.pale, -0.05), 0.8)  # fmt: skip
        made.add(line((0, 7.5), tip, 0.1), paint.wood)
    return made.add(ellipse(0, 7.5, 0.35, 0.35), paint.dark)


def temple(paint: Paints) -> Figure:
    """Return a columned temple."""
    made = Figure()
    for low, wide in ((0, 5.4), (0.45, 5.0), (0.9, 4.6)):
        made.add(box(-wide, low, wide, low + 0.5), lighter(paint.stone, 0.06 * low))
    made.add(box(-3.9, 1.3, 3.9, 5.2), lighter(paint.stone, -0.25), 0.3)
    for x in np.linspace(-3.8, 3.8, 6):
        made.add(
            polygon((x - 0.42, 1.4), (x - 0.34, 5.2), (x + 0.34, 5.2), (x + 0.42, 1.4)), lighter(paint.stone, 0.14)
        )
        made.add(box(x - 0.55, 5.0, x + 0.55, 5.35), lighter(paint.stone, 0.1))
    made.add(box(-4.5, 5.3, 4.5, 6.1), lighter(paint.stone, 0.1))
    made.add(polygon((-4.9, 6.1), (0, 8.2), (4.9, 6.1)), lighter(paint.stone, 0.05))
    return made.add(polygon((-3.5, 6.35), (0, 7.8), (3.5, 6.35)), paint.main, 0.6)


def pyramid(_: Paints) -> Figure:
    """Return a pyramid, one side in shade."""
    sand = lch(0.74, 0.08, 75)
    made = Figure()
    made.add(polygon((-6, 0), (0, 7), (6.5, 0)), sand)
    made.add(polygon((1.8, 0), (0, 7), (6.5, 0)), lighter(sand, -0.15), 0.5)
    for y in np.arange(0.8, 6.6, 0.8):
        share = 1 - y / 7
        made.add(line((-6 * share, y), (1.8 * share, y), 0.035), lighter(sand, -0.07), 0)
    return made


def tent(paint: Paints) -> Figure:
    """Return a tent with its flap open on a lamp."""
    made = Figure()
    made.add(polygon((-3.6, 0), (-0.4, 4.2), (0.4, 4.2), (3.6, 0)), paint.main)
    made.add(polygon((-1.3, 0), (0, 4.1), (1.3, 0)), paint.ink, 0.5)
    made.add(polygon((-0.9, 0), (0, 3.0), (0.9, 0)), paint.glow, 0)
    made.add(polygon((-1.5, 0), (-0.05, 4.1), (-0.6, 0.0)), lighter(paint.main, 0.08)).add(
        polygon((1.5, 0), (0.05, 4.1), (0.6, 0)), lighter(paint.main, -0.08)
    )
    made.add(line((0, 4.1), (0, 4.9), 0.07), paint.wood)
    return made.add(polygon((0, 4.9), (1.0, 4.65), (0, 4.4)), paint.accent)


def bridge(paint: Paints) -> Figure:
    """Return a stone bridge of two arches."""
    made = Figure()
    deck = [(-7.0, 1.2), (-3.5, 2.9), (0.0, 3.5), (3.5, 2.9), (7.0, 1.2)]
    outline = [*deck, (7.0, 0), (5.4, 0), *_arch(3.0), (0.6, 0), (-0.6, 0), *_arch(-3.0), (-5.4, 0), (-7.0, 0)]
    made.add(polygon(*outline), paint.stone)
    return made.add(limb(deck, [0.28] * 5), lighter(paint.stone, 0.08))


def _arch(middle: float) -> list[Point]:
    angle = np.linspace(0, np.pi, 14)
    return [(middle + 2.2 * float(np.cos(a)), 2.1 * float(np.sin(a))) for a in angle]


def monolith(paint: Paints) -> Figure:
    """Return standing stones, one across two others."""
    made = Figure()
    stone = lighter(paint.stone, -0.06)
    made.add(polygon((-2.6, 0), (-2.4, 4.9), (-1.1, 5.1), (-0.9, 0)), stone)
    made.add(polygon((1.0, 0), (1.1, 5.0), (2.4, 5.1), (2.8, 0)), lighter(stone, -0.04))
    made.add(polygon((-3.0, 5.0), (-2.9, 6.1), (2.8, 6.3), (3.1, 5.1)), lighter(stone, 0.05))
    made.add(polygon((-5.4, 0), (-5.1, 2.3), (-4.2, 2.8), (-3.7, 0)), lighter(stone, -0.08))
    for x in np.linspace(-5.4, 2.8, 12):
        made.add(limb([(x, 0.02), (x + 0.12, 0.55)], [0.08, 0.02]), lch(0.5, 0.08, 130), 0.3)
    return made


def factory(paint: Paints) -> Figure:
    """Return a works with chimneys."""
    brick = lch(0.46, 0.08, 40)
    made = Figure()
    for x, high in ((2.2, 8.5), (3.8, 7.2)):
        made.add(polygon((x - 0.45, 2), (x - 0.3, high), (x + 0.3, high), (x + 0.45, 2)), lighter(brick, -0.05))
        made.add(box(x - 0.42, high - 0.3, x + 0.42, high), lighter(brick, -0.12))
        for puff in range(4):
            made.add(
                ellipse(x + 0.5 * puff, high + 0.5 + 0.55 * puff, 0.45 + 0.17 * puff, 0.4 + 0.13 * puff),
                paint.pale,
                0.5,
            )
    saw = [
        (-5, 0),
        (-5, 3.2),
        (-3.4, 4.6),
        (-3.4, 3.2),
        (-1.8, 4.6),
        (-1.8, 3.2),
        (-0.2, 4.6),
        (-0.2, 3.2),
        (4.8, 3.2),
        (4.8, 0),
    ]
    made.add(polygon(*saw), brick)
    for x in np.arange(-4.4, 4, 1.3):
        made.add(box(x, 1.2, x + 0.75, 2.4), paint.glow, 0.3)
    return made


def church(paint: Paints) -> Figure:
    """Return a church with a pointed steeple."""
    made = Figure()
    made.add(polygon((-1.0, 0), (-1.0, 3.4), (1.4, 5.4), (3.8, 3.4), (3.8, 0)), paint.pale)
    made.add(polygon((-1.1, 3.3), (1.4, 5.6), (4.2, 3.1), (4.2, 3.5), (1.4, 6.1), (-1.1, 3.8)), paint.main)
    made.add(box(-2.9, 0, -0.8, 7), lighter(paint.pale, -0.04)).add(
        polygon((-3.2, 6.9), (-1.85, 12), (-0.5, 6.9)), paint.main
    )
    made.add(ellipse(-1.85, 5.7, 0.5, 0.5), paint.glow, 0.5)
    made.add(line((-1.85, 11.8), (-1.85, 13.2), 0.06), paint.dark, 0).add(
        line((-2.25, 12.7), (-1.45, 12.7), 0.06), paint.dark, 0
    )
    for x in (0.4, 1.9):
        made.add(smooth((x, 1), (x, 2.5), (x + 0.35, 3.1), (x + 0.7, 2.5), (x + 0.7, 1)), paint.second, 0.5)
    return made.add(box(-2.3, 0, -1.4, 1.9), paint.wood)


def well(paint: Paints) -> Figure:
    """Return a draw well or a fountain's basin."""
    made = Figure()
    for x in (-1.5, 1.3):
        made.add(box(x, 1, x + 0.22, 4.2), paint.wood)
    made.add(line((0, 3.6), (0, 2.3), 0.04), paint.dark, 0).add(lathe([(0.25, 1.5), (0.38, 2.3)]), paint.wood)
    made.add(box(-1.9, 0, 1.9, 1.7), paint.stone).add(ellipse(0, 1.7, 1.9, 0.28), lighter(paint.stone, 0.1))
    for row, shift in ((0.5, 0), (1.05, 0.4)):
        for x in np.arange(-1.7 + shift, 1.3, 0.85):
            made.add(
                box(x, row - 0.2, x + 0.7, row + 0.2), lighter(paint.stone, float(paint.rng.uniform(-0.1, 0.05))), 0.4
            )
    return made.add(polygon((-2.3, 4.0), (0, 5.6), (2.3, 4.0)), paint.main)
