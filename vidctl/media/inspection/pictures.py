"""Judge pictures: whole, large enough, and with something to see in them."""

import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PIL import Image, ImageStat

from vidctl.domain.layout import FILM_SIZE, MAX_THUMBNAIL_BYTES, THUMBNAIL_SIZE
from vidctl.media.inspection.verdict import Facts, refused

FORMATS: Final = ("PNG", "JPEG", "WEBP")
MAX_PIXELS: Final = 64_000_000
MIN_IMAGE_WIDTH: Final = 640
MIN_CUTOUT_SIDE: Final = 64
BLACK: Final = 10
"""Mean brightness of 255, with no bright spot: nothing can be seen."""
BRIGHT_SPOT: Final = 48
FLAT: Final = 1.0
"""Standard deviation of every colour: a surface, not a picture."""
MIN_VISIBLE: Final = 0.002
"""Share of a cutout that can be seen at all."""
GLANCE: Final = (96, 54)


def image(path: Path) -> Facts:
    """Judge a picture that fills a frame, such as an environment."""
    picture = _decoded(path)
    if picture.width < MIN_IMAGE_WIDTH:
        raise refused(path, "WrongSize", f"it is {picture.width} pixels wide, less than {MIN_IMAGE_WIDTH}")
    return _seen(path, picture)


def composite(path: Path) -> Facts:
    """Judge a scene's picture: exactly as large as the film."""
    picture = _decoded(path)
    if picture.size != FILM_SIZE:
        raise refused(path, "WrongSize", f"it is {picture.width}x{picture.height}, not {FILM_SIZE[0]}x{FILM_SIZE[1]}")
    return _seen(path, picture)


def thumbnail(path: Path) -> Facts:
    """Judge a film's thumbnail: a JPEG of the size, and not larger than, YouTube takes."""
    picture, size_bytes = _decoded(path), path.stat().st_size
    if picture.size != THUMBNAIL_SIZE or picture.format != "JPEG":
        made = f"{picture.format} of {picture.width}x{picture.height}"
        raise refused(path, "WrongSize", f"it is a {made}, not a JPEG of {THUMBNAIL_SIZE[0]}x{THUMBNAIL_SIZE[1]}")
    if size_bytes > MAX_THUMBNAIL_BYTES:
        raise refused(path, "TooLarge", f"it has {size_bytes:,} bytes, {MAX_THUMBNAIL_BYTES:,} are the most")
    return _seen(path, picture)


def sheet(path: Path) -> Facts:
    """Judge a contact sheet: any size."""
    return _seen(path, _decoded(path))


def cutout(path: Path) -> Facts:
    """Judge a character or prop: cut out, and not cut away; or opaque, and not blank."""
    picture = _decoded(path)
    if min(picture.size) < MIN_CUTOUT_SIDE:
        raise refused(path, "WrongSize", f"it is {picture.width}x{picture.height}, a side below {MIN_CUTOUT_SIDE}")
    visible = _visible_share(picture)
    if visible == 1:
        return {**_seen(path, picture), "visible_share": 1.0}
    if visible < MIN_VISIBLE:
        raise refused(path, "BlankCutout", "all of it is transparent")
    return {**_facts(picture), "visible_share": round(visible, 3)}


def _decoded(path: Path) -> Image.Image:
    """Return the whole picture, or refuse it before much memory is taken."""
    try:
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise refused(path, "WrongSize", f"it has {picture.width}x{picture.height} pixels, too many to be true")
            picture.load()
            return picture
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as exc:
        # Pillow raises every one of these for files that are broken in one way or another.
        raise refused(path, "Undecodable", f"it cannot be decoded: {exc}") from exc


def _seen(path: Path, picture: Image.Image) -> Facts:
    """Return the facts of a picture on which there is something to see."""
    colours = picture.convert("RGB").resize(GLANCE, Image.Resampling.BOX)
    light = colours.convert("L")
    if ImageStat.Stat(light).mean[0] < BLACK and _brightest(light) < BRIGHT_SPOT:
        raise refused(path, "BlackPicture", "it is black")
    if max(ImageStat.Stat(colours).stddev) < FLAT:
        raise refused(path, "FlatPicture", "it is of one colour")
    return _facts(picture)


def _brightest(light: Image.Image) -> float:
    extrema: Iterable[float | tuple[float, float]] = light.getextrema()
    return max(float(value) for value in extrema if not isinstance(value, tuple))


def _visible_share(picture: Image.Image) -> float:
    if not picture.has_transparency_data:
        return 1.0
    counts = picture.convert("RGBA").getchannel("A").histogram()
    return sum(counts[16:]) / sum(counts) if counts[255] < sum(counts) else 1.0


def _facts(picture: Image.Image) -> Facts:
    return {"width": picture.width, "height": picture.height, "mode": picture.mode}


JUDGES: Final = {
    "image": image,
    "cutout": cutout,
    "composite": composite,
    "sheet": sheet,
    "thumbnail": thumbnail,
}
