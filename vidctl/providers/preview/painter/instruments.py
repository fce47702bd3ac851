"""Instruments and machines. Unit: its own for each; standing on y = 0, the middle at x = 0."""

import numpy as np

from vidctl.providers.preview.painter.colour import lch, lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import (
    Point,
    box,
    ellipse,
    lathe,
    limb,
    line,
    moved,
    polygon,
    ring,
    smooth,
    turned,
)
from vidctl.providers.preview.painter.paints import Paints


def gear_outline(x: float, y: float, radius: float, teeth: int) -> np.ndarray:
    """Return a cog wheel's outline."""
    steps = np.arange(teeth * 4)
    angle = 2 * np.pi * (steps + 0.5) / (teeth * 4)
    reach = np.where(steps % 4 < 2, radius, radius * (1 - 2.2 / teeth))  # noqa: PLR2004  # half of each tooth
    return np.stack([x + reach * np.cos(angle), y + reach * np.sin(angle)], axis=1)


def machine(paint: Paints) -> Figure:
    """Return a train of cog wheels in a frame."""
    made = Figure()
    made.add(box(-4.2, 0, 4.2, 0.8), paint.wood).add(box(-3.6, 0.7, -3.0, 6.2), paint.dark).add(
        box(3.0, 0.7, 3.6, 6.2), paint.dark
    )
    made.add(box(-3.8, 5.8, 3.8, 6.4), paint.dark)
    wheels = ((-1.3, 3.0, 2.1, 18, paint.metal), (1.75, 4.2, 1.35, 12, paint.main), (1.7, 1.85, 1.15, 10, paint.accent))
    for x, y, radius, teeth, colour in wheels:
        made.add(gear_outline(x, y, radius, teeth), colour)
        made.add(ring(x, y, radius * 0.7, radius * 0.6), lighter(colour, -0.1), 0.5)
        made.add(ellipse(x, y, radius * 0.24, radius * 0.24), paint.dark).add(
            ellipse(x, y, radius * 0.1, radius * 0.1), paint.pale, 0
        )
    return made.add(line((-3.3, 6.4), (-3.3, 7.6), 0.12), paint.metal).add(ellipse(-3.3, 7.7, 0.32, 0.32), paint.accent)


def telescope(paint: Paints) -> Figure:
    """Return a telescope on its tripod."""
    made = Figure()
    for x in (-2.0, 0.2, 2.2):
        made.add(limb([(0, 4.3), (x, 0.05)], [0.17, 0.12]), paint.wood)
    for start, end, wide in (
        ((-3.4, 2.9), (-2.2, 3.7), 0.36),
        ((-2.4, 3.55), (0.6, 5.4), 0.5),
        ((0.4, 5.3), (3.6, 7.3), 0.66),
    ):
        made.add(limb([start, end], [wide, wide], steps=1), paint.metal if wide < 0.6 else paint.main)  # fmt: skip  # noqa: PLR2004  # the tube
    made.add(limb([(3.3, 7.1), (3.7, 7.35)], [0.82, 0.82]), paint.metal).add(
        ellipse(3.85, 7.45, 0.35, 0.66, turn=32), paint.second, 0.6
    )
    return made.add(ellipse(0, 4.6, 0.48, 0.48), paint.dark)


def microscope(paint: Paints) -> Figure:
    """Return a microscope."""
    made = Figure()
    made.add(smooth((-2.2, 0), (-2.0, 0.6), (0, 0.8), (2.0, 0.6), (2.2, 0)), paint.dark)
    made.add(limb([(-1.2, 0.6), (-1.7, 2.6), (-1.1, 4.4), (0.3, 4.9)], [0.4, 0.42, 0.4, 0.35]), paint.main)
    made.add(box(-1.5, 2.1, 1.9, 2.4), paint.dark).add(box(0.1, 2.4, 1.4, 2.52), paint.accent, 0.4)
    made.add(limb([(1.1, 3.2), (-0.4, 6.5)], [0.42, 0.42], steps=1), paint.metal)
    made.add(limb([(-0.4, 6.4), (-0.75, 7.2)], [0.3, 0.34], steps=1), paint.dark).add(
        limb([(1.05, 3.2), (1.25, 2.75)], [0.26, 0.2]), paint.metal
    )
    return made.add(ellipse(-1.35, 3.7, 0.42, 0.42), paint.metal)


