"""What grows, burns and lies about: trees, flowers, fire, crystal, bones. Standing on y = 0."""

from typing import Final

import numpy as np

from vidctl.providers.preview.painter.colour import Lab, lch, lighter, mix
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import Point, ellipse, lathe, limb, line, polygon, smooth
from vidctl.providers.preview.painter.paints import Paints
from vidctl.providers.preview.painter.texture import chance

LEAF: Final = (0.55, 0.09, 130)


def tree(paint: Paints, leaf: Lab | None = None) -> Figure:
    """Return a broad tree."""
    made = Figure()
    crown = mix(lch(*LEAF), paint.main, 0.35) if leaf is None else leaf
    made.add(limb([(0, 0), (-0.1, 2.2), (0.2, 4.2)], [0.62, 0.38, 0.25]), paint.wood)
    for x, y in ((-1.4, 5.0), (1.7, 5.2), (0.3, 6.2)):
        made.add(limb([(0.0, 2.6), (x * 0.5, 3.9), (x, y)], [0.28, 0.18, 0.08]), paint.wood)
    blobs = [(-2.0, 4.9, 1.5), (2.1, 5.0, 1.5), (-1.1, 6.6, 1.7), (1.2, 6.8, 1.7), (0.1, 5.3, 1.8), (0.0, 7.7, 1.4)]
    for at, (x, y, radius) in enumerate(blobs):
        made.add(_leafy(x, y, radius, paint.rng), lighter(crown, -0.08 + 0.035 * at))
    for side in (-0.5, 0.6):
        made.add(limb([(side * 0.6, 0.5), (side * 1.8, 0.0)], [0.2, 0.05]), paint.wood)
    return made


def _leafy(x: float, y: float, radius: float, rng: np.random.Generator) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    reach = radius * rng.uniform(0.86, 1.12, 12)
    return smooth(
        *[(x + r * float(np.cos(a)), y + 0.82 * r * float(np.sin(a))) for a, r in zip(angles, reach, strict=True)],
        steps=5,
    )


def bare_tree(paint: Paints) -> Figure:
    """Return a leafless tree."""
    made = Figure()
    bark = lighter(paint.wood, -0.08)

    def grow(start: Point, angle: float, length: float, thick: float) -> None:
        end = (start[0] + length * float(np.sin(angle)), start[1] + length * float(np.cos(angle)))
        made.add(
            limb(
                [start, ((start[0] + end[0]) / 2 + 0.06 * length, (start[1] + end[1]) / 2), end],
                [thick, thick * 0.8, thick * 0.6],
            ),
            bark,
        )
        if thick > 0.06:  # noqa: PLR2004  # thinner than this is a twig
            for turn in (-0.5, 0.42):
                grow(end, angle + turn + float(paint.rng.uniform(-0.16, 0.16)), length * 0.74, thick * 0.6)

    grow((0, 0), 0.05, 2.6, 0.42)
    return made


def conifer(paint: Paints) -> Figure:
    """Return a fir."""
    made = Figure()
    green = mix(lch(0.40, 0.07, 155), paint.second, 0.3)
    made.add(limb([(0, 0), (0, 2)], [0.4, 0.3]), paint.wood)
    for at, (low, wide) in enumerate(((1.0, 2.6), (2.7, 2.2), (4.3, 1.8), (5.8, 1.35), (7.2, 0.95))):
        made.add(polygon((-wide, low), (-wide * 0.45, low + 0.3), (0, low - 0.1), (wide * 0.45, low + 0.3), (wide,
            low), (0, low + 2.7)), lighter(green, 0.03 * at))  # fmt: skip
    return made


