"""Camera moves: from the words of a motion prompt to the part of the picture that each frame shows.

Pure arithmetic. Every box is made of fractions of a pixel: rounding them is what makes slow moves tremble.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture."""

ZOOM: Final = 0.20
"""How much nearer an ordinary push comes."""
PAN_ZOOM: Final = 0.20
"""How much nearer than the whole picture a pan is, so that there is somewhere to go."""
HOLD_ZOOM: Final = 0.05
"""What a camera that stands still does all the same: a film of stills looks dead."""
RAMP: Final = 0.2
"""Part of a move in which it gathers speed, and in which it comes to rest."""
MIN_CROP: Final = 0.4
"""No frame shows less than this part of the picture's width: it would be blurred."""

_GO: Final = r"\b(?:push|pull|zoom|dolly|mov|move|track|creep|eas|ease|glid|glide|fly)(?:es|s|ing)?\W+(?:\w+ly )?"
_IN: Final = re.compile(
    rf"{_GO}(?:in|into|forwards?|closer|towards?)\b|\bclos(?:er|e-?up)\b|\bapproach|\b(?:push|zoom)-in\b"
)
_OUT: Final = re.compile(rf"{_GO}(?:out|back|backwards?|away)\b|\breveal|\bpull-?back\b|\bwiden")
_SIDE: Final = r"(?:pan|track|truck|slide|drift|sweep|glide|move|travel|follow)\w*\W+(?:\w+\W+){0,3}?"
_LEFT: Final = re.compile(rf"\b{_SIDE}left\b(?! to right)|\bright to left\b|\bleftwards?\b")
_RIGHT: Final = re.compile(rf"\b{_SIDE}right\b(?! to left)|\bleft to right\b|\brightwards?\b")
_RISE: Final = r"(?:tilt|crane|pan|boom|pedestal|move|drift|glide|sweep|look)\w*\W+(?:\w+\W+){0,2}?"
_UP: Final = re.compile(rf"\b{_RISE}(?:up|upwards?)\b|\bris(?:e|es|ing)\b|\bascend|\bupwards?\b")
_DOWN: Final = re.compile(rf"\b{_RISE}(?:down|downwards?)\b|\bdescend|\blower(?:s|ing)\b|\bdownwards?\b")
_ANY_PAN: Final = re.compile(r"\b(pan|pans|panning|tracking|sweep|sweeping|orbit|arc|parallax)\b")
_HOLD: Final = re.compile(r"\b(static|hold|holds|holding|still|locked|motionless|fixed|no camera)\b")
_SLOW: Final = re.compile(r"\b(slow|slower|slowly|gentle|gently|subtle|subtly|slight|slightly|gradual|calm|soft)\b")
_FAST: Final = re.compile(r"\b(fast|faster|quick|quickly|rapid|rapidly|swift|dramatic|sudden|whip)\b")


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera looks: `zoom` 1 shows the whole picture; `x` and `y` go from -1 (left, top) to 1."""

    zoom: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Move:
    """From one view to another."""

    start: View
    end: View


def move(motion: str, *, take: int = 1, note: str = "") -> Move:
    """Return the camera move that the words ask for; the note of a rejection is heard first.

    What they leave open (where a push goes, what happens if nothing is asked for) comes out of a hash of all three,
    so that every take differs a little from the one before.
    """
    words = f"{note} {motion}".lower()
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(repr((motion, take, note)).encode()).digest()[:8], "big"))
    nearer, across, down = _directions(words, rng)
    speed = (
        (0.7 if _SLOW.search(words) else 1.0) * (1.35 if _FAST.search(words) else 1.0) * float(rng.uniform(0.92, 1.08))
    )
    focus_x, focus_y = float(rng.uniform(-0.35, 0.35)), float(rng.uniform(-0.2, 0.3))
    near = min(ZOOM * speed, 1 / MIN_CROP - 1)
    base = PAN_ZOOM if across or down else 0.0
    start_zoom, end_zoom = 1 + base * (0.75 if nearer else 1), 1 + base * (0.75 if nearer else 1)
    start_zoom += near if nearer < 0 else 0
    end_zoom += near if nearer > 0 else 0
    if not (nearer or across or down):
        end_zoom = 1 + HOLD_ZOOM * float(rng.uniform(0.9, 1.1))
    reach = min(1.0, 0.85 * speed)
    return Move(
        View(start_zoom, -across * reach if across else focus_x, -down * reach if down else focus_y),
        View(end_zoom, across * reach if across else focus_x, down * reach if down else focus_y),
    )


def boxes(path: Move, frames: int, size: tuple[int, int]) -> Iterator[Box]:
    """Yield what each frame shows of a picture of `size` (width, height): smooth from the first frame to the last."""
    for share in eased(frames):
        zoom = path.start.zoom * (path.end.zoom / path.start.zoom) ** share
        x, y = (a + (b - a) * share for a, b in ((path.start.x, path.end.x), (path.start.y, path.end.y)))
        wide, high = size[0] / zoom, size[1] / zoom
        left, top = (size[0] - wide) * (1 + x) / 2, (size[1] - high) * (1 + y) / 2
        yield left, top, left + wide, top + high


def eased(frames: int) -> NDArray[np.float64]:
    """Return how far along the move each frame is: from 0 to 1, at rest at both ends, at even speed in between."""
    time = np.linspace(0, 1, max(frames, 2))[:frames]
    speed = np.minimum(_ramp(time / RAMP), _ramp((1 - time) / RAMP))
    travelled = np.concatenate([[0.0], np.cumsum((speed[1:] + speed[:-1]) / 2)])
    return np.asarray(travelled / max(float(travelled[-1]), 1e-9))


def _ramp(share: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(share, 0, 1)))


def _directions(words: str, rng: np.random.Generator) -> tuple[int, int, int]:
    """Return (nearer, to the right, downwards), each -1, 0 or 1."""
    nearer = bool(_IN.search(words)) - bool(_OUT.search(words))
    across = bool(_RIGHT.search(words)) - bool(_LEFT.search(words))
    down = bool(_DOWN.search(words)) - bool(_UP.search(words))
    if nearer or across or down or _HOLD.search(words):
        return nearer, across, down
    if _ANY_PAN.search(words):
        return 0, int(rng.choice([-1, 1])), 0
    if "drift" in words or "float" in words:
        return 1, int(rng.choice([-1, 1])), 0
    return int(rng.choice([-1, 1, 1])), 0, 0
