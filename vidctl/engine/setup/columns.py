"""The properties of a database as Notion is asked for them: all of a new one, or what an old one lacks. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vidctl.board.fields import MAX_OPTIONS, PROPERTIES, Field
from vidctl.board.inspect import Option, missing_fields, missing_options, options_there, wanted_options
from vidctl.board.schema import Kept, Schema
from vidctl.domain.channel import Channel
from vidctl.domain.status import Phase, Status, phase_of

Json = dict[str, Any]

_GROUP: Final = {Phase.WAITING: "To-do", Phase.DONE: "Complete"}
"""Of Notion's own kind of status; all other phases are in progress."""


def columns(channels: Sequence[Channel]) -> Json:
    """Return the properties of a new database, all but the formulas: they name others, which have to be there."""
    return {one.name: _new(name, {}, channels) for name, one in PROPERTIES.items() if one.type != "formula"}


def additions(
    properties: Mapping[str, Any], schema: Schema, channels: Sequence[Channel], *, formulas: bool | None = None
) -> Json:
    """Return what a data source has to be told so that it lacks nothing: formulas, all others, or (None) both.

    Options that are there are named again with their ids, since one that is not named is removed.
    """
    wanted = {PROPERTIES[name].name: _new(name, schema, channels) for name in missing_fields(properties, schema)}
    for name, kept in schema.items():
        new = missing_options(name, kept, channels)
        there = options_there(properties, kept)
        if new and len(there) < MAX_OPTIONS:
            wanted[kept.id] = {kept.type: {"options": _merged(name, kept, there, new)}}
    return {key: one for key, one in wanted.items() if formulas is None or ("formula" in one) is formulas}


def applied(properties: Mapping[str, Any], added: Json) -> Json:
    """Return the properties as a data source would show them afterwards; what is new has its name for an id."""
    by_id = {str(found["id"]): found for found in properties.values()}
    changed = dict(properties)
    for key, one in added.items():
        ((type_, body),) = one.items()
        old = by_id.get(key, {"id": key, "name": key, "type": type_})
        named = [{"id": option["name"], **option} for option in body.get("options", ())]
        changed[old["name"]] = {**old, type_: {**body, "options": named} if "options" in body else body}
    return changed


def _new(name: Field, schema: Schema, channels: Sequence[Channel]) -> Json:
    """Return a property that is not there yet."""
    one = PROPERTIES[name]
    if one.type == "select":
        options = wanted_options(name, channels)[:MAX_OPTIONS]
        return {"select": {"options": [{"name": option, "color": colour} for option, colour in options]}}
    if one.type == "formula":
        return {"formula": {"expression": _naming(str(one.more["expression"]), schema)}}
    return {one.type: dict(one.more)}


def _naming(expression: str, schema: Schema) -> str:
    """Return a formula that calls properties what they are called in this database."""
    for name, kept in schema.items():
        expression = expression.replace(f'prop("{PROPERTIES[name].name}")', f'prop("{kept.name}")')
    return expression


def _merged(
    name: Field, kept: Kept, there: Sequence[Mapping[str, Any]], new: Sequence[Option]
) -> list[Mapping[str, Any]]:
    """Return the options that are there, in their order, and the new ones behind those that they follow."""
    merged: list[Mapping[str, Any]] = [
        {key: option[key] for key in ("id", "name", "color") if key in option} for option in there
    ]
    order = [kept.name_of(one["name"]) for one in PROPERTIES[name].more.get("options", ())]
    for option, colour in new[: MAX_OPTIONS - len(there)]:
        made = {"name": option, "color": colour, **_group(kept, option)}
        merged.insert(_place([str(one["name"]) for one in merged], order, option), made)
    return merged


def _place(names: Sequence[str], order: Sequence[str], option: str) -> int:
    """Return where a new option belongs among those that are there: behind the last that comes before it."""
    if option not in order:
        return len(names)
    before = set(order[: order.index(option)])
    return max((at for at, name in enumerate(names) if name in before), default=-1) + 1


def _group(kept: Kept, option: str) -> Json:
    """Return the group of an option of Notion's own kind of status; nothing for a select."""
    if kept.type != "status" or option not in set(Status):
        return {}
    return {"group": _GROUP.get(phase_of(Status(option)), "In progress")}
