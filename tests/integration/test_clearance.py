"""Which approved film may go to the public, and when: no duplicate, not too many a day, and what is kept of each."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.processes import until
from tests.studio import Studio
from vidctl.domain.decisions import Action
from vidctl.domain.limits import Limits
from vidctl.domain.pacific import day_of
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Composite, Layout, Panel, Scene, Storyboard
from vidctl.domain.work import Artifact, Kind, Made, Work
from vidctl.engine import clearance, decide, publishing
from vidctl.engine.quotas import Meter
from vidctl.errors import BadInput
from vidctl.store import Db, audit, channels, locks, quotas, services
from vidctl.store import uploads as uploads_of

A_DAY = timedelta(days=1)


@pytest.fixture
def studio(studio: Studio) -> Studio:
    """A studio of short films: what is asked here is when they go up."""
    studio.scenes = 1
    studio.channel()
    return studio


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


def test_a_machine_that_does_not_know_a_channels_time_zone_says_so_on_the_card(studio: Studio) -> None:
    film = approved(studio, "Salt")
    studio.db.execute("update channels set config = jsonb_set(config, '{youtube,timezone}', '\"Mars/Olympus\"')")
    studio.step(film)
    assert studio.task(film).status is Status.UPLOAD_ERROR
    assert "Mars/Olympus" in studio.task(film).error_log


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


def test_a_film_that_waited_goes_up_within_the_channels_hours_only(studio: Studio) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    first, second = approved(studio, "Film 1"), approved(studio, "Film 2")
    studio.step(first)
    studio.step(second)
    studio.wait(studio.task(second))
    studio.now = studio.now.replace(hour=23)
    studio.step(second)
    due = studio.task(second).next_attempt_at
    assert due is not None
    assert due.date() == (studio.now + A_DAY).date()
    studio.wait(studio.task(second))
    studio.step(second)
    assert studio.task(second).status is Status.PUBLISHED


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


SAID = " ".join(f"word{number}" for number in range(40))
SHOWN = {"frames": [f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}" for number in range(1, 49)]}


@pytest.mark.parametrize(
    ("said", "shown", "how"), [(SAID, {}, "100% of its words"), ("", SHOWN, "100% of its pictures")], ids=str
)
def test_a_film_that_says_or_shows_the_same_as_another_is_refused_with_how_much(
    studio: Studio, said: str, shown: Mapping[str, Any], how: str
) -> None:
    studio.channel()
    first, second = studio.film(title="Salt"), studio.film(title="Pepper")
    assert _clear(studio, first, said, shown) is None
    studio.db.execute("update tasks set status = 'Uploading' where id = %s", (first,))
    with pytest.raises(BadInput, match=rf"nearly the same \({how}\) as 'Salt' of one .*, which is on its way there"):
        _clear(studio, second, said, shown)


def test_what_a_film_was_compared_with_is_not_read_again_and_what_came_since_is(studio: Studio) -> None:
    studio.channel()
    first, second, third = (studio.film(title=title) for title in ("Salt", "Pepper", "Salt"))
    studio.db.execute("update tasks set status = 'Uploading'")
    assert _clear(studio, first, SAID, {}) is None
    known = uploads_of.others(studio.db, third)
    assert [one.task_id for one in known] == [first]
    assert _clear(studio, second, "", SHOWN) is None
    assert [one.task_id for one in uploads_of.others(studio.db, third, known)] == [second]


@pytest.mark.parametrize("frames", [["no number"], ["f" * 17, "-1"]], ids=str)
def test_a_fingerprint_that_is_none_is_no_reason_to_stop(studio: Studio, frames: list[str]) -> None:
    studio.channel()
    assert _clear(studio, studio.film(), "", {"frames": frames}) is None
    row = studio.db.execute("select frames from uploads").fetchone()
    assert row is not None
    assert all(0 <= int(one, 16) < 2**64 for one in row[0])


def test_a_film_that_waits_with_its_upload_begun_keeps_its_place_before_one_that_was_just_approved(
    studio: Studio,
) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    films = [approved(studio, f"Film {number}") for number in range(3)]
    studio.step(films[0])
    studio.step(films[1])
    studio.db.execute("update tasks set status = 'Uploading' where id = %s", (films[1],))  # as a retry leaves it
    studio.step(films[2])
    days = [due.date() for film in films[1:] if (due := studio.task(film).next_attempt_at)]
    assert days == [(studio.now + ahead * A_DAY).date() for ahead in (1, 2)]


def test_what_is_left_of_the_quota_is_promised_once(studio: Studio) -> None:
    studio.channel()
    first, second = studio.film(title="Salt"), studio.film(title="Pepper")
    meter = Meter(studio.db, {}, Limits())
    quotas.use(studio.db, meter.project, "units", day_of(studio.now), 9_400)
    assert _clear(studio, first, "", {}, meter) is None
    studio.db.execute("update tasks set status = 'Uploading' where id = %s", (first,))
    assert uploads_of.on_their_way(studio.db, but=second) == 0, "its channel has a program of its own, and no token"
    ours = "config = config #- '{scripts,upload_video.py}', youtube_token_encrypted = ''"
    studio.db.execute(f"update channels set {ours}")
    wait = _clear(studio, second, "", {}, meter)
    assert wait == clearance.Wait(studio.now + timedelta(minutes=15), wait.why if wait else "")
    assert wait.why == "what is left of YouTube's quota of units is for films that are on their way"
    assert services.paused(studio.db, now=studio.now) == []
    assert _clear(studio, first, "", {}, meter) is None, "its own share is its own"
    job = """insert into artifacts (task_id, kind, index, state, job_id) values (%s, 'receipt', 1, 'submitted', %s)
             on conflict (task_id, kind, index) do update set job_id = excluded.job_id"""
    for nobody in ("update tasks set paused_at = %s", "update channels set youtube_problem = 'revoked' || left(%s, 0)"):
        with studio.db.transaction(force_rollback=True):
            studio.db.execute(nobody, (str(studio.now),))
            assert uploads_of.on_their_way(studio.db, but=second) == 0, "what nobody takes up needs nothing"
    for job_id, waits in (("gAAAAAsealed", True), ("video:abcdefghijk@2026-11-27T06:00:00+00:00", False)):
        studio.db.execute(job, (first, job_id))
        assert (_clear(studio, second, "", {}, meter) is not None) is waits, "who only waits for YouTube took its share"
    quotas.use(studio.db, meter.project, "units", day_of(studio.now), 200)
    assert _clear(studio, second, "", {}, meter) is not None
    [pause] = services.paused(studio.db, now=studio.now)
    assert pause.reason.startswith("YouTube's quota of units has too little left for one more film: 9,600 of 10,000")


def test_a_film_that_was_let_go_once_and_has_to_wait_now_takes_no_place(studio: Studio) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    first, second = studio.film(title="Salt"), studio.film(title="Pepper")
    assert _clear(studio, first, "", {}) is None
    studio.now += 4 * A_DAY
    studio.db.execute("update tasks set status = 'Uploading' where id = %s", (second,))
    assert _clear(studio, second, "", {}) is None
    assert _clear(studio, first, "", {}) is not None
    assert studio.db.execute("select task_id from uploads").fetchall() == [(second,)]


def test_a_film_that_was_let_go_and_not_sent_takes_its_place_in_the_day_of_its_next_try(studio: Studio) -> None:
    studio.channel()
    film = studio.film()
    for _ in range(2):
        studio.now += 2 * A_DAY
        assert _clear(studio, film, "", {}) is None
    assert studio.db.execute("select begun_at from uploads").fetchall() == [(studio.now,)]


def test_previews_are_compared_with_nothing_and_nothing_is_kept_of_them(studio: Studio) -> None:
    studio.channel(mode="preview", scripts={})
    studio.db.execute("update channels set youtube_token_encrypted = 'a token that no key reads'")
    channel = channels.get(studio.db, "one").channel
    for film in (studio.film(), studio.film()):
        task = studio.task(film)
        opened = publishing.open_for(studio.db, studio.context, task, channel)
        assert isinstance(opened, publishing.Publishing)
        assert opened.clear(_work(studio, film, SAID)) is None
        publishing.arrived(studio.db, task.seen, channel, now=studio.now)
    assert studio.db.execute("select from uploads union all select from review_audit").fetchall() == []


def _clear(
    studio: Studio, film: UUID, said: str, shown: Mapping[str, Any], meter: Meter | None = None
) -> clearance.Wait | None:
    work = _work(studio, film, said)
    return clearance.clear(studio.db, studio.task(film), work, shown, meter=meter, now=studio.now)


def _work(studio: Studio, film: UUID, said: str) -> Work:
    """Return a film of one scene, whose bytes are its title."""
    task = studio.task(film)
    panel = Panel(environment="field")
    scene = Scene(1, Composite(Layout.SINGLE, (panel,)), "push in", "wind", said)
    made = Made(Artifact(Kind.FILM), "film.mp4", task.title, 1, "")
    return Work(
        *(str(film), task.title, task.topic, "", "private", channels.get(studio.db, "one").channel),
        storyboard=Storyboard(task.title, "", "plain", (), (scene,)),
        whole={made.artifact: made},
    )


def test_what_is_let_go_while_a_film_is_compared_is_compared_too(studio: Studio) -> None:
    studio.channel()
    first, second = studio.film(title="Salt"), studio.film(title="Pepper")
    work, task = _work(studio, second, SAID), studio.task(second)

    def clear() -> clearance.Wait | None:
        with studio.session() as db:
            return clearance.clear(db, task, work, {}, meter=None, now=studio.now)

    with ThreadPoolExecutor(1) as other_host, studio.session() as db:
        with db.transaction():
            locks.within_this_transaction(db, locks.PUBLISHING)
            cleared = other_host.submit(clear)
            until(lambda: _somebody_waits(studio), what="the other host")
            assert _clear_on(db, studio, first) is None
            db.execute("update tasks set status = 'Uploading' where id = %s", (first,))
        with pytest.raises(BadInput, match="Duplicate content detected"):
            cleared.result()


def _somebody_waits(studio: Studio) -> bool:
    query = """select exists (select from pg_locks where locktype = 'advisory' and not granted
                  and database = (select oid from pg_database where datname = current_database()))"""
    row = studio.db.execute(query).fetchone()
    return bool(row and row[0])


def _clear_on(db: Db, studio: Studio, film: UUID) -> clearance.Wait | None:
    work = _work(studio, film, SAID)
    return clearance.clear(db, studio.task(film), work, {}, meter=None, now=studio.now)


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
    decide.allow_likeness(studio.db, studio.task(second), actor="ana", now=studio.now, notes="a new cut")
    studio.retry(second)
    studio.advance(second, Status.PUBLISHED)
    row = studio.db.execute(
        "select reviewer_id, task_id from review_audit where action = %s", (Action.ALLOWED,)
    ).fetchone()
    assert row == ("ana", second)
    assert studio.look().is_whole


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


def test_a_film_that_failed_before_it_was_sent_takes_no_place_and_stands_in_nobodys_way(studio: Studio) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    first, second = approved(studio, "Salt"), approved(studio, "Salt")
    studio.faults({"script": "upload_video.py", "fault": "error", "error": {"error_class": "permanent"}})
    studio.step(first)
    assert studio.task(first).status is Status.UPLOAD_ERROR
    studio.step(second)
    assert studio.task(second).status is Status.PUBLISHED


def test_an_upload_that_was_begun_goes_on_also_on_a_day_that_is_full(studio: Studio) -> None:
    studio.channel(youtube={"uploads_a_day": 1})
    first, second = approved(studio, "Film 1"), approved(studio, "Film 2")
    studio.faults({"script": "upload_video.py", "fault": "sell", "then": {"fault": "status", "status": 75}})
    studio.step(first)
    studio.now += 2 * A_DAY
    studio.step(second)
    studio.step(first)
    assert statuses(studio, [first, second]) == [Status.PUBLISHED] * 2


def test_what_went_up_hours_ago_counts_for_the_whole_day(studio: Studio) -> None:
    studio.now = studio.now.replace(hour=1)
    studio.channel(youtube={"uploads_a_day": 1})
    first, second = approved(studio, "Film 1"), approved(studio, "Film 2")
    studio.step(first)
    studio.later(hours=20)
    studio.step(second)
    assert studio.task(second).status is Status.APPROVED


def test_previews_stay_here_unless_a_channel_has_its_own_way_out(studio: Studio) -> None:
    own = {"upload_video.py": str(studio.scripts / "upload_video.py")}
    found = {}
    for mode in ("preview", "production"):
        for scripts in ({}, own):
            studio.channel(mode=mode, scripts=scripts)
            channel = channels.get(studio.db, "one").channel
            found[mode, bool(scripts)] = (publishing.goes_out(channel), publishing.is_ours(channel))
    assert found == {
        ("preview", False): (False, False),
        ("preview", True): (True, False),
        ("production", False): (True, True),
        ("production", True): (True, False),
    }


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
    assert studio.look().is_whole
    assert not audit.unrecorded(studio.db)


def test_people_are_told_where_each_film_is_that_is_out(studio: Studio) -> None:
    film = approved(studio, "Salt")
    said = {"url": "https://example.com/salt", "facts": {"video_id": 7, "account": []}}
    studio.faults({"script": "upload_video.py", "fault": "", "result": said})
    studio.step(film)
    assert studio.task(film).error_log == "", "its own program said nothing of how it is published"
    told = studio.db.execute("select kind, message from alerts").fetchall()
    assert told == [("published", "'Salt' is published: https://example.com/salt")]


def test_a_card_says_how_a_film_is_with_the_public() -> None:
    facts = {"privacy": "private", "publish_at": "2027-01-01T09:00:00Z", "warnings": ["no captions"]}
    said = publishing.sentence(facts, "https://example.com/salt")
    assert said == "published as private: https://example.com/salt; public from 2027-01-01T09:00:00Z on; no captions"
