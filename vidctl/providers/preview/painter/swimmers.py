"""What lives in water, and what crawls. Unit: about half a metre; facing right."""

from typing import Final

import numpy as np

from vidctl.providers.preview.painter.colour import Lab, lch, lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import ellipse, limb, polygon, smooth
from vidctl.providers.preview.painter.paints import Paints

NAMES: Final = {
    "fish": "fish", "salmon": "fish", "trout": "fish", "cod": "fish", "tuna": "fish", "herring": "fish",
    "whale": "whale", "orca": "whale", "dolphin": "dolphin", "shark": "dolphin", "porpoise": "dolphin",
    "octopus": "octopus", "squid": "octopus", "jellyfish": "octopus", "kraken": "octopus", "turtle": "turtle",
    "tortoise": "turtle", "snake": "snake", "serpent": "snake", "worm": "snake", "crab": "crab", "spider": "crab",
    "scorpion": "crab", "lobster": "crab", "seal": "seal", "walrus": "seal",
}  # fmt: skip


def swimmer(kind: str, paint: Paints, tint: Lab | None = None) -> Figure:
    """Return one of the values of `NAMES`."""
    made = Figure()
    {"fish": _fish, "whale": _whale, "dolphin": _dolphin, "octopus": _octopus, "turtle": _turtle, "snake": _snake,
     "crab": _crab, "seal": _seal}[kind](made, paint, tint)  # fmt: skip
    return made


def _fish(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.62, 0.11, 45) if tint is None else tint
    made.add(smooth((-1.5, 0.1), (-2.6, 0.95), (-2.3, 0.0), (-2.6, -0.9), (-1.5, -0.1)), lighter(coat, -0.08))
    made.add(smooth((0.5, 0.6), (-0.3, 1.35), (-1.1, 1.05), (-0.9, 0.4)), lighter(coat, -0.1))
    made.add(smooth((-0.1, -0.6), (-0.7, -1.1), (-1.0, -0.4)), lighter(coat, -0.1))
    made.add(smooth((-1.7, 0.0), (-0.7, 0.75), (0.7, 0.8), (1.9, 0.1), (0.8, -0.65), (-0.7, -0.6)), coat)
    made.add(limb([(-1.2, -0.2), (0.3, -0.42), (1.5, -0.15)], [0.05, 0.2, 0.05]), lighter(coat, 0.2), 0.2)
    for x in np.arange(-1.0, 0.8, 0.42):
        made.add(limb([(x, 0.5), (x + 0.22, 0.1), (x, -0.25)], [0.03, 0.04, 0.03]), lighter(coat, -0.12), 0)
    made.add(limb([(0.95, 0.6), (0.75, 0.0), (0.95, -0.45)], [0.03, 0.05, 0.03]), lighter(coat, -0.15), 0)
    made.add(ellipse(1.3, 0.25, 0.14, 0.14), paint.pale, 0.3).add(ellipse(1.33, 0.25, 0.07, 0.07), paint.ink, 0)


def _whale(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.45, 0.05, 250) if tint is None else tint
    made.add(smooth((-3.2, 0.5), (-4.2, 1.7), (-4.9, 1.9), (-4.3, 1.2), (-4.6, 0.7), (-3.6, 0.8)), lighter(coat, -0.06))
    made.add(smooth((-4.0, 1.0), (-2.4, 0.5), (-0.5, 1.2), (1.4, 1.35), (3.0, 0.7), (3.2, -0.1), (2.0, -0.8), (0,
        -0.95), (-2.0, -0.2)), coat)  # fmt: skip
    made.add(
        smooth((3.15, 0.1), (1.6, -0.05), (0.2, -0.55), (-1.2, -0.5), (0.2, -0.93), (2.0, -0.8)),
        lighter(coat, 0.34),
        0.5,
    )
    for drop in np.linspace(0.12, 0.5, 4):
        made.add(
            limb([(2.9, 0.02 - drop), (1.4, -0.15 - drop), (0.2, -0.55 - drop * 0.6)], [0.025, 0.025, 0.01]), coat, 0
        )
    made.add(smooth((1.1, -0.3), (0.6, -1.5), (-0.2, -1.9), (0.1, -0.9)), lighter(coat, -0.08))
    made.add(ellipse(2.0, 0.3, 0.08, 0.09), paint.ink, 0)
    for lean in (-0.5, -0.2, 0.3, 0.6):
        made.add(
            limb([(1.2, 1.35), (1.2 + lean * 0.5, 2.1), (1.2 + lean * 1.6, 2.3)], [0.07, 0.08, 0.04]), paint.pale, 0.4
        )


def _dolphin(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.56, 0.045, 245) if tint is None else tint
    made.add(smooth((-2.0, -0.6), (-3.0, -0.5), (-2.7, -0.95), (-2.9, -1.6), (-2.0, -1.0)), lighter(coat, -0.08))
    made.add(polygon((-0.4, 0.75), (-0.75, 1.6), (0.35, 0.85)), lighter(coat, -0.06))
    made.add(smooth((-2.3, -0.8), (-1.0, 0.45), (0.4, 0.85), (1.5, 0.5), (2.5, -0.05), (1.7, -0.12), (1.2, -0.35), (0,
        -0.45), (-1.2, -0.5)), coat)  # fmt: skip
    made.add(limb([(1.6, -0.05), (0.3, -0.35), (-1.0, -0.35)], [0.06, 0.14, 0.04]), lighter(coat, 0.28), 0.2)
    made.add(smooth((0.6, -0.2), (0.3, -1.1), (-0.1, -1.2), (0.0, -0.4)), lighter(coat, -0.1))
    made.add(ellipse(1.35, 0.22, 0.06, 0.07), paint.ink, 0)


