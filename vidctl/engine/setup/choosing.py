"""Which channels a database is for, and which database their files name already."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidctl.domain.channel import Channel, from_fields
from vidctl.domain.notion_id import notion_id
from vidctl.engine import channel_files
from vidctl.engine.channel_files import DEFAULTS, MAX_BYTES, Problem
from vidctl.engine.setup.channel_file import ID
from vidctl.engine.yaml_file import Complaint, compose, fields_of, read_text
from vidctl.errors import BadInput, Misconfigured, NotFound

ANY_ID: Final = "00000000-0000-0000-0000-000000000000"
"""In the place of one that is not known yet."""


@dataclass(frozen=True, slots=True)
class File:
    """A channel and its file. `named` is what the file says of its database; "" where it says nothing."""

    path: Path
    channel: Channel
    named: str

    @property
    def channel_id(self) -> str:
        """What the channel is called on the command line."""
        return self.channel.channel_id

    @property
    def database_id(self) -> str | None:
        """The database of its cards, None where it has none yet.

        Raises:
            BadInput: what the file names is no id.
        """
        if not self.named:
            return None
        try:
            return notion_id(self.named)
        except BadInput as exc:
            raise BadInput(f"{self.path}: {ID}: {exc}", hint=exc.hint) from exc

    @property
    def is_set_up(self) -> bool:
        """Whether it says where the channel's cards are."""
        return bool(self.named) and self.channel.board == "notion"

    def saying(self, database_id: str) -> dict[str, str]:
        """Return what the file has to say so that the channel's cards are in a database."""
        board = {} if self.channel.board == "notion" else {"board": "notion"}
        return {**board, ID: database_id}


@dataclass(frozen=True, slots=True)
class Files:
    """Every channel file that can be used, or could be once it names a database."""

    files: tuple[File, ...]
    problems: tuple[Problem, ...]

    @property
    def on_notion(self) -> list[File]:
        """The channels whose board is Notion."""
        return [file for file in self.files if file.channel.board == "notion"]

    def chosen(self, channel_ids: Sequence[str]) -> list[File]:
        """Return the files of these channels, once each; of all on Notion where none is named.

        Raises:
            NotFound: there is no such channel.
            Misconfigured: its file is broken.
        """
        if not channel_ids:
            return self.on_notion
        known = {file.channel_id: file for file in self.files}
        broken = {problem.path.stem: problem for problem in self.problems}
        for one in channel_ids:
            if one in broken:
                raise Misconfigured(str(broken[one]), hint=broken[one].hint)
            if one not in known:
                raise NotFound(f"there is no channel {one!r}", hint="see: vidctl channel list")
        return [known[one] for one in dict.fromkeys(channel_ids)]

    def others(self, chosen: Iterable[File], database_id: str) -> list[File]:
        """Return the channels besides `chosen` whose cards are in a database."""
        ids = {file.channel_id for file in chosen}
        return [file for file in self.on_notion if file.channel_id not in ids and _names(file, database_id)]


def read(folder: Path) -> Files:
    """Read every channel file; one that lacks nothing but its database is as good as the others.

    Raises:
        Misconfigured: there is no such folder, or the defaults cannot be used.
    """
    loaded = channel_files.load(folder)
    whole = [
        File(folder / f"{channel.channel_id}.yaml", channel, channel.notion_database_id or "")
        for channel in loaded.channels
    ]
    found = {problem.path: _without_database(problem) for problem in loaded.problems}
    ready = [file for file in found.values() if file is not None]
    broken = tuple(problem for problem in loaded.problems if found[problem.path] is None)
    return Files(tuple(sorted([*whole, *ready], key=lambda file: file.channel_id)), broken)


def only_database(chosen: Iterable[File]) -> str | None:
    """Return the one database that these channels name; None where none of them names any.

    Raises:
        BadInput: they name several.
    """
    by_id: dict[str, list[str]] = {}
    for file in chosen:
        if (id_ := file.database_id) is not None:
            by_id.setdefault(id_, []).append(file.channel_id)
    if len(by_id) > 1:
        said = "; ".join(f"{', '.join(names)} in {id_}" for id_, names in by_id.items())
        raise BadInput(
            f"the channels have their cards in {len(by_id)} databases: {said}",
            hint="name those of one database: --channel ID",
        )
    return next(iter(by_id), None)


def _names(file: File, database_id: str) -> bool:
    try:
        return file.database_id == database_id
    except BadInput:
        return False


def _without_database(problem: Problem) -> File | None:
    """Return a file that is broken only in what it says of its database; None where it is broken otherwise."""
    if f"`$.{ID}`" not in problem.message:
        return None
    try:
        below, own = _fields(problem.path.with_name(DEFAULTS)), _fields(problem.path)
        # Sections are not merged here, but each of them is whole by itself; nothing of them is used.
        fields = {**below, **own}
        fields.pop("limits", None)
        channel = from_fields({**fields, ID: ANY_ID})
    except (Complaint, Misconfigured):
        return None
    named = str(fields.get(ID) or "")
    return File(problem.path, channel, named) if channel.channel_id == problem.path.stem else None


def _fields(path: Path) -> Mapping[str, Any]:
    if not path.exists():
        return {}
    fields, _ = fields_of(compose(read_text(path, max_bytes=MAX_BYTES)))
    return fields