def clock(paint: Paints) -> Figure:
    """Return a clock."""
    made = Figure()
    made.add(
        smooth(
            (-2.6, 0), (-2.3, 0.9), (-2.9, 2.4), (-2.6, 5.4), (0, 7.0), (2.6, 5.4), (2.9, 2.4), (2.3, 0.9), (2.6, 0)
        ),
        paint.main,
    )
    made.add(ellipse(0, 3.9, 2.15, 2.15), paint.metal).add(ellipse(0, 3.9, 1.85, 1.85), paint.pale, 0.6)
    for hour in np.radians(np.arange(0, 360, 30)):
        spot: Point = (1.55 * float(np.cos(hour)), 3.9 + 1.55 * float(np.sin(hour)))
        made.add(ellipse(*spot, 0.09, 0.09), paint.dark, 0)
    made.add(limb([(0, 3.9), (-0.65, 4.7)], [0.11, 0.05]), paint.ink, 0.3).add(
        limb([(0, 3.9), (0.55, 5.2)], [0.08, 0.03]), paint.ink, 0.3
    )
    made.add(ellipse(0, 3.9, 0.15, 0.15), paint.accent, 0.4)
    return made.add(ellipse(0, 1.0, 0.4, 0.4), paint.metal)


def hourglass(paint: Paints) -> Figure:
    """Return an hourglass."""
    made = Figure()
    for x in (-1.8, 1.8):
        made.add(lathe([(0.16, 0.5), (0.24, 1.8), (0.12, 3.5), (0.24, 5.2), (0.16, 6.5)], x=x), paint.wood)
    made.add(lathe([(1.4, 0.5), (1.4, 1.7), (0.15, 3.5), (1.4, 5.3), (1.4, 6.5)]), paint.pale)
    made.add(lathe([(1.25, 0.6), (1.15, 1.2), (0.1, 2.0)]), paint.accent, 0.5).add(
        lathe([(0.1, 3.55), (0.75, 4.4), (0.95, 4.8)]), paint.accent, 0.5
    )
    made.add(line((0, 3.6), (0, 1.8), 0.05), paint.accent, 0)
    return made.add(box(-2.3, 0, 2.3, 0.5), paint.wood).add(box(-2.3, 6.5, 2.3, 7), paint.wood)


def compass(paint: Paints) -> Figure:
    """Return a compass."""
    made = Figure()
    made.add(ring(0, 6.35, 0.55, 0.36), paint.metal, 0.7).add(ellipse(0, 3, 3, 3), paint.metal).add(
        ellipse(0, 3, 2.55, 2.55), paint.pale
    )
    star = [(0, 2.2), (0.4, 0.4), (2.2, 0), (0.4, -0.4), (0, -2.2), (-0.4, -0.4), (-2.2, 0), (-0.4, 0.4)]
    made.add(moved(turned(polygon(*star), 45) * 0.6, 0, 3), lighter(paint.main, 0.1), 0.4).add(
        moved(polygon(*star), 0, 3), paint.main, 0.5
    )
    made.add(moved(turned(polygon((-0.28, 0), (0, 2.0), (0.28, 0)), -24), 0, 3), lch(0.52, 0.18, 28), 0.6)
    made.add(moved(turned(polygon((-0.28, 0), (0, -2.0), (0.28, 0)), -24), 0, 3), paint.dark, 0.6)
    return made.add(ellipse(0, 3, 0.22, 0.22), paint.metal)


def globe(paint: Paints) -> Figure:
    """Return a globe on its stand, or a planet's model."""
    made = Figure()
    made.add(lathe([(1.7, 0), (1.5, 0.4), (0.3, 0.8), (0.28, 1.6), (0.5, 1.9)]), paint.wood)
    made.add(ring(0, 4.4, 2.85, 2.6), paint.metal).add(ellipse(0, 4.4, 2.4, 2.4), lighter(paint.main, 0.06))
    land = lch(0.68, 0.09, 105)
    made.add(
        smooth((-1.9, 5.2), (-1.0, 6.3), (-0.2, 5.9), (-0.5, 4.9), (-1.0, 4.4), (-0.7, 3.4), (-1.2, 3.0), (-1.7, 4.1)),
        land,
        0.5,
    )
    made.add(
        smooth((0.4, 5.9), (1.5, 5.8), (2.0, 4.6), (1.3, 4.7), (1.4, 3.4), (0.9, 2.9), (0.6, 4.2), (0.1, 4.9)),
        land,
        0.5,
    )
    return made.add(line((-0.6, 6.9), (-0.75, 7.4), 0.12), paint.metal)


def flask(paint: Paints) -> Figure:
    """Return glassware: two flasks and a burner's flame of colour."""
    made = Figure()
    glass = lch(0.88, 0.02, 210)
    for x, scale, tint in ((-1.8, 1.0, paint.accent), (2.0, 0.75, paint.main)):
        made.add(
            moved(polygon((-2, 0), (2, 0), (0.55, 3.4), (0.55, 5), (-0.55, 5), (-0.55, 3.4)), x, scale=scale), glass
        )
        made.add(moved(polygon((-1.85, 0.1), (1.85, 0.1), (1.1, 1.9), (-1.1, 1.9)), x, scale=scale), tint, 0.4)
        made.add(moved(line((-0.7, 5), (0.7, 5), 0.12), x, scale=scale), lighter(glass, -0.08))
        for bubble in range(5):
            at = x + float(paint.rng.uniform(-0.7, 0.7)) * scale
            made.add(ellipse(at, (0.5 + 0.3 * bubble) * scale, 0.12, 0.12), lighter(tint, 0.15), 0)
    return made


