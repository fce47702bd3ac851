"""The numbers of a report are those that a person counts by hand in the moves of films."""

import time
from dataclasses import astuple, replace
from datetime import timedelta
from decimal import Decimal

from tests.bench.report import NOW, fill
from tests.reports import SUNDAY, Story
from tests.studio import Studio
from vidctl.domain.periods import last_week, week_of
from vidctl.domain.report import Films, Recovery, Report, Spread, Ticks
from vidctl.domain.status import ERRORS, GATES, Event, Status
from vidctl.engine import reporting
from vidctl.store import metrics

WEEK = week_of(SUNDAY.date())
LATER = timedelta(days=3)
USD = Decimal(1)


def report(studio: Studio, channel: str | None = None) -> Report:
    return reporting.collect(studio.db, WEEK, channel, studio.files())


def test_a_film_succeeded_failed_or_is_still_on_its_way(studio: Studio) -> None:
    Story(studio).go()
    mended = Story(studio)
    mended.go(Status.GENERATING_VIDEO)
    mended.move(Event.FAIL)
    mended.move(Event.RETRY, to=Status.GENERATING_VIDEO)
    mended.go()
    failed, given_up, taken_up, sent_back, rejected = (Story(studio) for _ in range(5))
    for film in (failed, given_up, taken_up, sent_back):
        film.go(Status.GENERATING_VIDEO)
        film.move(Event.FAIL)
    given_up.move(Event.HOLD)
    taken_up.move(Event.RETRY, to=Status.GENERATING_VIDEO)
    sent_back.move(Event.RETRY, to=Status.GENERATING_COMPOSITES, by="engine")
    rejected.go(Status.VIDEO_READY)
    rejected.move(Event.REJECT, to=Status.VIDEO_ERROR)
    found = report(studio)
    assert found.films == Films(published=2, unaided=1, failed=2)
    assert found.films.success == 0.5
    assert [(step.step, step.given_up) for step in found.steps if step.given_up] == [("clips", 4)]


def test_what_ended_in_another_week_counts_there(studio: Studio) -> None:
    over_midnight = Story(studio, SUNDAY - timedelta(hours=1))
    over_midnight.go(minutes=5)
    early, late = Story(studio, SUNDAY - LATER), Story(studio, WEEK.end - timedelta(minutes=30))
    early.go()
    late.go(Status.GENERATING_ASSETS, minutes=5)
    late.move(Event.FAIL)
    late.move(Event.RETRY, 60, to=Status.GENERATING_ASSETS)
    found = report(studio)
    assert found.films == Films(published=1, unaided=1, failed=1), "what was taken up later had failed in its week"
    assert [(week.sunday.day, astuple(week.films)) for week in found.weeks] == [(8, (1, 1, 0)), (15, (1, 1, 1))]


def test_a_series_recovers_where_its_step_finishes_by_itself(studio: Studio) -> None:
    cured = Story(studio)
    cured.go(Status.GENERATING_VIDEO)
    cured.fails()
    cured.fails("Interrupted", again=False)
    cured.fails(again=False)
    cured.fails(message="slow")
    cured.move(Event.DEFER, reason="kie is paused")
    cured.go()
    lost = Story(studio)
    lost.go(Status.GENERATING_AUDIO)
    lost.fails()
    lost.fails("Refused", curable=False, again=False)
    lost.move(Event.FAIL)
    held, clean, going, sent_back = (Story(studio) for _ in range(4))
    for film in (held, clean, going, sent_back):
        film.go(Status.GENERATING_ASSETS)
    sent_back.fails()
    sent_back.move(Event.FAIL)
    sent_back.move(Event.RETRY, to=Status.CLAIMED, by="engine")
    held.fails()
    held.move(Event.HOLD)
    clean.fails("Refused", curable=False, again=False)
    clean.move(Event.FAIL)
    going.fails()
    recovery = report(studio).recovery
    assert recovery == Recovery(failures=5, series=2, recovered=1, retries=3)
    assert (recovery.rate, recovery.mean_retries) == (0.5, 3)


def test_the_engine_itself_leaves_what_a_recovery_is_counted_by(studio: Studio) -> None:
    film = studio.film()
    studio.now = SUNDAY
    busy = {"fault": "error", "error": {"error_class": "transient"}}
    studio.faults({"script": "generate_story.py", "times": 2, **busy}, {"script": "generate_asset.py", **busy})
    studio.advance(film, Status.ASSETS_READY)
    found = report(studio)
    assert found.recovery == Recovery(failures=3, series=2, recovered=2, retries=3)
    assert [(step.step, step.times) for step in found.steps] == [
        ("plan", Spread(360, 360)),  # 1 and 5 minutes of waiting; the rest takes no time on a clock that stands
        ("assets", Spread(60, 60)),
    ]


