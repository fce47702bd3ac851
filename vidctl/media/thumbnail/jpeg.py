"""Save a picture as a JPEG that YouTube takes."""

import io
from pathlib import Path
from typing import Final

from PIL import Image

from vidctl.domain.layout import MAX_THUMBNAIL_BYTES
from vidctl.script import written_aside

BEST: Final = 96
_STEP: Final = 6


def save_jpeg(image: Image.Image, output: Path) -> None:
    """Write a JPEG as good as fits in `MAX_THUMBNAIL_BYTES`.

    Raises:
        CannotWrite: see `written_aside`.
    """
    data = _encoded(image, BEST)
    for quality in range(BEST - _STEP, 0, -_STEP):
        if len(data) <= MAX_THUMBNAIL_BYTES:
            break
        data = _encoded(image, quality)
    with written_aside(output) as aside:
        aside.write_bytes(data)


def _encoded(image: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality, subsampling=0)  # optimize fails on noise
    return file.getvalue()
