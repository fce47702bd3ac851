"""Things one can put on a table. Unit: its own for each; standing on y = 0, the middle at x = 0."""

import numpy as np

from vidctl.providers.preview.painter.colour import lch, lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import (
    box,
    curve,
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


def lantern(paint: Paints) -> Figure:
    """Return a lit lantern."""
    made = Figure()
    made.add(ring(0, 6.7, 1.0, 0.82), paint.metal, 0.7)
    made.add(polygon((-1.5, 1), (-1.3, 4.8), (1.3, 4.8), (1.5, 1)), paint.glow, 0.2)
    made.add(ellipse(0, 2.6, 0.75, 1.2), lighter(paint.glow, 0.05), 0)
    made.add(smooth((-0.32, 1.8), (-0.42, 2.5), (0, 3.9), (0.42, 2.5), (0.32, 1.8)), lch(0.98, 0.03, 95), 0)
    made.add(box(-0.35, 1, 0.35, 1.9), paint.pale, 0.4)
    for x in (-1.38, 0, 1.38):
        made.add(line((x * 1.05, 1), (x * 0.95, 4.8), 0.1), paint.metal)
    made.add(lathe([(2.0, 0), (1.9, 0.5), (1.6, 1.0)]), paint.metal)
    return made.add(lathe([(1.75, 4.7), (1.5, 5.2), (0.6, 5.8), (0.35, 6.0)]), paint.metal)


def book(paint: Paints) -> Figure:
    """Return an open book."""
    made = Figure()
    made.add(polygon((-4.3, 0.3), (-4.1, 3.6), (0, 3.2), (4.1, 3.6), (4.3, 0.3), (0, -0.1)), paint.main)
    for way in (-1, 1):
        for lift in (0.0, 0.14, 0.28):
            page = smooth(
                (0, 0.25),
                (way * 2, 0.75 + lift),
                (way * 4, 0.5 + lift),
                (way * 3.85, 3.7 + lift),
                (way * 2, 4.0 + lift),
                (0, 3.4),
            )
            made.add(page, lighter(paint.pale, -0.05 + 0.18 * lift), 0.5)
        for row in np.linspace(1.25, 3.5, 7):
            made.add(limb([(way * 0.5, row - 0.15), (way * 2, row + 0.3), (way * (3.3 + 0.3 * np.sin(row * 9)),
                row + 0.22)], [0.05] * 3), lighter(paint.stone, -0.05), 0)  # fmt: skip
    return made.add(polygon((0.1, 0.3), (0.5, 0.45), (0.62, -1.0), (0.35, -0.75), (0.12, -1.1)), paint.accent)


def scroll(paint: Paints) -> Figure:
    """Return a map on parchment."""
    made = Figure()
    sheet = lch(0.86, 0.05, 85)
    made.add(smooth((-4, 0.2), (0, 0.0), (4, 0.3), (3.9, 3), (4.1, 5.6), (0, 5.3), (-4.1, 5.7), (-3.9, 3)), sheet)
    for _ in range(3):
        x, y = paint.rng.uniform(-2.4, 2.2), paint.rng.uniform(1.4, 4.2)
        coast = [(x + r * np.cos(a), y + 0.75 * r * np.sin(a))
                 for a, r in zip(np.linspace(0, 5.6, 9), paint.rng.uniform(0.55, 1.25, 9), strict=True)]  # fmt: skip
        made.add(smooth(*coast), lighter(paint.main, 0.16), 0.3)
    for at, (x, y) in enumerate(curve([(-3.2, 1.0), (-1.2, 2.2), (0.6, 1.8), (2.9, 4.4)], 5)):
        if at % 2 == 0:
            made.add(ellipse(float(x), float(y), 0.12, 0.09), paint.accent, 0)
    for angle in (45, -45):
        made.add(turned(box(2.5, 4.32, 3.4, 4.5), angle, (2.95, 4.41)), lch(0.5, 0.17, 28), 0)
    for x in (-4.1, 4.1):
        made.add(limb([(x, -0.2), (x, 6.0)], [0.42, 0.42]), lighter(sheet, -0.07))
        made.add(limb([(x, -0.7), (x, -0.5)], [0.2, 0.2]), paint.wood).add(
            limb([(x, 6.3), (x, 6.5)], [0.2, 0.2]), paint.wood
        )
    return made


def letter(paint: Paints) -> Figure:
    """Return a sealed letter."""
    made = Figure()
    made.add(box(-3, 0, 3, 4), paint.pale).add(
        polygon((-3, 0), (-0.4, 2.2), (0.4, 2.2), (3, 0)), lighter(paint.pale, -0.04)
    )
    made.add(polygon((-3, 4), (0, 1.5), (3, 4)), lighter(paint.pale, 0.02)).add(
        ellipse(0, 1.75, 0.55, 0.52), lch(0.48, 0.17, 28)
    )
    return made.add(ellipse(0, 1.75, 0.3, 0.28), lch(0.42, 0.15, 28), 0.7)


def sword(paint: Paints) -> Figure:
    """Return a sword, point down."""
    made = Figure()
    made.add(polygon((-0.5, 7), (-0.42, 1.2), (0, 0), (0.42, 1.2), (0.5, 7)), lch(0.80, 0.012, 240))
    made.add(polygon((0, 7), (0, 0.3), (0.4, 1.25), (0.48, 7)), lch(0.68, 0.015, 240), 0.2)
    made.add(limb([(-1.9, 7.3), (0, 7.0), (1.9, 7.3)], [0.24, 0.3, 0.24]), paint.metal).add(
        line((0, 7.2), (0, 9.2), 0.26), paint.wood
    )
    for y in (7.6, 8.1, 8.6):
        made.add(line((-0.26, y), (0.26, y + 0.2), 0.07), paint.metal, 0.4)
    return made.add(ellipse(0, 9.6, 0.46, 0.46), paint.metal).add(ellipse(0, 9.6, 0.2, 0.2), paint.accent, 0.5)


def helmet(paint: Paints) -> Figure:
    """Return a plumed helmet on a stand, or a shield's twin."""
    made = Figure()
    made.add(lathe([(1.7, 0), (1.5, 0.35), (0.3, 0.6), (0.3, 1.6)]), paint.wood)
    made.add(
        smooth((1.6, 5.6), (0.6, 7.2), (-1.6, 7.0), (-3.0, 5.2), (-2.9, 3.0), (-2.2, 4.6), (-1.0, 5.8)),
        lch(0.5, 0.17, 28),
    )
    made.add(smooth((-2.0, 1.4), (-2.1, 4.2), (-1.2, 5.8), (0.8, 6.0), (2.0, 4.6), (2.1, 3.6), (1.2, 3.5), (1.3, 1.6),
        (0.6, 1.3), (0.1, 3.2), (-0.6, 3.4), (-0.9, 1.5)), paint.metal)  # fmt: skip
    return made.add(limb([(-2.0, 3.9), (0, 4.1), (2.0, 3.9)], [0.12] * 3), lighter(paint.metal, -0.1), 0.6)


def crown(paint: Paints) -> Figure:
    """Return a crown."""
    made = Figure()
    made.add(ellipse(0, 3.0, 3.2, 0.7), lch(0.42, 0.15, 20))
    made.add(
        polygon(
            (-3.3, 0.4), (-3.9, 4.6), (-2.1, 2.6), (-1.4, 5.2), (0, 2.8), (1.4, 5.2), (2.1, 2.6), (3.9, 4.6), (3.3, 0.4)
        ),
        paint.metal,
    )
    for x, y in ((-3.9, 4.7), (-1.4, 5.3), (1.4, 5.3), (3.9, 4.7)):
        made.add(ellipse(x, y, 0.3, 0.3), paint.accent)
    made.add(limb([(-3.3, 0.5), (0, 0.2), (3.3, 0.5)], [0.42] * 3), lighter(paint.metal, -0.06))
    for at, x in enumerate((-2.2, -0.75, 0.75, 2.2)):
        made.add(ellipse(x, 0.33, 0.24, 0.24), lch(0.55, 0.17, 28 if at % 2 else 255), 0.5)
    return made


def chest(paint: Paints) -> Figure:
    """Return a chest, open, with something bright in it."""
    made = Figure()
    made.add(
        smooth((-3.4, 3.0), (-3.3, 5.2), (-2.6, 6.0), (2.6, 6.0), (3.3, 5.2), (3.4, 3.0)), lighter(paint.wood, -0.06)
    )
    made.add(box(-3.1, 2.7, 3.1, 3.7), paint.ink, 0.2)
    for x in np.linspace(-2.6, 2.6, 11):
        made.add(ellipse(x, 3.0 + 0.25 * float(paint.rng.random()), 0.42, 0.4), lch(0.80, 0.13, 88), 0.7)
    made.add(box(-3.4, 0, 3.4, 3.0), paint.wood)
    for x in (-3.4, -0.35, 2.7):
        made.add(box(x, 0, x + 0.7, 3.0), paint.metal)
    return made.add(ellipse(0, 2.2, 0.6, 0.7), paint.metal).add(
        smooth((-0.14, 1.8), (-0.1, 2.3), (0.1, 2.3), (0.14, 1.8)), paint.ink, 0
    )


def key(paint: Paints) -> Figure:
    """Return an old key."""
    made = Figure()
    for x, y in ((-0.95, 6.6), (0.95, 6.6), (0, 7.9)):
        made.add(ring(x, y, 0.95, 0.52), paint.metal)
    made.add(line((0, 0.4), (0, 6.0), 0.3), paint.metal).add(
        polygon((0.2, 0.4), (1.7, 0.4), (1.7, 1.0), (1.1, 1.0), (1.1, 1.4), (1.7, 1.4), (1.7, 2.1), (0.2, 2.1)),
        paint.metal,
    )
    return made.add(limb([(-0.45, 5.5), (0.45, 5.5)], [0.2, 0.2]), lighter(paint.metal, -0.08))


def coin(_: Paints) -> Figure:
    """Return stacks of coins."""
    made = Figure()
    gold = lch(0.76, 0.12, 85)
    for x, count in ((-2.2, 4), (2.3, 6), (0.1, 9)):
        for at in range(count):
            made.add(
                ellipse(x + 0.12 * float(np.sin(at * 5 + x)), 0.4 + at * 0.42, 1.15, 0.36),
                lighter(gold, -0.06 * (at % 2)),
            )
    return made


def tools(paint: Paints) -> Figure:
    """Return a hammer and a chisel crossed."""
    made = Figure()
    steel = lch(0.66, 0.015, 240)
    made.add(limb([(-2.6, 0.2), (2.0, 5.4)], [0.3, 0.24]), paint.wood)
    made.add(
        moved(
            turned(
                smooth((-1.7, -0.6), (-1.9, 0), (-1.7, 0.6), (1.0, 0.55), (2.0, 0.2), (1.9, -0.2), (1.0, -0.55)), -42
            ),
            2.1,
            5.6,
        ),
        steel,
    )
    made.add(limb([(2.6, 0.2), (0.6, 2.5)], [0.36, 0.3]), paint.main)
    return made.add(polygon((0.75, 2.1), (0.35, 2.85), (-2.2, 5.7), (-2.6, 5.5), (-2.4, 5.1), (0.2, 2.0)), steel)


def anchor(paint: Paints) -> Figure:
    """Return an anchor."""
    made = Figure()
    made.add(ring(0, 7.4, 0.75, 0.45), paint.metal).add(line((0, 0.8), (0, 6.8), 0.32), paint.metal).add(
        line((-1.7, 5.7), (1.7, 5.7), 0.26), paint.wood
    )
    made.add(
        limb([(-3.1, 2.6), (-2.2, 1.0), (0, 0.3), (2.2, 1.0), (3.1, 2.6)], [0.18, 0.32, 0.42, 0.32, 0.18]), paint.metal
    )
    for way in (-1, 1):
        made.add(polygon((way * 3.3, 3.6), (way * 2.3, 2.4), (way * 3.8, 2.0)), paint.metal)
    return made


def cannon(paint: Paints) -> Figure:
    """Return a cannon."""
    made = Figure()
    made.add(limb([(-4.0, 0.3), (-0.5, 1.9)], [0.3, 0.4]), paint.wood).add(
        limb([(-2.2, 2.2), (3.6, 3.3)], [0.85, 0.52], steps=2), paint.metal
    )
    made.add(ellipse(-3.0, 2.05, 0.35, 0.35), paint.metal)
    for x, y, wide in ((-1.2, 2.4, 0.9), (1.4, 2.9, 0.72), (3.5, 3.3, 0.66)):
        made.add(turned(box(x - 0.12, y - wide, x + 0.12, y + wide), 11, (x, y)), lighter(paint.metal, -0.1))
    for angle in np.linspace(0, np.pi, 5, endpoint=False):
        reach = np.array([np.cos(angle), np.sin(angle)]) * 1.5
        made.add(line((-reach[0], 1.6 - reach[1]), (reach[0], 1.6 + reach[1]), 0.11), paint.wood, 0.5)
    return made.add(ring(0, 1.6, 1.6, 1.3), paint.wood).add(ellipse(0, 1.6, 0.35, 0.35), paint.metal)


def barrel(paint: Paints) -> Figure:
    """Return a barrel, with a smaller one or a crate beside it."""
    made = Figure()
    made.add(box(1.2, 0, 4.2, 2.8), lighter(paint.wood, 0.06))
    for y in (0.1, 1.0, 1.9):
        made.add(box(1.35, y, 4.05, y + 0.75), lighter(paint.wood, 0.1), 0.5)
    made.add(lathe([(1.4, 0), (1.85, 1.3), (1.95, 2.4), (1.85, 3.5), (1.4, 4.8)]), paint.wood)
    for x in (-1.1, -0.4, 0.4, 1.1):
        made.add(limb([(x * 0.85, 0.1), (x * 1.15, 2.4), (x * 0.85, 4.7)], [0.03] * 3), lighter(paint.wood, -0.12), 0)
    for y, half in ((0.7, 1.7), (2.4, 1.98), (4.1, 1.7)):
        made.add(limb([(-half, y), (0, y - 0.12), (half, y)], [0.16] * 3), paint.metal, 0.7)
    return made


def wheel_thing(paint: Paints) -> Figure:
    """Return a wheel: of a ship, a mill or a cart."""
    made = Figure()
    for angle in np.radians(np.arange(0, 180, 22.5)):
        reach = np.array([np.cos(angle), np.sin(angle)]) * 3.9
        made.add(limb([(-reach[0], 4 - reach[1]), (0, 4), (reach[0], 4 + reach[1])], [0.17, 0.1, 0.17]), paint.wood)
    made.add(ring(0, 4, 3.1, 2.55), paint.wood).add(ring(0, 4, 2.95, 2.75), paint.metal, 0.4)
    return made.add(ellipse(0, 4, 0.8, 0.8), paint.wood).add(ellipse(0, 4, 0.4, 0.4), paint.metal)


def bottle(paint: Paints) -> Figure:
    """Return a bottle and a cup."""
    made = Figure()
    made.add(lathe([(1.3, 0), (1.45, 0.4), (1.45, 3.6), (0.5, 5.0), (0.45, 6.4), (0.6, 6.5)], x=-1), paint.main)
    made.add(box(-2.2, 1.2, 0.2, 2.9), paint.pale, 0.5).add(lathe([(0.42, 6.3), (0.48, 7.0)], x=-1), paint.wood)
    return made.add(lathe([(0.9, 0), (0.3, 0.3), (0.25, 1.0), (1.0, 1.8), (1.15, 3.0)], x=2), paint.metal)


def bread(paint: Paints) -> Figure:
    """Return food on a board: a loaf and fruit."""
    made = Figure()
    crust = lch(0.62, 0.11, 62)
    made.add(limb([(-4, 0.25), (4, 0.25)], [0.28, 0.28]), paint.wood)
    made.add(smooth((-3.4, 0.5), (-3.3, 2.0), (-1.6, 2.9), (0.6, 2.7), (1.6, 1.7), (1.4, 0.5)), crust)
    for x in (-2.3, -1.1, 0.1):
        made.add(limb([(x, 1.9), (x + 0.6, 2.6)], [0.14, 0.1]), lighter(crust, 0.2), 0.4)
    for x, y, hue in ((2.2, 1.15, 30), (3.3, 0.95, 110), (2.8, 1.9, 55)):
        made.add(ellipse(x, y, 0.72, 0.68), lch(0.60, 0.16, hue)).add(
            line((x, y + 0.6), (x + 0.15, y + 1.0), 0.05), paint.wood, 0
        )
    return made


def flag(paint: Paints) -> Figure:
    """Return a flag on its staff."""
    made = Figure()
    made.add(line((-2.4, 0), (-2.4, 9.2), 0.14), paint.wood).add(ellipse(-2.4, 9.4, 0.26, 0.26), paint.metal)
    made.add(
        smooth(
            (-2.3, 9),
            (-0.6, 9.3),
            (1.4, 8.6),
            (3.4, 9.0),
            (3.2, 6.6),
            (3.4, 4.7),
            (1.4, 4.4),
            (-0.6, 5.1),
            (-2.3, 4.7),
            (-2.3, 6.9),
        ),
        paint.main,
    )
    made.add(
        smooth((-2.3, 7.6), (-0.6, 7.9), (1.4, 7.2), (3.3, 7.6), (3.25, 6.2), (1.4, 5.8), (-0.6, 6.5), (-2.3, 6.1)),
        paint.pale,
        0.4,
    )
    return made.add(ellipse(0.4, 6.9, 0.62, 0.62), paint.accent, 0.5)
