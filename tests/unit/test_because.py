"""Why a film is where it is and what moves it: two sentences, whatever is the matter."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.cli.because import Actor, Case, because
from vidctl.cli.outlook import Board
from vidctl.domain.health import LATE
from vidctl.domain.limits import Limits
from vidctl.domain.status import ENGINE_WAITS, ERRORS, GATES, OPTIONAL_GATES, Event, Status
from vidctl.pipeline import STEPS
from vidctl.store.details import Error, Move
from vidctl.store.reports import ChannelLoad, Film
from vidctl.store.services import Pause

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
ID = UUID("3f2a0000-0000-4000-8000-000000000000")
MINUTE = timedelta(minutes=1)
PAUSES = ("kie", "one:youtube", "one:budget day 5", "youtube", "elevenlabs", "gemini", "*:budget month 9", "r2")

moments = st.timedeltas(timedelta(days=-40), timedelta(days=40)).map(NOW.__add__)
texts = st.sampled_from(["", "Everything broke.\nTwice!\x1b[31m", "…", ". . .", "HTTP 503", "x\0 y" * 200, "é\u202e"])
said = [texts] * 7


def film(status: Status, **fields: Any) -> Film:
    usual: dict[str, Any] = {
        "priority": "normal", "version": 3, "attempt": 0, "next_attempt_at": None, "failed_step": None,
        "progress_done": 0, "progress_total": 0, "error_log": "", "youtube_url": None, "status_since": NOW - MINUTE,
        "created_at": NOW, "updated_at": NOW, "cost_usd": Decimal(0), "running": False, "mode": "production",
        "channel_is_active": True, "paused_at": None, "asks": None,
    }  # fmt: skip
    return Film(ID, "one", "A film", status, **(usual | fields))


def board(of: Film, **fields: Any) -> Board:
    usual: dict[str, Any] = {
        "channels": (), "pauses": (), "last_tick": NOW - MINUTE, "id_length": 4, "limits": Limits(), "busy_steps": {},
    }  # fmt: skip
    return Board(NOW, [of], **(usual | fields))


errors = st.builds(Error, st.just(NOW), st.just("clips"), st.none(), st.none(), st.just(1), *said)


def moves(to: Status) -> st.SearchStrategy[Move]:
    """Draw a last move into a status."""
    return st.builds(
        Move, st.just(3), st.just(NOW), st.just(Status.DRAFT), st.sampled_from(Event), st.just(to), *said[:2]
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    status = draw(st.sampled_from(Status))
    of = film(
        status,
        attempt=draw(st.integers(0, 5)),
        next_attempt_at=draw(st.none() | moments),
        failed_step=draw(st.none() | st.sampled_from([step.name for step in STEPS])),
        progress_total=draw(st.integers(0, 18)),
        error_log=draw(texts),
        youtube_url=draw(st.none() | st.just("https://youtu.be/abc")),
        running=draw(st.booleans()),
        mode=draw(st.sampled_from(["preview", "production"])),
        channel_is_active=draw(st.booleans()),
        paused_at=draw(st.none() | moments),
        asks=draw(texts) if status in OPTIONAL_GATES and draw(st.booleans()) else None,
        doubts=draw(st.lists(st.integers(1, 99), max_size=3)),
    )
    pauses = [Pause(name, NOW + timedelta(hours=2), draw(texts)) for name in draw(st.sets(st.sampled_from(PAUSES)))]
    loads = [
        ChannelLoad(
            "one",
            "One",
            is_active=True,
            mode="production",
            capacity=2,
            waiting=1,
            running=draw(st.integers(0, 2)),
            review=0,
            errors=0,
            drafts=0,
        )
    ]
    shown = board(
        of,
        channels=loads,
        pauses=pauses,
        last_tick=draw(st.none() | moments.filter(lambda at: at <= NOW)),
        busy_steps=draw(st.dictionaries(st.integers(0, len(STEPS) - 1), st.integers(0, 50), max_size=3)),
    )
    return Case(
        shown,
        of,
        last=draw(st.none() | moves(status)),
        error=draw(st.none() | errors),
        claimed_by=draw(st.none() | st.just("attic:712")),
        publish_at=draw(st.none() | moments),
        no_files=draw(st.none() | st.just(("there is no folder of channel files", "make one"))),
        mended_by=draw(st.just("") | st.just("vidctl auth youtube --channel one")),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(cases())
def test_whatever_is_the_matter_there_are_two_sentences_and_the_second_says_who_or_when(case: Case) -> None:
    found = because(case)
    for sentence in (found.why, found.moves):
        assert sentence[0].isupper() or not sentence[0].isalpha() or case.last is not None
        assert sentence.endswith(".")
        assert sentence.isprintable()
        assert len(sentence) < 1_000
    assert all(command in found.moves or command.startswith("vidctl settle") for command in found.commands)
    named = (
        "vidctl ",
        "You ",
        "A person ",
        "Whoever ",
        "YouTube itself",
        "The next tick",
        "The first tick",
        "That process",
    )
    assert found.moves.startswith(named) or "vidctl " in found.moves
    if found.actor is Actor.TIME:
        assert found.at is not None
        assert "UTC" in found.moves


@settings(max_examples=60, deadline=None)
@given(cases())
def test_only_a_film_whose_turn_is_a_persons_waits_for_one_unless_something_is_in_the_engines_way(case: Case) -> None:
    found, of = because(case), case.film
    if of.status in (*ERRORS, *GATES, Status.DRAFT) and of.paused_at is None:
        assert found.actor is Actor.PERSON
        assert found.commands
    ticks = case.board.last_tick is not None and NOW - case.board.last_tick <= LATE
    free = of.status in ENGINE_WAITS and of.asks is None and of.paused_at is None and not of.running
    if free and case.no_files is None and of.channel_is_active and not ticks:
        assert found.actor is Actor.PERSON


def test_each_thing_that_a_film_waits_for_is_named() -> None:
    due, soon = NOW + timedelta(minutes=30), NOW + timedelta(hours=2)
    queued, clips = film(Status.QUEUED), film(Status.GENERATING_VIDEO)
    late = film(Status.APPROVED, next_attempt_at=due, error_log="3 films of one went up today; it goes up later")
    full = ChannelLoad("one", "One", True, "production", 2, 1, 2, 0, 0, 0)
    again = Move(3, NOW, Status.CLAIMED, Event.DEFER, Status.CLAIMED, "engine", "HTTP 503")
    for case, why, moves in (
        (Case(board(queued), queued), "nothing stands in its way", "next tick takes it up with step plan"),
        (Case(board(queued, last_tick=None), queued), "nothing stands", "No tick has run yet"),
        (Case(board(queued), film(Status.QUEUED, only_on="attic")), "only on attic", "The next tick there takes it up"),
        (Case(board(queued, channels=[full]), queued), "channel at its limit 2", "vidctl prioritize 3f2a high"),
        (Case(board(queued), film(Status.QUEUED, next_attempt_at=due), again), "HTTP 503", "vidctl retry 3f2a"),
        (Case(board(late), late), "3 films of one went up today", "after 14:35 UTC begins its upload"),
        (Case(board(clips, pauses=[Pause("kie", soon, "used up")]), clips), "kie, which is paused", "--resume kie"),
        (
            Case(board(late, pauses=[Pause("one:youtube", soon, "revoked")]), late, mended_by="vidctl auth status"),
            "revoked",
            "You mend that with vidctl auth status",
        ),
        (
            Case(board(clips), film(Status.GENERATING_VIDEO, running=True)),
            "Step clips is at work",
            "vidctl status 3f2a",
        ),
        (Case(board(queued), film(Status.DRAFT), has_card=True), "a draft since", "or by Queued on its card"),
        (Case(board(clips), film(Status.QUEUED, paused_at=NOW)), "in the trash", "brings the card back"),
        (Case(board(clips), film(Status.QUEUED, channel_is_active=False)), "rests: is_active", "keeps that file"),
        (
            Case(board(clips), film(Status.VIDEO_ERROR, doubts=[12])),
            "failed",
            "order 12 (vidctl settle), then vidctl retry",
        ),
    ):
        found = because(case)
        assert why in found.why, found
        assert moves in found.moves, found
