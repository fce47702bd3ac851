"""A card as Notion writes it, and as vidctl means it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from vidctl.board.errors import NotAPage
from vidctl.board.fields import PROPERTIES, Field
from vidctl.board.schema import Kept, Schema
from vidctl.board.texts import Run, plain, readable, runs_of
from vidctl.domain.moments import moment_of

Value: TypeAlias = str | float | None
Shown: TypeAlias = Mapping[Field, Value]
"""What a card shows, field by field: texts without their formatting, moments as `2026-11-25T14:05Z`."""

_TEXTS: Final = ("title", "rich_text")
MENTIONS: Final = 25
"""A text with this many references may be cut off where a page is read as a whole."""


@dataclass(frozen=True, slots=True)
class Card:
    """One page of a board, read at one moment."""

    page_id: str
    url: str
    data_source_id: str
    edited_at: datetime
    """To the minute, rounded down: so Notion keeps it."""
    editor: str
    in_trash: bool
    icon: bool
    shown: Shown
    texts: Mapping[Field, Sequence[Run]] = field(default_factory=dict)
    """The runs of each text, with their formatting."""

    @property
    def status(self) -> str | None:
        """What its Status says, known or not."""
        said = self.shown.get(Field.STATUS)
        return None if said is None else str(said)

    def said(self, name: Field) -> str:
        """Return a field as a text; "" where it is empty."""
        value = self.shown.get(name)
        return "" if value is None else str(value)


def read(page: Mapping[str, Any], schema: Schema) -> Card:
    """Return the card that a page is.

    Raises:
        NotAPage: it is none.
    """
    try:
        by_id = {str(found["id"]): found for found in page["properties"].values()}
        found = {name: by_id[kept.id] for name, kept in schema.items() if kept.id in by_id}
        parent = page["parent"]
        return Card(
            page_id=str(page["id"]),
            url=readable(str(page.get("url") or "")),
            data_source_id=str(parent.get("data_source_id") or parent.get("database_id") or ""),
            edited_at=moment_of(page["last_edited_time"]),
            editor=str(page["last_edited_by"]["id"]),
            in_trash=bool(page.get("in_trash") or page.get("is_archived")),
            icon=page.get("icon") is not None,
            shown={name: _value(schema[name], value) for name, value in found.items()},
            texts={name: value[value["type"]] for name, value in found.items() if value["type"] in _TEXTS},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as exc:
        which = page.get("id") if isinstance(page, Mapping) else None
        why = f"{type(exc).__name__}: {str(exc)[:80]}"
        raise NotAPage(
            f"Notion answered something that is no page ({which or 'without an id'}: {why})",
            hint="the next sync reads it again; if it stays so, look at that page in Notion",
        ) from exc


def moment(at: datetime) -> str:
    """Return a moment as a card's date keeps it: to the minute."""
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='minutes')}Z"


def _value(kept: Kept, property_: Mapping[str, Any]) -> Value:
    """Return what one property says."""
    type_ = property_["type"]
    value = property_[type_]
    if type_ in _TEXTS:
        return plain(value)
    if value is None:
        return None
    if type_ in {"select", "status"}:
        return readable(kept.said(value))
    if type_ == "date":
        return _date(value["start"])
    if type_ == "number":
        return float(value)
    return readable(str(value)) if type_ == "url" else None


def _date(start: str) -> str:
    """Return a date as it is, and a moment to the minute in UTC; what is neither stays as it was written."""
    try:
        return start if len(start) <= len("2026-11-25") else moment(moment_of(start))
    except ValueError:
        return readable(start)


def truncated(card: Card) -> list[Field]:
    """Return the texts that may go on beyond what the page says of them."""
    return [name for name, runs in card.texts.items() if sum(run.get("type") == "mention" for run in runs) >= MENTIONS]


def with_texts(card: Card, texts: Mapping[Field, Sequence[Run]]) -> Card:
    """Return a card with these texts in full."""
    shown = {name: plain(runs) for name, runs in texts.items()}
    return replace(card, shown={**card.shown, **shown}, texts={**card.texts, **texts})


def properties(schema: Schema, values: Mapping[Field, Value | Sequence[Run]]) -> dict[str, Any]:
    """Return what a page has to be told so that its fields say this; fields without a property are left out."""
    return {schema[name].id: written(schema[name], value) for name, value in values.items() if name in schema}


def written(kept: Kept, value: Value | Sequence[Run]) -> dict[str, Any]:
    """Return one property in the form in which it is written."""
    type_ = kept.type
    if type_ in _TEXTS:
        return {
            type_: list(value)
            if isinstance(value, Sequence) and not isinstance(value, str)
            else runs_of(str(value or ""))
        }
    if type_ in {"select", "status"}:
        return {type_: None if value is None else {"name": kept.name_of(str(value))}}
    if type_ == "date":
        return {type_: None if value is None else {"start": _iso(str(value))}}
    return {type_: value}


def _iso(shown: str) -> str:
    return shown.replace("Z", ":00.000Z") if "T" in shown else shown


def differing(wanted: Shown, shown: Shown) -> dict[Field, Value]:
    """Return the fields of `wanted` that a card shows otherwise; nothing and "" are the same to whoever looks."""
    return {name: value for name, value in wanted.items() if not _same(name, value, shown.get(name))}


def _same(name: Field, one: Value, other: Value) -> bool:
    if PROPERTIES[name].type == "number":
        return round(float(one or 0), 2) == round(float(other or 0), 2)
    return (one or "") == (other or "")
