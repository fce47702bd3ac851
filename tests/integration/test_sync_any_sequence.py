"""Whatever people, the engine, Notion and the network do in whatever order: when things calm down, all agree.

Each edit is made by a person of its own, so that every move and every answer on a card names the one edit that it
follows: none is done twice, and none is lost.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.board import Desk
from tests.fakes.notion import FakeNotion, Request
from tests.long import long
from tests.studio import Studio
from vidctl.domain.status import HUMAN_EVENTS, TRANSITIONS, Event, Status, asked_for
from vidctl.engine import decide
from vidctl.errors import VidctlError
from vidctl.store import moves

FAULTS = (
    *("429", "529", "500", "502", "503", "504", "drop", "stale"),
    *("503_saved", "500_saved", "drop_saved", "html_saved", "503_late", "drop_late"),
)
LATE_S = 0.05
"""How long after its refusal a write arrives all the same."""
WORDS = ("", "hm 😀", "clip 1: slower", "x" * 3_000)


@dataclass
class Edit:
    """One person's one change of a status. `shown` is what the card said before."""

    person: str
    page: str
    shown: str
    wanted: str
    overtaken: bool = False
    """Somebody else changed it before anybody read it."""


@dataclass
class Story:
    """What happened so far to the cards of a desk."""

    desk: Desk
    pages: list[str] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    had: dict[str, set[str]] = field(default_factory=dict)
    """Every status that a card ever showed."""

    @property
    def notion(self) -> FakeNotion:
        return self.desk.notion

    def card(self) -> str:
        page = self.desk.card(Status="Queued", Title=f"Film {len(self.pages)}")
        self.pages.append(page)
        self.had[page] = {"Queued", "Draft"}
        return page

    def note_what_cards_show(self) -> None:
        for page in self.pages:
            self.had[page].add(str(self.notion.show(page)["Status"]))

    def edit(self, page: str, wanted: str) -> None:
        """Let somebody new change a card's status."""
        shown = str(self.notion.show(page)["Status"])
        if wanted == shown or self.notion.in_trash(page):
            return
        person = self.notion.person(f"Person {len(self.edits)}")
        for earlier in self.edits:
            earlier.overtaken |= earlier.page == page and not self.answered(earlier)
        self.edits.append(Edit(person, page, shown, wanted))
        self.notion.edit(page, by=person, Status=wanted)

    def last_person(self, page: str) -> str | None:
        """Return who changed a card's status last: Notion names the last editor only, whatever was edited."""
        return next((edit.person for edit in reversed(self.edits) if edit.page == page), None)

    def moves_by(self, edit: Edit) -> int:
        return self._count("select count(*) from task_events where actor like %s", edit)

    def answered(self, edit: Edit) -> bool:
        """Tell whether somebody's edit was done, or the card was told why not."""
        return self.moves_by(edit) + self._count("select count(*) from card_notes where line like %s", edit) > 0

    def _count(self, query: str, edit: Edit) -> int:
        row = self.desk.studio.db.execute(query, (f"%{edit.person}%",)).fetchone()
        assert row is not None
        return int(row[0])


Act = Callable[[Story], None]


def of_page(number: int, act: Callable[[Story, str], None]) -> Act:
    return lambda story: act(story, story.pages[number % len(story.pages)])


def sensible_status(story: Story, page: str, choice: int) -> str:
    """Return a status that a person may set now, or any other."""
    shown = str(story.notion.show(page)["Status"])
    if shown not in set(Status):
        return Status.QUEUED
    ways = [status for status in Status if asked_for(Status(shown), status)]
    return ways[choice] if choice < len(ways) else tuple(Status)[choice % len(Status)]


def person_moves(choice: int) -> Callable[[Story, str], None]:
    return lambda story, page: story.edit(page, sensible_status(story, page, choice))


def person_invents(story: Story, page: str) -> None:
    story.edit(page, f"My status {len(story.edits)}")


def person_writes(words: str) -> Callable[[Story, str], None]:
    def act(story: Story, page: str) -> None:
        if not story.notion.in_trash(page):
            fields = {"Topic": words or "Birds", "Review Notes": words, "Error Log": words}
            story.notion.edit(page, by=story.last_person(page), **fields)

    return act


def trashed_or_back(story: Story, page: str) -> None:
    act = story.notion.restore if story.notion.in_trash(page) else story.notion.trash
    act(page, by=story.last_person(page))


def engine_moves(story: Story, page: str) -> None:
    """Let the engine go on with a film, by whatever row of the table comes first for it; or fail, each third time."""
    with suppress(AssertionError, VidctlError):
        task = story.desk.film(page)
        events = [event for (status, event) in TRANSITIONS if status is task.status and event not in HUMAN_EVENTS]
        if events:
            event = events[-1] if Event.FAIL in events and task.version % 5 == 0 else events[0]
            moves.move(
                story.desk.studio.db, task.seen, event, actor="engine", now=story.desk.studio.now, log_line=f"{event}"
            )


