"""Whose a card's status is: every reading that there is, each for its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from vidctl.board.fields import Field
from vidctl.board.merge import SETTLES_AFTER, Known, Reading, read_status
from vidctl.board.pages import Card
from vidctl.domain.status import Status

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
KNOWN = Known("Assets Ready", NOON, ["Generating Assets", "Assets Ready"], [], NOON)
GATE = Status.ASSETS_READY


def card(status: str | None, *, editor: str = "ana", minutes: int = 0) -> Card:
    at = NOON + timedelta(minutes=minutes)
    return Card("page", "", "source", at, editor, in_trash=False, icon=False, shown={Field.STATUS: status})


def reading(seen: Card, known: Known = KNOWN, status: Status = GATE, *, later_s: float = 10) -> Reading:
    return read_status(seen, known, status, bot_id="bot", now=NOON + timedelta(seconds=later_s))


@pytest.mark.parametrize(
    ("seen", "status", "means"),
    [
        (card("Assets Ready"), GATE, Reading.AGREES),
        (card("Assets Ready"), Status.GENERATING_ASSETS, Reading.BEHIND),
        (card("Assets Approved"), GATE, Reading.MOVED),
        (card("Assets Approved", editor="bot"), GATE, Reading.MOVED),
        (card("my own"), GATE, Reading.MOVED),
        (card("Generating Assets"), GATE, Reading.UNSETTLED),
        (card("Generating Assets", editor="bot"), GATE, Reading.ECHO),
        (card("Generating Assets", minutes=1), GATE, Reading.MOVED),
        (card("Assets Approved", minutes=-1), GATE, Reading.OLD),
        (card(None), Status.DRAFT, Reading.AGREES),
        (card(None), GATE, Reading.BEHIND),
    ],
)
def test_a_status_is_a_decision_only_where_it_can_be_nothing_else(seen: Card, status: Status, means: Reading) -> None:
    assert reading(seen, status=status) is means


def test_what_is_unsettled_is_a_decision_once_no_write_of_ours_can_arrive_any_more() -> None:
    late = SETTLES_AFTER.total_seconds()
    assert reading(card("Generating Assets"), later_s=late - 1) is Reading.UNSETTLED
    assert reading(card("Generating Assets"), later_s=late) is Reading.MOVED


def test_what_our_own_unconfirmed_write_wrote_is_never_a_decision() -> None:
    """Not even after hours, and whoever edited the card last: else a crash could approve a film."""
    unconfirmed = replace(KNOWN, unconfirmed=["Assets Approved"])
    assert reading(card("Assets Approved", minutes=120), unconfirmed, later_s=7_200) is Reading.ECHO


def test_a_card_that_is_seen_for_the_first_time_asks_for_what_it_says() -> None:
    new = Known("Draft", None, [], [], None)
    assert reading(card("Queued"), new, Status.DRAFT) is Reading.MOVED