def test_the_time_of_a_film_is_cut_into_queue_machines_and_people(studio: Studio) -> None:
    film = Story(studio)
    film.go(Status.QUEUED)
    film.move(Event.CLAIM, 30)
    film.go(Status.COMPOSITES_READY, minutes=1)  # four with machines, one at the first gate
    film.move(Event.REJECT, 7, to=Status.ASSET_ERROR)  # a gate that only some channels have
    film.move(Event.HOLD, 100)
    film.move(Event.QUEUE, 100)
    film.move(Event.CLAIM, 10)
    film.go(minutes=1)
    other = Story(studio)
    other.go(minutes=1)
    found = report(studio).times
    assert found is not None
    assert found.machines == spread(15, 4 + 15)
    assert found.queue == spread(1, 30 + 10)
    assert found.people == spread(4, 1 + 7 + 100 + 100 + 4)


def spread(one: float, other: float) -> Spread:
    """Return the percentiles of two films, from minutes; the second one took longer."""
    return Spread((one + other) / 2 * 60, round((one + (other - one) * 0.9) * 60, 6))


def test_money_is_shown_by_channel_and_component_beside_the_time_before(studio: Studio) -> None:
    studio.channel("two", budget={"month_usd": 5})
    early, cheap, dear = Story(studio, SUNDAY - LATER), Story(studio), Story(studio, channel="two")
    early.costs(1)
    cheap.costs(2)
    dear.costs(8, "gemini_assets")
    cheap.go()
    found = report(studio)
    assert (found.usd, found.before_usd) == (USD * 10, USD)
    assert [(line.channel_id, line.usd, line.before_usd) for line in found.channels] == [
        ("two", USD * 8, USD * 0),
        ("one", USD * 2, USD),
    ]
    assert [(one.name, one.usd, one.before_usd) for one in found.components] == [
        ("gemini_assets", USD * 8, USD * 0),
        ("kling_video", USD * 2, USD),
    ]
    assert [week.usd for week in found.weeks] == [1, 10]
    assert found.times is not None
    assert found.times.film_usd == 2
    [budget] = found.budgets
    assert (budget.words, budget.usd, budget.spent_usd, budget.is_exceeded) == (
        *("two's budget of the month", USD * 5, USD * 8),
        True,
    )
    one = report(studio, "one")
    assert (one.usd, one.budgets, [line.channel_id for line in one.channels]) == (USD * 2, [], ["one"])


def test_failures_are_counted_by_step_and_kind_with_the_words_of_the_last(studio: Studio) -> None:
    for words in ("busy", "very busy"):
        film = Story(studio)
        film.go(Status.GENERATING_VIDEO)
        film.fails(message=words)
        film.fails("Refused", curable=False, again=False)
    studio.db.execute("update task_errors set at = at - interval '30 days' where error_type = 'Refused'")
    [trouble] = report(studio).troubles
    assert astuple(trouble) == ("clips", "RateLimited", "transient", 2, 2, "very busy")


def test_quotas_show_their_busiest_day_and_ticks_their_longest_gap(studio: Studio) -> None:
    studio.db.execute(
        """insert into youtube_quota_usage (project, bucket, day, units_used) values
           ('42', 'units', '2026-11-15', 4000), ('42', 'units', '2026-11-16', 9000), ('42', 'own', '2026-11-16', 3),
           ('42', 'units', '2026-11-22', 9999)"""
    )
    studio.db.execute(
        """insert into ticks (host, started_at, ended_at)
           select 'a', %(at)s::timestamptz + n * interval '1 minute', %(at)s
             from unnest(array[0, 1, 2, 32]) n""",
        {"at": SUNDAY},
    )
    found = report(studio)
    assert [astuple(use) for use in found.quotas] == [("42", "own", 1, 3, None), ("42", "units", 2, 9000, 10_000)]
    assert found.ticks == Ticks(4, 1800)


def test_nothing_is_said_of_a_week_in_which_nothing_was(studio: Studio) -> None:
    empty = report(studio)
    assert (empty.films.success, empty.recovery.rate, empty.times, empty.usd) == (None, None, None, Decimal(0))
    assert replace(empty, ticks=Ticks(0, None)) == empty
    assert not [*empty.weeks, *empty.steps, *empty.channels, *empty.troubles, *empty.components, *empty.quotas]


def test_a_report_of_a_week_reads_that_week_and_not_all_that_ever_was(studio: Studio) -> None:
    fill(studio.db, channels=2, weeks=52, a_week=7, whole=False)
    week = last_week(NOW)
    params = {
        **metrics._times([week]),
        **metrics._within(week, None),
        **metrics._named(reporting._STEPS),
        "people": [*GATES, *ERRORS],
    }
    for query in (metrics._OUTCOMES, metrics._RECOVERY, metrics._FILM_TIMES, metrics._STEP_TIMES, metrics._TROUBLES):
        plan = "\n".join(line for (line,) in studio.db.execute(f"explain {query}", params))
        assert "Seq Scan on task_events" not in plan, plan
        assert "task_events_ends" in plan or "task_errors_at" in plan
    began = time.monotonic()
    found = reporting.collect(studio.db, week, None, None)
    assert time.monotonic() - began < 3
    assert (len(found.weeks), found.films.ended > 10, found.ticks.count) == (12, True, 7 * 24 * 60)
