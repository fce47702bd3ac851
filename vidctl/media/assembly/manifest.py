"""The manifest: which clip, voice, sound and words belong to which scene, in order."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from vidctl.errors import BadInput, NotFound

MAX_BYTES: Final = 5_000_000

File = Annotated[str, Meta(min_length=1, max_length=4_096)]
Side = Annotated[int, Meta(ge=64, le=8_192, multiple_of=2)]
Seconds = Annotated[float, Meta(ge=0, le=600)]


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One scene. Without a narration it is silent: as long as `min_s`, else as its clip."""

    clip: File
    narration: str | None = None
    sfx: str | None = None
    text: str | None = None
    min_s: Seconds | None = None


class Manifest(Struct, frozen=True, forbid_unknown_fields=True):
    """A film as files; its paths are relative to the folder of the manifest."""

    scenes: Annotated[tuple[Entry, ...], Meta(min_length=1, max_length=500)]
    intro: str | None = None
    outro: str | None = None
    tail_s: Annotated[float, Meta(ge=0, le=30)] = 0.6
    size: tuple[Side, Side] | None = None
    """Width and height; None makes the film as large as most of its clips."""


def load(path: Path) -> Manifest:
    """Return the manifest in a file, with absolute paths; empty ones have become None.

    Raises:
        NotFound: there is no such manifest.
        BadInput: it is no manifest, or a file that it names is missing; the message names the field.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise NotFound(f"cannot read the manifest {path}: {exc.strerror}", hint="give the path of a JSON file") from exc
    return _resolved(_parsed(path, data), path)


def _parsed(path: Path, data: bytes) -> Manifest:
    if len(data) > MAX_BYTES:
        raise _refused(path, f"it is larger than {MAX_BYTES:,} bytes")
    try:
        return msgspec.json.decode(data, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise _refused(path, str(exc)) from exc


def _resolved(manifest: Manifest, path: Path) -> Manifest:
    folder = path.resolve().parent
    for field, name in _files_of(manifest):
        if "\0" in name or not (folder / name).is_file():
            raise _refused(path, f"`{field}`: there is no file {name!r}")

    def absolute(name: str | None) -> str | None:
        return str(folder / name) if name else None

    scenes = tuple(
        msgspec.structs.replace(
            scene, clip=str(folder / scene.clip), narration=absolute(scene.narration), sfx=absolute(scene.sfx)
        )
        for scene in manifest.scenes
    )
    intro, outro = absolute(manifest.intro), absolute(manifest.outro)
    return msgspec.structs.replace(manifest, scenes=scenes, intro=intro, outro=outro)


def _files_of(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """Yield each file that is named, with the field that names it."""
    for at, scene in enumerate(manifest.scenes):
        for field in ("clip", "narration", "sfx"):
            if name := getattr(scene, field):
                yield f"$.scenes[{at}].{field}", name
    for field in ("intro", "outro"):
        if name := getattr(manifest, field):
            yield f"$.{field}", name


def _refused(path: Path, complaint: str) -> BadInput:
    return BadInput(
        f"{path} is no manifest of a film: {complaint}", hint="correct that field, or make the file it names"
    )
