"""Which property of a database is which field of a card: by its id, so that renaming one loses nothing. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vidctl.board.fields import OPTIONS, PROPERTIES, Field

_CHOICES: Final = ("select", "status")
"""The types of a property that has options; people may prefer Notion's own kind of status."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One property as the database has it; `options` maps what a field may say to its option's (id, name)."""

    id: str
    name: str
    type: str
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def said(self, option: Mapping[str, Any]) -> str:
        """Return what an option stands for: its id says so also after somebody renamed it."""
        name = str(option.get("name") or "")
        by_id = next((value for value, (id_, _) in self.options.items() if id_ == option.get("id")), None)
        by_name = next((value for value in self.options if value.casefold() == name.strip().casefold()), None)
        return by_id or by_name or name

    def also(self, value: str) -> list[str]:
        """Return all that the option of a value was ever known to stand for, that value first."""
        id_ = self.options[value][0] if value in self.options else None
        return [value, *(other for other, (its, _) in self.options.items() if its == id_ and other != value)]

    def name_of(self, value: str) -> str:
        """Return the name under which the database knows an option."""
        return self.options[value][1] if value in self.options else value


Schema = Mapping[Field, Kept]


def schema_of(properties: Mapping[str, Any], before: Schema | None = None) -> dict[Field, Kept]:
    """Return which property is which field: by the ids known from before, else by name and type.

    `properties` is what a data source says of itself. A field without a property is absent.
    """
    before = before or {}
    by_id = {str(found.get("id")): found for found in properties.values()}
    schema: dict[Field, Kept] = {}
    for name, wanted in PROPERTIES.items():
        found = by_id.get(before[name].id) if name in before else None
        if found is None or not _fits(found, wanted.type):
            found = _by_name(properties, wanted.name, wanted.type)
        if found is not None:
            schema[name] = _kept(name, found, before.get(name))
    return schema


def _by_name(properties: Mapping[str, Any], name: str, type_: str) -> Mapping[str, Any] | None:
    for found in properties.values():
        same = str(found.get("name", "")).strip().casefold() == name.casefold()
        if (same or type_ == "title" == found.get("type")) and _fits(found, type_):
            return dict(found)
    return None


def _fits(found: Mapping[str, Any], wanted: str) -> bool:
    return found.get("type") == wanted or (wanted == "select" and found.get("type") in _CHOICES)


def _kept(name: Field, found: Mapping[str, Any], before: Kept | None) -> Kept:
    return Kept(str(found["id"]), str(found["name"]), str(found["type"]), dict(_options(name, found, before)))


def _options(name: Field, found: Mapping[str, Any], before: Kept | None) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield what the field may say with its option's id and present name: that of the same id, or of the same name."""
    body = found.get(str(found["type"]))
    there = [(str(o.get("id")), str(o.get("name"))) for o in (body.get("options") or [])] if body else []
    known = dict(before.options) if before else {}
    for value in dict.fromkeys([*OPTIONS.get(name, ()), *known, *(n for _, n in there if name is Field.CHANNEL)]):
        old = known.get(value, ("", ""))[0]
        match = next((o for o in there if o[0] == old), None)
        match = match or next((o for o in there if o[1].strip().casefold() == value.casefold()), None)
        if match is not None:
            yield value, match


def to_json(schema: Schema) -> dict[str, Any]:
    """Return a schema as it is kept."""
    return {
        str(name): {"id": kept.id, "name": kept.name, "type": kept.type, "options": dict(kept.options)}
        for name, kept in schema.items()
    }


def from_json(kept: Mapping[str, Any]) -> dict[Field, Kept]:
    """Return a schema that was kept."""
    return {
        Field(name): Kept(
            one["id"], one["name"], one["type"], {value: (o[0], o[1]) for value, o in one["options"].items()}
        )
        for name, one in kept.items()
        if name in set(Field)
    }
