"""Which files a backup holds besides the database, and where each belongs in another installation."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from vidctl.domain import layout
from vidctl.engine import record
from vidctl.engine.backup import settings_file
from vidctl.errors import BadInput, CannotWrite
from vidctl.settings import Settings
from vidctl.storage.local import folder
from vidctl.store import Db, archives, restored

SETTINGS: Final = "settings/env"
TABLES: Final = "tables/"
CHANNELS: Final = "channel_configs/"
_AUDIT: Final = f"{record.FOLDER}/"
_STORYBOARDS: Final = "storyboards/"
_PLAIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


def gathered(db: Db, settings: Settings, *, secrets: bool) -> Iterator[tuple[str, bytes]]:
    """Yield each file by its name in the backup, in `dump.snapshot`.

    Raises:
        CannotWrite: one of them is there and cannot be read: a backup without it would be none.
    """
    try:
        yield from _gathered(db, settings, secrets=secrets)
    except (OSError, UnicodeDecodeError) as exc:
        raise CannotWrite(
            f"the backup would not be whole: {exc}", hint="let this user read all of VIDCTL_HOME and the channel files"
        ) from exc


def _gathered(db: Db, settings: Settings, *, secrets: bool) -> Iterator[tuple[str, bytes]]:
    if secrets:
        own, here = settings.home / settings_file.NAME, Path(settings_file.NAME).absolute()
        text = settings_file.gathered(list(dict.fromkeys([own.resolve(), here.resolve()])), settings.environment)
        yield SETTINGS, text.encode()
    for path in sorted(settings.channel_configs.glob("*.yaml")):
        if _PLAIN.fullmatch(path.name):
            yield f"{CHANNELS}{path.name}", path.read_bytes()
    for archive in archives.of_all(db):
        if found := record.find(archive, settings.home / record.FOLDER):
            yield f"{_AUDIT}{found.name}", found.read_bytes()
    for film in restored.unpublished(db):
        path = folder(settings.home, film.channel_id, str(film.id)).path(layout.STORYBOARD)
        if path.is_file():
            yield f"{_STORYBOARDS}{film.channel_id}/{film.id}", path.read_bytes()


def place_of(name: str, settings: Settings) -> Path:
    """Return where a file of a backup belongs here.

    Raises:
        BadInput: no backup has such a name.
    """
    kind, _, rest = name.partition("/")
    parts = rest.split("/")
    if all(_PLAIN.fullmatch(part) for part in parts):
        match (f"{kind}/", parts):
            case ("settings/", ["env"]):
                return settings.home / settings_file.NAME
            case (known, [file]) if known == CHANNELS:
                return settings.channel_configs / file
            case (known, [file]) if known == _AUDIT:
                return settings.home / record.FOLDER / file
            case (known, [channel_id, task_id]) if known == _STORYBOARDS and _is_id(task_id):
                return folder(settings.home, channel_id, task_id).path(layout.STORYBOARD)
    raise BadInput(f"{name[:80]!r} is no file of a backup", hint="use a file that vidctl backup made")


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
