"""Publishing without a platform: the film and its subtitles go to a folder on this machine, once each."""

import os
import re
import shutil
import unicodedata
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from vidctl.domain.publication import Publication
from vidctl.errors import BadInput, NotFound
from vidctl.providers import publication
from vidctl.script import sha256_of, written_aside

_SUBTITLES: Final = ".srt"
_LONGEST_NAME: Final = 80
_REPEATED: Final = ("title", "description", "tags", "privacy", "channel_id")


class Published(Struct, frozen=True):
    """Where a film can be seen, and what was published; nothing in it depends on when."""

    url: str
    sha256: str
    published: bool
    title: str
    description: str
    tags: tuple[str, ...]
    privacy: str
    channel_id: str
    subtitles_url: str | None = None


def read_metadata(path: Path) -> Publication:
    """Return what is said of a film. Of it, what only YouTube has a use for is left aside here.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no such document, or names no folder; the message names the field.
    """
    metadata = publication.read(path)
    if not metadata.folder.strip() or "\0" in metadata.folder:
        raise BadInput(f"{path}: `$.folder` names no folder", hint="give the folder that films are published to")
    return metadata


def publish(film: Path, metadata: Publication) -> Published:
    """Put the film into the folder under its title; the same film under the same title is there only once.

    The folder is relative to the film's own.

    Raises:
        NotFound: there is no such film.
        CannotWrite: the folder cannot be written to.
    """
    digest = _digest(film)
    folder = (film.absolute().parent / Path(metadata.folder).expanduser()).resolve()
    target = folder / f"{safe_name(metadata.title)}-{digest[:8]}{film.suffix or '.mp4'}"
    _put(film, target, digest)
    words: dict[str, Any] = {field: getattr(metadata, field) for field in _REPEATED}
    return Published(
        url=target.as_uri(), sha256=digest, published=True, subtitles_url=_put_subtitles(film, target), **words
    )


def _digest(film: Path) -> str:
    try:
        return sha256_of(film)
    except OSError as exc:
        raise NotFound(f"cannot read the film {film}: {exc.strerror or exc}", hint="give --film a film") from exc


def safe_name(title: str) -> str:
    """Return the title as a file name for any system: letters, digits and hyphens of ASCII, or "film"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-") or "film"


def _put_subtitles(film: Path, target: Path) -> str | None:
    subtitles = film.with_suffix(_SUBTITLES)
    if not subtitles.is_file():
        return None
    beside = target.with_suffix(_SUBTITLES)
    _put(subtitles, beside, sha256_of(subtitles))
    return beside.as_uri()


def _put(source: Path, target: Path, digest: str) -> None:
    """Link or copy `source` to `target`, unless the same bytes are there already.

    A link is safe, because every writer here puts a new file in place instead of changing one.
    """
    if target.is_file() and sha256_of(target) == digest:
        return
    with written_aside(target) as aside:
        aside.unlink(missing_ok=True)
        try:
            os.link(source, aside)
        except OSError:  # another disk, or a file system without links
            shutil.copyfile(source, aside)
