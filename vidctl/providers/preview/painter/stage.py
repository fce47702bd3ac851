"""What every painter of landscapes is handed: the sheet, the light, the colours and the horizon."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from PIL import Image

from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.canvas import HIGH, WIDE, Canvas, hazed
from vidctl.providers.preview.painter.colour import Lab, lighter
from vidctl.providers.preview.painter.paints import Paints, paints
from vidctl.providers.preview.painter.palette import SNOW, Light, Scheme


@dataclass
class Stage:
    """One landscape in the making. Heights are in units from the top, as everywhere on the canvas."""

    brief: Brief
    film: Scheme
    light: Light
    canvas: Canvas
    rng: np.random.Generator
    horizon: float
    sun_x: float
    pasted: list[tuple[Image.Image, tuple[int, int]]] = field(default_factory=list)
    """What stands in the picture in its own colours, and where: to be set afloat again over water painted later."""

    @property
    def sun_y(self) -> float:
        """Return the height of the sun's or the moon's middle."""
        return self.horizon - self.light.sun_height * (self.horizon - 0.9)

    @cached_property
    def paint(self) -> Paints:
        """The pots for what is built or grows in this landscape."""
        return paints(self.brief, self.film, self.brief.rng("paints"))

    @property
    def snowy(self) -> bool:
        """Return whether everything is white."""
        return self.brief.says(*SNOW)

    def surface(self, lightness: float, chroma: float, hue: float) -> Lab:
        """Return a natural colour as it looks in this light: `lightness` is that of noon."""
        lit = lightness * (0.32 + 1.3 * self.light.ground_lightness)
        if self.snowy:
            lit, chroma, hue = lit * 0.4 + 0.58 * (0.35 + self.light.ground_lightness), 0.05, 245
        return self.film.natural(float(np.clip(lit, 0.06, 0.96)), chroma, hue, pull=0.45)

    def far(self, colour: Lab, distance: float) -> Lab:
        """Return the colour seen through this much (0-1) of this air."""
        return hazed(colour, self.light.haze, distance)

    def rim(self, colour: Lab, strength: float = 0.16) -> Lab:
        """Return the colour of an edge that the sun catches."""
        return lighter(colour * 0.55 + self.light.sun * 0.45, strength - 0.12)


def across(points: int = 161) -> np.ndarray:
    """Return x positions over the whole width and a little beyond."""
    return np.linspace(-0.2, WIDE + 0.2, points)


BELOW: float = HIGH + 0.2
"""Safely out of sight below."""
