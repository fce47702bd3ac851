"""The pots of paint on the table while one figure is made."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.colour import Lab, lch, lighter
from vidctl.providers.preview.painter.palette import HUES, Scheme
from vidctl.providers.preview.painter.texture import chance

_GREYS: Final = {"white": 0.92, "ivory": 0.9, "silver": 0.78, "grey": 0.56, "gray": 0.56, "black": 0.27, "dark": 0.32}
_MATERIALS: Final = {
    "brass": (0.70, 0.11, 85), "bronze": (0.55, 0.09, 65), "copper": (0.62, 0.11, 48), "iron": (0.42, 0.02, 250),
    "steel": (0.62, 0.02, 240), "wooden": (0.50, 0.075, 62), "wood": (0.50, 0.075, 62), "stone": (0.62, 0.02, 90),
    "marble": (0.86, 0.015, 80), "clay": (0.58, 0.09, 45), "leather": (0.47, 0.07, 55), "paper": (0.90, 0.035, 85),
    "canvas": (0.82, 0.04, 85), "crystal": (0.78, 0.07, 215),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paints:
    """`main` is what the words ask for, else the film's own; the others go with it."""

    main: Lab
    second: Lab
    accent: Lab
    pale: Lab
    dark: Lab
    ink: Lab
    sun: Lab
    skin: Lab
    hair: Lab
    wood: Lab
    metal: Lab
    stone: Lab
    glow: Lab
    asked: Lab | None
    """What the words name, if they name a colour or a material."""
    rng: np.random.Generator


def paints(brief: Brief, film: Scheme, rng: np.random.Generator, *, who: int = 0) -> Paints:
    """Return the colours for a figure; `who` tells the people of one group apart."""
    asked = _asked(brief, film) if who == 0 else None
    warm = chance(rng, 0.5)
    lightness = rng.uniform(0.42, 0.54) if who == 0 else rng.uniform(0.32, 0.66)
    main = film.tone(lightness, 0.095 if warm else 0.07, float(warm)) if asked is None else asked
    return Paints(
        main=main,
        second=film.tone(rng.uniform(0.30, 0.40), 0.05, float(not warm)),
        accent=film.tone(0.70, 0.095 if warm else 0.145, 0.0 if warm else 1.0),
        pale=film.tone(0.89, 0.035, 0.85),
        dark=film.tone(0.29, 0.04, 0.2),
        ink=film.tone(0.18, 0.035, 0.1),
        sun=film.tone(0.95, 0.075, 1.0),
        skin=_skin(brief, rng),
        hair=_hair(brief, rng),
        wood=film.natural(0.47, 0.07, 62),
        metal=film.natural(0.66, 0.09, 82) if asked is None else asked,
        stone=film.natural(0.63, 0.02, 90),
        glow=film.tone(0.93, 0.13, 1.0),
        asked=asked,
        rng=rng,
    )


def _asked(brief: Brief, film: Scheme) -> Lab | None:
    """Return the colour of the first word that names a colour or a material."""
    for word in brief.nouns:
        if word in _GREYS:
            return film.tone(_GREYS[word], 0.015, 0.5)
        if word in _MATERIALS:
            return film.natural(*_MATERIALS[word], pull=0.15)
        if word in HUES:
            return film.natural(0.55 if word != "navy" else 0.36, 0.13, HUES[word], pull=0.1)
    return None


def _skin(brief: Brief, rng: np.random.Generator) -> Lab:
    if brief.says("alien", "goblin", "troll", "zombie"):
        return lch(0.66, 0.08, 150)
    if brief.says("statue", "robot", "android", "ghost"):
        return lch(0.78, 0.015, 220)
    return lch(rng.uniform(0.52, 0.80), 0.065, rng.uniform(50, 62))


def _hair(brief: Brief, rng: np.random.Generator) -> Lab:
    if brief.says("old", "elder", "elderly", "grandfather", "grandmother", "aged", "ancient", "grey", "white"):
        return lch(rng.uniform(0.80, 0.90), 0.015, 80)
    if brief.says("ginger", "redhead"):
        return lch(0.55, 0.13, 48)
    if brief.says("blond", "blonde"):
        return lch(0.78, 0.09, 85)
    return lighter(lch(0.30, 0.04, 55), rng.uniform(-0.08, 0.14))
