"""Set a board up: find or make its database, give it what it lacks, and name it in the channels' files."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from vidctl.board.client import Json, Notion
from vidctl.board.errors import NotionRejected
from vidctl.board.fields import PROPERTIES, Field
from vidctl.board.inspect import Finding, Severity, inspect
from vidctl.board.schema import Schema, schema_of
from vidctl.domain.channel import Channel
from vidctl.engine.setup import channel_file, database, tabs
from vidctl.engine.setup.choosing import File
from vidctl.engine.setup.columns import additions, applied, columns
from vidctl.engine.setup.database import Database
from vidctl.engine.setup.kept import kept_schema, remember
from vidctl.engine.setup.target import Wanted, channels_of, target
from vidctl.store import Db, boards


@dataclass(slots=True)
class Done:
    """What was done, or would be."""

    title: str
    channels: list[str]
    database_id: str = ""
    """"" where it would be made."""
    url: str = ""
    made: bool = False
    properties: list[str] = field(default_factory=list)
    options: dict[str, list[str]] = field(default_factory=dict)
    views: list[str] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """What is wrong still."""

    @property
    def changed(self) -> bool:
        """Whether anything was done at all."""
        return bool(self.made or self.properties or self.options or self.views or self.files)


@dataclass(frozen=True, slots=True)
class _Site:
    """Where the work is done."""

    db: Db
    notion: Notion
    files: Sequence[File]
    channels: Sequence[Channel]
    """Of all cards in the database, those of channels that were not named too."""
    before: Schema
    bot_id: str


def set_up(db: Db, notion: Notion, wanted: Wanted) -> Done:
    """Do what is missing, and nothing else.

    Raises:
        BadInput: the channels cannot share a database, or it is not said where to make one.
        NotFound: the integration does not see the page or the database.
        NotionUnavailable: Notion does not answer; the same command goes on later.
    """
    files = channels_of(wanted)
    bot = notion.me()
    with nullcontext() if wanted.dry_run else boards.alone(db):
        found = target(notion, wanted, files, str(bot.get("name") or "vidctl"))
        done = Done(wanted.title, [file.channel_id for file in files])
        if found is None:
            found = _made(notion, wanted, files, done)
        done.title, done.url, done.database_id = found.title, found.url, found.id
        channels = [file.channel for file in (*files, *wanted.files.others(files, found.id))]
        before = kept_schema(db, _known_as(files, found))
        site = _Site(db, notion, files, channels, before, str(bot.get("id") or ""))
        done.files = [file.path for file in files if not file.is_set_up]
        _note(done, found, additions(found.properties, schema_of(found.properties, before), channels))
        if wanted.dry_run:
            _plan(site, found, done)
        else:
            _complete(site, found, done)
        return done


def _made(notion: Notion, wanted: Wanted, files: Sequence[File], done: Done) -> Database:
    """Make the database, or only say how it would be."""
    channels = [file.channel for file in files]
    done.made, done.properties = True, list(columns(channels))
    if wanted.dry_run:
        return Database("", wanted.title, "", wanted.parent, "", applied({}, columns(channels)), ())
    return database.make(notion, str(wanted.parent), wanted.title, channels)


def _note(done: Done, found: Database, added: Json) -> None:
    """Note which properties and options are missing."""
    names = {str(one["id"]): str(one["name"]) for one in found.properties.values()}
    for key, one in added.items():
        (body,) = one.values()
        if key in names:
            done.options[names[key]] = [option["name"] for option in body["options"] if "id" not in option]
        else:
            done.properties.append(key)


def _plan(site: _Site, found: Database, done: Done) -> None:
    """Note which views would be made once the columns are there, and what would be wrong still."""
    added = additions(found.properties, schema_of(found.properties, site.before), site.channels)
    whole = applied(found.properties, added)
    all_of_them = tabs.wanted(schema_of(whole, site.before), site.channels)
    new = tabs.lacking(site.notion, found, all_of_them) if found.id else all_of_them
    done.views = [view.name for view in new]
    done.findings = inspect(whole, site.before, site.channels)


def _complete(site: _Site, found: Database, done: Done) -> None:
    """Give a database what it lacks, and name it in the files: the columns first, since a tick may read it at once."""
    found = database.complete(site.notion, found, site.before, site.channels, formulas=False)
    for file in site.files:
        if not file.is_set_up:
            channel_file.write(file.path, file.saying(found.id))
    found, trouble = _with_formulas(site, found, done)
    remember(site.db, _known_as(site.files, found), found, site.before, bot_id=site.bot_id)
    new = tabs.lacking(site.notion, found, tabs.wanted(schema_of(found.properties, site.before), site.channels))
    done.views, refused = tabs.make(site.notion, found, new)
    done.findings = [*trouble, *inspect(found.properties, site.before, site.channels), *refused]


def _with_formulas(site: _Site, found: Database, done: Done) -> tuple[Database, list[Finding]]:
    """Add the formulas, each of which Notion may refuse: the rest of the database works without."""
    try:
        return database.complete(site.notion, found, site.before, site.channels, formulas=True), []
    except NotionRejected as exc:
        name = PROPERTIES[Field.TIME_IN_STATUS].name
        done.properties.remove(name)
        cure = "add it by hand, or go without: it only says how long a film has been in its status"
        return found, [Finding(Severity.WARNING, name, f"Notion does not take the formula: {exc}", cure)]


def _known_as(files: Sequence[File], found: Database) -> str:
    """Return the id under which a database is remembered: that which the files name it with."""
    return next((id_ for file in files if (id_ := file.database_id)), found.id)
