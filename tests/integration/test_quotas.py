"""What is left of YouTube's quotas: counted for a whole Google project, by the days of California."""

from datetime import UTC, datetime, timedelta

from vidctl.contract import Quota
from vidctl.domain.limits import Limits
from vidctl.domain.pacific import next_midnight
from vidctl.domain.quota import Bucket
from vidctl.domain.youtube_settings import YoutubeQuota
from vidctl.engine.quotas import Meter
from vidctl.store import Db, services

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def meter(db: Db) -> Meter:
    limits = Limits(youtube_quota=YoutubeQuota(uploads=5))
    return Meter(db, {"GOOGLE_CLIENT_ID": "123456789012-client.apps.googleusercontent.com"}, limits)


def test_the_call_that_uses_a_quota_up_pauses_youtube_until_midnight_in_california_and_says_so_once(db: Db) -> None:
    for number in range(1, 7):
        meter(db).count(Quota("uploads", 1), now=NOW)
        paused = services.paused(db, now=NOW)
        assert [one.paused_until for one in paused] == ([next_midnight(NOW)] if number >= 5 else [])
    told = [said for (said,) in db.execute("select message from alerts order by id")]
    assert [said.partition(" (")[0] for said in told] == [
        "80% of YouTube's quota of uploads is used: 4 of 5",
        "YouTube's quota of uploads is used up: 5 of 5",
    ]


def test_that_four_fifths_are_used_is_said_by_the_call_that_reaches_them(db: Db) -> None:
    for units in (7_900, 100, 100):
        meter(db).count(Quota("units", units), now=NOW)
    [(said,)] = db.execute("select message from alerts").fetchall()
    assert said.startswith("80% of YouTube's quota of units is used: 8,000 of 10,000")


def test_each_bucket_is_counted_by_itself_and_a_new_day_begins_at_midnight_in_california(db: Db) -> None:
    meter(db).count(Quota("uploads", 2), now=NOW)
    meter(db).count(Quota("units", 400), now=NOW)
    assert meter(db).left(now=NOW) == {Bucket.UPLOADS: 3, Bucket.SEARCHES: 100, Bucket.UNITS: 9_600}
    assert meter(db).left(now=next_midnight(NOW) - timedelta(seconds=1))[Bucket.UPLOADS] == 3
    assert meter(db).left(now=next_midnight(NOW))[Bucket.UPLOADS] == 5
