"""What a board's database lacks, what is wrong with it, and how to cure that. Pure."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from vidctl.board.channels import labels
from vidctl.board.fields import MAX_OPTIONS, PROPERTIES, Field
from vidctl.board.schema import Kept, Schema, schema_of
from vidctl.board.views import View
from vidctl.domain.channel import Channel

SET_UP: Final = "vidctl notion setup adds it"

_TO_LOOK_AT: Final = frozenset(
    {
        *(Field.PROGRESS, Field.RETRY, Field.YOUTUBE_URL, Field.COST, Field.UPDATED),
        *(Field.STATUS_SINCE, Field.TIME_IN_STATUS, Field.ASSETS),
    }
)
"""What vidctl only shows: without it people see less, and everything goes on."""

_ALIKE: Final = 0.6


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """It keeps vidctl from working, or from hearing what people say on the board."""
    WARNING = "warning"
    """People see less."""
    NOTE = "note"
    """It works as it is; it is worth knowing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about a database. `about` is the property it is about, or another word for its place."""

    severity: Severity
    about: str
    what: str
    cure: str


Option = tuple[str, str]
"""A name and a colour."""


def wanted_options(name: Field, channels: Sequence[Channel]) -> list[Option]:
    """Return what a select has to offer in a database with the cards of these channels, in order."""
    if name is Field.CHANNEL:
        named = labels(channels)
        return [(named[channel.channel_id], channel.color) for channel in channels]
    return [(option["name"], option["color"]) for option in PROPERTIES[name].more.get("options", ())]


def missing_options(name: Field, kept: Kept, channels: Sequence[Channel]) -> list[Option]:
    """Return what a select does not offer yet; an option that somebody renamed is there."""
    known = {value.strip().casefold() for value in kept.options}
    return [option for option in wanted_options(name, channels) if option[0].casefold() not in known]


def missing_fields(properties: Mapping[str, Any], schema: Schema) -> list[Field]:
    """Return the fields for which a property can be added: where none has the name, whatever its type."""
    taken = {_plain(found) for found in properties.values()}
    return [name for name, one in PROPERTIES.items() if name not in schema and one.name.casefold() not in taken]


def options_there(properties: Mapping[str, Any], kept: Kept) -> list[Mapping[str, Any]]:
    """Return the options of a select as the database shows them."""
    body = next((found.get(kept.type) for found in properties.values() if found.get("id") == kept.id), None)
    return list((body or {}).get("options") or [])


def inspect(properties: Mapping[str, Any], before: Schema, channels: Sequence[Channel]) -> list[Finding]:
    """Return what is wrong with the properties of a data source; `before` is how they were known last."""
    schema = schema_of(properties, before)
    findings: list[Finding] = []
    for name in PROPERTIES:
        kept = schema.get(name)
        if kept is None:
            findings.append(_absent(name, properties, schema, channels))
        else:
            findings += _renamed(name, kept)
            findings += _options(name, kept, properties, channels)
            findings += _renamed_options(name, kept, before, channels)
    return findings + list(_colours(schema, properties, channels))


def inspect_views(missing: Iterable[View]) -> list[Finding]:
    """Return what to say of views that are not there."""
    return [
        Finding(Severity.WARNING, view.name, f"there is no view {view.name!r}", "vidctl notion setup makes it")
        for view in missing
    ]


def _plain(found: Mapping[str, Any]) -> str:
    return str(found.get("name") or "").strip().casefold()


def _severity(name: Field, channels: Sequence[Channel]) -> Severity:
    """Return how bad it is that a field cannot be used."""
    only = name is Field.CHANNEL and len(channels) == 1  # a card without a channel belongs to the only one
    return Severity.WARNING if only or name in _TO_LOOK_AT else Severity.ERROR


def _absent(name: Field, properties: Mapping[str, Any], schema: Schema, channels: Sequence[Channel]) -> Finding:
    """Return why a field has no property: another has its name, somebody renamed it, or it is not there."""
    wanted = PROPERTIES[name]
    how_bad = _severity(name, channels)
    twin = next((found for found in properties.values() if _plain(found) == wanted.name.casefold()), None)
    if twin is not None:
        what = f"the property {wanted.name!r} is of the type {twin.get('type')}, not {wanted.type}"
        cure = f"in Notion change its type; or give it another name there, and {SET_UP}"
        return Finding(how_bad, wanted.name, what, cure)
    alike = _lookalike(wanted.name, wanted.type, properties, schema)
    if alike is not None:
        what = f"there is no property {wanted.name!r}; {alike!r} looks as if it were that one, renamed"
        return Finding(how_bad, wanted.name, what, f"in Notion name it {wanted.name!r} again; or {SET_UP}, empty")
    return Finding(how_bad, wanted.name, f"there is no property {wanted.name!r} ({wanted.type})", SET_UP)


def _lookalike(name: str, type_: str, properties: Mapping[str, Any], schema: Schema) -> str | None:
    used = {kept.id for kept in schema.values()}
    names = [
        str(found.get("name"))
        for found in properties.values()
        if found.get("type") == type_ and found["id"] not in used
    ]
    return _alike(name, names)


def _alike(name: str, names: Sequence[str]) -> str | None:
    by_case = {one.casefold(): one for one in names}
    near = difflib.get_close_matches(name.casefold(), list(by_case), n=1, cutoff=_ALIKE)
    inside = [one for one in by_case if one and (one in name.casefold() or name.casefold() in one)]
    found = [*near, *inside]
    return by_case[found[0]] if found else None


def _renamed(name: Field, kept: Kept) -> Iterator[Finding]:
    wanted = PROPERTIES[name].name
    if name is not Field.TITLE and kept.name.strip().casefold() != wanted.casefold():
        what = f"the property {wanted!r} is called {kept.name!r} now; vidctl knows it by its id and goes on with it"
        yield Finding(Severity.NOTE, wanted, what, "nothing has to be done")


def _options(name: Field, kept: Kept, properties: Mapping[str, Any], channels: Sequence[Channel]) -> Iterator[Finding]:
    missing = [option for option, _ in missing_options(name, kept, channels)]
    if not missing:
        return
    there = options_there(properties, kept)
    meant = {option.casefold() for option, _ in wanted_options(name, channels)}
    known = {id_ for value, (id_, _) in kept.options.items() if name is not Field.CHANNEL or value.casefold() in meant}
    strange = [str(option.get("name")) for option in there if option.get("id") not in known]
    guesses = [f"{alike!r} looks like {one!r}" for one in missing if (alike := _alike(one, strange))]
    what = f"{kept.name} cannot say {_listed(missing)}" + (f" ({'; '.join(guesses[:3])})" if guesses else "")
    cure = SET_UP if len(missing) == 1 else "vidctl notion setup adds them"
    if len(there) + len(missing) > MAX_OPTIONS:
        cure = f"add it in Notion by hand: Notion lets nobody else change a select of more than {MAX_OPTIONS} options"
    yield Finding(_severity(name, channels), PROPERTIES[name].name, what, cure)


def _renamed_options(name: Field, kept: Kept, before: Schema, channels: Sequence[Channel]) -> Iterator[Finding]:
    meant = {option for option, _ in wanted_options(name, channels)}
    known = before[name].options if name in before else {}
    for value, (id_, now) in kept.options.items():
        same = value in known and known[value][0] == id_
        if value in meant and same and now.strip().casefold() != value.casefold():
            what = f"the option {str(value)!r} of {kept.name} is called {now!r} now; vidctl knows it by its id"
            yield Finding(Severity.NOTE, PROPERTIES[name].name, what, "nothing has to be done")


def _colours(schema: Schema, properties: Mapping[str, Any], channels: Sequence[Channel]) -> Iterator[Finding]:
    """Yield each channel whose colour is not that of its file: nobody but a person in Notion can change one."""
    kept = schema.get(Field.CHANNEL)
    if kept is None:
        return
    colour = {str(option.get("id")): option.get("color") for option in options_there(properties, kept)}
    for (label, wanted), channel in zip(wanted_options(Field.CHANNEL, channels), channels, strict=True):
        now = colour.get(kept.options[label][0]) if label in kept.options else wanted
        if wanted not in {now, "default"}:
            what = f"{label} is {now} on the board, and {wanted} in the file of {channel.channel_id}"
            cure = f"in Notion make the option {wanted}: an integration may not; or set color: {now}"
            yield Finding(Severity.NOTE, kept.name, what, cure)


def _listed(names: Sequence[str]) -> str:
    most = 6
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
