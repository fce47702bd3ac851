"""Which views a board's database has: what each is called, shows, sorts by and looks like. Pure.

A view is known by its name. What people change of one, or add, is theirs: nothing here is ever compared.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vidctl.board.fields import Field
from vidctl.board.schema import Kept, Schema
from vidctl.domain.status import ERRORS, GATES, OPTIONAL_GATES, Status

KANBAN: Final = "Kanban"
NEEDS_REVIEW: Final = "Needs Review"
MISTAKES: Final = "Errors"
PUBLISHED: Final = "Published"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """One view, as `POST /views` takes it besides the database that it is for."""

    name: str
    type: str
    configuration: Json
    filter: Json | None = None
    sorts: tuple[Json, ...] = ()
    first: bool = False
    """Whether it stands before the views that are there: it is what people see who open the database."""

    def body(self, database_id: str, data_source_id: str) -> Json:
        """Return the request that makes it."""
        return {
            "database_id": database_id,
            "data_source_id": data_source_id,
            "name": self.name,
            "type": self.type,
            "configuration": self.configuration,
            "position": {"type": "start" if self.first else "end"},
            **({"filter": self.filter} if self.filter else {}),
            **({"sorts": list(self.sorts)} if self.sorts else {}),
        }


def views(schema: Schema, channels: Sequence[str]) -> list[View]:
    """Return every view that a database should have, of those for which it has the properties.

    `channels` is what the Channel of its cards may say.
    """
    if Field.STATUS not in schema:
        return []
    optional = OPTIONAL_GATES if Field.PROGRESS in schema else ()
    return [
        View(KANBAN, "board", _columns(schema), sorts=_by(schema, Field.PRIORITY, "ascending"), first=True),
        *_of_statuses(NEEDS_REVIEW, GATES, schema, _REVIEWED, "ascending", optional=optional),
        *_of_statuses(MISTAKES, ERRORS, schema, _FAILED, "ascending"),
        *_of_statuses(PUBLISHED, [Status.PUBLISHED], schema, _DONE, "descending"),
        *_of_channels(schema, channels),
    ]


def missing(wanted: Iterable[View], there: Iterable[str]) -> list[View]:
    """Return the views that none is called like."""
    names = {_plain(name) for name in there}
    return [view for view in wanted if _plain(view.name) not in names]


_REVIEWED: Final = (Field.CHANNEL, Field.STATUS, Field.TIME_IN_STATUS, Field.REVIEW_NOTES, Field.ASSETS, Field.COST)
_FAILED: Final = (Field.CHANNEL, Field.STATUS, Field.TIME_IN_STATUS, Field.ERROR_LOG, Field.RETRY, Field.COST)
_DONE: Final = (Field.CHANNEL, Field.YOUTUBE_URL, Field.PRIVACY, Field.STATUS_SINCE, Field.COST)
"""The columns of a table after the title, from left to right."""

_ON_A_CARD: Final = (Field.CHANNEL, Field.PROGRESS, Field.TIME_IN_STATUS, Field.RETRY)


def _plain(name: str) -> str:
    return name.strip().casefold()


def _of_statuses(
    name: str,
    statuses: Sequence[Status],
    schema: Schema,
    shown: Sequence[Field],
    direction: str,
    *,
    optional: Sequence[Status] = (),
) -> Iterator[View]:
    """Yield a table of the cards in one of these statuses, by how long they have been there.

    In an `optional` one are those that ask something there.
    """
    either = [_says(schema[Field.STATUS], status) for status in statuses if _is_known(schema, status)]
    either += [_asks(schema, status) for status in optional if _is_known(schema, status)]
    if either:
        table = {"type": "table", "properties": _shown(schema, (Field.TITLE, *shown), hidden=True)}
        by_age = _by(schema, Field.STATUS_SINCE, direction)
        yield View(name, "table", table, either[0] if len(either) == 1 else {"or": either}, by_age)


def _of_channels(schema: Schema, channels: Sequence[str]) -> Iterator[View]:
    """Yield a board for each channel."""
    if Field.CHANNEL not in schema:
        return
    taken = {_plain(name) for name in (KANBAN, NEEDS_REVIEW, MISTAKES, PUBLISHED)}
    known = {_plain(value): value for value in schema[Field.CHANNEL].options}
    for label in channels:
        if _plain(label) in known:
            name = f"{label} (channel)" if _plain(label) in taken else label
            own = _says(schema[Field.CHANNEL], known[_plain(label)])
            yield View(name, "board", _columns(schema), own, _by(schema, Field.PRIORITY, "ascending"))


def _columns(schema: Schema) -> Json:
    """Return how a board looks that has a column for each status, empty ones too: cards are dragged there."""
    status = schema[Field.STATUS]
    group = {"type": status.type, "property_id": status.id, "sort": {"type": "manual"}, "hide_empty_groups": False}
    if status.type == "status":
        group["group_by"] = "option"
    cards = _shown(schema, (Field.TITLE, *_ON_A_CARD))
    return {"type": "board", "group_by": group, "properties": cards, "cover_size": "medium", "card_layout": "list"}


def _shown(schema: Schema, fields: Sequence[Field], *, hidden: bool = False) -> list[Json]:
    """Return which properties are shown, in this order; the others are not named, or `hidden`."""
    seen = [{"property_id": schema[name].id, "visible": True} for name in fields if name in schema]
    others = [name for name in schema if name not in fields] if hidden else []
    return seen + [{"property_id": schema[name].id, "visible": False} for name in others]


def _says(kept: Kept, value: str) -> Json:
    return {"property": kept.id, kept.type: {"equals": kept.name_of(value)}}


def _is_known(schema: Schema, status: Status) -> bool:
    return status in schema[Field.STATUS].options


def _asks(schema: Schema, status: Status) -> Json:
    """Return the filter of cards that wait for a person in a status that others only pass: these have no Progress."""
    progress = schema[Field.PROGRESS]
    asks = {"property": progress.id, progress.type: {"is_not_empty": True}}
    return {"and": [_says(schema[Field.STATUS], status), asks]}


def _by(schema: Schema, name: Field, direction: str) -> tuple[Json, ...]:
    return ({"property": schema[name].id, "direction": direction},) if name in schema else ()
