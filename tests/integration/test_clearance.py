"""Which approved film may go to the public, and when: no duplicate, not too many a day, and what is kept of each."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

from tests.studio import Studio
from vidctl.domain.decisions import Action
from vidctl.domain.status import Status
from vidctl.engine import decide
from vidctl.store import audit

A_DAY = timedelta(days=1)


def approved(studio: Studio, title: str, channel_id: str = "one") -> UUID:
    task_id = studio.film(channel_id, title=title)
    studio.bring(task_id, Status.APPROVED)
    return task_id


def uploads(studio: Studio) -> int:
    return len(studio.ledger(script="upload_video.py"))


def statuses(studio: Studio, films: list[UUID]) -> list[Status]:
    return [studio.task(film).status for film in films]


def test_a_fourth_film_waits_at_approved_for_another_day_within_the_channels_hours(studio: Studio) -> None:
    films = [approved(studio, f"Film {number}") for number in range(4)]
    for film in films:
        studio.step(film)
    *_, last = films
    task = studio.task(last)
    assert statuses(studio, films) == [*[Status.PUBLISHED] * 3, Status.APPROVED]
    assert task.next_attempt_at is not None
    assert task.next_attempt_at.date() == (studio.now + A_DAY).date()
    assert 9 <= task.next_attempt_at.hour < 21
    assert "3 films of one went up today, which is enough" in task.error_log
    assert task.attempt == 0
    studio.step(last)
    assert studio.task(last).status is Status.APPROVED, "and no tick before then changes that"
    studio.now = task.next_attempt_at.replace(hour=23)
    studio.step(last)
    late = studio.task(last)
    assert "what waited goes up between 9:00 and 21:00 in UTC" in late.error_log.splitlines()[-1]
    studio.wait(late)
    studio.step(last)
    assert studio.task(last).status is Status.PUBLISHED


def test_a_film_that_waits_for_its_day_can_be_taken_back(studio: Studio) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    first, second = approved(studio, "First"), approved(studio, "Second")
    studio.step(first)
    studio.step(second)
    decide.hold(studio.db, studio.task(second), actor="ana", now=studio.now)
    assert studio.task(second).status is Status.DRAFT


def test_films_that_wait_get_a_day_each_and_not_all_the_next(studio: Studio) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    films = [approved(studio, f"Film {number}") for number in range(4)]
    for film in films:
        studio.step(film)
    days = [due.date() for film in films if (due := studio.task(film).next_attempt_at)]
    assert days == [(studio.now + ahead * A_DAY).date() for ahead in (1, 2, 3)]


def test_a_film_whose_moment_has_come_keeps_its_place_before_one_that_was_just_approved(studio: Studio) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    first, second, third = (approved(studio, f"Film {number}") for number in range(3))
    studio.step(first)
    studio.step(second)
    studio.wait(studio.task(second))
    studio.later(seconds=1)
    studio.step(third)
    studio.step(second)
    assert statuses(studio, [second, third]) == [Status.PUBLISHED, Status.APPROVED]


def test_the_same_film_is_published_once_on_whichever_channel(studio: Studio) -> None:
    studio.channel("two")
    first, again, elsewhere = (
        approved(studio, "Salt"),
        approved(studio, "Salt"),
        approved(studio, "Salt", "two"),
    )
    studio.step(first)
    for film in (again, elsewhere):
        studio.step(film)
        task = studio.task(film)
        assert task.status is Status.UPLOAD_ERROR
        assert f"Duplicate content detected: it is the same film as 'Salt' of one ({str(first)[:8]}" in task.error_log
    assert uploads(studio) == 1


def test_two_hosts_never_let_two_films_go_that_are_the_same(studio: Studio) -> None:
    studio.limit(max_concurrent_upload=4)
    studio.channel(max_concurrent=4)
    films = [approved(studio, "Salt") for _ in range(4)]
    with ThreadPoolExecutor(4) as hosts:
        list(hosts.map(studio.step, films))
    assert sorted(statuses(studio, films)) == [Status.PUBLISHED, *[Status.UPLOAD_ERROR] * 3]
    assert uploads(studio) == 1


def test_two_hosts_never_take_the_last_place_of_a_day_both(studio: Studio) -> None:
    studio.limit(max_concurrent_upload=4)
    studio.channel(max_concurrent=4, youtube={"uploads_a_day": 1})
    films = [approved(studio, f"Film {number}") for number in range(4)]
    with ThreadPoolExecutor(4) as hosts:
        list(hosts.map(studio.step, films))
    assert statuses(studio, films).count(Status.PUBLISHED) == 1
    assert uploads(studio) == 1


def test_a_persons_word_lets_a_film_go_that_is_like_another_and_is_kept(studio: Studio) -> None:
    first, second = approved(studio, "Salt"), approved(studio, "Salt")
    studio.step(first)
    studio.step(second)
    decide.allow_likeness(studio.db, studio.task(second), actor="ana", now=studio.now)
    studio.retry(second)
    studio.advance(second, Status.PUBLISHED)
    row = studio.db.execute(
        "select reviewer_id, task_id from review_audit where action = %s", (Action.ALLOWED,)
    ).fetchone()
    assert row == ("ana", second)
    assert not list(audit.broken_rows(studio.db))


def test_a_film_that_is_not_out_there_after_all_counts_for_nothing(studio: Studio) -> None:
    first = approved(studio, "Salt")
    ends = {"fault": "error", "error": {"error_class": "permanent"}}
    studio.faults({"script": "upload_video.py", "fault": "sell", "then": ends})
    studio.step(first)
    assert studio.task(first).status is Status.UPLOAD_ERROR
    second = approved(studio, "Salt")
    studio.step(second)
    assert studio.task(second).status is Status.UPLOAD_ERROR, "the first one may be out there"
    decide.upload_anew(studio.db, studio.task(first), actor="ana", now=studio.now)
    decide.hold(studio.db, studio.task(second), actor="ana", now=studio.now)
    studio.advance(first, Status.PUBLISHED)


def test_a_film_that_was_let_go_without_a_word_is_known_once_it_arrived(studio: Studio) -> None:
    """As by an earlier version that was at work while the tables changed."""
    first, second = approved(studio, "Salt"), approved(studio, "Salt")
    ends = {"fault": "error", "error": {"error_class": "transient"}}
    studio.faults({"script": "upload_video.py", "fault": "sell", "then": ends})
    studio.step(first)
    studio.db.execute("delete from uploads")
    studio.advance(first, Status.PUBLISHED)
    studio.step(second)
    assert "it is the same film as 'Salt' of one" in studio.task(second).error_log


def test_what_was_published_is_in_the_record_with_who_approved_it(studio: Studio) -> None:
    film = approved(studio, "Salt")
    studio.step(film)
    row = studio.db.execute(
        "select gate, reviewer_id, notes, content from review_audit where action = 'published'"
    ).fetchone()
    approval = studio.db.execute(
        "select content from review_audit where action = 'approved' and gate = 'Final Review'"
    ).fetchone()
    assert row is not None
    assert approval is not None
    assert (row[0], row[1], row[3]) == ("Final Review", "engine", approval[0])
    assert "approved by ana at" in row[2]
    assert not list(audit.broken_rows(studio.db))
    assert not audit.unrecorded(studio.db)


def test_people_are_told_where_each_film_is_that_is_out(studio: Studio) -> None:
    film = approved(studio, "Salt")
    studio.faults({"script": "upload_video.py", "fault": "", "result": {"url": "https://example.com/salt"}})
    studio.step(film)
    told = studio.db.execute("select kind, message from alerts").fetchall()
    assert told == [("published", "'Salt' is published: https://example.com/salt")]
