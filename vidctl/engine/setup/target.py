"""Which database a set-up is about: the one that is named, one that was made before, or none yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vidctl.board.client import Notion
from vidctl.board.errors import NotShared, names_a_page
from vidctl.engine.setup import channel_file, choosing, database
from vidctl.engine.setup.choosing import File, Files
from vidctl.engine.setup.database import Database
from vidctl.errors import BadInput, NotFound

TITLE: Final = "vidctl films"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked for; ids as Notion writes them."""

    files: Files
    channel_ids: Sequence[str] = ()
    parent: str | None = None
    database_id: str | None = None
    title: str = TITLE
    dry_run: bool = False


def channels_of(wanted: Wanted) -> list[File]:
    """Return the files of the channels to set up; refuse, before anything is made, what could not be finished.

    Raises:
        BadInput: there is no channel to set up.
        NotFound, Misconfigured: one is not there, or its file could not be told its database.
    """
    files = wanted.files.chosen(wanted.channel_ids)
    if not files:
        raise BadInput(
            "no channel has its board on Notion",
            hint="name the one that shall: vidctl notion setup --parent PAGE --channel ID",
        )
    for file in files:
        channel_file.edited(file.path, file.saying(choosing.ANY_ID))
    return files


def target(notion: Notion, wanted: Wanted, files: Sequence[File], bot: str) -> Database | None:
    """Return the database to work on; None where one has to be made on the parent page.

    Raises:
        BadInput: the channels cannot share a database, or it is not said where to make one.
        BadInput, Misconfigured: what the command, or a file, names as a database is a page.
        NotFound: the integration does not see the page or the database.
    """
    named = choosing.only_database(files)
    if wanted.database_id is not None:
        found = _wanted(notion, wanted.database_id, bot)
        if named not in {found.id, found.source_id, None}:
            raise _elsewhere(files, named)
        return found
    if named is not None:
        found = _named(notion, named, files, bot)
        if wanted.parent is not None and found.parent_page not in {wanted.parent, None}:
            raise _elsewhere(files, named)
        return found
    return _on_page(notion, wanted, files, bot)


def _wanted(notion: Notion, id_: str, bot: str) -> Database:
    """Return the database that the command names."""
    try:
        return database.find(notion, id_)
    except NotShared as exc:
        if notion.sees(f"pages/{id_}"):
            hint = f"to make a database on that page: --parent {id_}; one that is there has a link of its own"
            raise BadInput(f"{id_} is a page, no database", hint=hint) from exc
        raise NotFound(database.unseen(bot, id_), hint=f"{database.share(bot)}; or correct --database") from exc


def _named(notion: Notion, id_: str, files: Sequence[File], bot: str) -> Database:
    """Return the database that files name."""
    try:
        return database.find(notion, id_)
    except NotShared as exc:
        paths = " and ".join(str(file.path) for file in files if file.named)
        if notion.sees(f"pages/{id_}"):
            raise names_a_page(paths, id_) from exc
        hint = f"{database.share(bot)}; or correct notion_database_id in {paths}"
        raise NotFound(database.unseen(bot, id_), hint=hint) from exc


def _on_page(notion: Notion, wanted: Wanted, files: Sequence[File], bot: str) -> Database | None:
    """Return the database that an earlier set-up made on the parent page, and did not live to name in a file."""
    if wanted.parent is None:
        raise BadInput(
            "it is not said where the database shall be made",
            hint="name a page that is shared with the integration: --parent PAGE; or a database: --database ID",
        )
    database.require_page(notion, wanted.parent, bot)
    found = database.look_for(notion, wanted.parent, wanted.title)
    if found is not None and (others := wanted.files.others(files, found.id)):
        raise BadInput(
            f"there is a {wanted.title!r} on that page already, with the cards of {_ids(others)}",
            hint=f"to share it: --database {found.id}; to make another one: --title NAME",
        )
    return found


def _elsewhere(files: Sequence[File], named: str | None) -> BadInput:
    there = [file for file in files if file.named]
    return BadInput(
        f"the cards of {_ids(there)} are in another database already: {named}",
        hint="set up those channels alone that have none: --channel ID; a channel moves only by its file, by hand",
    )


def _ids(files: Sequence[File]) -> str:
    return ", ".join(file.channel_id for file in files)
