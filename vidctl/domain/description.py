"""The description of a film on YouTube, and what of it gives way where not all of it fits. Pure."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from vidctl.domain import templates
from vidctl.domain.chapters import Chapter, fewer
from vidctl.domain.cutting import Size, cut, paragraphs, utf8_bytes

MOST_BYTES: Final = 5_000

_LEAST_OF_SUMMARY: Final = 300
"""Bytes that stay of a summary before chapters give way to it."""
_SHORT_TITLE: Final = 30


@dataclass(frozen=True, slots=True)
class Described:
    """A description of at most `MOST_BYTES`, and what was shortened to that end; "" where nothing was."""

    text: str
    shortened: str = ""


def described(template: str, values: Mapping[str, str], chapters: Sequence[Chapter]) -> Described:
    """Return the description; `values` are clean, and hold all but the chapters.

    People use chapters and hashtags; so first the summary is cut to a few lines, then the chapters' titles are, then
    every other chapter goes, then the summary; and the end of it all only where the channel's own words are too many.
    """
    template = paragraphs(template)
    filled = [{**values, "chapters": "\n".join(map(str, each))} for each in _ever_fewer(chapters)]
    for tried, given in enumerate(filled):
        text = paragraphs(templates.filled(template, given))
        if utf8_bytes(text) <= MOST_BYTES:
            return Described(text, "chapters" if tried else "")
        text = shortened(template, given, "summary", MOST_BYTES, utf8_bytes, least=_LEAST_OF_SUMMARY)
        if text:
            return Described(text, "summary and chapters" if tried else "summary")
    gone = [name for name in ("summary", "chapters") if filled[0][name] and templates.count(template, name)]
    text = paragraphs(templates.filled(template, {**filled[-1], "summary": ""}))
    if utf8_bytes(text) <= MOST_BYTES:
        return Described(text, " and ".join(gone))
    return Described(cut(text, MOST_BYTES, utf8_bytes), ", ".join([*gone, "the end of it"]))


def shortened(template: str, values: Mapping[str, str], name: str, limit: int, size: Size, *, least: int) -> str:
    """Return the filled template with one value cut so that all of it fits; "" if less than `least` would be left."""
    times, value = templates.count(template, name), values.get(name, "")
    over = size(paragraphs(templates.filled(template, values))) - limit
    room = size(value) - math.ceil(over / times) if times else 0
    if room < least:
        return ""
    return paragraphs(templates.filled(template, {**values, name: cut(value, room, size)}))


def _ever_fewer(chapters: Sequence[Chapter]) -> Iterator[Sequence[Chapter]]:
    yield chapters
    some = [replace(each, title=cut(each.title, _SHORT_TITLE)) for each in chapters]
    while some:
        yield some
        some = list(fewer(some)) if len(fewer(some)) < len(some) else []