def palm(paint: Paints) -> Figure:
    """Return a palm."""
    made = Figure()
    made.add(limb([(-0.6, 0), (0.2, 3.2), (0.1, 6.2)], [0.42, 0.28, 0.2]), paint.wood)
    green = mix(lch(0.55, 0.10, 140), paint.main, 0.2)
    for at, (x, y) in enumerate(
        ((-3.3, 5.2), (3.4, 5.4), (-2.8, 7.0), (2.9, 7.2), (-1.2, 8.3), (1.4, 8.4), (-1.9, 4.3), (2.1, 4.4))
    ):
        made.add(
            smooth((0.1, 6.3), (x * 0.5, (6.3 + y) / 2 + 1.0), (x, y), (x * 0.55, (6.3 + y) / 2 + 0.35)),
            lighter(green, 0.02 * at - 0.06),
        )
    return made.add(ellipse(-0.2, 6.0, 0.28, 0.28), paint.accent).add(ellipse(0.35, 5.95, 0.26, 0.26), paint.accent)


def flower(paint: Paints) -> Figure:
    """Return three flowers."""
    made = Figure()
    green = lch(0.52, 0.10, 135)
    for x, high, tint in ((-1.7, 4.2, paint.main), (1.8, 4.9, paint.accent), (0.1, 6.3, paint.main)):
        made.add(limb([(0.3 * x, 0), (0.7 * x, high * 0.5), (x, high)], [0.14, 0.11, 0.09]), green)
        made.add(
            smooth((0.55 * x, high * 0.35), (x + 0.9, high * 0.55), (x + 1.3, high * 0.75), (x + 0.3, high * 0.6)),
            lighter(green, -0.05),
        )
        for angle in np.radians(np.arange(0, 360, 45)):
            made.add(
                ellipse(
                    x + 0.72 * float(np.cos(angle)),
                    high + 0.72 * float(np.sin(angle)),
                    0.52,
                    0.3,
                    turn=float(np.degrees(angle)),
                ),
                tint,
            )
        made.add(ellipse(x, high, 0.42, 0.42), lch(0.78, 0.14, 85))
    return made


def wheat(paint: Paints) -> Figure:
    """Return a sheaf."""
    made = Figure()
    gold = lch(0.76, 0.11, 82)
    for x in np.linspace(-2.6, 2.6, 11):
        tip: Point = (float(x), 6.6 - 0.22 * float(x) ** 2 + float(paint.rng.uniform(-0.3, 0.3)))
        made.add(limb([(-0.28 * x, 0), (0.02 * x, 2.6), tip], [0.07, 0.08, 0.05]), lighter(gold, -0.12), 0.5)
        for rise in np.arange(0.0, 1.6, 0.35):
            for side in (-0.16, 0.16):
                made.add(
                    ellipse(tip[0] + side + 0.12 * x * rise * 0.4, tip[1] + rise, 0.13, 0.25, turn=-side * 150),
                    gold,
                    0.6,
                )
    return made.add(limb([(-0.8, 2.5), (0, 2.3), (0.8, 2.5)], [0.24] * 3), paint.main)


def fire(paint: Paints) -> Figure:
    """Return a camp fire."""
    made = Figure()
    for wide, high, tint in (
        (2.3, 6.0, lch(0.62, 0.18, 40)),
        (1.6, 4.6, lch(0.73, 0.16, 60)),
        (0.9, 3.0, lch(0.88, 0.13, 90)),
        (0.4, 1.7, lch(0.97, 0.05, 100)),
    ):
        made.add(smooth((-wide, 1.0), (-wide * 0.95, 0.42 * high), (-wide * 0.4, 0.72 * high), (-wide * 0.5,
            high * 0.9), (wide * 0.1, 0.8 * high), (wide * 0.25, high), (wide * 0.6, 0.62 * high), (wide * 0.95,
            0.45 * high), (wide, 1.0), (0, 0.4)), tint, 0.25)  # fmt: skip
    for start, end in (((-2.9, 0.25), (1.9, 0.9)), ((2.9, 0.25), (-1.9, 0.9)), ((-2.2, 0.2), (2.2, 0.2))):
        made.add(limb([start, end], [0.3, 0.26]), paint.wood).add(
            ellipse(start[0], start[1], 0.15, 0.24), lighter(paint.wood, 0.2), 0.3
        )
    for x in (-3.2, -1.6, 0.1, 1.7, 3.2):
        made.add(ellipse(x, 0.05, 0.6, 0.38), lighter(paint.stone, -0.12))
    return made


