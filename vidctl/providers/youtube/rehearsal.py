"""What would be sent for a film: every request that publishing it comes to, for people to read. Nothing is sent."""

import json
from pathlib import Path
from typing import Any, Final

from vidctl.domain.publication import Publication
from vidctl.errors import NotFound
from vidctl.providers.youtube.requests import Call, Requests
from vidctl.providers.youtube.settings import addresses
from vidctl.providers.youtube.upload import body

_VIDEO: Final = "VIDEO_ID"
"""In the place of what YouTube says only then."""
_NOTHING: Final = b""


def requests(path: Path, words: Publication, folder: Path) -> list[dict[str, Any]]:
    """Return the requests in their order; in the place of a file's bytes its name and size.

    Raises:
        NotFound: the film cannot be read.
    """
    api = Requests(addresses().api)
    try:
        with path.open("rb") as film:
            opened = _shown(api.upload(body(words), film, notify=words.notify_subscribers))
    except OSError as exc:
        raise NotFound(f"cannot read the film {path}: {exc.strerror or exc}", hint="give --film a film") from exc
    found = [opened, {"method": "the upload itself", "verb": "PUT", "file": _about(path)}]
    if words.captions:
        call, subtitles = api.add_captions(_VIDEO, words.language, _NOTHING), path.with_suffix(".srt")
        found.append(_file_shown(call, subtitles, language=words.language))
    if words.thumbnail:
        found.append(_file_shown(api.set_thumbnail(_VIDEO, _NOTHING, "image/jpeg"), folder / words.thumbnail))
    if words.playlist:
        found.append(_shown(api.put_in_playlist(words.playlist, _VIDEO)))
    return found


def _shown(call: Call) -> dict[str, Any]:
    return {"method": call.method, "verb": call.verb, "url": call.url, "body": json.loads(call.content)}


def _file_shown(call: Call, file: Path, **more: str) -> dict[str, Any]:
    return {"method": call.method, "verb": call.verb, "url": call.url, "file": _about(file), **more}


def _about(file: Path) -> dict[str, Any]:
    return {"name": file.name, "bytes": file.stat().st_size if file.is_file() else "it is not there"}
