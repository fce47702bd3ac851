"""Birds and insects. Unit: half a metre or so; facing right."""

from dataclasses import dataclass
from typing import Final

from vidctl.providers.preview.painter.colour import Lab, lch, lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import ellipse, limb, line, polygon, smooth
from vidctl.providers.preview.painter.paints import Paints


@dataclass(frozen=True, slots=True)
class Plumage:
    """`leg` and `neck` are lengths against a body of 1.6; `colour` is lightness, chroma, hue."""

    colour: tuple[float, float, float]
    leg: float = 0.5
    neck: float = 0.0
    beak: float = 0.4
    belly: float = 0.12
    """How much lighter the breast is."""


PLUMAGES: Final = {
    "bird": Plumage((0.55, 0.11, 35)),
    "raven": Plumage((0.27, 0.03, 270), beak=0.5, belly=0.05),
    "owl": Plumage((0.55, 0.06, 65), leg=0.15, beak=0.15, belly=0.22),
    "gull": Plumage((0.86, 0.015, 240), belly=0.08),
    "eagle": Plumage((0.40, 0.07, 55), beak=0.42, belly=0.06),
    "penguin": Plumage((0.28, 0.02, 260), leg=0.1, beak=0.35, belly=0.6),
    "heron": Plumage((0.72, 0.035, 250), leg=1.9, neck=1.5, beak=0.9),
    "hen": Plumage((0.58, 0.10, 45), leg=0.4, beak=0.22),
    "duck": Plumage((0.50, 0.07, 130), leg=0.15, beak=0.4, belly=0.25),
}
NAMES: Final = {name: name for name in PLUMAGES} | {
    "crow": "raven", "blackbird": "raven", "rook": "raven", "seagull": "gull", "albatross": "gull", "dove": "gull",
    "pigeon": "gull", "hawk": "eagle", "falcon": "eagle", "vulture": "eagle", "condor": "eagle", "puffin": "penguin",
    "crane": "heron", "stork": "heron", "swan": "heron", "flamingo": "heron", "ibis": "heron", "chicken": "hen",
    "rooster": "hen", "cock": "hen", "goose": "duck", "sparrow": "bird", "robin": "bird", "swallow": "bird",
    "parrot": "bird", "finch": "bird", "ostrich": "heron",
}  # fmt: skip
_BEAK: Final = lch(0.70, 0.13, 68)


def perched(name: str, paint: Paints, tint: Lab | None = None) -> Figure:
    """Return a bird that stands on y = 0."""
    feathers = PLUMAGES[name]
    coat = lch(*feathers.colour) if tint is None else tint
    figure, low, neck = Figure(), feathers.leg, feathers.neck
    for x in (-0.1, 0.22):
        figure.add(line((x, low + 0.35), (x + 0.05, 0.04), 0.05), _BEAK, 0.5)
        figure.add(limb([(x - 0.1, 0.04), (x + 0.32, 0.04)], [0.03, 0.05]), _BEAK, 0.4)
    upright = name in ("owl", "penguin")
    lift = 0.55 if upright else 0.0
    if not upright:
        figure.add(
            smooth((-0.7, low + 0.7), (-1.9, low + 0.5), (-1.95, low + 0.25), (-0.6, low + 0.35)), lighter(coat, -0.1)
        )
    figure.add(smooth((-0.95 + lift, low + 0.55), (-0.55, low + 1.2 + lift), (0.25, low + 1.5 + lift), (0.85,
        low + 1.2 + lift), (0.8, low + 0.6), (0.25, low + 0.12), (-0.5, low + 0.18)), coat)  # fmt: skip
    figure.add(smooth((0.35, low + 1.3 + lift), (0.84, low + 1.1 + lift), (0.78, low + 0.6), (0.3, low + 0.2), (0.25,
        low + 0.7)), lighter(coat, feathers.belly), 0.4)  # fmt: skip
    head = (0.62 + 0.25 * (neck > 0), low + 1.62 + lift + neck)
    if neck:
        figure.add(limb([(0.6, low + 1.0), (1.05, low + 1.0 + neck * 0.45), (0.6, low + 1.1 + neck * 0.8), head],
                        [0.34, 0.2, 0.17, 0.16]), coat)  # fmt: skip
    figure.add(smooth((-0.6 + lift, low + 1.1 + lift), (0.3, low + 1.15 + lift), (0.1, low + 0.6), (-1.2 + 2 * lift,
        low + 0.3), (-0.75 + lift, low + 0.75)), lighter(coat, -0.07))  # fmt: skip
    _bird_head(figure, name, head, coat, paint)
    return figure


