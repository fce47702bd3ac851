"""An animatic: the real pictures under a moving camera, with a scratch voice, before a single clip is bought.

It is as long as the film will be, so that it can be judged; what will not fit into its clip is named.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from vidctl.errors import BadInput, NotFound

FPS: Final = 24
LEAST_S: Final = 1.0


class Scene(Struct, frozen=True, forbid_unknown_fields=True):
    """One scene: its picture (a path, relative to the document), how it will move, and what is said."""

    image: Annotated[str, Meta(min_length=1, max_length=4_096)]
    motion: str = ""
    text: str = ""


class Animatic(Struct, frozen=True, forbid_unknown_fields=True):
    """A film on paper, with pictures. `clip_s` is how long each clip will be, `tail_s` what follows its last word."""

    scenes: Annotated[tuple[Scene, ...], Meta(min_length=1, max_length=500)]
    clip_s: Annotated[float, Meta(gt=0, le=60)] = 10.0
    tail_s: Annotated[float, Meta(ge=0, le=30)] = 0.6


def read(path: Path) -> Animatic:
    """Return the animatic that a document describes, its pictures' paths as they can be opened.

    Raises:
        NotFound, BadInput: there is no such document, or it is none.
    """
    try:
        animatic = msgspec.json.decode(path.read_bytes(), type=Animatic)
    except OSError as exc:
        raise NotFound(f"cannot read {path}: {exc.strerror or exc}", hint="give --manifest a file that exists") from exc
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise BadInput(f"not an animatic: {exc}", hint="it has scenes, each with image, motion and text") from exc
    here = [msgspec.structs.replace(one, image=str(path.parent / one.image)) for one in animatic.scenes]
    return msgspec.structs.replace(animatic, scenes=tuple(here))


def frames(spoken_s: float, animatic: Animatic) -> int:
    """Return how many frames a scene is long: as in the film, its words and the tail, but no longer than its clip."""
    wanted_s = spoken_s + animatic.tail_s if spoken_s else animatic.clip_s
    return math.ceil(round(max(LEAST_S, min(wanted_s, animatic.clip_s)) * FPS, 3))


def too_long(spoken_s: dict[int, float], animatic: Animatic) -> Iterator[dict[str, float]]:
    """Yield the scenes whose words do not fit into their clip: number, seconds spoken, and seconds of the clip."""
    for number, seconds in sorted(spoken_s.items()):
        if seconds > animatic.clip_s:
            yield {"scene": number, "spoken_s": round(seconds, 1), "clip_s": animatic.clip_s}
