"""What of a film is elsewhere: in the bucket by its own word, or on the page of its card, and whole there.

What is recorded of either is no proof: people empty buckets and tidy pages up.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vidctl.board.body import MARK, SECTION_OF, Section
from vidctl.board.client import RUN_AGAIN, Notion, connected
from vidctl.board.page_body import PageBody
from vidctl.domain.channel import Channel
from vidctl.domain.storage_keys import storage_key
from vidctl.domain.work import Artifact
from vidctl.engine import errand, scripts
from vidctl.engine.cleanup.inventory import File, Role
from vidctl.engine.context import Context
from vidctl.errors import BadInput, KeyRefused, Misconfigured, Unavailable, VidctlError
from vidctl.storage.files import is_whole, sha256_of
from vidctl.storage.local import Folder
from vidctl.store import Db, exhibits
from vidctl.store.artifacts import Kept
from vidctl.store.pace import SPACING_S, SharedPace
from vidctl.store.tasks import Task

CHECK: Final = "check_files.py"
_TIMEOUT_S: Final = 600.0
_IN_ONE_RUN: Final = 200
"""Files that one process asks for: what names them has to fit on a command line."""
_NOTION_S: Final = 1_800.0
_KINDS: Final = tuple(SECTION_OF)
_OF_ALL: Final = (Unavailable, KeyRefused, Misconfigured)
"""Errors of the board that other films would meet too; those of the bucket all are such."""

_Stored: TypeAlias = tuple[str, str, int]
"""A file's key in the bucket, and the sha256 and the bytes of what has to be there."""


@dataclass(frozen=True, slots=True)
class Film:
    """One film, and what is recorded of its files."""

    task: Task
    channel: Channel
    place: Folder
    kept: Mapping[Artifact, Kept]


_Ask: TypeAlias = Callable[[Film, Sequence[File]], set[str]]


@dataclass(slots=True)
class Elsewhere:
    """Asks the bucket and the board. Who does not answer, or refuses, is not asked again about other films."""

    db: Db
    context: Context
    spacing_s: float = SPACING_S
    _open: ExitStack = field(default_factory=ExitStack)
    _notion: Notion | None = None
    _refused: dict[str, VidctlError] = field(default_factory=dict)

    def close(self) -> None:
        """End the connection to the board."""
        self._open.close()

    def seen(self, film: Film, files: Sequence[File]) -> set[str]:
        """Return the paths of those files that are elsewhere too, as they are here.

        Raises:
            VidctlError: nobody can say now.
        """
        recorded = [file for file in files if file.is_beside or _is_as_recorded(film.place, file)]
        return self._asked("r2", self._in_bucket, film, recorded) | self._asked("notion", self._on_page, film, recorded)

    def _asked(self, service: str, ask: _Ask, film: Film, files: Sequence[File]) -> set[str]:
        try:
            return ask(film, files)
        except VidctlError as error:
            if service == "r2" or isinstance(error, _OF_ALL):
                self._refused.setdefault(service, error)
            raise

    def _require(self, service: str) -> None:
        if (error := self._refused.get(service)) is not None:
            raise error

    def _in_bucket(self, film: Film, files: Sequence[File]) -> set[str]:
        keys = {file.path: found for file in files if (found := _key(film, file)) is not None}
        wanted = list(keys.values())
        there: set[str] = set()
        for at in range(0, len(wanted), _IN_ONE_RUN):
            self._require("r2")
            there |= self._check(film.channel, wanted[at : at + _IN_ONE_RUN])
        return {path for path, (key, *_) in keys.items() if key in there}

    def _check(self, channel: Channel, wanted: Sequence[_Stored]) -> set[str]:
        environment = scripts.environment(channel, CHECK, self.context.environment)
        words = [f"--file={key}:{sha256}:{size}" for key, sha256, size in wanted]
        ran = errand.run([*scripts.program(channel, CHECK), *words], environment, timeout_s=_TIMEOUT_S)
        there = errand.answer(ran, environment, lambda _: None).get("there")
        return {str(key) for key in there} if isinstance(there, list) else set()

    def _on_page(self, film: Film, files: Sequence[File]) -> set[str]:
        """Return what the page of the film's card has itself: neither a smaller copy nor a link."""
        here = {(file.artifact, file.made.sha256): file.path for file in files if file.made and not file.is_beside}
        wanted = [
            item
            for item in exhibits.of_film(self.db, film.task.id, _KINDS)
            if item.is_shown and item.uploaded_sha256 == item.sha256 and not item.remark and item.key is None
        ]
        wanted = [item for item in wanted if (item.artifact, item.sha256) in here]
        if not wanted or film.task.notion_page_id is None:
            return set()
        self._require("notion")
        there = {one for section in {SECTION_OF[item.kind] for item in wanted} for one in self._below(film, section)}
        return {here[item.artifact, item.sha256] for item in wanted if (item.artifact, item.sha256[:MARK]) in there}

    def _below(self, film: Film, section: Section) -> Iterator[tuple[Artifact, str]]:
        heading, _ = exhibits.heading_of(self.db, film.task.id, section)
        if heading is not None:
            for found in PageBody(self._board(), str(film.task.notion_page_id)).found_below(heading):
                yield found.artifact, found.mark

    def _board(self) -> Notion:
        if self._notion is None:
            pace = SharedPace(self.db, spacing_s=self.spacing_s)
            opened = connected(self.context.environment, pace, budget_s=_NOTION_S, later=RUN_AGAIN)
            self._notion = self._open.enter_context(opened)
        return self._notion


def _is_as_recorded(place: Folder, file: File) -> bool:
    return file.made is not None and is_whole(place.path(file.path), file.made, modified_ns=file.modified_ns)


def _key(film: Film, file: File) -> _Stored | None:
    """Return what a file is called in the bucket, and what has to be there; None where it cannot be there."""
    if file.made is None or file.artifact is None:
        return None
    sha256 = sha256_of(film.place.path(file.path)) if file.is_beside else file.made.sha256
    if file.role is Role.IN_USE:
        stored = film.kept[file.artifact].stored if file.artifact in film.kept else ()
        key = next((one.key for one in stored if (one.path, one.sha256) == (file.path, sha256)), None)
        return (key, sha256, file.size_bytes) if key else None
    if film.channel.storage_strategy != "r2":
        return None
    task_id, name = str(film.task.id), file.path
    with suppress(BadInput):  # nothing has such a key
        key = storage_key(film.channel.channel_id, task_id, file.artifact, sha256=sha256, file_name=name)
        return key, sha256, file.size_bytes
    return None