def _octopus(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.55, 0.12, 30) if tint is None else tint
    for at, x in enumerate(np.linspace(-1.9, 1.9, 7)):
        curl = 0.45 if at % 2 else -0.45
        arm = [(x * 0.35, 1.5), (x * 0.9, 0.7), (x * 1.1 + curl, 0.12), (x * 1.3 + 1.4 * curl, 0.5)]
        made.add(limb(arm, [0.34, 0.24, 0.15, 0.06]), lighter(coat, -0.1 if at % 2 else 0.0))
    made.add(smooth((-0.85, 1.5), (-1.15, 2.7), (-0.5, 3.6), (0.5, 3.6), (1.15, 2.7), (0.85, 1.5), (0, 1.15)), coat)
    for x in (-0.42, 0.42):
        made.add(ellipse(x, 1.85, 0.2, 0.22), paint.pale, 0.5).add(ellipse(x + 0.04, 1.85, 0.1, 0.08), paint.ink, 0)


def _turtle(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.55, 0.08, 135) if tint is None else tint
    for x in (-1.1, 0.9):
        made.add(smooth((x - 0.3, 0.8), (x - 0.45, 0.0), (x + 0.25, 0.0), (x + 0.4, 0.8)), lighter(coat, 0.08))
    made.add(limb([(1.2, 0.8), (1.9, 1.0), (2.3, 1.15)], [0.28, 0.25, 0.3]), lighter(coat, 0.1))
    made.add(ellipse(2.4, 1.25, 0.05, 0.06), paint.ink, 0)
    made.add(smooth((-1.9, 0.6), (-1.5, 1.4), (-0.3, 1.95), (1.0, 1.55), (1.6, 0.65), (0, 0.45)), lighter(coat, -0.12))
    for x, y in ((-1.0, 1.05), (-0.2, 1.25), (0.6, 1.1), (-0.6, 0.75), (0.2, 0.75)):
        made.add(ellipse(x, y, 0.33, 0.22, corners=6), coat, 0.7)


def _snake(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.56, 0.10, 130) if tint is None else tint
    made.add(limb([(-2.6, 0.1), (-1.6, 0.3), (-1.0, 0.25), (0.4, 0.25), (1.2, 0.3), (0.6, 0.75), (-0.6, 0.75), (-0.7,
        1.15), (0.3, 1.2), (0.9, 1.7), (0.8, 2.4), (1.4, 2.6)], [0.04, 0.16, 0.24, 0.28, 0.28, 0.26, 0.25, 0.23, 0.2,
        0.18, 0.18, 0.2]), coat)  # fmt: skip
    made.add(ellipse(1.45, 2.6, 0.36, 0.22), coat).add(ellipse(1.55, 2.68, 0.05, 0.05), paint.ink, 0)
    made.add(limb([(1.8, 2.55), (2.15, 2.5)], [0.03, 0.02]), paint.accent, 0)


def _crab(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.55, 0.15, 32) if tint is None else tint
    for way in (-1, 1):
        for reach in (1.5, 1.9, 2.2):
            made.add(
                limb([(way * 0.7, 0.8), (way * reach, 1.1), (way * (reach + 0.25), 0.05)], [0.13, 0.1, 0.04]),
                lighter(coat, -0.08),
            )
        made.add(limb([(way * 0.8, 1.0), (way * 1.6, 1.7), (way * 1.2, 2.2)], [0.15, 0.15, 0.2]), coat)
        made.add(
            smooth((way * 1.0, 2.1), (way * 1.5, 2.2), (way * 1.4, 2.9), (way * 1.15, 2.5), (way * 0.8, 2.75)), coat
        )
    made.add(smooth((-1.2, 0.8), (-0.8, 1.4), (0.8, 1.4), (1.2, 0.8), (0, 0.35)), coat)
    for x in (-0.3, 0.3):
        made.add(limb([(x, 1.3), (x, 1.7)], [0.06, 0.1]), paint.ink, 0.3)


def _seal(made: Figure, paint: Paints, tint: Lab | None) -> None:
    coat = lch(0.48, 0.025, 250) if tint is None else tint
    made.add(smooth((-2.0, 0.2), (-2.9, 0.8), (-2.8, 0.3), (-3.0, 0.0), (-2.0, 0.0)), lighter(coat, -0.08))
    made.add(smooth((-2.3, 0.15), (-1.0, 0.75), (0.2, 1.2), (0.75, 2.2), (1.3, 2.5), (1.75, 2.1), (1.5, 1.6), (1.4,
        0.7), (0.8, 0.02), (-1.0, 0.0)), coat)  # fmt: skip
    made.add(smooth((0.6, 0.7), (0.2, 0.0), (-0.3, -0.05), (0.1, 0.6)), lighter(coat, -0.1))
    made.add(ellipse(1.68, 2.05, 0.12, 0.1), paint.ink, 0.3).add(ellipse(1.3, 2.2, 0.06, 0.07), paint.ink, 0)
