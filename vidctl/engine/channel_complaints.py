"""What is wrong with the fields of a channel's file, and in which line, in words of who never saw a pattern."""

import re
from collections.abc import Mapping
from typing import Any, Final

from vidctl.engine.yaml_file import Complaint
from vidctl.errors import VidctlError

_COLOUR: Final = ("is no colour", 'write it as "#e5252a": a hash and six digits from 0 to f, in quotes')
_PATTERNS: Final = {
    "channel_id": ("is no name for a channel", "use letters, digits, - and _, and begin with a letter or a digit"),
    "banner_url": ("is no https:// link", "write the address of a picture, https://…, or leave it out"),
    "youtube.category": (
        "is no number of a category of YouTube",
        'write the number alone, in quotes: category: "27", which is Education',
    ),
    "youtube.language": (
        "is no code of a language",
        "write it as YouTube does: language: en, or es-419, or zh-Hant; not its name",
    ),
    "youtube.playlist": (
        "is no id of a playlist",
        "write what follows list= in the address of the playlist: playlist: PLbpi6ZahtOH6Blw3RGYpWkSByi_T7Rygb",
    ),
    "youtube.thumbnail.color": _COLOUR,
    "youtube.thumbnail.accent": _COLOUR,
}
"""Of each field with a pattern what a text is not that does not fit, and what to do: nobody has to read patterns."""


def converted(convert: Any, fields: Mapping[str, Any], lines: Mapping[str, int], at: str) -> Any:
    """Return what `convert` makes of the fields found at the path `at`, its complaint with a line."""
    try:
        return convert(fields)
    except VidctlError as exc:
        message = str(exc).replace("`$", f"`{at}")
        raise Complaint(_plain(message), _line_of(message, lines, at), _hint_for(message) or exc.hint) from exc


def _field_of(complaint: str) -> str:
    """Return which field does not fit its pattern; "" where it is not that."""
    found = re.match(r"Expected `str` matching regex .* - at `\$\.([\w.]+)`\Z", complaint)
    return found[1] if found and found[1] in _PATTERNS else ""


def _plain(complaint: str) -> str:
    field = _field_of(complaint)
    return f"{field} {_PATTERNS[field][0]}" if field else complaint


def _hint_for(complaint: str) -> str:
    if field := _field_of(complaint):
        return _PATTERNS[field][1]
    if found := re.match(r"Invalid enum value .* - at `\$\.([\w.]+)`\Z", complaint):
        return _choices(found[1])
    if "Expected `str" in complaint and ", got `" in complaint:
        return "put a value that is meant as text in quotes"
    if found := re.search(r"Expected `array`, got .* - at `\$\.(?:\w+\.)*(\w+)`\Z", complaint):
        return f"write a list in brackets, also of one: {found[1]}: [salt, trade routes]"
    if found := re.match(r"Expected `str` of length >= 1 - at `\$\.([\w.]+)\[", complaint):
        return f"an entry of {found[1]} is empty: write it, or take it out"
    return ""


def _choices(field: str) -> str:
    """Return what a field may be; "" where the schema does not say so."""
    from vidctl.domain.channel import schema

    whole = schema()
    found: Any = whole
    for name in field.split("."):
        found = _meant(found, whole).get("properties", {}).get(name, {})
    named = [str(one) for one in _meant(found, whole).get("enum", ()) if one]
    return f"write {field.rpartition('.')[2]}: {' or '.join(named)}" if named else ""


def _meant(part: Any, whole: Mapping[str, Any]) -> Any:
    """Return what a part of a schema refers to, also where it may be null besides."""
    part = next((one for one in part.get("anyOf", ()) if one.get("type") != "null"), part)
    return whole["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part


def _line_of(complaint: str, lines: Mapping[str, int], at: str) -> int | None:
    """Return the line that a complaint `… field `x` - at `$.a.b`` is about; of several places the first in the file."""
    said = re.search(r" at (`\$[^`]*`(, `\$[^`]*`)*)\Z", complaint)
    places = [place.split("[")[0] for place in re.findall(r"`([^`]*)`", said[1])] if said else [at]
    unknown = re.search(r"unknown field `([^`]*)`", complaint)
    if unknown:
        return lines.get(f"{places[0]}.{unknown[1]}")
    return next((lines[place] for place in places if place in lines), None)
