"""What `vidctl alerts` prints: all alerts in a table, on a terminal each by its beginning; or one of them whole."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from vidctl.cli import words
from vidctl.cli.show import folded, line, say, table
from vidctl.domain.cutting import cut

if TYPE_CHECKING:
    from vidctl.engine.alerting.destinations import Destination
    from vidctl.store.alerts import Destination as Kept
    from vidctl.store.alerts import Listed

_MOST: Final = 140
"""Characters of a message, and of what to do, that a table on a terminal shows: three lines of 80 columns each."""
_MOST_OF_TITLE: Final = 60


def print_listed(
    listed: "Sequence[Listed]", set_up: "Sequence[Destination]", kept: "Mapping[str, Kept]", now: datetime
) -> None:
    """Print all alerts; on a terminal how each begins, and where they go."""
    names = {one.id: one.name for one in set_up}
    if not sys.stdout.isatty():
        whole = [
            (one.id, words.moment(one.created_at), one.kind, _film(one) + one.message, _told(one, names))
            for one in listed
        ]
        if whole:
            table(("id", "since", "kind", "what", "told"), whole)
        return
    rows = [(one.id, words.since(one.created_at, now), "\n".join(_begun(one)), _told(one, names)) for one in listed]
    if rows:
        table(("id", "since", "what", "told"), rows)
    else:
        say("Nobody had to be told anything.")
    if cut_off := [one.id for one in listed if any(cut(text, most) != text for text, most in _parts(one))]:
        say(folded(f"The last one of which only the beginning is here, in full: vidctl alerts {cut_off[-1]}"))
    for place in set_up:
        say(folded(line(f"{place.name}: {_state(kept.get(place.id), now)}")))
    if not set_up:
        say(folded("Alerts go nowhere: set DISCORD_WEBHOOK_URL or VIDCTL_ALERT_URLS; see .env.example"))


def print_whole(one: "Listed", set_up: "Sequence[Destination]", now: datetime) -> None:
    """Print an alert with all that was said."""
    for sentence in _whole(one, {place.id: place.name for place in set_up}, now):
        say(folded(line(sentence)))


def _whole(one: "Listed", names: Mapping[str, str], now: datetime) -> Iterator[str]:
    from vidctl.domain.alerting import named

    yield f"{one.kind}, {words.since(one.created_at, now)} ago ({words.moment(one.created_at)})"
    if one.task_id:
        yield _film(one).removesuffix(": ")
    yield from one.message.splitlines()
    if one.hint:
        yield f"To do: {named(one.hint, one.task_id)}"
    yield f"Told: {_told(one, names)}"


def _begun(one: "Listed") -> list[str]:
    """Return the kind and the film, how the message begins, and how what is to be done does; a line each."""
    title, message, hint = (cut(line(text), most) for text, most in _parts(one))
    film = f": {title} ({str(one.task_id)[:8]})" if one.task_id else ""
    return [f"{one.kind}{film}", message, *([f"→ {hint}"] if hint else [])]


def _parts(one: "Listed") -> Sequence[tuple[str, int]]:
    from vidctl.domain.alerting import named

    return (one.title or "", _MOST_OF_TITLE), (one.message, _MOST), (named(one.hint, one.task_id), _MOST)


def _film(one: "Listed") -> str:
    return f"{one.title} ({str(one.task_id)[:8]}): " if one.task_id else ""


def _told(one: "Listed", names: Mapping[str, str]) -> str:
    return ", ".join(names.get(destination, "another") for destination in one.got) or "nobody yet"


def _state(kept: "Kept | None", now: datetime) -> str:
    if kept is None:
        return "nothing was sent yet"
    if kept.problem and kept.due_at:
        return f"{kept.problem}; tried again at {words.clock(kept.due_at, now)}: {kept.hint}"
    return f"the last message went there {words.since(kept.delivered_at, now)} ago" if kept.delivered_at else "ready"
