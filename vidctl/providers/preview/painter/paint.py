"""The way in: from the words of one image to the image."""

from dataclasses import dataclass

from PIL import Image

from vidctl.domain.storyboard import AssetKind
from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.cutouts import paint_cut_out
from vidctl.providers.preview.painter.environments import paint_environment
from vidctl.providers.preview.painter.palette import scheme


@dataclass(frozen=True, slots=True)
class Painting:
    """A picture: an environment is RGB of 1920x1080, the others have alpha; what `floats` has no ground under it."""

    image: Image.Image
    floats: bool = False


def painting(brief: Brief) -> Painting:
    """Return the picture of one brief; the same brief always gives the same pixels."""
    film = scheme(brief)
    if brief.kind is AssetKind.ENVIRONMENT:
        return Painting(paint_environment(brief, film))
    return Painting(*paint_cut_out(brief, film))
