"""Who changed a card's status: we, a person, or nobody. Pure.

Three things are compared: what the card showed us last, what it shows now, and what the film is. Two
of Notion's habits make that hard. A write whose answer was lost may still arrive, even minutes later;
and a read may show the card as it was before our last write. Both show a status of our own making,
so for a while after a write those are nobody's decision, and are looked at again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from vidctl.board.pages import Card
from vidctl.domain.status import Status

SETTLES_AFTER: Final = timedelta(seconds=75)
"""Notion ends a request after 60 seconds; what a write may still do to a card it has done by then."""


class Reading(StrEnum):
    """What a card's status means."""

    AGREES = "agrees"
    """It says what the film is."""
    BEHIND = "behind"
    """Nobody touched it: it has to be written."""
    ECHO = "echo"
    """It shows an own write of ours that was not known to have arrived: it has to be written."""
    UNSETTLED = "unsettled"
    """It may be a decision or an echo: look again soon, and write nothing over it meanwhile."""
    MOVED = "moved"
    """A person set it."""
    OLD = "old"
    """It is the card as it was before a change that we know already."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a card from the last time. `seen` is None where its status was never seen."""

    seen: str | None
    edited_at: datetime | None
    echoes: Collection[str]
    """The statuses that the card had before our last writes, and those that they wrote."""
    unconfirmed: Collection[str]
    """Of these, those whose write was never known to have arrived."""
    wrote_at: datetime | None


def read_status(card: Card, known: Known, status: Status, *, bot_id: str | None, now: datetime) -> Reading:
    """Return what the card's status means for a film that is `status`."""
    shown = card.status or Status.DRAFT
    if known.edited_at is not None and card.edited_at < known.edited_at:
        return Reading.OLD
    if shown == status:
        return Reading.AGREES
    if shown == known.seen or card.status is None:
        return Reading.BEHIND  # nobody asks for anything by emptying it: a Draft has to be chosen
    if shown in known.unconfirmed:
        return Reading.ECHO
    if shown in known.echoes and known.wrote_at is not None and now < known.wrote_at + SETTLES_AFTER:
        if card.editor == bot_id:
            return Reading.ECHO
        if known.edited_at is None or card.edited_at <= known.edited_at:
            return Reading.UNSETTLED  # an edit of a later minute is none that a read from before our write could show
    # Whoever edited it last: a click just before a write of ours that was about something else is a click.
    return Reading.MOVED


def is_doubtful(card: Card, known: Known, *, bot_id: str | None) -> bool:
    """Tell whether an echo may be a click after all: a person edited the card when no write of ours could arrive.

    What they edited nobody can tell, and a status that may be ours decides nothing; but they have to hear of it.
    """
    late = known.wrote_at is not None and card.edited_at > known.wrote_at + SETTLES_AFTER
    return late and card.editor != bot_id
