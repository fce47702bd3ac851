"""What rises behind: mountains, hills, cliffs, dunes, ice, volcanoes, each in layers that fade with distance."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from vidctl.providers.preview.painter.canvas import WIDE, Stencil
from vidctl.providers.preview.painter.colour import Floats, lch, lighter, mix
from vidctl.providers.preview.painter.outline import ellipse, polygon
from vidctl.providers.preview.painter.stage import Stage, across
from vidctl.providers.preview.painter.texture import chance

Profile: TypeAlias = Callable[[Floats, np.random.Generator], Floats]
"""Heights between about 0 and 1 for x positions."""


@dataclass(frozen=True, slots=True)
class Range:
    """A kind of relief: how it runs, how high its first and last layer are (units), its colour at noon."""

    profile: Profile
    layers: int
    highest: float
    lowest: float
    colour: tuple[float, float, float]
    capped: bool = False


def rolling(xs: Floats, rng: np.random.Generator) -> Floats:
    """Return soft hills."""
    waves = [np.sin(xs * rng.uniform(0.25, 0.5) * k + rng.uniform(0, 6.3)) / k for k in (1.0, 2.1, 4.3)]
    return np.asarray(0.5 + 0.32 * np.sum(waves, axis=0))


def alpine(xs: Floats, rng: np.random.Generator) -> Floats:
    """Return sharp peaks by midpoint displacement."""
    knots, rough = rng.uniform(0.25, 0.7, 6), 0.42
    knots[int(rng.integers(1, 5))] = 1.0
    while len(knots) < len(xs):
        middle = (knots[:-1] + knots[1:]) / 2 + rng.uniform(-rough, rough, len(knots) - 1) * 0.5
        knots = np.insert(knots, range(1, len(knots)), middle)
        rough *= 0.52
    return np.asarray(np.interp(np.linspace(0, 1, len(xs)), np.linspace(0, 1, len(knots)), knots))


def mesa(xs: Floats, rng: np.random.Generator) -> Floats:
    """Return table mountains with steep sides."""
    height = np.full(len(xs), 0.12)
    for _ in range(int(rng.integers(2, 5))):
        middle, half, top = rng.uniform(0, WIDE), rng.uniform(0.5, 1.9), rng.uniform(0.5, 1.0)
        side = np.clip((half - np.abs(xs - middle)) / 0.35, 0, 1)
        talus = np.clip(1 - (np.abs(xs - middle) - half) / 1.1, 0, 1) * 0.35
        height = np.maximum(height, np.where(side > 0, 0.35 + (top - 0.35) * side, talus))
    return np.asarray(height + rng.uniform(0, 0.02, len(xs)))


def dune(xs: Floats, rng: np.random.Generator) -> Floats:
    """Return dunes: gentle to windward, steep to leeward."""
    height = np.zeros(len(xs))
    for _ in range(5):
        crest, reach, top = rng.uniform(-1, 17), rng.uniform(2.5, 6), rng.uniform(0.4, 1.0)
        ahead = xs - crest
        height = np.maximum(
            height, top * np.where(ahead < 0, np.exp(ahead / reach), np.clip(1 - ahead / (0.4 * reach), 0, 1))
        )
    return height


def cliffs(xs: Floats, rng: np.random.Generator) -> Floats:
    """Return a headland that falls steeply into something."""
    edge, way = rng.uniform(4.5, 8), 1 if chance(rng, 0.5) else -1  # left or right
    inland = way * (xs - WIDE / 2) - (edge - WIDE / 2) * 0.4
    steps = (
        np.clip(inland / 0.9, 0, 1) ** 0.6 * 0.5
        + np.clip((inland - 1.2) / 1.6, 0, 1) * 0.2
        + np.clip(inland - 3, 0, 9) * 0.05
    )
    return np.asarray(steps + 0.2 * alpine(xs, rng) * np.clip(inland / 0.8, 0, 1))


def volcano(xs: Floats, rng: np.random.Generator) -> Floats:
    """Return one great cone with a bitten top."""
    middle = rng.uniform(5.5, 10.5)
    away = np.abs(xs - middle)
    cone = np.exp(-away / 2.6) * 1.25
    return np.asarray(np.minimum(cone, 0.93 + 0.05 * np.cos(away * 4)) + 0.02 * rng.random(len(xs)))


RANGES: Final[Mapping[str, Range]] = {
    "mountains": Range(alpine, 3, 4.3, 1.1, (0.46, 0.05, 250), capped=True),
    "hills": Range(rolling, 3, 1.9, 0.7, (0.50, 0.08, 135)),
    "plain": Range(rolling, 2, 0.8, 0.3, (0.62, 0.09, 110)),
    "desert": Range(mesa, 2, 2.8, 1.4, (0.60, 0.10, 52)),
    "dunes": Range(dune, 3, 2.2, 1.1, (0.72, 0.09, 72)),
    "cliffs": Range(cliffs, 2, 3.6, 2.6, (0.44, 0.045, 95)),
    "ice": Range(alpine, 3, 3.3, 1.0, (0.80, 0.04, 235)),
    "volcano": Range(volcano, 2, 4.9, 1.2, (0.34, 0.04, 30)),
    "islands": Range(rolling, 2, 1.1, 0.6, (0.44, 0.06, 170)),
}


def paint_range(stage: Stage, kind: str) -> None:
    """Paint one kind of relief standing on the horizon."""
    relief = RANGES[kind]
    xs = across()
    for at in range(relief.layers):
        nearness = at / max(relief.layers - 1, 1)
        high = relief.highest + (relief.lowest - relief.highest) * nearness
        ys = stage.horizon + 0.15 * nearness - high * relief.profile(xs, stage.rng)
        if kind == "islands":
            ys = ys + 0.75 * high
        own = stage.surface(*relief.colour)
        upper, lower = stage.far(own, 0.62 - 0.42 * nearness), stage.far(own, 0.88 - 0.45 * nearness)
        mask = Stencil().ridge(xs, ys).mask()
        stage.canvas.layer(mask, upper, lower, rim=stage.rim(upper), shade=0.10 + 0.12 * nearness, light_x=stage.sun_x)
        if relief.capped and at < relief.layers - 1:
            _snow_caps(stage, xs, ys, high, nearness)
        if kind == "volcano" and at == 0:
            _eruption(stage, xs, ys)
        stage.canvas.mist(stage.horizon + 0.1, 0.5, stage.light.haze, 0.42 - 0.25 * nearness)


def _snow_caps(stage: Stage, xs: Floats, ys: Floats, high: float, nearness: float) -> None:
    """Cover what is higher than a ragged snow line; the side away from the sun stays bluish."""
    line = ys.min() + high * 0.27
    ragged = line + 0.16 * np.sin(xs * 9 + 2 * np.sin(xs * 3)) + stage.rng.uniform(-0.1, 0.1, len(xs))
    caps = Stencil()
    high_enough = ys < ragged - 0.02
    starts = np.flatnonzero(np.diff(high_enough.astype(int), prepend=0, append=0))
    for first, last in zip(starts[::2], starts[1::2], strict=True):
        top = np.stack([xs[first:last], ys[first:last]], axis=1)
        if len(top) > 2:  # noqa: PLR2004  # less is no area
            foot = np.stack([xs[first:last], ragged[first:last]], axis=1)[::-1]
            caps.add(np.concatenate([top, foot]))
    snow = mix(
        lch(0.93, 0.015, 240) * np.array([0.45 + 1.1 * stage.light.ground_lightness, 1, 1]), stage.light.sun, 0.25
    )
    stage.canvas.flat(caps.mask(), stage.far(snow, 0.35 - 0.2 * nearness), 0.85)


def _eruption(stage: Stage, xs: Floats, ys: Floats) -> None:
    top = int(np.argmin(ys))
    x, y = float(xs[top]), float(ys[top])
    hot = lch(0.74, 0.17, 52)
    stage.canvas.glow(x, y, 1.4, hot, 0.85)
    plume = Stencil()
    for at in range(9):
        plume.add(
            ellipse(
                x + 0.16 * at + float(stage.rng.normal(0, 0.2)), y - 0.35 - 0.4 * at, 0.4 + 0.17 * at, 0.36 + 0.1 * at
            )
        )
    stage.canvas.layer(plume.mask(), stage.far(stage.film.tone(0.36, 0.03, 0.6), 0.3), lighter(hot, -0.12), shade=0.1)
    lava = Stencil()
    for way in (-0.5, 0.3, 1.0):
        lava.add(polygon((x - 0.06, y), (x + 0.08, y), (x + way + 0.05, y + 1.9), (x + way * 0.8, y + 1.2)))
    stage.canvas.flat(lava.mask(), hot, 0.85)
