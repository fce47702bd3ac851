"""What can be shown of films that people reviewed them: decisions, moves, and that it is the film which is public."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from vidctl.domain.chain import Entry
from vidctl.domain.decisions import Action
from vidctl.domain.status import Status
from vidctl.domain.work import Kind
from vidctl.engine.context import ENGINE
from vidctl.engine.record import Record, Verdict
from vidctl.storage.local import folder as folder_of
from vidctl.store import Db, audit, evidence
from vidctl.store.details import Move
from vidctl.store.evidence import Film

_NOTION: Final = re.compile(r"\s*\(?notion:([0-9a-f-]{32,36})\)?\Z")
_PICTURES: Final = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""What browsers show, by how it begins."""

MAX_PICTURE_BYTES: Final = 2_500_000
MAX_PICTURES_BYTES: Final = 25_000_000
"""Of all pictures in one document: it has to open on a phone, and fit in a mail."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which films a document is about; None: all that were decided about, or published."""

    channel: str | None = None
    video: str | None = None
    since: datetime | None = None
    """Films of which anything was decided since, with their whole history."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One film, and everything that people had to do with it."""

    film: Film
    decisions: list[Entry]
    moves: list[Move]

    @property
    def approval(self) -> Entry | None:
        """The approval of the film as a whole, unless it was rejected since."""
        last = self._last(Action.APPROVED, Action.REJECTED)
        return last if last and last.action == Action.APPROVED else None

    @property
    def approved_sha256(self) -> str | None:
        """The film that was approved."""
        return _film_in(self.approval)

    @property
    def published_sha256(self) -> str | None:
        """The film that is with the public."""
        return self.film.film_sha256 or _film_in(self._last(Action.PUBLISHED))

    @property
    def published_at(self) -> datetime | None:
        """When it was there."""
        last = self._last(Action.PUBLISHED)
        return self.film.published_at or (last.at if last else None)

    @property
    def video_id(self) -> str | None:
        """What YouTube calls it."""
        last = self._last(Action.PUBLISHED)
        return (last.video_id if last else None) or self.film.video_id

    @property
    def url(self) -> str | None:
        """Where it can be watched."""
        return f"https://www.youtube.com/watch?v={self.video_id}" if self.video_id else self.film.youtube_url

    @property
    def is_same(self) -> bool | None:
        """Whether what is with the public is what was approved; None: one of them is not known."""
        both = (self.approved_sha256, self.published_sha256)
        return None if None in both else both[0] == both[1]

    def _last(self, *actions: Action) -> Entry | None:
        final = (one for one in reversed(self.decisions) if one.gate == Status.FINAL_REVIEW)
        return next((one for one in final if one.action in actions), None)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document: films, and what is to be thought of the record that it is made from."""

    at: datetime
    scope: Scope
    verdict: Verdict
    films: list[Reviewed]
    names: Mapping[str, str]

    def name_of(self, reviewer: str) -> str:
        """Return who a reviewer is, by name where Notion said it, without Notion's number."""
        match = _NOTION.search(reviewer)
        if match is None:
            return reviewer
        return self.names.get(match[1]) or reviewer[: match.start()] or reviewer

    @property
    def reviewers(self) -> list[str]:
        """Everybody who decided anything."""
        ids = (one.reviewer_id for film in self.films for one in film.decisions if one.reviewer_id != ENGINE)
        return sorted({self.name_of(reviewer) for reviewer in ids})


def collect(db: Db, archives: Path, scope: Scope, *, now: datetime) -> Evidence:
    """Return everything about the films of a scope, archived or not, as it is at one moment.

    Raises:
        NotFound: there is no such channel, film or video.
        BadInput: several films are meant by the first characters of an id.
    """
    with audit.snapshot(db):
        wanted = _wanted(db, scope)
        record = Record(db, archives)
        about: dict[UUID, list[Entry]] = {}
        for entry in record.entries():
            if wanted(entry.task_id):
                about.setdefault(entry.task_id, []).append(entry)
        published = {task_id for task_id in evidence.published_since(db, scope.since) if wanted(task_id)}
        touched = {task_id for task_id, entries in about.items() if _is_since(entries, scope.since)} | published
        moves = evidence.moves_by_people(db, touched)
        films = [Reviewed(film, about.get(film.id, []), moves.get(film.id, [])) for film in evidence.films(db, touched)]
        return Evidence(now, scope, record.verdict, films, evidence.names(db))


def pictures(db: Db, home: Path, document: Evidence) -> dict[UUID, tuple[str, bytes]]:
    """Return a picture of each film, with what kind of file it is: as it was recorded, and as many as have room."""
    channels = {one.film.id: one.film.channel_id for one in document.films}
    rows = {one.task_id: one for one in evidence.pictures(db, channels)}
    found: dict[UUID, tuple[str, bytes]] = {}
    room = MAX_PICTURES_BYTES
    for task_id, channel_id in channels.items():
        if (row := rows.get(task_id)) is None:
            continue
        data = _read(folder_of(home, channel_id, str(task_id)).path(row.path), min(room, MAX_PICTURE_BYTES))
        kind = next((kind for begins, kind in _PICTURES.items() if data.startswith(begins)), None)
        if kind and hashlib.sha256(data).hexdigest() == row.sha256:
            found[task_id] = (kind, data)
            room -= len(data)
    return found


def _wanted(db: Db, scope: Scope) -> Callable[[UUID], bool]:
    sets = [
        *([evidence.of_channel(db, scope.channel)] if scope.channel is not None else []),
        *([evidence.of_video(db, scope.video)] if scope.video is not None else []),
    ]
    return lambda task_id: all(task_id in each for each in sets)


def _is_since(entries: Iterable[Entry], since: datetime | None) -> bool:
    return since is None or any(entry.at is None or entry.at >= since for entry in entries)


def _film_in(entry: Entry | None) -> str | None:
    seen = entry.seen if entry else []
    return next((sha256 for kind, _, sha256 in seen if kind == Kind.FILM), None)


def _read(path: Path, most_bytes: int) -> bytes:
    """Return a file's bytes; b"" where it is not here, is no file, or has more."""
    try:
        return path.read_bytes() if path.is_file() and path.stat().st_size <= most_bytes else b""
    except OSError:
        return b""
