"""Show parts of a still picture as video frames.

The picture is turned into YUV once; a frame is then two resampled crops.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

from PIL import Image

from vidctl.media.lens import Lens, Part, lens

FRAME: Final = (1920, 1080)
Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of a picture that has the size of a frame."""
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
    """One picture as the two planes of NV12: brightness, and both colours side by side in half the size."""

    luma: Lens
    chroma: Lens

    @classmethod
    def of(cls, image: Image.Image) -> "Planes":
        """Return the planes of an RGB image, which must have the size of a frame."""
        luma, blue, red = image.convert("RGB", _TO_YUV).split()
        large = luma.resize((round(FRAME[0] * DETAIL), round(FRAME[1] * DETAIL)), Image.Resampling.LANCZOS)
        colours = Image.merge("LA", (blue.reduce(2), red.reduce(2)))
        return cls(lens(large, FRAME), lens(colours, (FRAME[0] // 2, FRAME[1] // 2)))

    def seen(self, box: Box) -> list[bytes]:
        """Return both planes of the frame that shows this box."""
        part = part_of(box)
        return [self.luma(part), self.chroma(part)]


def part_of(box: Box) -> Part:
    """Return what a box is to a lens."""
    left, top, right, low = box
    return left / FRAME[0], top / FRAME[1], right / FRAME[0], low / FRAME[1]
