"""Whatever people and the engine do to a film in whatever order, it never gets anywhere it may not be."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.long import long
from tests.studio import Studio
from vidctl.domain.status import TRANSITIONS, Event, Status, phase_of
from vidctl.domain.work import Artifact, Kind, Made
from vidctl.engine import decide
from vidctl.errors import VidctlError
from vidctl.store import Db, artifacts, jobs, moves
from vidctl.store.tasks import Task

NOON: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOTES: Final = st.sampled_from(["", "hm", "clip 1: slower", "image 1; narration 1", "clip 99", "clips 9-7", "sfx 1 😀"])
TO: Final = st.sampled_from([None, *Status])
FILES: Final = (Kind.IMAGE, Kind.CLIP, Kind.NARRATION, Kind.SFX, Kind.FILM)

Act = Callable[[Db, Task, datetime], object]


def by_engine(event: Event, to: Status | None) -> Act:
    return lambda db, task, now: moves.move(db, task.seen, event, actor="engine", now=now, to=to, failed_step="")


def claim(db: Db, task: Task, now: datetime) -> object:
    return moves.claim(db, task.seen, by="host:1", settings="{}", now=now)


def record(kind: Kind, content: str) -> Act:
    """Return what a claim does that makes a file."""

    def act(db: Db, task: Task, now: datetime) -> None:
        held, _ = moves.claim(db, task.seen, by="host:1", settings="{}", now=now)
        made = Made(Artifact(kind), f"{kind}.x", content * 64, 1, content)
        jobs.begin(db, held, made.artifact, fingerprint=content, prompt="", now=now)
        artifacts.record(db, held, made, modified_ns=0, url=None, facts={}, now=now)

    return act


ACTS: Final = st.one_of(
    st.builds(by_engine, st.sampled_from(Event), TO),
    st.builds(record, st.sampled_from(FILES), st.sampled_from("ab")),
    st.just(claim),
    st.just(lambda db, task, now: decide.queue(db, task, actor="ana", now=now)),
    st.just(lambda db, task, now: decide.approve(db, task, actor="ana", now=now)),
    st.just(lambda db, task, now: decide.retry(db, task, actor="ana", now=now)),
    st.just(lambda db, task, now: decide.hold(db, task, actor="ana", now=now)),
    st.builds(
        lambda notes, to: lambda db, task, now: decide.reject(db, task, actor="ana", notes=notes, now=now, to=to),
        NOTES,
        TO,
    ),
)
"""Anything that may be asked for, whether or not it makes sense."""

SENSIBLE: Final = st.integers(0, 15)
"""Which of the moves that the film's status has; most numbers lead on, or no film would get far."""


@pytest.mark.parametrize("examples", [40, long(1_000)])
def test_no_sequence_of_decisions_and_work_breaks_a_films_history(studio: Studio, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(st.one_of(SENSIBLE, SENSIBLE, SENSIBLE, ACTS), min_size=30, max_size=80))
    def holds(acts: list[int | Act]) -> None:
        assert_history_holds(studio, acts)

    holds()


def assert_history_holds(studio: Studio, acts: list[int | Act]) -> None:
    """Do one thing after another to a new film; what is refused changes nothing, and every step is sound."""
    task_id = studio.film(queue=False)
    for number, act in enumerate(acts):
        before = studio.task(task_id)
        moves = len(studio.path_of(task_id))
        wanted = sensible(act, before) if isinstance(act, int) else act
        if (refused := refusal(wanted, studio, before, NOON + timedelta(minutes=number))) is not None:
            assert str(refused)
            assert refused.hint
            assert studio.task(task_id) == before, "what is refused changes nothing"
        assert_sound(studio, before, moves)
    studio.assert_legal([task_id])
    assert studio.look().is_whole


def refusal(act: Act, studio: Studio, task: Task, now: datetime) -> VidctlError | None:
    """Do something, and return how it was refused, if it was; any other exception is a bug."""
    try:
        act(studio.db, task, now)
    except VidctlError as error:
        return error
    return None


def sensible(choice: int, task: Task) -> Act:
    """Return a move that the film's status has."""
    ways = [(event, to) for (status, event), all_to in TRANSITIONS.items() if status is task.status for to in all_to]
    if not ways:
        return claim
    return by_engine(*ways[choice if choice < len(ways) else 0])


def assert_sound(studio: Studio, before: Task, moves: int) -> None:
    now = studio.task(before.id)
    path = studio.path_of(before.id)
    assert now.status in set(Status)
    assert phase_of(now.status)
    assert len(path) in {moves, moves + 1}
    if len(path) > moves:
        was, event, to = path[-1]
        assert Status(to) in TRANSITIONS[Status(was), Event(event)]
        assert (was, to) == (before.status, now.status)
        assert now.version == before.version + 1
        assert now.claimed_by is None, "a move ends the claim"
    else:
        assert now.status is before.status
        assert now.version >= before.version


def test_of_two_who_saw_the_same_film_exactly_one_moves_it(studio: Studio) -> None:
    """For every move there is: the second one finds the film changed, and changes nothing."""
    with studio.session() as other:
        for (status, event), ways in TRANSITIONS.items():
            task_id = at(studio, status)
            seen = studio.task(task_id).seen
            moved = moves.move(studio.db, seen, event, to=ways[0], actor="ana", now=NOON)
            with pytest.raises(VidctlError) as lost:
                moves.move(other, seen, event, to=ways[0], actor="bob", now=NOON)
            assert lost.value.hint
            assert studio.task(task_id).seen == moved
            assert len(studio.path_of(task_id)) == 1


def at(studio: Studio, status: Status) -> UUID:
    """Put a film into a status without a history."""
    task_id = studio.film(queue=False)
    studio.db.execute("update tasks set status = %s where id = %s", (status, task_id))
    return task_id
