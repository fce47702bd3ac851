"""The colours of a film, made from its style; the light of a picture, made from its words.

Every image of a film shares one `Scheme`. The hour and the weather that a prompt names pick a `Light`
out of it, so a film may go from dawn to night and still look like one film.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.colour import Lab, lch, mix

HUES: Final = {
    "red": 28, "crimson": 22, "scarlet": 30, "rust": 42, "terracotta": 45, "coral": 35, "orange": 55, "copper": 55,
    "amber": 70, "ochre": 80, "gold": 85, "golden": 85, "yellow": 98, "sepia": 72, "brown": 60, "olive": 115,
    "sage": 140, "green": 145, "emerald": 160, "turquoise": 190, "teal": 200, "cyan": 205, "petrol": 225, "azure": 240,
    "blue": 255, "navy": 262, "indigo": 278, "violet": 300, "purple": 308, "plum": 325, "magenta": 340, "pink": 0,
    "rose": 10,
}  # fmt: skip
_SCHEMES: Final = (
    (205, 68), (272, 40), (218, 78), (248, 18), (300, 80), (228, 55), (192, 42), (262, 85), (285, 55), (240, 32),
)  # fmt: skip
_VIVIDNESS: Final = {
    "muted": 0.72, "faded": 0.65, "desaturated": 0.5, "vintage": 0.75, "pastel": 0.8, "sepia": 0.6, "soft": 0.88,
    "monochrome": 0.2, "noir": 0.2, "ink": 0.35, "vivid": 1.25, "saturated": 1.25, "bold": 1.2, "vibrant": 1.25,
}  # fmt: skip
STORM_CLOUDS: Final = 1.0
LAMPS_BELOW: Final = 0.35
WARM_BELOW: Final = 125
WARM_ABOVE: Final = 335
"""Hues (degrees) below or above these are warm."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """The two families of colour of a film; `vividness` scales every chroma, 1 is ordinary."""

    cool_hue: float
    warm_hue: float
    vividness: float

    def tone(self, lightness: float, chroma: float, warmth: float) -> Lab:
        """Return a colour between the cool (0) and the warm (1) family."""
        strength = chroma * self.vividness
        return mix(lch(lightness, strength, self.cool_hue), lch(lightness, strength, self.warm_hue), warmth)

    def air(self, lightness: float, chroma: float, warmth: float) -> Lab:
        """Return a colour of the sky: between cool and warm lies rose, as at dusk, and not the grey of a mixture."""
        turn = (self.warm_hue - self.cool_hue) % 360
        return lch(lightness, chroma * self.vividness, self.cool_hue + turn * warmth)

    def natural(self, lightness: float, chroma: float, hue: float, *, pull: float = 0.35) -> Lab:
        """Return a colour of nature, pulled towards the film's own nearest family."""
        own = self.warm_hue if _is_warm(hue) else self.cool_hue
        strength = chroma * self.vividness
        return mix(lch(lightness, strength, hue), lch(lightness, strength, own), pull)


@dataclass(frozen=True, slots=True)
class Light:
    """How one picture is lit. `sun_height` is 0 at the horizon and 1 at the top of the frame."""

    top: Lab
    middle: Lab
    horizon: Lab
    sun: Lab
    haze: Lab
    ground_lightness: float
    sun_height: float
    glow: float
    stars: float = 0.0
    clouds: float = 0.5
    moon: bool = False

    @property
    def stormy(self) -> bool:
        """Return whether the sky is full of dark clouds."""
        return self.clouds >= STORM_CLOUDS

    @property
    def lamps(self) -> bool:
        """Return whether it is dark enough for lamps."""
        return self.ground_lightness < LAMPS_BELOW


def scheme(brief: Brief) -> Scheme:
    """Return the film's colours: from the colour words of its style where it has some, else from its hash."""
    rng = brief.film_rng()
    cool, warm = _SCHEMES[int(rng.integers(len(_SCHEMES)))]
    words = [word.strip(".,;:!?()") for word in brief.style.lower().replace("-", " ").split()]
    named = [HUES[word] for word in words if word in HUES]
    cool = next((hue for hue in named if not _is_warm(hue)), cool)
    warm = next((hue for hue in named if _is_warm(hue)), warm)
    vividness = float(np.prod([_VIVIDNESS.get(word, 1.0) for word in dict.fromkeys(words)]))
    turn = rng.uniform(-6, 6)
    return Scheme(cool + turn, warm - turn, float(np.clip(vividness, 0.15, 1.4)))


