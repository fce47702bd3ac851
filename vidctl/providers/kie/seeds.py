"""The picture that a clip is made from, as Kling takes it: a PNG or JPEG, neither too large nor too small."""

from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image

from vidctl.contract import ScriptError
from vidctl.providers.hosting.picture import Picture

MAX_BYTES: Final = 10_000_000
MIN_SIDE: Final = 300
"""A side has more pixels than this."""
WIDEST: Final = 2.5
"""Width by height, or height by width."""
_QUALITIES: Final = (92, 85, 75)
_SIGNATURES: Final = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def seed(file: Path, image: Image.Image) -> Picture:
    """Return the picture to upload: the file as it is where Kling takes it, else as a JPEG.

    `image` is what the file shows.

    Raises:
        ScriptError: it has the wrong size or shape.
    """
    _require_shape(file, image)
    content = file.read_bytes()
    media_type = next((kind for start, kind in _SIGNATURES.items() if content.startswith(start)), None)
    if media_type and len(content) <= MAX_BYTES:
        return Picture(content, media_type)
    for quality in _QUALITIES:
        if len(content := _jpeg(image, quality)) <= MAX_BYTES:
            return Picture(content, "image/jpeg")
    raise _unfit(file, f"it has {len(content):,} bytes, even as a JPEG, and {MAX_BYTES:,} are allowed")


def _require_shape(file: Path, image: Image.Image) -> None:
    if min(image.size) <= MIN_SIDE:
        raise _unfit(file, f"it is {image.width}x{image.height}, and each side needs more than {MIN_SIDE} pixels")
    if max(image.size) > WIDEST * min(image.size):
        raise _unfit(file, f"it is {image.width}x{image.height}, and Kling takes shapes from 2:5 to 5:2")


def _jpeg(image: Image.Image, quality: int) -> bytes:
    written = BytesIO()
    image.convert("RGB").save(written, "JPEG", quality=quality)
    return written.getvalue()


def _unfit(file: Path, why: str) -> ScriptError:
    return ScriptError(
        f"no clip can be made from {file.name}: {why}",
        hint="make the picture again: 1920x1080 is what a film needs",
        error_type="BadPicture",
    )