def crystal(paint: Paints) -> Figure:
    """Return a cluster of crystals."""
    made = Figure()
    for x, lean, high, wide in (
        (-1.6, -0.9, 3.8, 0.75),
        (1.7, 0.9, 4.2, 0.8),
        (-0.5, -0.2, 6.4, 1.0),
        (0.8, 0.35, 5.0, 0.8),
        (-2.3, -1.3, 2.4, 0.55),
    ):
        top = x + lean
        made.add(
            polygon((x - wide, 0.2), (top - wide, high - 0.9), (top, high), (top + wide, high - 1.1), (x + wide, 0.1)),
            lighter(paint.main, 0.12),
        )
        made.add(polygon((x + 0.1 * wide, 0.1), (top + 0.1 * wide, high - 1.3), (top, high), (top + wide, high - 1.1),
            (x + wide, 0.1)), lighter(paint.main, -0.06), 0.4)  # fmt: skip
    return made.add(smooth((-3.4, 0), (-2.6, 0.8), (0, 0.6), (2.6, 0.8), (3.2, 0)), lighter(paint.stone, -0.2))


def rock(paint: Paints) -> Figure:
    """Return boulders with moss."""
    made = Figure()
    for x, y, wide, high in ((1.9, 0, 2.2, 2.6), (-1.2, 0, 2.9, 4.2), (0.9, 0, 1.5, 1.4)):
        grey = lighter(paint.stone, float(paint.rng.uniform(-0.12, 0.0)))
        made.add(
            smooth(
                (x - wide, y),
                (x - wide * 0.9, y + high * 0.5),
                (x - wide * 0.3, y + high),
                (x + wide * 0.4, y + high * 0.9),
                (x + wide * 0.95, y + high * 0.4),
                (x + wide, y),
                steps=3,
            ),
            grey,
        )
        made.add(
            smooth(
                (x - wide * 0.6, y + high * 0.78),
                (x - wide * 0.2, y + high * 1.0),
                (x + wide * 0.4, y + high * 0.88),
                (x, y + high * 0.72),
            ),
            lch(0.5, 0.08, 130),
            0.4,
        )
    return made


def skull(paint: Paints) -> Figure:
    """Return a skull, as dug up."""
    made = Figure()
    bone = lch(0.87, 0.035, 88)
    made.add(
        smooth(
            (-1.4, 0),
            (-1.5, 1.6),
            (-2.6, 2.6),
            (-2.7, 4.6),
            (-1.2, 6.2),
            (1.2, 6.2),
            (2.7, 4.6),
            (2.6, 2.6),
            (1.5, 1.6),
            (1.4, 0),
        ),
        bone,
    )
    for x in (-1.15, 1.15):
        made.add(ellipse(x, 3.2, 0.78, 0.82), paint.ink, 0.5)
    made.add(polygon((-0.42, 1.6), (0, 2.6), (0.42, 1.6)), paint.ink, 0.3)
    for x in (-0.9, -0.3, 0.3, 0.9):
        made.add(line((x, 0.05), (x, 0.9), 0.05), lighter(bone, -0.3), 0)
    return made


def mushroom(paint: Paints) -> Figure:
    """Return mushrooms."""
    made = Figure()
    for x, scale in ((2.0, 0.6), (-1.9, 0.45), (0, 1.0)):
        made.add(lathe([(0.8 * scale, 0), (0.6 * scale, 1.5 * scale), (0.55 * scale, 3.2 * scale)], x=x), paint.pale)
        made.add(smooth((x - 2.4 * scale, 3.0 * scale), (x - 1.8 * scale, 4.8 * scale), (x, 5.7 * scale),
            (x + 1.8 * scale, 4.8 * scale), (x + 2.4 * scale, 3.0 * scale), (x, 2.8 * scale)), paint.main)  # fmt: skip
        for dot, rise, size in ((-1.1, 4.1, 0.3), (0.2, 4.8, 0.36), (1.2, 3.9, 0.26)):
            made.add(ellipse(x + dot * scale, rise * scale, size * scale, size * 0.8 * scale), paint.pale, 0.3)
    return made


