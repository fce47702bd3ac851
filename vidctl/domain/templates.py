"""Texts with places that are filled in for each film, such as `{title}`. Pure."""

import re
from collections.abc import Collection, Mapping
from typing import Final

TITLE: Final = ("title", "topic", "channel_name")
THUMBNAIL: Final = ("title", "topic")
DESCRIPTION: Final = (*TITLE, "summary", "chapters", "credits", "links", "hashtags")
"""What can be filled in, by what it is a template for."""

_PLACE: Final = re.compile(r"\{(\w+)\}")
_BETWEEN: Final = re.compile(r"\n[^\S\n]*\n\s*")
"""A blank line or more."""


def meaning(names: Collection[str]) -> str:
    """Return what people are told of a template: "filled in for each film: {title}, {topic}"."""
    return "filled in for each film: " + ", ".join(f"{{{name}}}" for name in names)


def complaint(template: str, known: Collection[str]) -> str:
    """Return what is wrong with a template; "" where nothing is."""
    if unknown := [name for name in _PLACE.findall(template) if name not in known]:
        return f"{{{unknown[0][:40]}}} is nothing that can be filled in"
    rest = _PLACE.sub("", template)
    return "it has a brace that belongs to no placeholder" if "{" in rest or "}" in rest else ""


def count(template: str, name: str) -> int:
    """Return how often a template has the place called `name`."""
    return _PLACE.findall(template).count(name)


def filled(template: str, values: Mapping[str, str]) -> str:
    """Return the template with its places filled in; braces in what they are filled with mean nothing.

    A line goes where all that it was to be filled with is empty, and so does a whole paragraph: "Chapters:" is
    not said where none follow.
    """
    paragraphs = (_filled_lines(each, values) for each in _BETWEEN.split(template) if not _is_empty(each, values))
    return "\n\n".join(filter(str.strip, paragraphs))


def _filled_lines(paragraph: str, values: Mapping[str, str]) -> str:
    return "\n".join(_filled(line, values) for line in paragraph.split("\n") if not _is_empty(line, values))


def _filled(line: str, values: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda place: values.get(place[1], place[0]), line)


def _is_empty(text: str, values: Mapping[str, str]) -> bool:
    names = _PLACE.findall(text)
    return bool(names) and all(name in values and not values[name].strip() for name in names)
