"""What people wear and carry, cut to the body of `people` (8 high, facing right)."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from vidctl.providers.preview.painter.colour import Lab, lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import Point, box, ellipse, limb, line, polygon, ring, smooth
from vidctl.providers.preview.painter.paints import Paints


def sleeve(garment: str, paint: Paints) -> Lab:
    """Return the colour of the arms."""
    if garment in ("space", "gown"):
        return paint.pale
    return paint.pale if garment == "apron" else paint.stone if garment == "armour" else paint.main


def body(figure: Figure, garment: str, stride: float, paint: Paints) -> None:
    """Add what covers the trunk, and the legs where it is long."""
    _BODIES.get(garment, _tunic)(figure, paint, stride)


def _trunk(figure: Figure, colour: Lab, hem: float, flare: float, stride: float) -> None:
    sway = 0.25 * stride
    outline = smooth(
        (-0.3, 6.72), (-0.72, 6.35), (-0.74, 5.6), (-0.6, 4.75), (-0.7 - flare / 2, (4.75 + hem) / 2),
        (-0.75 - flare - sway, hem + 0.02), (-0.3 - flare / 2, hem - 0.1), (0.3 + flare / 2, hem - 0.08),
        (0.72 + flare, hem + 0.08), (0.66 + flare / 2, (4.75 + hem) / 2), (0.6, 4.75), (0.78, 5.7), (0.66, 6.4),
        (0.28, 6.72),
    )  # fmt: skip
    figure.add(outline, colour)


def _coat(figure: Figure, paint: Paints, stride: float) -> None:
    _trunk(figure, paint.main, 2.25, 0.35, stride)
    figure.add(smooth((0.42, 6.6), (0.62, 5.6), (0.42, 4.4), (0.5, 2.4), (0.66, 2.35), (0.62, 4.4)), paint.second, 0.4)
    figure.add(limb([(-0.62, 4.7), (0.62, 4.66)], [0.13, 0.13]), paint.dark, 0.6)
    figure.add(smooth((-0.5, 6.7), (0.0, 6.35), (0.45, 6.65), (0.5, 6.9), (0.0, 6.7), (-0.42, 6.98)), paint.second)
    for height in (5.9, 5.4, 4.15, 3.6):
        figure.add(ellipse(0.44, height, 0.06, 0.06), paint.pale, 0)


def _dress(figure: Figure, paint: Paints, stride: float) -> None:
    _trunk(figure, paint.main, 0.55, 0.75, stride)
    figure.add(smooth((-0.4, 4.6), (0.5, 4.6), (0.75, 2.5), (0.95, 0.75), (0.2, 0.62), (-0.2, 0.62), (-0.3, 2.6)),
               paint.second, 0.6)  # fmt: skip
    figure.add(limb([(-0.58, 4.72), (0.6, 4.68)], [0.12, 0.12]), paint.accent, 0.6)
    figure.add(smooth((-0.45, 6.6), (0.05, 6.2), (0.5, 6.55), (0.25, 6.8), (-0.3, 6.82)), paint.pale, 0.7)


def _robe(figure: Figure, paint: Paints, stride: float) -> None:
    _trunk(figure, paint.main, 0.4, 0.45, stride)
    figure.add(smooth((-0.05, 6.5), (0.4, 6.4), (0.5, 4.6), (0.62, 2.0), (0.7, 0.5), (0.3, 0.45), (0.12, 2.5), (0.1,
        4.6)), paint.second, 0.6)  # fmt: skip
    figure.add(limb([(-0.62, 4.62), (0.1, 4.52), (0.64, 4.62)], [0.11, 0.11, 0.11]), paint.accent, 0.7)
    figure.add(limb([(0.32, 4.5), (0.42, 3.4)], [0.07, 0.08]), paint.accent, 0.7)


def _tunic(figure: Figure, paint: Paints, stride: float) -> None:
    _trunk(figure, paint.main, 3.55, 0.12, stride)
    figure.add(limb([(-0.66, 4.55), (0.64, 4.5)], [0.15, 0.15]), paint.wood, 0.8)
    figure.add(box(0.2, 4.36, 0.5, 4.68), paint.metal, 0.5)


def _suit(figure: Figure, paint: Paints, stride: float) -> None:
    _trunk(figure, paint.main, 3.3, 0.15, stride)
    figure.add(polygon((0.05, 6.75), (0.5, 6.7), (0.62, 5.7), (0.5, 5.0)), paint.pale, 0.4)
    figure.add(polygon((0.3, 6.65), (0.45, 6.62), (0.58, 5.6), (0.48, 5.2), (0.4, 5.6)), paint.accent, 0.3)
    figure.add(polygon((-0.2, 6.8), (0.1, 6.8), (0.5, 5.05), (0.2, 5.5)), paint.second, 0.6)
    figure.add(ellipse(0.42, 4.5, 0.07, 0.07), paint.pale, 0)


def _apron(figure: Figure, paint: Paints, stride: float) -> None:
    _trunk(figure, paint.pale, 3.7, 0.1, stride)
    figure.add(smooth((-0.05, 6.1), (0.62, 6.0), (0.72, 4.8), (0.86, 2.3), (0.2, 2.15), (-0.3, 2.3), (-0.3, 4.8)),
               paint.main)  # fmt: skip
    figure.add(limb([(-0.62, 4.75), (0.66, 4.7)], [0.09, 0.09]), paint.dark, 0.5)


def _armour(figure: Figure, paint: Paints, stride: float) -> None:
    figure.add(smooth((-0.5, 6.6), (-0.1, 6.5), (-0.5, 4.0), (-1.0 - stride, 1.6), (-1.7 - stride, 1.9), (-1.05, 4.4)),
               paint.main)  # fmt: skip
    _trunk(figure, paint.stone, 3.5, 0.2, stride)
    for at in (0, 1, 2, 3):
        x = -0.62 + at * 0.4
        figure.add(polygon((x, 4.5), (x + 0.36, 4.5), (x + 0.4, 3.2), (x + 0.02, 3.2)), paint.wood, 0.7)
    figure.add(limb([(-0.66, 4.55), (0.66, 4.55)], [0.14, 0.14]), paint.metal, 0.8)
    figure.add(ellipse(-0.45, 6.25, 0.42, 0.36), paint.metal)


def _space(figure: Figure, paint: Paints, stride: float) -> None:
    figure.add(smooth((-1.5, 4.5), (-0.5, 4.3), (-0.4, 6.7), (-1.3, 6.9)), paint.stone)
    _trunk(figure, paint.pale, 3.4, 0.3, stride)
    figure.add(box(0.02, 5.0, 0.6, 5.6), paint.second, 0.7)
    figure.add(ellipse(0.2, 5.4, 0.09, 0.09), paint.accent, 0)
    figure.add(ellipse(0.44, 5.4, 0.09, 0.09), paint.glow, 0)
    figure.add(limb([(-0.7, 4.4), (0.75, 4.4)], [0.13, 0.13]), paint.main)
    figure.add(limb([(-0.45, 6.65), (0.5, 6.65)], [0.2, 0.2]), paint.main)


def _gown(figure: Figure, paint: Paints, stride: float) -> None:
    _trunk(figure, paint.pale, 2.4, 0.3, stride)
    figure.add(polygon((0.0, 6.75), (0.45, 6.7), (0.6, 5.6), (0.45, 4.9)), paint.main, 0.5)
    figure.add(polygon((-0.15, 6.8), (0.1, 6.8), (0.48, 4.9), (0.2, 5.5)), lighter(paint.pale, -0.06), 0.6)
    figure.add(box(0.02, 3.5, 0.5, 3.95), lighter(paint.pale, -0.05), 0.8)


_BODIES: Final[Mapping[str, Callable[[Figure, Paints, float], None]]] = {
    "coat": _coat, "dress": _dress, "robe": _robe, "suit": _suit, "apron": _apron, "armour": _armour,
    "space": _space, "gown": _gown,
}  # fmt: skip


def back_hair(figure: Figure, style: str, worn_on_head: str, paint: Paints) -> None:
    """Add the hair that falls behind the shoulders."""
    if worn_on_head in ("dome", "hood", "scarf"):
        return
    if style == "long":
        figure.add(
            smooth((-0.1, 7.9), (-0.55, 7.5), (-0.75, 6.4), (-0.9, 5.5), (-0.4, 5.6), (0.1, 6.4)), paint.hair, 0.8
        )
    if style == "plait":
        figure.add(limb([(-0.35, 7.3), (-0.85, 6.4), (-0.95, 5.2)], [0.24, 0.2, 0.1]), paint.hair)


def hair(figure: Figure, style: str, worn_on_head: str, paint: Paints) -> None:
    """Add the hair on the head."""
    if worn_on_head in ("dome", "hood"):
        return
    low = 6.95 if style in ("long", "side") else 7.2
    if style == "bun" and worn_on_head != "scarf":
        figure.add(ellipse(-0.5, 7.75, 0.32, 0.3), paint.hair)
    figure.add(smooth((-0.2, low), (-0.46, 7.2), (-0.52, 7.65), (-0.22, 8.08), (0.3, 8.06), (0.6, 7.78), (0.3, 7.74),
                      (0.08, 7.62), (0.02, 7.3)), paint.hair, 0.8)  # fmt: skip


def headgear(figure: Figure, kind: str, paint: Paints) -> None:
    """Add what is worn on the head, if anything."""
    if kind in _HEADGEAR:
        _HEADGEAR[kind](figure, paint)


def _hood(figure: Figure, paint: Paints) -> None:
    figure.add(smooth((-0.75, 6.5), (-0.72, 7.3), (-0.5, 8.05), (0.1, 8.3), (0.62, 7.95), (0.3, 7.75), (0.1, 7.3),
                      (0.2, 6.75), (0.5, 6.5), (0.0, 6.25)), lighter(paint.main, -0.04))  # fmt: skip


def _crown(figure: Figure, paint: Paints) -> None:
    spikes = [(-0.5, 7.75), (-0.58, 8.4), (-0.3, 8.1), (-0.1, 8.55), (0.12, 8.12), (0.38, 8.5), (0.45, 8.08),
              (0.7, 8.3), (0.58, 7.72)]  # fmt: skip
    figure.add(polygon(*spikes), paint.metal)
    figure.add(ellipse(0.08, 7.9, 0.09, 0.09), paint.accent, 0)


def _helmet(figure: Figure, paint: Paints) -> None:
    figure.add(smooth((-0.6, 7.0), (-0.62, 7.6), (-0.35, 8.15), (0.2, 8.25), (0.62, 7.85), (0.62, 7.62), (0.1, 7.58),
                      (-0.1, 7.3), (-0.2, 6.95)), paint.metal)  # fmt: skip
    figure.add(smooth((0.4, 8.1), (0.1, 8.75), (-0.5, 8.75), (-0.95, 8.2), (-1.0, 7.4), (-0.72, 7.9), (-0.2, 8.25)),
               paint.accent)  # fmt: skip


def _dome(figure: Figure, paint: Paints) -> None:
    figure.add(ellipse(0.08, 7.4, 0.98, 0.98), paint.pale)
    figure.add(ellipse(0.34, 7.42, 0.62, 0.66), paint.second, 0.6)
    figure.add(smooth((0.1, 7.5), (0.25, 7.85), (0.6, 7.9), (0.35, 7.72)), paint.sun, 0)


def _cap(figure: Figure, paint: Paints) -> None:
    figure.add(smooth((-0.6, 7.72), (-0.72, 8.15), (-0.1, 8.42), (0.5, 8.28), (0.62, 7.9), (0.1, 7.76)), paint.second)
    figure.add(smooth((0.35, 7.82), (0.95, 7.68), (1.0, 7.78), (0.62, 7.96)), paint.dark, 0.6)
    figure.add(limb([(-0.56, 7.76), (0.6, 7.88)], [0.09, 0.09]), paint.accent, 0.4)


def _brim(figure: Figure, paint: Paints) -> None:
    figure.add(smooth((-0.5, 7.8), (-0.45, 8.45), (0.05, 8.55), (0.5, 8.42), (0.58, 7.82)), paint.wood)
    figure.add(limb([(-0.5, 7.95), (0.58, 7.95)], [0.1, 0.1]), paint.accent, 0.4)
    figure.add(smooth((-1.15, 7.72), (-0.5, 7.94), (0.5, 7.94), (1.22, 7.76), (0.6, 7.7), (-0.5, 7.68)), paint.wood)


def _tall(figure: Figure, paint: Paints) -> None:
    figure.add(polygon((-0.46, 7.85), (-0.52, 9.0), (0.62, 9.0), (0.56, 7.85)), paint.dark)
    figure.add(box(-0.46, 7.9, 0.56, 8.12), paint.accent, 0.3)
    figure.add(ellipse(0.05, 7.84, 0.85, 0.11), paint.dark)


def _kerchief(figure: Figure, paint: Paints) -> None:
    figure.add(smooth((-0.72, 6.55), (-0.66, 7.3), (-0.48, 7.95), (0.1, 8.2), (0.6, 7.86), (0.25, 7.66), (0.08, 7.2),
                      (0.3, 6.72), (-0.1, 6.5)), paint.accent)  # fmt: skip


def _chef(figure: Figure, paint: Paints) -> None:
    figure.add(smooth((-0.55, 7.85), (-0.85, 8.5), (-0.4, 9.0), (0.1, 8.85), (0.6, 9.0), (0.95, 8.45), (0.6, 7.85)),
               paint.pale)  # fmt: skip


_HEADGEAR: Final[Mapping[str, Callable[[Figure, Paints], None]]] = {
    "hood": _hood, "crown": _crown, "helmet": _helmet, "dome": _dome, "cap": _cap, "brim": _brim, "tall": _tall,
    "scarf": _kerchief, "chef": _chef,
}  # fmt: skip


def held_behind(figure: Figure, kind: str, hand: Point, paint: Paints) -> None:
    """Add the part of a held thing that the hand covers."""
    x, y = hand[0] + 0.1, hand[1]
    if kind == "staff":
        figure.add(limb([(x + 0.12, 0), (x, 4.5), (x - 0.05, 8.3)], [0.09, 0.1, 0.12]), paint.wood)
        figure.add(limb([(x - 0.05, 8.2), (x + 0.1, 8.75), (x + 0.5, 8.7), (x + 0.5, 8.3)], [0.12, 0.12, 0.1, 0.07]),
                   paint.wood)  # fmt: skip
    elif kind == "spear":
        figure.add(line((x, 0), (x, 9.2), 0.08), paint.wood)
        figure.add(polygon((x - 0.22, 9.1), (x, 10.2), (x + 0.22, 9.1), (x, 8.9)), paint.stone)
    elif kind == "sword":
        figure.add(polygon((x - 0.12, y), (x + 1.6, y + 3.2), (x + 1.78, y + 3.6), (x + 1.82, y + 3.1), (x + 0.15,
            y - 0.1)), paint.stone)  # fmt: skip
        figure.add(line((x - 0.2, y + 0.55), (x + 0.65, y + 0.15), 0.09), paint.metal)
    elif kind == "tool":
        figure.add(line((x - 0.2, y - 0.9), (x + 0.35, y + 2.0), 0.1), paint.wood)
        figure.add(
            polygon((x - 0.25, y + 1.8), (x + 0.95, y + 1.6), (x + 1.02, y + 2.1), (x - 0.15, y + 2.35)), paint.stone
        )


def held_before(figure: Figure, kind: str, hand: Point, paint: Paints) -> None:
    """Add a held thing, or the part of it that covers the hand."""
    if kind in _HELD:
        _HELD[kind](figure, hand[0] + 0.1, hand[1], paint)


def _lantern(figure: Figure, x: float, y: float, paint: Paints) -> None:
    figure.add(ring(x, y - 0.35, 0.3, 0.22), paint.dark, 0.4)
    figure.add(box(x - 0.36, y - 1.6, x + 0.36, y - 0.7), paint.glow, 0.3)
    figure.add(ellipse(x, y - 1.18, 0.14, 0.24), lighter(paint.glow, 0.05), 0)
    for side in (-0.36, 0.0, 0.36):
        figure.add(line((x + side, y - 1.6), (x + side, y - 0.7), 0.035), paint.dark, 0)
    figure.add(
        polygon((x - 0.48, y - 0.75), (x + 0.48, y - 0.75), (x + 0.14, y - 0.42), (x - 0.14, y - 0.42)), paint.dark
    )
    figure.add(box(x - 0.46, y - 1.75, x + 0.46, y - 1.58), paint.dark)


def _book(figure: Figure, x: float, y: float, paint: Paints) -> None:
    figure.add(
        polygon((x - 0.35, y - 0.2), (x + 0.4, y - 0.35), (x + 0.5, y + 0.75), (x - 0.25, y + 0.85)), paint.accent
    )
    figure.add(polygon((x + 0.1, y - 0.25), (x + 1.0, y), (x + 1.05, y + 1.0), (x + 0.18, y + 0.78)), paint.pale)
    for row in np.linspace(0.1, 0.65, 4):
        figure.add(line((x + 0.3, y + row), (x + 0.88, y + row + 0.16), 0.025), paint.stone, 0)


def _glass(figure: Figure, x: float, y: float, paint: Paints) -> None:
    figure.add(limb([(x - 0.3, y + 0.1), (x + 0.6, y + 0.75)], [0.14, 0.17]), paint.metal)
    figure.add(limb([(x + 0.5, y + 0.68), (x + 1.6, y + 1.5)], [0.2, 0.26]), paint.wood)
    figure.add(limb([(x + 1.45, y + 1.38), (x + 1.62, y + 1.5)], [0.3, 0.3]), paint.metal)


def _bag(figure: Figure, x: float, y: float, paint: Paints) -> None:
    figure.add(ring(x, y - 0.35, 0.32, 0.22), paint.dark, 0.4)
    figure.add(smooth((x - 0.85, y - 1.7), (x + 0.85, y - 1.7), (x + 0.9, y - 0.9), (x + 0.5, y - 0.5), (x - 0.5,
        y - 0.5), (x - 0.9, y - 0.9)), paint.wood)  # fmt: skip
    figure.add(box(x - 0.12, y - 1.05, x + 0.12, y - 0.75), paint.metal, 0.5)


def _flask(figure: Figure, x: float, y: float, paint: Paints) -> None:
    figure.add(polygon((x - 0.12, y + 0.2), (x - 0.12, y + 0.9), (x - 0.55, y + 1.8), (x + 0.55, y + 1.8), (x + 0.12,
        y + 0.9), (x + 0.12, y + 0.2))[:, :] * np.array([1, -1]) + np.array([0, 2 * y + 1.9]), paint.pale)  # fmt: skip
    figure.add(
        polygon((x - 0.52, y + 0.15), (x + 0.52, y + 0.15), (x + 0.3, y + 0.7), (x - 0.3, y + 0.7)), paint.accent, 0.3
    )


_HELD: Final[Mapping[str, Callable[[Figure, float, float, Paints], None]]] = {
    "lantern": _lantern, "book": _book, "glass": _glass, "bag": _bag, "flask": _flask,
}  # fmt: skip
