"""Make a proxy: what a file shows, small enough to be uploaded where the file itself is not.

Decides what a file is, whether a copy of it will do, and what the new file is called; how each kind
is made smaller is the business of `recordings` and `picture`.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidctl.errors import BadInput
from vidctl.media.proxy import picture, recordings
from vidctl.media.proxy.refusals import cannot_be_read
from vidctl.script import written_aside

PICTURES: Final = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff")
"""Endings of pictures; whatever ends otherwise is opened as something that plays."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of file: what its proxy is, which endings need none when they are small, how it shrinks."""

    name: str
    ending: str
    as_they_are: tuple[str, ...]
    shrink: Callable[[Path, Path, int], None]


_FILM: Final = _Kind("film", ".mp4", (".mp4", ".mov", ".webm"), recordings.shrink_film)
_SOUND: Final = _Kind("sound", ".mp3", (".mp3", ".wav"), recordings.shrink_sound)
_PICTURE: Final = _Kind("picture", ".jpg", (".jpg", ".png", ".webp"), picture.shrink)


def make(source: Path, output: Path, *, max_bytes: int) -> dict[str, Any]:
    """Write the proxy of `source`, at most `max_bytes` large, and return what it is.

    Raises:
        BadInput: there is no such file, it is no media, or nothing worth looking at is that small.
        CannotWrite: see `written_aside`.
    """
    if not source.is_file():
        raise BadInput(f"there is no file {source}", hint="make it first, or correct the path")
    if output.resolve() == source.resolve():
        raise BadInput(f"{output} is the file itself", hint="give the proxy a name of its own")
    kind, facts = _seen(source)
    of_bytes = source.stat().st_size
    if of_bytes <= max_bytes and _ending(source) == _ending(output) in kind.as_they_are:
        _copy(source, output)
        return {"proxy": False, "of_bytes": of_bytes, **facts}
    if _ending(output) != kind.ending:
        raise _misnamed(source, output, kind)
    kind.shrink(source, output, max_bytes)
    return {"proxy": True, "of_bytes": of_bytes, **_seen(output)[1]}


def _seen(path: Path) -> tuple[_Kind, Mapping[str, Any]]:
    """Return what kind of file this is, by its content, and its measures."""
    if path.suffix.lower() in PICTURES:
        return _PICTURE, picture.measured(path)
    facts = recordings.measured(path)
    return (_FILM if "width" in facts else _SOUND), facts


def _ending(path: Path) -> str:
    return path.suffix.lower().replace(".jpeg", ".jpg")


def _copy(source: Path, output: Path) -> None:
    try:
        file = source.open("rb")
    except OSError as exc:
        raise cannot_be_read(source, exc) from exc
    with file, written_aside(output) as aside, aside.open("wb") as copy:
        shutil.copyfileobj(file, copy)


def _misnamed(source: Path, output: Path, kind: _Kind) -> BadInput:
    return BadInput(
        f"{source} is a {kind.name}, and the proxy of a {kind.name} is no {output.suffix or 'file without an ending'}",
        hint=f"name it {output.with_suffix(kind.ending).name}",
    )
