"""New films for local boards: which channel they are for, and how they get into the database."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from vidctl.domain.brief import Brief
from vidctl.domain.channel import Channel
from vidctl.domain.status import Status
from vidctl.engine.channel_files import Loaded
from vidctl.errors import BadInput, Misconfigured, NotFound, VidctlError
from vidctl.store import Db, channels, moves, tasks
from vidctl.store.tasks import NewTask, Seen


@dataclass(frozen=True, slots=True)
class Wanted:
    """A checked brief, its channel, and whether it is to be made at once."""

    channel_id: str
    brief: Brief
    queued: bool = False
    mode: str | None = None
    """preview or production; None: as the channel is when the film is begun."""

    @property
    def status(self) -> Status:
        """What it is after it was added."""
        return Status.QUEUED if self.queued else Status.DRAFT


def local_channel(files: Loaded, channel_id: str) -> Channel:
    """Return the channel that a film may be added to from here.

    Raises:
        NotFound: no file describes it.
        Misconfigured: its file is broken.
        BadInput: its films are planned in Notion.
    """
    found = next((channel for channel in files.channels if channel.channel_id == channel_id), None)
    if found is None:
        raise _unknown(files, channel_id)
    if found.board != "local":
        raise BadInput(
            f"the board of channel {channel_id!r} is Notion, so its films are not added here",
            hint="add a card to its Notion database, or set board: local in its file",
        )
    return found


def _unknown(files: Loaded, channel_id: str) -> VidctlError:
    for problem in files.problems:
        if problem.path.stem == channel_id:
            return Misconfigured(f"the file of channel {channel_id!r} is broken: {problem}", hint=problem.hint)
    near = difflib.get_close_matches(channel_id[:64], [channel.channel_id for channel in files.channels], n=1)
    meant = f"did you mean {near[0]}? " if near else ""
    return NotFound(f"there is no channel {channel_id[:80]!r}", hint=f"{meant}see: vidctl channel list")


def add(db: Db, files: Loaded, films: Sequence[Wanted], *, actor: str, now: datetime) -> list[Seen]:
    """Add films in this order, all or none; the queued ones are made first come, first served.

    Raises:
        NotFound: a channel went away meanwhile.
    """
    # A microsecond apart: films that were added together keep their order.
    moments = [now + timedelta(microseconds=at) for at in range(len(films))]
    new = [(_new(film), moment) for film, moment in zip(films, moments, strict=True)]
    with db.transaction():
        channels.put(db, files.channels, broken=files.broken)
        seen = tasks.add_all(db, new)
        queued = [at for at, film in enumerate(films) if film.queued]
        for at, moved in zip(
            queued, moves.queue_all(db, [(seen[at], moments[at]) for at in queued], actor=actor), strict=True
        ):
            seen[at] = moved
    return seen


def _new(film: Wanted) -> NewTask:
    brief = film.brief
    about = (brief.title, brief.topic, brief.story_direction, brief.priority, brief.privacy)
    return NewTask(film.channel_id, *about, brief.publish_at, mode=film.mode)


def read_story(path: Path) -> str:
    """Return the text of a file that somebody wrote a story direction into.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no file of text, or a very large one.
    """
    from vidctl.engine.yaml_file import Complaint, read_text

    if not path.exists():
        raise NotFound(f"there is no file {path}", hint="give the path of a file of text")
    try:
        return read_text(path, max_bytes=1_000_000)
    except Complaint as exc:
        line = f":{exc.line}" if exc.line else ""
        raise BadInput(f"{path}{line}: {exc}", hint=exc.hint) from exc