def planet(paint: Paints) -> Figure:
    """Return a ringed planet."""
    made = Figure()
    made.add(ellipse(0, 3, 2.9, 2.9), paint.main)
    for y, wide, tint in ((4.3, 2.5, 0.1), (3.3, 2.86, -0.07), (2.2, 2.75, 0.08), (1.2, 2.2, -0.08)):
        made.add(limb([(-wide, y), (0, y - 0.2), (wide, y)], [0.05, 0.3, 0.05]), lighter(paint.main, tint), 0.1)
    arc = [(5.1 * float(np.cos(a)), 3 + 1.0 * float(np.sin(a))) for a in np.linspace(np.pi * 0.88, np.pi * 2.12, 20)]
    return made.add(limb(arc, [0.12, *[0.3] * 18, 0.12], steps=3), paint.accent)


def molecule(paint: Paints) -> Figure:
    """Return balls and sticks: a molecule, a cell, a network."""
    made = Figure()
    spots = [(0.0, 3.4, 1.15)] + [
        (float(3.1 * np.cos(a)), 3.4 + float(2.7 * np.sin(a)), float(paint.rng.uniform(0.5, 0.85)))
        for a in np.linspace(0.3, 6.0, 6) + paint.rng.uniform(-0.2, 0.2, 6)
    ]
    for x, y, _ in spots[1:]:
        made.add(line((0, 3.4), (x, y), 0.16), paint.stone)
    for at, (x, y, radius) in enumerate(spots):
        tint = (paint.main, paint.accent, paint.pale)[at % 3]
        made.add(ellipse(x, y, radius, radius), tint).add(
            ellipse(x - 0.3 * radius, y + 0.35 * radius, 0.25 * radius, 0.18 * radius), lighter(tint, 0.2), 0
        )
    return made


def helix(paint: Paints) -> Figure:
    """Return a double helix."""
    made = Figure()
    rise = np.linspace(0, 9, 60)
    for at, y in enumerate(rise[2::4]):
        x = 1.7 * float(np.sin(y * 1.4))
        made.add(line((x, float(y)), (-x, float(y)), 0.12), paint.pale if at % 2 else paint.accent, 0.5)
    for way, tint in ((-1, paint.second), (1, paint.main)):
        strand = [(way * 1.7 * float(np.sin(y * 1.4)), float(y)) for y in rise[::3]]
        made.add(limb(strand, [0.3] * len(strand), steps=3), tint)
    return made


def relic(paint: Paints) -> Figure:
    """Return a vessel that only the seed knows, on a plinth: what stands for a thing without a picture."""
    made, rng = Figure(), paint.rng
    heights = np.linspace(1.6, 8.0, 6)
    halves = rng.uniform(0.55, 2.3, 6)
    halves[int(rng.integers(1, 4))] = 2.4
    profile = [(float(half), float(high)) for half, high in zip(halves, heights, strict=True)]
    made.add(polygon((-2.9, 0), (-2.6, 1.0), (2.6, 1.0), (2.9, 0)), paint.stone).add(
        polygon((-2.3, 1.0), (-2.3, 1.65), (2.3, 1.65), (2.3, 1.0)), lighter(paint.stone, 0.07)
    )
    if chance(rng, 0.6):  # most have handles
        for way in (-1, 1):
            made.add(
                limb([(way * 1.2, 7.2), (way * 3.0, 6.6), (way * 2.9, 4.8), (way * 1.5, 4.0)], [0.2, 0.24, 0.22, 0.18]),
                paint.main,
            )
    made.add(lathe(profile), paint.main)
    for high, tint in (
        (float(rng.uniform(2.6, 4)), paint.accent),
        (float(rng.uniform(4.6, 6)), paint.pale),
        (float(rng.uniform(6.2, 7.2)), paint.second),
    ):
        half = float(np.interp(high, heights, halves)) * 0.97
        made.add(limb([(-half, high), (0, high - 0.16), (half, high)], [0.17] * 3), tint, 0.5)
    return made.add(limb([(-halves[-1], 8.0), (0, 7.9), (halves[-1], 8.0)], [0.2] * 3), lighter(paint.main, 0.07))
