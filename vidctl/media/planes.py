"""Show parts of a still picture as video frames, exact to a fraction of a pixel.

The picture is turned into YUV once; a frame is then three resampled crops.
"""

from dataclasses import dataclass
from typing import Final

from PIL import Image

FRAME: Final = (1920, 1080)
DETAIL: Final = 1.1
"""The brightness plane is kept this much larger than a frame: at exactly frame size, resampling would blur every
pixel that falls between two, and let pass those that do not, so that a moving picture seems to breathe."""

# BT.709, limited range: what every player assumes of high definition.
_TO_YUV: Final = (
    0.2126 * 219 / 255, 0.7152 * 219 / 255, 0.0722 * 219 / 255, 16.0,
    -0.114572 * 224 / 255, -0.385428 * 224 / 255, 0.5 * 224 / 255, 128.0,
    0.5 * 224 / 255, -0.454153 * 224 / 255, -0.045847 * 224 / 255, 128.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planes:
    """One picture as three planes: Y larger than a frame, U and V of half a frame's size."""

    luma: Image.Image
    blue: Image.Image
    red: Image.Image

    @classmethod
    def of(cls, image: Image.Image) -> "Planes":
        """Return the planes of an RGB image, which must have the size of a frame."""
        luma, blue, red = image.convert("RGB", _TO_YUV).split()
        large = luma.resize((round(FRAME[0] * DETAIL), round(FRAME[1] * DETAIL)), Image.Resampling.LANCZOS)
        return cls(large, blue.reduce(2), red.reduce(2))

    def seen(self, box: tuple[float, float, float, float]) -> list[bytes]:
        """Return the three planes of the frame that shows this part (in pixels of the picture)."""
        half = FRAME[0] // 2, FRAME[1] // 2
        return [
            _resampled(self.luma, FRAME, box),
            _resampled(self.blue, half, box),
            _resampled(self.red, half, box),
        ]


def _resampled(plane: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]) -> bytes:
    wide, high = plane.width / FRAME[0], plane.height / FRAME[1]
    left, top, right, low = box
    # Rounding may push the last bit of a box over the edge, which Pillow refuses.
    part = max(left * wide, 0.0), max(top * high, 0.0), min(right * wide, plane.width), min(low * high, plane.height)
    return plane.resize(size, Image.Resampling.BILINEAR, box=part).tobytes()