def _bird_head(figure: Figure, name: str, at: tuple[float, float], coat: Lab, paint: Paints) -> None:
    x, y = at
    beak, size = PLUMAGES[name].beak, 0.56 if name == "owl" else 0.42 if not PLUMAGES[name].neck else 0.28
    figure.add(
        polygon((x + 0.6 * size, y + 0.35 * size), (x + size + beak, y - 0.12), (x + 0.6 * size, y - 0.4 * size)),
        paint.accent,
    )
    figure.add(ellipse(x, y, size, size * 0.95), lighter(coat, 0.3) if name == "eagle" else coat)
    if name == "owl":
        for side in (-0.05, 0.36):
            figure.add(ellipse(x + side, y + 0.1, 0.2, 0.2), paint.pale, 0.6)
            figure.add(ellipse(x + side + 0.02, y + 0.1, 0.1, 0.1), paint.ink, 0)
        return
    if name == "hen":
        figure.add(smooth((x - 0.2, y + 0.3), (x - 0.1, y + 0.7), (x + 0.15, y + 0.5), (x + 0.3, y + 0.65), (x + 0.25,
            y + 0.25)), lch(0.55, 0.18, 28))  # fmt: skip
    figure.add(ellipse(x + 0.35 * size, y + 0.15 * size, 0.07, 0.08), paint.ink, 0)


def flying(name: str, paint: Paints, tint: Lab | None = None) -> Figure:
    """Return a bird on the wing, its middle near the origin."""
    coat = lch(*PLUMAGES[name].colour) if tint is None else tint
    figure = Figure()
    figure.add(smooth((0.3, 0.15), (-0.1, 1.1), (-1.2, 2.1), (-0.9, 1.2), (-0.55, 0.2)), lighter(coat, -0.12))
    figure.add(polygon((-1.0, 0.05), (-2.1, 0.35), (-2.0, -0.1), (-2.15, -0.4)), lighter(coat, -0.06))
    figure.add(smooth((-1.2, 0.0), (-0.3, 0.36), (0.7, 0.34), (1.25, 0.1), (0.6, -0.25), (-0.5, -0.25)), coat)
    figure.add(polygon((1.1, 0.22), (1.65, 0.02), (1.1, -0.02)), _BEAK)
    figure.add(ellipse(0.95, 0.17, 0.05, 0.055), paint.ink, 0)
    for reach in (1.0, 0.85, 0.7):
        wing = smooth((0.45, 0.2), (0.75, 1.2 * reach), (0.1 + reach, 2.8 * reach), (-0.7 * reach, 1.9 * reach),
                      (-0.9, 0.9 * reach), (-0.6, 0.1))  # fmt: skip
        figure.add(wing, lighter(coat, 0.05 - 0.09 * reach), 0.8)
    return figure


def insect(paint: Paints, *, striped: bool) -> Figure:
    """Return a bee or wasp (`striped`) or a butterfly, on the wing."""
    figure = Figure()
    wing = lighter(paint.pale, -0.03) if striped else paint.main
    for flip, dim in ((0.75, -0.1), (1.0, 0.0)):
        figure.add(
            smooth((0.1, 0.2), (0.9 * flip, 1.9 * flip), (0.1, 2.5 * flip), (-0.9 * flip, 1.7), (-0.3, 0.3)),
            lighter(wing, dim),
        )
        if not striped:
            figure.add(
                smooth((-0.1, 0.1), (-1.3 * flip, 0.9), (-1.8 * flip, -0.1), (-1.0, -0.7 * flip)),
                lighter(paint.accent, dim),
            )
            figure.add(ellipse(0.0, 1.6 * flip, 0.24, 0.3), lighter(paint.accent, dim), 0.3)
    gold = lch(0.78, 0.15, 82)
    body = (
        ((-1.2, 0.3), (-0.75, 0.5), (-0.2, 0.55), (0.4, 0.5)) if striped else ((-1.0, 0.1), (-0.4, 0.14), (0.2, 0.18))
    )
    for at, (x, thick) in enumerate(body):
        figure.add(ellipse(x, 0, 0.42 if striped else 0.45, thick), gold if striped and at % 2 else paint.ink)
    figure.add(ellipse(0.95 if striped else 0.6, 0.08, 0.34, 0.32), paint.dark)
    for lean in (0.5, 0.9):
        figure.add(
            limb([(0.95, 0.25), (1.15 + 0.3 * lean, 0.8), (1.3 + lean * 0.5, 0.95)], [0.04, 0.03, 0.06]), paint.ink, 0
        )
    return figure
