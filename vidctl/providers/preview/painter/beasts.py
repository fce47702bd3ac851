"""Four-legged animals: one build, many measures. Unit: metres; facing right, standing on y = 0."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidctl.providers.preview.painter.colour import Lab, lch, lighter, mix
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import Point, ellipse, limb, polygon, smooth
from vidctl.providers.preview.painter.paints import Paints


@dataclass(frozen=True, slots=True)
class Build:
    """Measures in metres; `neck` and `head` also say where they point, in degrees above the horizon."""

    body: float
    leg: float
    depth: float
    neck: tuple[float, float]
    head: tuple[float, float]
    colour: tuple[float, float, float]
    """Lightness, chroma, hue."""
    tail: str = "thin"
    extras: tuple[str, ...] = ()
    stout: float = 1.0
    """How thick the legs are."""


BUILDS: Final = {
    "horse": Build(1.45, 0.95, 0.62, (0.75, 52), (0.58, -32), (0.42, 0.08, 50), "brush", ("mane",)),
    "deer": Build(0.95, 0.85, 0.42, (0.6, 62), (0.34, -14), (0.55, 0.085, 58), "stub", ("antlers", "pale"), 0.8),
    "wolf": Build(0.85, 0.5, 0.36, (0.3, 32), (0.40, -10), (0.50, 0.02, 250), "bushy", ("ears", "pale")),
    "fox": Build(0.6, 0.32, 0.25, (0.2, 30), (0.30, -14), (0.60, 0.15, 48), "bushy", ("ears", "pale", "socks")),
    "dog": Build(0.62, 0.42, 0.28, (0.26, 48), (0.30, -8), (0.55, 0.075, 62), "curl", ("flop",)),
    "cat": Build(0.42, 0.24, 0.18, (0.14, 46), (0.17, 0), (0.48, 0.06, 60), "long", ("ears",)),
    "bear": Build(1.15, 0.5, 0.85, (0.4, 14), (0.48, -12), (0.36, 0.05, 55), "stub", ("round",), 2.2),
    "elephant": Build(1.9, 1.15, 1.45, (0.35, 18), (0.75, -30), (0.58, 0.015, 260), "thin", ("trunk",), 2.6),
    "cow": Build(1.4, 0.65, 0.72, (0.45, 22), (0.48, -24), (0.50, 0.07, 48), "thin", ("horns", "patches")),
    "bison": Build(1.4, 0.6, 0.9, (0.3, -8), (0.5, -35), (0.33, 0.05, 52), "thin", ("horns", "hump", "beard"), 1.3),
    "sheep": Build(0.75, 0.36, 0.45, (0.26, 36), (0.26, -26), (0.88, 0.025, 85), "stub", ("wool", "flop"), 0.8),
    "goat": Build(0.75, 0.5, 0.38, (0.36, 48), (0.28, -24), (0.80, 0.03, 80), "stub", ("horns", "beard"), 0.8),
    "camel": Build(1.35, 1.15, 0.62, (0.9, 40), (0.45, -8), (0.66, 0.075, 72), "thin", ("camel",)),
    "lion": Build(1.1, 0.55, 0.46, (0.35, 30), (0.42, -6), (0.66, 0.10, 72), "tuft", ("lion", "round"), 1.3),
    "tiger": Build(1.15, 0.55, 0.46, (0.34, 24), (0.40, -8), (0.64, 0.14, 58), "long", ("stripes", "round"), 1.3),
    "pig": Build(0.85, 0.28, 0.5, (0.15, 10), (0.38, -12), (0.74, 0.07, 25), "curl", ("ears",), 1.2),
    "rabbit": Build(0.32, 0.14, 0.2, (0.1, 45), (0.14, -8), (0.62, 0.04, 65), "stub", ("hare",)),
    "mouse": Build(0.3, 0.07, 0.17, (0.06, 20), (0.15, -14), (0.55, 0.015, 80), "long", ("round",), 0.7),
    "giraffe": Build(1.3, 1.6, 0.65, (1.9, 70), (0.45, -20), (0.72, 0.10, 72), "tuft", ("patches", "mane"), 0.9),
    "dinosaur": Build(2.3, 1.0, 1.25, (2.3, 48), (0.5, -4), (0.52, 0.07, 140), "dragon", ("spots",), 2.4),
    "rhino": Build(1.7, 0.6, 1.0, (0.4, 6), (0.7, -18), (0.55, 0.015, 250), "thin", ("rhino", "ears"), 2.2),
}  # fmt: skip
NAMES: Final = {name: name for name in BUILDS} | {
    "pony": "horse", "mare": "horse", "stallion": "horse", "donkey": "horse", "mule": "horse", "zebra": "horse",
    "foal": "horse", "stag": "deer", "elk": "deer", "reindeer": "deer", "moose": "deer", "antelope": "deer",
    "hound": "dog", "puppy": "dog", "husky": "dog", "jackal": "wolf", "coyote": "wolf", "kitten": "cat",
    "lynx": "cat", "mammoth": "elephant", "bull": "cow", "ox": "cow", "calf": "cow", "cattle": "cow", "yak": "bison",
    "buffalo": "bison", "lamb": "sheep", "ram": "goat", "ibex": "goat", "lioness": "tiger", "leopard": "tiger",
    "panther": "tiger", "jaguar": "tiger", "cheetah": "tiger", "boar": "pig", "hog": "pig", "hare": "rabbit",
    "rat": "mouse", "squirrel": "fox", "sauropod": "dinosaur", "brontosaurus": "dinosaur", "llama": "camel",
    "rhinoceros": "rhino", "hippo": "pig", "badger": "bear", "panda": "bear", "otter": "fox", "animal": "deer",
    "creature": "deer", "beast": "bear", "tyrannosaurus": "dinosaur", "dragon": "dinosaur",
}  # fmt: skip


def beast(name: str, paint: Paints, tint: Lab | None = None) -> Figure:
    """Return one of `BUILDS`; `tint` replaces its natural colour."""
    build = BUILDS[name]
    coat = lch(*build.colour) if tint is None else tint
    figure = Figure()
    chest, rump = (build.body / 2, build.leg + build.depth * 0.62), (-build.body / 2, build.leg + build.depth * 0.62)
    stride = float(paint.rng.uniform(0.08, 0.2)) * build.leg
    for side in (-1, 1):
        if side > 0:
            _tail(figure, build, rump, coat)
        _leg(figure, build, coat, chest[0] - 0.12 * build.depth, stride * side, hind=False, near=side > 0)
        _leg(figure, build, coat, rump[0] + 0.1 * build.depth, -stride * side, hind=True, near=side > 0)
    head = _neck(figure, build, chest, coat)
    _trunk(figure, build, coat)
    _markings(figure, build, coat, paint)
    _head(figure, build, head, coat, paint)
    return figure


def _leg(figure: Figure, build: Build, coat: Lab, x: float, reach: float, *, hind: bool, near: bool) -> None:
    top, thick = build.leg + 0.35 * build.depth, build.stout * (0.02 + 0.085 * build.leg)
    bend = (-0.16 if hind else 0.04) * build.leg
    foot = x + reach + (-0.04 * build.leg if hind else 0)
    knee = (x + 0.55 * reach + bend, build.leg * 0.5)
    colour = coat if near else lighter(coat, -0.11)
    if "socks" in build.extras:
        colour = lighter(colour, -0.16)
    wide = thick * (2.4 - 0.45 * build.stout)
    figure.add(limb([(x, top), knee, (foot, 0.05)], [wide, thick, thick * 0.8]), colour)
    hoof = smooth((foot - thick, 0), (foot + 1.2 * thick, 0), (foot + thick, 0.6 * thick), (foot - thick, 0.7 * thick))
    figure.add(hoof, lighter(coat, -0.2), 0.6)


def _trunk(figure: Figure, build: Build, coat: Lab) -> None:
    half, low, deep = build.body / 2, build.leg, build.depth
    hump = 0.45 if "hump" in build.extras else 0.0
    outline = smooth(
        (-half - 0.28 * deep, low + 0.7 * deep), (-half, low + 1.02 * deep), (0, low + 0.95 * deep),
        (half * 0.7, low + (1.06 + hump) * deep), (half + 0.25 * deep, low + 0.78 * deep),
        (half + 0.12 * deep, low + 0.12 * deep), (0, low + 0.1 * deep), (-half * 0.55, low + 0.26 * deep),
        (-half - 0.1 * deep, low + 0.16 * deep),
    )  # fmt: skip
    figure.add(outline, coat)
    if "wool" in build.extras:
        for angle in np.linspace(0, 2 * np.pi, 14, endpoint=False):
            x, y = (half + 0.1) * np.cos(angle), low + deep * (0.58 + 0.45 * np.sin(angle))
            figure.add(ellipse(x, y, 0.17, 0.16), coat, 0.8)
        figure.add(ellipse(0, low + 0.58 * deep, half, 0.42 * deep), coat, 0.2)
    if "camel" in build.extras:
        for x in (-0.3, 0.32):
            figure.add(
                smooth((x - 0.36, low + 0.85 * deep), (x, low + 1.6 * deep), (x + 0.36, low + 0.85 * deep)), coat
            )


def _neck(figure: Figure, build: Build, chest: Point, coat: Lab) -> Point:
    """Add the neck and return where the head begins."""
    length, angle = build.neck[0], np.radians(build.neck[1])
    start = (chest[0] - 0.05 * build.depth, chest[1] + 0.08 * build.depth)
    end = (chest[0] + length * np.cos(angle), chest[1] + length * np.sin(angle) + 0.12 * build.depth)
    middle = ((start[0] + end[0]) / 2 + 0.05 * length, (start[1] + end[1]) / 2 - 0.04 * length)
    thick = build.head[0] * 0.34
    figure.add(
        limb([start, middle, end], [max(0.42 * build.depth, thick), max(0.26 * build.depth, thick), thick]), coat
    )
    if "mane" in build.extras:
        hair = [(start[0] - 0.1, start[1] + 0.3 * build.depth), (middle[0] - 0.16, middle[1] + 0.18),
                (end[0] - 0.06, end[1] + 0.16)]  # fmt: skip
        figure.add(limb(hair, [0.05, 0.11, 0.07]), lighter(coat, -0.16))
    if "lion" in build.extras:
        figure.add(ellipse(end[0] - 0.05, end[1] - 0.05, 0.46, 0.5), mix(coat, lch(0.38, 0.08, 45), 0.7))
    return end


def _head(figure: Figure, build: Build, at: Point, coat: Lab, paint: Paints) -> None:
    long, angle = build.head[0], np.radians(build.head[1])
    x, y = at
    nose = (x + long * np.cos(angle), y + long * np.sin(angle))
    _ears_behind(figure, build, at, coat)
    if "trunk" in build.extras:
        tip = [(x + 0.45, y - 0.1), (x + 0.85, y - 0.75), (x + 0.85, y - 1.45), (x + 1.15, y - 1.75)]
        figure.add(limb(tip, [0.36, 0.24, 0.15, 0.09]), coat)
        figure.add(
            limb([(x + 0.42, y - 0.55), (x + 0.9, y - 0.85), (x + 1.35, y - 0.6)], [0.11, 0.08, 0.02]), paint.pale
        )
        figure.add(ellipse(x + 0.1, y - 0.05, 0.62, 0.58), coat)
        figure.add(smooth((x - 0.5, y + 0.5), (x + 0.05, y + 0.35), (x + 0.05, y - 0.55), (x - 0.35, y - 0.85),
                          (x - 0.75, y - 0.2)), lighter(coat, -0.05))  # fmt: skip
        figure.add(ellipse(x + 0.36, y + 0.12, 0.045, 0.055), paint.ink, 0)
        return
    figure.add(limb([(x - 0.06 * long, y), (x + 0.4 * long * np.cos(angle), y + 0.4 * long * np.sin(angle)), nose],
                    [0.36 * long, 0.30 * long, 0.15 * long]), coat)  # fmt: skip
    if "pale" in build.extras:
        chin = limb(
            [(x + 0.25 * long, y - 0.25 * long), (nose[0] - 0.08 * long, nose[1] - 0.07 * long)],
            [0.1 * long, 0.06 * long],
        )
        figure.add(chin, lighter(coat, 0.25), 0.3)
    figure.add(ellipse(nose[0] + 0.05 * long, nose[1] + 0.03 * long, 0.075 * long, 0.07 * long), paint.ink, 0.3)
    eye = (x + 0.34 * long, y + 0.12 * long + 0.3 * long * np.sin(angle))
    figure.add(ellipse(*eye, 0.045 * long, 0.055 * long), paint.ink, 0)
    _on_head(figure, build, at, nose, coat, paint)


def _ears_behind(figure: Figure, build: Build, at: Point, coat: Lab) -> None:
    long, (x, y) = build.head[0], at
    if {"round", "flop", "hare", "lion"}.isdisjoint(build.extras):
        figure.add(polygon((x - 0.2 * long, y + 0.2 * long), (x - 0.14 * long, y + 0.72 * long), (x + 0.16 * long,
            y + 0.26 * long)), lighter(coat, -0.07))  # fmt: skip
    if "round" in build.extras:
        figure.add(ellipse(x - 0.02 * long, y + 0.36 * long, 0.17 * long, 0.17 * long), lighter(coat, -0.06))
    if "hare" in build.extras:
        for lean in (-0.55, -0.25):
            figure.add(
                limb(
                    [(x - 0.05 * long, y + 0.2 * long), (x + lean * long, y + 1.25 * long)], [0.12 * long, 0.1 * long]
                ),
                coat,
            )


def _on_head(figure: Figure, build: Build, at: Point, nose: Point, coat: Lab, paint: Paints) -> None:
    long, (x, y) = build.head[0], at
    if "antlers" in build.extras:
        for lean in (-0.15, 0.2):
            beam = [(x - 0.05, y + 0.1), (x - 0.15 + lean, y + 0.38), (x + 0.02 + lean, y + 0.72)]
            figure.add(limb(beam, [0.03, 0.026, 0.01]), paint.wood, 0.6)
            for share, out in ((0.3, 0.2), (0.5, 0.22), (0.6, -0.16)):
                root = (x - 0.14 + lean, y + share)
                figure.add(limb([root, (root[0] + out, root[1] + 0.2)], [0.022, 0.008]), paint.wood, 0.6)
    if "horns" in build.extras:
        figure.add(limb([(x - 0.02, y + 0.22 * long), (x - 0.14, y + 0.62 * long), (x + 0.1, y + 0.85 * long)],
            [0.055, 0.045, 0.012]), paint.pale)  # fmt: skip
    if "rhino" in build.extras:
        figure.add(
            polygon((nose[0] - 0.2, nose[1] + 0.08), (nose[0] + 0.12, nose[1] + 0.5), (nose[0] + 0.04, nose[1])),
            paint.pale,
        )
    if "beard" in build.extras:
        figure.add(
            limb([(x + 0.45 * long, y - 0.35 * long), (x + 0.35 * long, y - 0.85 * long)], [0.09, 0.02]),
            lighter(coat, -0.1),
        )
    if "flop" in build.extras:
        figure.add(limb([(x - 0.05 * long, y + 0.22 * long), (x - 0.2 * long, y - 0.22 * long)], [0.1 * long,
            0.14 * long]), lighter(coat, -0.1))  # fmt: skip


def _tail(figure: Figure, build: Build, rump: Point, coat: Lab) -> None:
    deep = build.depth
    x, y = rump[0] - 0.2 * deep, rump[1] + 0.2 * deep
    shapes: dict[str, tuple[list[Point], list[float]]] = { "thin": ([(x, y), (x - 0.25 * deep, y - 0.3 * deep),
        (x - 0.2 * deep, y - 0.9 * deep)], [0.05, 0.035, 0.03]), "brush": ([(x, y), (x - 0.35 * deep, y - 0.3 * deep),
        (x - 0.3 * deep, y - 1.35 * deep)], [0.07, 0.13, 0.03]), "bushy": ([(x, y), (x - 0.75 * deep, y - 0.5 * deep),
        (x - 1.5 * deep, y - 0.55 * deep)], [0.05, 0.11, 0.02]), "curl": ([(x, y), (x - 0.4 * deep, y + 0.3 * deep),
        (x - 0.15 * deep, y + 0.75 * deep)], [0.05, 0.04, 0.02]), "long": ([(x, y), (x - 0.8 * deep, y - 0.5 * deep),
        (x - 1.6 * deep, y + 0.1 * deep)], [0.06, 0.045, 0.03]), "tuft": ([(x, y), (x - 0.6 * deep, y - 0.6 * deep),
        (x - 1.1 * deep, y - 0.6 * deep)], [0.04, 0.03, 0.07]), "dragon": ([(x + 0.3 * deep, y), (x - 1.2 * deep,
        y - 0.5 * deep), (x - 2.6 * deep, y - 0.9 * deep)], [0.5, 0.26, 0.02]), "stub": ([(x, y), (x - 0.15 * deep,
        y - 0.1 * deep)], [0.07, 0.05]) }  # fmt: skip
    figure.add(limb(*shapes[build.tail]), lighter(coat, -0.08))


def _markings(figure: Figure, build: Build, coat: Lab, paint: Paints) -> None:
    half, low, deep = build.body / 2, build.leg, build.depth
    for _ in range(0 if {"patches", "spots"}.isdisjoint(build.extras) else 10):
        x, y = paint.rng.uniform(-half, half), low + deep * paint.rng.uniform(0.4, 0.85)
        figure.add(
            ellipse(x, y, 0.13 * deep, 0.1 * deep, turn=float(paint.rng.uniform(0, 90))), lighter(coat, -0.14), 0.1
        )
    for x in np.linspace(-half * 0.95, half * 0.95, 8) if "stripes" in build.extras else ():
        figure.add(limb([(x, low + 0.95 * deep), (x + 0.06, low + 0.45 * deep)], [0.035, 0.008]), paint.ink, 0)