def camera(paint: Paints) -> Figure:
    """Return a film camera on its tripod."""
    made = Figure()
    for x in (-2.0, 0.1, 2.2):
        made.add(limb([(0, 3.6), (x, 0.05)], [0.15, 0.11]), paint.wood)
    for x in (-1.2, 1.1):
        made.add(ellipse(x, 7.3, 1.2, 1.2), paint.dark).add(ellipse(x, 7.3, 0.35, 0.35), paint.metal)
    made.add(box(-2.0, 3.6, 1.8, 6.3), paint.main).add(
        polygon((1.8, 4.3), (3.4, 3.8), (3.4, 6.1), (1.8, 5.6)), paint.dark
    )
    return made.add(ellipse(-0.9, 5.0, 0.55, 0.55), paint.metal).add(box(-3.0, 4.6, -2.0, 5.2), paint.dark)


def radio(paint: Paints) -> Figure:
    """Return a wireless set, or some other box of electrics."""
    made = Figure()
    made.add(line((2.2, 4.5), (3.6, 7.8), 0.06), paint.metal)
    made.add(smooth((-3.6, 0.1), (-3.6, 3.6), (-2.4, 4.9), (2.4, 4.9), (3.6, 3.6), (3.6, 0.1)), paint.wood)
    made.add(ellipse(-1.4, 2.5, 1.5, 1.5), paint.dark, 0.6)
    for y in np.arange(1.5, 3.6, 0.4):
        made.add(line((-2.5, y), (-0.3, y), 0.07), paint.metal, 0.2)
    made.add(box(0.6, 2.6, 3.0, 3.9), paint.glow, 0.4).add(line((1.6, 2.65), (2.0, 3.85), 0.05), lch(0.5, 0.18, 28), 0)
    return made.add(ellipse(1.1, 1.4, 0.45, 0.45), paint.metal).add(ellipse(2.5, 1.4, 0.45, 0.45), paint.metal)


def computer(paint: Paints) -> Figure:
    """Return a screen with a curve on it."""
    made = Figure()
    made.add(polygon((-1.4, 0), (-0.7, 1.3), (0.7, 1.3), (1.4, 0)), paint.stone).add(box(-4, 1.2, 4, 6.2), paint.dark)
    made.add(box(-3.6, 1.6, 3.6, 5.8), lighter(paint.main, -0.16), 0.4)
    for x, high in zip(np.linspace(-3.1, 2.5, 7), paint.rng.uniform(0.5, 2.4, 7), strict=True):
        made.add(box(x, 1.9, x + 0.5, 1.9 + high), lighter(paint.main, 0.1), 0.3)
    knots = [
        (float(x), float(y)) for x, y in zip(np.linspace(-3.2, 3.2, 6), paint.rng.uniform(3.0, 5.2, 6), strict=True)
    ]
    return made.add(limb(knots, [0.09] * 6), paint.accent, 0.3)


def harp(paint: Paints) -> Figure:
    """Return a stringed instrument."""
    made = Figure()
    made.add(smooth((0, 0), (-1.9, 0.5), (-1.9, 2.0), (-1.1, 2.9), (-1.5, 4.0), (-0.6, 4.9), (0.6, 4.9), (1.5, 4.0),
        (1.1, 2.9), (1.9, 2.0), (1.9, 0.5)), paint.wood)  # fmt: skip
    made.add(ellipse(0, 3.2, 0.6, 0.6), paint.ink, 0.6).add(
        polygon((-0.32, 4.0), (-0.25, 8.4), (0.25, 8.4), (0.32, 4.0)), paint.dark
    )
    made.add(smooth((-0.4, 8.3), (-0.5, 9.4), (0.5, 9.4), (0.4, 8.3)), paint.wood).add(
        box(-0.9, 1.2, 0.9, 1.45), paint.dark
    )
    for x in (-0.2, -0.07, 0.07, 0.2):
        made.add(line((x * 1.6, 1.4), (x, 8.6), 0.02), paint.pale, 0)
    return made


def bell(paint: Paints) -> Figure:
    """Return a bell."""
    made = Figure()
    made.add(ring(0, 6.1, 0.7, 0.4), paint.metal).add(ellipse(0, 0.2, 0.6, 0.6), paint.dark)
    made.add(lathe([(2.9, 0.3), (2.6, 0.8), (1.9, 1.8), (1.65, 3.6), (1.2, 5.1), (0.4, 5.7)]), paint.metal)
    return made.add(limb([(-2.3, 1.2), (0, 1.0), (2.3, 1.2)], [0.1] * 3), lighter(paint.metal, -0.1), 0.5)
