"""The week that ended is kept for good and said once, whenever cron comes to it."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from tests.reports import SUNDAY, Story
from tests.studio import Studio
from vidctl.cli.report.page import page
from vidctl.cli.report.sections import sections
from vidctl.domain.limits import KeptDays
from vidctl.domain.periods import week_of
from vidctl.domain.report import Known, Recovery, Report, Ticks
from vidctl.domain.report_data import data
from vidctl.domain.status import Event, Status
from vidctl.engine import reporting, weekly
from vidctl.engine.weekly import SETTLED, Told
from vidctl.store import cleanup
from vidctl.store.weekly import weeks

SINCE = SUNDAY - timedelta(days=14)
AFTER = SUNDAY + timedelta(days=7) + SETTLED


def tell(studio: Studio, **options: Any) -> Told:
    return weekly.tell(studio.db, studio.files(), **({"now": AFTER} | options))


def alerts(studio: Studio) -> list[tuple[str, str]]:
    return studio.db.execute("select kind, message from alerts order by id").fetchall()


def test_a_week_is_kept_and_said_once_and_missed_ones_are_made_up_for(studio: Studio) -> None:
    for begin in (SINCE, SUNDAY):
        Story(studio, begin).go()
    told = tell(studio)
    assert [week.begin.date() for week in told.kept] == [date(2026, 11, day) for day in (1, 8, 15)]
    assert tell(studio) == Told()
    assert weeks(studio.db) == {date(2026, 11, day) for day in (1, 8, 15)}
    [(kind, message)] = alerts(studio)
    assert kind == "weekly report"
    assert message.startswith("The week of 2026-11-15: 1 film published, 1 of them without help; 0 failed.")


def test_of_two_hosts_that_count_a_week_at_once_one_says_it(studio: Studio) -> None:
    Story(studio).go()
    report = reporting.collect(studio.db, week_of(SUNDAY.date()), None, None)
    said = list(weekly._messages(report))
    assert weekly._keep(studio.db, report, said, now=AFTER)
    studio.db.execute("update alerts set delivered_at = created_at")
    assert not weekly._keep(studio.db, report, said, now=AFTER)
    assert len(alerts(studio)) == 1


def test_a_dry_run_says_it_and_keeps_nothing(studio: Studio) -> None:
    Story(studio).go()
    assert tell(studio, dry_run=True) == tell(studio, dry_run=True)
    assert (weeks(studio.db), alerts(studio)) == (set(), [])
    assert [one.kind for one in tell(studio).said] == ["weekly report"]


def test_a_week_is_not_kept_before_what_was_done_in_its_last_second_is_there(studio: Studio) -> None:
    Story(studio).go()
    assert tell(studio, now=AFTER - timedelta(seconds=1)) == Told()
    with studio.session() as late, late.transaction():
        Story(replace(studio, db=late), SUNDAY + timedelta(days=6)).go()
        assert tell(studio, now=SUNDAY + timedelta(days=7, seconds=1)) == Told()
    assert "2 films published" in tell(studio).said[0].message


def test_a_missed_target_is_said_with_where_it_went_wrong(studio: Studio) -> None:
    for _ in range(8):
        Story(studio).go()
    for _ in range(2):
        film = Story(studio)
        film.go(Status.GENERATING_ASSETS)
        film.fails("Refused", curable=False, again=False)
        film.move(Event.FAIL)
    tell(studio)
    (_, report), (kind, message) = alerts(studio)
    assert "Success 80% (target 90%)" in report
    assert kind == "success below target"
    assert "2 of 10 films failed. Given up to you by: assets 2 films. Most often: Refused in assets, 2 times" in message


def test_of_an_old_time_a_report_counts_what_is_known_and_says_from_when_on(studio: Studio) -> None:
    """Recovery of a film that is over is known as long as its failures are, and no worse than it was."""
    films = [Story(studio, SUNDAY + timedelta(days=day)) for day in (-3, 0, 3)]
    for film in films:
        film.go(Status.GENERATING_ASSETS)
        film.fails()
        film.go()
        studio.db.execute("insert into ticks (host, started_at, ended_at) values ('a:1', %s, %s)", (film.now, film.now))
    open_film = Story(studio)
    open_film.go(Status.GENERATING_ASSETS)
    open_film.fails()
    open_film.move(Event.FAIL)
    kept, now = KeptDays(ticks=365), SUNDAY + timedelta(days=366)
    period = week_of(SUNDAY.date())

    def found() -> Report:
        return reporting.collect(studio.db, period, "one", studio.files(), now=now)

    def clean() -> None:
        for old in cleanup.OLD:
            cleanup.take_away(studio.db, old, kept, now=now)

    studio.configs.joinpath("_defaults.yaml").write_text('{"limits": {"kept_days": {"ticks": 365}}}')
    clean()
    assert found().recovery == Recovery(3, 3, 2, 2), "the week is not kept yet, so that its failures stay"
    tell(studio)
    clean()
    since = now - timedelta(days=365)
    assert (found().recovery, found().ticks.count, found().known) == (Recovery(1, 1, 1, 1), 1, Known(since, since))
    assert found().weeks[-1].recovery == Recovery(), "of a part of a week there is no trend"
    said = [row for section in sections(found()) for row in section.rows if row[0] in {"recovery", "cron"}]
    assert [row[-1] for row in said] == [
        "1 of 1 series, 1.0 retries each; known from 2026-11-16 on",
        "known from 2026-11-16 on",
    ]
    assert data(found())["known_since"] == {"failures": since.isoformat(), "ticks": since.isoformat()}
    assert "series, target 80%; known from 2026-11-16 on" in page(found(), now)


def test_what_was_kept_is_still_known_when_its_failures_are_deleted(studio: Studio) -> None:
    film = Story(studio)
    film.go(Status.GENERATING_ASSETS)
    film.fails()
    film.go()
    minutes = [SUNDAY, SUNDAY + timedelta(minutes=1)]
    for at in minutes:
        studio.db.execute("insert into ticks (host, started_at, ended_at) values ('a:1', %s, %s)", (at, at))
    tell(studio)
    studio.db.execute("delete from task_errors")
    studio.db.execute("delete from ticks where started_at = %s", (SUNDAY,))
    studio.db.execute("update weekly_metrics set metrics = jsonb_set(metrics, '{cost,usd}', '7')")
    found = reporting.collect(studio.db, week_of(SUNDAY.date()), None, None)
    assert found.recovery == found.weeks[-1].recovery == Recovery(1, 1, 1, 1)
    assert found.weeks[-1].usd == 7, "a week that is kept is not counted anew"
    assert [one.error_type for one in found.troubles] == ["RateLimited"]
    assert found.ticks == Ticks(2, 60)
    assert reporting.collect(studio.db, week_of(SUNDAY.date()), "one", None).troubles == []
