"""Things that carry people. Unit: about a metre; facing right, standing on y = 0."""

import numpy as np

from vidctl.providers.preview.painter.colour import Lab, lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import box, ellipse, limb, line, polygon, ring, smooth
from vidctl.providers.preview.painter.paints import Paints


def wheel(made: Figure, x: float, y: float, radius: float, colour: Lab, *, spokes: int = 8) -> None:
    """Add a spoked wheel."""
    for angle in np.linspace(0, np.pi, spokes // 2, endpoint=False):
        reach = np.array([np.cos(angle), np.sin(angle)]) * radius * 0.95
        made.add(line((x - reach[0], y - reach[1]), (x + reach[0], y + reach[1]), radius * 0.055), colour, 0.4)
    made.add(ring(x, y, radius, radius * 0.82), lighter(colour, -0.05))
    made.add(ellipse(x, y, radius * 0.2, radius * 0.2), lighter(colour, 0.05))


def boat(paint: Paints) -> Figure:
    """Return a small boat with one sail."""
    made = Figure()
    made.add(line((0.2, 1.2), (0.2, 7.4), 0.1), paint.wood)
    made.add(smooth((0.35, 7.1), (1.6, 4.8), (3.1, 2.2), (1.6, 1.9), (0.35, 2.1)), paint.pale)
    made.add(polygon((0.0, 6.8), (-2.3, 2.1), (0.0, 2.2)), lighter(paint.pale, -0.06))
    made.add(polygon((0.2, 7.4), (1.3, 7.2), (0.2, 6.95)), paint.accent)
    made.add(
        smooth((-3.6, 1.7), (-2.9, 0.5), (-1.6, 0.0), (1.8, 0.0), (3.2, 0.6), (4.2, 2.0), (1.5, 1.35), (-1.5, 1.3)),
        paint.main,
    )
    made.add(limb([(-3.4, 1.5), (-1.5, 1.2), (1.5, 1.25), (4.0, 1.85)], [0.13] * 4), paint.wood)
    return made.add(limb([(-2.9, 0.6), (0, 0.42), (3.2, 0.8)], [0.06] * 3), lighter(paint.main, 0.15), 0)


def rowing_boat(paint: Paints) -> Figure:
    """Return a rowing boat or canoe with its oars."""
    made = Figure()
    made.add(limb([(-1.4, 2.2), (0.6, 0.9), (2.2, 0.0)], [0.06, 0.06, 0.06]), lighter(paint.wood, 0.1))
    made.add(smooth((-3.7, 1.5), (-2.8, 0.3), (0, -0.05), (2.8, 0.3), (3.8, 1.7), (0, 1.0)), paint.main)
    made.add(limb([(-3.6, 1.45), (0, 0.95), (3.7, 1.6)], [0.12] * 3), lighter(paint.wood, 0.05))
    for height in (0.42, 0.68):
        made.add(
            limb([(-3.0, height + 0.25), (0, height - 0.1), (3.1, height + 0.3)], [0.03] * 3),
            lighter(paint.main, -0.1),
            0,
        )
    return made.add(limb([(-0.4, 2.4), (0.5, 1.1), (1.4, -0.2), (1.7, -0.5)], [0.07, 0.07, 0.09, 0.18]), paint.wood)


def ship(paint: Paints) -> Figure:
    """Return a tall ship under sail."""
    made = Figure()
    masts = ((-3.0, 8.2), (0.2, 9.6), (3.2, 8.0))
    for x, high in masts:
        made.add(line((x, 1.5), (x, high), 0.11), paint.wood)
    for a, b in ((masts[0], masts[1]), (masts[1], masts[2]), (masts[2], (6.6, 2.6)), (masts[0], (-5.4, 2.6))):
        made.add(line(a, b, 0.025), paint.dark, 0)
    for x, high in masts:
        for low, wide in ((0.30, 1.6), (0.56, 1.35), (0.79, 1.0)):
            y, tall = 1.6 + (high - 1.6) * low, (high - 1.6) * 0.21
            made.add(smooth((x - wide, y), (x - wide * 0.85, y + tall), (x + wide * 0.9, y + tall), (x + wide * 1.25,
                y + tall * 0.5), (x + wide, y)), paint.pale)  # fmt: skip
        made.add(polygon((x, high), (x + 1.1, high + 0.2), (x, high + 0.45)), paint.accent)
    made.add(line((4.8, 2.2), (7.0, 3.0), 0.09), paint.wood)
    made.add(smooth((-5.8, 3.2), (-5.2, 0.7), (-4.0, 0.0), (3.8, 0.0), (4.9, 0.8), (5.7, 2.5), (3.4, 1.8), (-3.6,
        1.8), (-4.2, 3.0)), paint.main)  # fmt: skip
    made.add(limb([(-5.4, 1.9), (0, 1.3), (5.3, 1.9)], [0.12] * 3), paint.metal, 0.6)
    for x in np.arange(-3.6, 3.8, 1.2):
        made.add(box(x, 0.75, x + 0.35, 1.05), paint.ink, 0.3)
    return made


def steamer(paint: Paints) -> Figure:
    """Return a steamship."""
    made = Figure()
    for x in (-1.6, 0.4, 2.4):
        made.add(polygon((x - 0.5, 3), (x - 0.7, 5.6), (x + 0.3, 5.6), (x + 0.5, 3)), paint.accent)
        made.add(polygon((x - 0.67, 5.2), (x - 0.72, 5.7), (x + 0.32, 5.7), (x + 0.34, 5.2)), paint.dark, 0.5)
    for puff in range(5):
        made.add(
            ellipse(-2.2 - puff, 6.2 + 0.32 * puff, 0.55 + 0.14 * puff, 0.4 + 0.09 * puff),
            lighter(paint.pale, -0.1),
            0.4,
        )
    made.add(box(-4.2, 1.8, 4.2, 3.2), paint.pale).add(box(-3.0, 3.1, 3.6, 3.9), lighter(paint.pale, -0.04))
    for x in np.arange(-3.8, 4.0, 0.6):
        made.add(ellipse(x, 2.5, 0.14, 0.14), paint.second, 0.3)
    made.add(
        smooth((-6.2, 2.2), (-5.8, 0.3), (-5.0, 0), (5.0, 0), (5.8, 0.6), (6.8, 2.5), (4.5, 1.85), (-4.5, 1.85)),
        paint.main,
    )
    return made.add(limb([(-6.0, 1.5), (0, 1.35), (6.3, 1.75)], [0.06] * 3), paint.pale, 0)


def wagon(paint: Paints) -> Figure:
    """Return a covered wagon or cart."""
    made = Figure()
    made.add(limb([(3.0, 1.6), (5.4, 1.2)], [0.12, 0.1]), paint.wood)
    made.add(smooth((-3.1, 2.4), (-3.5, 4.6), (-2.4, 5.6), (2.4, 5.6), (3.6, 4.6), (3.1, 2.4)), paint.pale)
    for x in (-1.9, 0, 1.9):
        made.add(limb([(x * 1.02, 2.4), (x * 1.1, 4.6), (x * 1.02, 5.5)], [0.05] * 3), lighter(paint.pale, -0.14), 0.2)
    made.add(polygon((-3.3, 1.5), (-3.6, 2.6), (3.6, 2.6), (3.3, 1.5)), paint.main)
    made.add(line((-3.4, 2.1), (3.4, 2.1), 0.05), lighter(paint.main, -0.12), 0)
    for x in (-2.0, 2.1):
        wheel(made, x, 1.15, 1.15, paint.wood, spokes=10)
    return made


def train(paint: Paints) -> Figure:
    """Return a steam locomotive."""
    made = Figure()
    for puff in range(5):
        made.add(ellipse(3.0 - 0.9 * puff, 6.2 + 0.35 * puff, 0.5 + 0.2 * puff, 0.42 + 0.12 * puff), paint.pale, 0.5)
    made.add(polygon((3.0, 3.6), (2.8, 5.4), (3.7, 5.4), (3.5, 3.6)), paint.dark).add(
        box(2.65, 5.2, 3.85, 5.6), paint.accent
    )
    made.add(ellipse(1.2, 3.9, 0.55, 0.6), paint.metal).add(ellipse(-0.4, 3.9, 0.45, 0.5), paint.metal)
    made.add(box(-2.0, 1.7, 4.0, 3.9), paint.main).add(ellipse(4.0, 2.8, 0.35, 1.1), paint.dark)
    for x in (-0.8, 0.8, 2.4):
        made.add(box(x, 1.7, x + 0.14, 3.9), paint.metal, 0.3)
    made.add(box(-4.6, 1.4, -1.9, 5.2), paint.main).add(box(-4.0, 3.3, -2.6, 4.6), paint.glow, 0.5)
    made.add(smooth((-5.0, 5.1), (-3.2, 5.7), (-1.6, 5.1)), paint.dark)
    made.add(polygon((4.0, 1.6), (5.3, 0.25), (4.0, 0.25)), paint.accent).add(box(-4.6, 1.1, 4.2, 1.75), paint.dark)
    for x, radius in ((-3.5, 1.05), (-1.2, 1.05), (1.0, 1.05), (2.6, 0.62), (3.7, 0.62)):
        wheel(made, x, radius, radius, paint.second)
    return made.add(line((-3.5, 1.0), (1.0, 1.0), 0.11), paint.metal)


def plane(paint: Paints) -> Figure:
    """Return a biplane in the air."""
    made = Figure()
    made.add(polygon((-3.6, 1.9), (-4.6, 3.6), (-3.6, 3.5), (-2.8, 2.2)), paint.accent)
    made.add(box(-1.2, 4.2, 2.4, 4.5), lighter(paint.main, -0.08))
    for x in (-0.6, 1.8):
        made.add(line((x, 1.4), (x + 0.15, 4.3), 0.06), paint.wood, 0.4)
    made.add(smooth((-4.4, 2.3), (-1.0, 2.9), (2.2, 2.9), (3.2, 2.4), (3.2, 1.6), (2.2, 1.2), (-1.0, 1.5)), paint.main)
    made.add(ellipse(0.3, 2.95, 0.5, 0.42), paint.wood).add(ellipse(3.25, 2.0, 0.3, 0.42), paint.metal)
    made.add(box(-1.4, 1.1, 2.4, 1.45), paint.accent).add(ellipse(3.6, 2.0, 0.1, 1.9), lighter(paint.wood, 0.1), 0.6)
    made.add(line((1.2, 1.3), (1.8, 0.4), 0.08), paint.dark)
    wheel(made, 1.9, 0.45, 0.45, paint.dark, spokes=4)
    return made


def rocket(paint: Paints) -> Figure:
    """Return a rocket on its flame."""
    made = Figure()
    made.add(smooth((-0.7, 1.8), (-0.9, 0.6), (0, -1.2), (0.9, 0.6), (0.7, 1.8)), paint.accent, 0.3)
    made.add(smooth((-0.4, 1.8), (-0.45, 0.8), (0, -0.2), (0.45, 0.8), (0.4, 1.8)), paint.glow, 0)
    for way in (-1, 1):
        made.add(smooth((way * 1.0, 4.0), (way * 2.3, 2.3), (way * 2.2, 0.9), (way * 0.9, 2.1)), paint.main)
    made.add(smooth((-1.0, 1.8), (-1.25, 4.5), (-1.0, 7.5), (0, 10.2), (1.0, 7.5), (1.25, 4.5), (1.0, 1.8)), paint.pale)
    made.add(smooth((-0.92, 7.9), (-0.5, 9.2), (0, 10.25), (0.5, 9.2), (0.92, 7.9), (0, 7.6)), paint.main)
    made.add(ellipse(0, 6.1, 0.62, 0.62), paint.metal).add(ellipse(0, 6.1, 0.42, 0.42), paint.second, 0.6)
    return made.add(box(-1.1, 2.2, 1.1, 2.7), paint.main, 0.6)


def balloon(paint: Paints) -> Figure:
    """Return a hot-air balloon or airship."""
    made = Figure()
    for x in (-0.55, 0.55):
        made.add(line((x, 1.4), (x * 2.6, 4.4), 0.035), paint.dark, 0)
    made.add(smooth((-1.0, 3.6), (-2.9, 6.0), (-2.6, 8.6), (0, 10.2), (2.6, 8.6), (2.9, 6.0), (1.0, 3.6)), paint.main)
    for wide, tint in ((1.7, paint.pale), (0.75, paint.accent)):
        made.add(smooth((-0.4 * wide, 3.7), (-wide, 6.2), (-wide * 0.85, 8.6), (0, 10.1), (wide * 0.85, 8.6), (wide,
            6.2), (0.4 * wide, 3.7)), tint, 0.7)  # fmt: skip
    return made.add(polygon((-0.7, 0.2), (-0.8, 1.5), (0.8, 1.5), (0.7, 0.2)), paint.wood)


def car(paint: Paints) -> Figure:
    """Return a motor car."""
    made = Figure()
    made.add(smooth((-2.2, 2.1), (-1.5, 3.7), (0.8, 3.75), (1.7, 2.2)), paint.main)
    made.add(polygon((-1.6, 2.2), (-1.2, 3.35), (-0.2, 3.4), (-0.2, 2.2)), paint.pale, 0.4).add(
        polygon((0.0, 2.2), (0.0, 3.4), (0.75, 3.35), (1.25, 2.2)), paint.pale, 0.4
    )
    made.add(
        smooth((-4.0, 0.9), (-4.1, 1.9), (-2.4, 2.35), (1.8, 2.3), (3.9, 2.0), (4.2, 1.0), (3.0, 0.6), (-3.0, 0.6)),
        paint.main,
    )
    made.add(line((-4.0, 1.2), (4.1, 1.25), 0.07), paint.metal, 0.4).add(
        ellipse(4.0, 1.65, 0.22, 0.25), paint.glow, 0.4
    )
    for x in (-2.5, 2.5):
        made.add(ellipse(x, 0.8, 0.85, 0.85), paint.ink).add(ellipse(x, 0.8, 0.42, 0.42), paint.metal)
    return made


def bicycle(paint: Paints) -> Figure:
    """Return a bicycle."""
    made = Figure()
    for x in (-1.8, 1.8):
        wheel(made, x, 1.2, 1.2, paint.dark, spokes=14)
    frame = (((-1.8, 1.2), (-0.7, 2.8)), ((-0.7, 2.8), (0.0, 1.1)), ((0.0, 1.1), (-1.8, 1.2)), ((-0.7, 2.8), (1.3,
        2.7)), ((0.0, 1.1), (1.3, 2.7)), ((1.2, 3.2), (1.8, 1.2)))  # fmt: skip
    for start, end in frame:
        made.add(line(start, end, 0.09), paint.main)
    made.add(limb([(-1.2, 3.2), (-0.3, 3.15)], [0.16, 0.1]), paint.wood).add(
        line((-0.8, 3.1), (-0.7, 2.8), 0.07), paint.dark
    )
    made.add(limb([(1.7, 3.3), (1.1, 3.4), (1.0, 3.1)], [0.08, 0.08, 0.09]), paint.dark)
    return made.add(ring(0.0, 1.1, 0.42, 0.26), paint.metal)
