"""Small real pictures: places that fill the frame, figures and things before a plain light backdrop."""

import io
import random

from PIL import Image, ImageDraw, ImageFilter

SIZES = {
    "1:1": (1024, 1024),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "3:4": (864, 1184),
    "4:3": (1184, 864),
    "4:5": (896, 1152),
    "5:4": (1152, 896),
    "9:16": (768, 1376),
    "16:9": (1376, 768),
    "21:9": (1536, 672),
}
"""Of pictures of 1K, in pixels."""
TIMES = {"1K": 1, "2K": 2, "4K": 4}
BACKDROP = (232, 231, 228)
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


def picture(seed: str, *, aspect: str, size: str, plain: bool, media_type: str) -> bytes:
    """Return the file of a picture; another seed is another picture."""
    chance = random.Random(seed)
    wide, high = SIZES[aspect]
    painted = (_figure if plain else _place)(wide, high, chance)
    if (times := TIMES[size]) > 1:
        painted = painted.resize((wide * times, high * times), Image.Resampling.NEAREST)
    file = io.BytesIO()
    painted.save(file, FORMATS[media_type], **({"compress_level": 1} if media_type == "image/png" else {}))
    return file.getvalue()


def _colour(chance: random.Random, low: int = 30, high: int = 200) -> tuple[int, int, int]:
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)


def _place(wide: int, high: int, chance: random.Random) -> Image.Image:
    """A sky, hills and a ground, a little blurred so that it is no flat surface."""
    small = Image.new("RGB", (wide // 8, high // 8), _colour(chance, 120, 230))
    draw = ImageDraw.Draw(small)
    for row in range(3):
        top = small.height * (3 + row) // 7
        draw.rectangle((0, top, small.width, small.height), fill=_colour(chance, 20, 160))
        for _ in range(6):
            left, width = chance.randint(-10, small.width), chance.randint(5, small.width // 3)
            draw.ellipse((left, top - width // 3, left + width, top + width // 2), fill=_colour(chance, 20, 160))
    return small.filter(ImageFilter.BoxBlur(1)).resize((wide, high), Image.Resampling.BILINEAR)


def _figure(wide: int, high: int, chance: random.Random) -> Image.Image:
    """A head, a body and two legs, or near enough: something whole that touches no edge."""
    painted = Image.new("RGB", (wide, high), BACKDROP)
    draw = ImageDraw.Draw(painted)
    middle, top, bottom = wide // 2, high // 9, high - high // 9
    half = min(wide, high) // chance.randint(5, 7)
    draw.ellipse((middle - half // 2, top, middle + half // 2, top + half), fill=_colour(chance))
    draw.rounded_rectangle((middle - half, top + half, middle + half, bottom - half), half // 3, fill=_colour(chance))
    for side in (-1, 1):
        left = middle + side * half // 2
        draw.rectangle((left - half // 4, bottom - half, left + half // 4, bottom), fill=_colour(chance))
    return painted