def shell_decides(choice: int) -> Callable[[Story, str], None]:
    decisions = (decide.queue, decide.approve, decide.retry, decide.hold)

    def act(story: Story, page: str) -> None:
        with suppress(AssertionError, VidctlError):
            film, studio = story.desk.film(page), story.desk.studio
            decisions[choice % len(decisions)](studio.db, film, actor="bob", now=studio.now)

    return act


def time_passes(seconds: int) -> Act:
    return lambda story: story.desk.studio.later(seconds=seconds)


def syncs(kind: str | None, after: int, crash_at: int | None, clicks: tuple[int, int] | None) -> Act:
    """Sync, with a fault on the way, a crash in the middle, or a click between any two requests."""

    def act(story: Story) -> None:
        story.note_what_cards_show()
        if kind is not None:
            story.notion.fault(kind, after=after, times=2, delay_s=LATE_S if kind.endswith("_late") else 0)
        with in_the_meantime(story, crash_at, clicks), suppress(psycopg.OperationalError):
            story.desk.sync(budget_s=2)
        if kind is not None and kind.endswith("_late"):
            time.sleep(2 * LATE_S)
        story.notion.clear_faults()
        story.note_what_cards_show()

    return act


@contextmanager
def in_the_meantime(story: Story, crash_at: int | None, clicks: tuple[int, int] | None) -> Iterator[None]:
    seen = [0]

    def before(request: Request) -> None:
        """Click as a request arrives; but what comes between our look at a status and its writing, nobody can save."""
        seen[0] += 1
        status = story.notion.schema(story.desk.board)["Status"]["id"]
        writes_status = request.method == "PATCH" and status in request.body["properties"]
        if clicks is not None and seen[0] == clicks[0] and not writes_status:
            page = story.pages[clicks[1] % len(story.pages)]
            story.edit(page, sensible_status(story, page, clicks[1]))

    def after(_: Request) -> None:
        if seen[0] == crash_at:
            story.desk.studio.db.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'sync' and datname = current_database()"
            )

    story.notion.meanwhile(before=before, after=after)
    try:
        yield
    finally:
        story.notion.meanwhile(before=lambda _: None, after=lambda _: None)


NUMBER = st.integers(0, 3)
ACTS = st.one_of(
    st.builds(of_page, NUMBER, st.builds(person_moves, st.integers(0, 8))),
    st.builds(of_page, NUMBER, st.builds(person_moves, st.integers(0, 3))),
    st.builds(of_page, NUMBER, st.just(person_invents)),
    st.builds(of_page, NUMBER, st.builds(person_writes, st.sampled_from(WORDS))),
    st.builds(of_page, NUMBER, st.just(engine_moves)),
    st.builds(of_page, NUMBER, st.just(engine_moves)),
    st.builds(of_page, NUMBER, st.just(trashed_or_back)),
    st.builds(of_page, NUMBER, st.builds(shell_decides, st.integers(0, 3))),
    st.builds(time_passes, st.sampled_from([1, 20, 61, 200])),
    st.just(lambda story: story.card() and None),
    st.builds(
        syncs,
        st.one_of(st.none(), st.sampled_from(FAULTS)),
        st.integers(0, 6),
        st.one_of(st.none(), st.integers(1, 9)),
        st.one_of(st.none(), st.tuples(st.integers(1, 6), NUMBER)),
    ),
    st.just(syncs(None, 0, None, None)),
    st.just(syncs(None, 0, None, None)),
)


@pytest.mark.parametrize("examples", [8, long(400)])
def test_when_things_calm_down_card_and_film_agree_and_every_decision_was_made_once(
    studio: Studio, notion: FakeNotion, examples: int
) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ACTS, min_size=10, max_size=30))
    def holds(acts: list[Act]) -> None:
        studio.db.execute("truncate cards, card_notes")
        studio.db.execute("update tasks set superseded_at = now() where superseded_at is null")
        story = Story(Desk(studio, notion))
        story.card()
        for act in acts:
            act(story)
        assert_calm(story)

    holds()


def assert_calm(story: Story) -> None:
    desk, notion = story.desk, story.notion
    for page in story.pages:
        if notion.in_trash(page):
            notion.restore(page, by=story.last_person(page))
    for _ in range(3):
        desk.studio.later(minutes=2)
        done = desk.sync(full=True)
        assert not done.troubles
        assert not done.waits
    for page in story.pages:
        assert desk.shows(page)["Status"] == desk.film(page).status, page
    notion.clear_requests()
    desk.studio.later(minutes=2)
    desk.sync()
    assert not [request for request in notion.requests if request.method == "PATCH"], "no card is touched without need"
    desk.studio.assert_legal(desk.film(page).id for page in story.pages)
    for edit in story.edits:
        assert story.moves_by(edit) <= 1, f"done twice: {edit}"
        if not edit.overtaken and edit.wanted not in story.had[edit.page] | {str(desk.film(edit.page).status)}:
            assert story.answered(edit), f"lost: {edit}"
