"""What a person has to say about a film before it can be made, and the rules for it.

The same for every way in: the command line, a file of many films, a card on a board. What people
can read is kept exactly as they wrote it: quotes, newlines, emoji and all that a shell would act on.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, get_args

from vidctl.domain.channel import Priority, Privacy
from vidctl.domain.moments import moment_of
from vidctl.errors import BadInput

MAX_CHARACTERS: Final = {"title": 200, "topic": 5_000, "story_direction": 50_000}
"""Of each text, in Unicode code points."""

PRIORITIES: Final = tuple(Priority)
PRIVACIES: Final[tuple[str, ...]] = get_args(Privacy)

_FIRST_YEAR, _LAST_YEAR = 1900, 9000
"""Beyond these some time zone cannot count a moment."""
_LINE_END: Final = re.compile("\r\n|[\r\v\f\x85]")
_UNSEEN: Final = re.compile(r"[\x01-\x08\x0e-\x1f\x7f-\x9f]")
"""Control characters without a meaning in a text: terminals obey them, and no reader sees them."""
_NO_TEXT: Final = re.compile("[\0\ud800-\udfff]")
"""What only bytes have that were never UTF-8: half of a pair, or the NULs of another encoding."""


@dataclass(frozen=True, slots=True)
class Brief:
    """A film as a person asks for it. `privacy` None is that of its channel."""

    title: str
    topic: str
    story_direction: str = ""
    priority: str = Priority.NORMAL.value
    privacy: str | None = None
    publish_at: datetime | None = None
    """When it becomes public; None: its privacy holds from the first."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with one field, and what to do about it."""

    field: str
    message: str
    hint: str

    def __str__(self) -> str:
        """Return it without the hint."""
        return self.message


def cleaned(brief: Brief) -> Brief:
    """Return the brief with one kind of line end, and without what nobody can see.

    Space around title and topic goes; the story direction keeps its own.
    """
    return replace(
        brief,
        title=_readable(brief.title).strip(),
        topic=_readable(brief.topic).strip(),
        story_direction=_readable(brief.story_direction),
    )


def complaints(brief: Brief) -> Iterator[Complaint]:
    """Yield everything that is wrong with a cleaned brief."""
    for field in MAX_CHARACTERS:
        yield from _text_complaints(field, getattr(brief, field))
    for field, value, known in (("priority", brief.priority, PRIORITIES), ("privacy", brief.privacy, PRIVACIES)):
        if value is not None and value not in known:
            yield Complaint(
                field, f"{field} {value[:40]!r} is none of {', '.join(known)}", f"write one of these as {field}"
            )


def checked(brief: Brief) -> Brief:
    """Return the brief, cleaned.

    Raises:
        BadInput: something is wrong with it; all of it is named.
    """
    clean = cleaned(brief)
    if found := list(complaints(clean)):
        raise BadInput("; ".join(map(str, found)), hint="; ".join(dict.fromkeys(item.hint for item in found)))
    return clean


def publish_at(said: str, *, after: datetime | None = None) -> datetime:
    """Return when a film becomes public, in UTC; see `moment_of`. With `after`, it has to be later than that.

    Raises:
        BadInput: there is no such moment, or it is over.
    """
    try:
        at = moment_of(said.strip())
    except ValueError as exc:
        raise _no_date(said) from exc
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        raise _no_date(said)
    if after is not None and at <= after:
        hint = "YouTube would make the film public at once: give a moment that is to come"
        raise BadInput(f"{at:%Y-%m-%d %H:%M} UTC is over", hint=hint)
    return at


def _no_date(said: str) -> BadInput:
    hint = "write it like 2026-12-24T18:00, of UTC, or 2026-12-24T18:00+01:00, or 2026-12-24 for its midnight"
    return BadInput(f"{said[:40]!r} is no date that can be", hint=hint)


def _readable(text: str) -> str:
    return _UNSEEN.sub("", _LINE_END.sub("\n", text))


def _text_complaints(field: str, text: str) -> Iterator[Complaint]:
    name, limit = field.replace("_", " "), MAX_CHARACTERS[field]
    if found := _NO_TEXT.search(text):
        where = f"the {name} is no text: character {found.start() + 1:,} is U+{ord(found[0]):04X}"
        yield Complaint(field, where, "save it as UTF-8 text")
    elif field != "story_direction" and not any(map(_is_seen, text)):
        yield Complaint(field, f"the {name} is empty", f"give the film a {name}")
    if len(text) > limit:
        yield Complaint(
            field, f"the {name} has {len(text):,} characters, {limit:,} are the most", f"shorten the {name}"
        )


def _is_seen(character: str) -> bool:
    """Tell whether a character leaves ink: a title of zero-width spaces is empty to whoever reads it."""
    return character.isprintable() and not character.isspace()