# hour: (top, middle, horizon, sun) as (lightness, chroma, warmth); lightness of the ground, height of the sun, glow.
_HOURS: Final = {
    "day": ((0.58, 0.105, 0.0), (0.75, 0.080, 0.03), (0.91, 0.050, 0.97), (0.99, 0.03, 1.0), 0.50, 0.80, 0.5),
    "dawn": ((0.52, 0.085, 0.05), (0.75, 0.075, 0.78), (0.90, 0.095, 1.0), (0.97, 0.07, 1.0), 0.40, 0.16, 0.9),
    "gold": ((0.57, 0.085, 0.0), (0.78, 0.080, 0.92), (0.90, 0.115, 1.0), (0.97, 0.09, 1.0), 0.42, 0.30, 0.9),
    "dusk": ((0.30, 0.095, 0.03), (0.53, 0.115, 0.72), (0.79, 0.135, 1.0), (0.90, 0.12, 1.0), 0.28, 0.08, 1.0),
    "night": ((0.15, 0.055, 0.0), (0.25, 0.065, 0.0), (0.41, 0.065, 0.08), (0.95, 0.03, 0.7), 0.19, 0.74, 0.55),
}
_HOUR_WORDS: Final = {
    "dawn": ("dawn", "sunrise", "daybreak", "first", "early", "faint"),
    "dusk": ("dusk", "twilight", "sunset", "evening", "fire", "burning", "flame", "ember", "volcano"),
    "night": ("night", "midnight", "moon", "moonlight", "moonlit", "star", "starry", "stars", "aurora", "galaxy"),
    "gold": ("golden", "autumn", "afternoon", "harvest"),
    "day": ("day", "noon", "daylight", "summer", "spring", "bright", "sunny", "midday", "morning", "clear"),
}
STORM: Final = ("storm", "stormy", "thunder", "lightning", "rain", "rainy", "tempest", "squall", "monsoon", "downpour")
FOG: Final = ("fog", "foggy", "mist", "misty")
MIST: Final = (*FOG, "haze", "hazy", "smoke", "smoky", "overcast", "grey", "gray", "cloudy")
SNOW: Final = ("snow", "snowy", "winter", "blizzard", "frost", "frozen", "ice", "icy", "arctic", "glacier", "polar")


def light(brief: Brief, film: Scheme) -> Light:
    """Return the light that the words ask for; where they ask for none, one out of the seed."""
    hour = _hour(brief)
    top, middle, horizon, sun, ground, height, glow = _HOURS[hour]
    made = Light(
        top=film.air(*top),
        middle=film.air(*middle),
        horizon=film.air(*horizon),
        sun=film.air(*sun),
        haze=mix(film.air(*middle), film.air(*horizon), 0.45),
        ground_lightness=ground,
        sun_height=height,
        glow=glow,
        stars=1.0 if hour == "night" else 0.0,
        moon=hour == "night",
    )
    return _weathered(brief, film, made)


def _hour(brief: Brief) -> str:
    said = (hour for hour, words in _HOUR_WORDS.items() if brief.says(*words))
    if hour := next(said, None):
        return hour
    return str(brief.rng("hour").choice(["day", "gold", "dawn", "dusk"], p=[0.4, 0.28, 0.2, 0.12]))


def storms(brief: Brief) -> bool:
    """Return whether the words speak of a storm or of rain that is not over."""
    return brief.says(*STORM) and not brief.says("after", "clearing")


def _weathered(brief: Brief, film: Scheme, fair: Light) -> Light:
    if storms(brief):
        return _dulled(film, fair, share=0.62, lightness=0.62, glow=0.55, clouds=STORM_CLOUDS)
    if brief.says(*MIST):
        return _dulled(film, fair, share=0.28, lightness=0.97, glow=0.8, clouds=0.75)
    if brief.says(*SNOW):
        return _dulled(film, fair, share=0.35, lightness=1.04, glow=0.8, clouds=0.5)
    return fair


def _dulled(film: Scheme, fair: Light, *, share: float, lightness: float, glow: float, clouds: float) -> Light:
    """Return a light pulled towards the grey of this film and scaled in lightness."""

    def dull(colour: Lab) -> Lab:
        grey = mix(colour, film.tone(float(colour[0]), 0.025, 0.15), share)
        return np.asarray(grey * np.array([lightness, 1, 1]))

    return replace(
        fair,
        top=dull(fair.top),
        middle=dull(fair.middle),
        horizon=dull(fair.horizon),
        haze=dull(fair.haze),
        ground_lightness=fair.ground_lightness * min(1.0, lightness + 0.15),
        glow=fair.glow * glow,
        stars=fair.stars * (1 - share),
        clouds=clouds,
    )


def _is_warm(hue: float) -> bool:
    return hue % 360 < WARM_BELOW or hue % 360 > WARM_ABOVE
