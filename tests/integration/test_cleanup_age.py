"""Logs, what was never put in place, strangers' folders and rows go by their age; what proves anything stays."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine.cleanup.run import Cleanup, Report
from vidctl.errors import BadInput
from vidctl.store import cleanup
from vidctl.store.cleanup import OLD

OF_SERVICES = (
    ("service_state", "service, paused_until, reason", "%s, %s, 'quota'"),
    ("service_limits", "service, until, at_once", "%s, %s, 1"),
    ("pace", "service, free_at", "%s, %s"),
)
"""Rows that are worth nothing once their moment has passed."""


def clean(studio: Studio, *, orphans: bool = False, dry_run: bool = False) -> Report:
    return Cleanup(studio.db, studio.context, studio.files(), orphans=orphans, dry_run=dry_run).run()


def published(studio: Studio) -> UUID:
    studio.channel(scenes=1)
    task_id = studio.film()
    studio.bring(task_id, Status.PUBLISHED)
    return task_id


def old(path: Path, days: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("words")
    then = datetime.now(UTC).timestamp() - days * 86_400
    os.utime(path, (then, then))
    return path


def test_logs_go_but_not_those_of_films_on_their_way(studio: Studio) -> None:
    done, begun, logs = published(studio), studio.film(), studio.home / "logs"
    stay = [old(logs / f"{begun}.log", 400), old(logs / str(begun) / "clips_1.log", 400), old(logs / "tick.log", 80)]
    gone = [old(logs / f"{done}.log", 100), old(logs / str(done) / "clips_1.log", 100), old(logs / "tick.log.3", 100)]
    assert clean(studio).logs.files == len(gone)
    assert [path.exists() for path in (*stay, *gone)] == [True] * 3 + [False] * 3


def test_folders_of_no_film_are_told_and_removed_on_demand_alone(studio: Studio) -> None:
    strange = studio.home / "workspace/channels/one/projects/00000000-0000-4000-8000-000000000000"
    old(strange / "videos/clip_01.mp4", 30)
    with pytest.raises(BadInput, match="knows none of the 1 films"):
        clean(studio, orphans=True)
    published(studio)
    [orphan] = clean(studio).orphans
    assert (orphan.removed, orphan.swept.files, strange.exists()) == (False, 1, True)
    studio.now = datetime.now(UTC)
    assert not clean(studio, orphans=True).orphans[0].removed, "it was made a moment ago"
    later = studio.now.timestamp() + 2 * 86_400
    os.utime(strange / "videos/clip_01.mp4", (later, later))
    studio.later(days=3)
    assert not clean(studio, orphans=True).orphans[0].removed, "somebody works deep in it"
    studio.later(days=2)
    assert not clean(studio).orphans[0].removed, "nobody said that it should be"
    assert clean(studio, orphans=True).orphans[0].removed
    assert not strange.exists()


def test_a_films_folder_in_another_channels_place_is_nobodys(studio: Studio) -> None:
    task_id = published(studio)
    other = studio.home / "workspace/channels/two/projects" / str(task_id)
    shutil.copytree(studio.folder(task_id).root, other)
    studio.later(days=8)
    assert [orphan.path for orphan in clean(studio).orphans] == [other]
    assert (other / "filmstrip.png").is_file()
    assert not studio.folder(task_id).path("filmstrip.png").exists()


def test_what_was_never_put_in_place_goes_after_two_days(studio: Studio) -> None:
    task_id = studio.film()
    part = old(studio.folder(task_id).path("takes/videos/.clip_01.mp4.77.part"), 30)
    whole = old(studio.folder(task_id).path("videos/clip_01.mp4"), 30)
    studio.now = datetime.now(UTC)
    assert clean(studio).temporary.files == 0, "it was given its name a moment ago, whatever its time says"
    studio.later(days=3)
    assert clean(studio).temporary.files == 1
    assert (part.exists(), whole.exists()) == (False, True)


def test_old_rows_go_and_what_proves_anything_stays(studio: Studio) -> None:
    task_id, db = published(studio), studio.db
    long_ago = studio.now - timedelta(days=800)
    for host, days in (("a:1", 40), ("a:2", 39), ("b:1", 500), ("a:3", 1)):
        at = studio.now - timedelta(days=days)
        db.execute("insert into ticks (host, started_at, ended_at) values (%s, %s, now())", (host, at))
    db.execute("insert into notices (host, sentence, said_at, seen_at) values ('a', 's', %s, %s)", (long_ago, long_ago))
    db.execute("update tasks set status_since = %s, notion_page_id = 'page' where id = %s", (long_ago, task_id))
    for done_at in (long_ago, None):
        delivered_alert(studio, long_ago, done_at)
        db.execute(
            "insert into card_notes (page_id, line, at, posted_at) values ('page', 'l', %s, %s)", (long_ago, done_at)
        )
    sunday = datetime(2020, 3, 1, tzinfo=UTC)
    for at in (sunday, sunday + timedelta(days=6.9), sunday - timedelta(seconds=1)):
        failure(studio, task_id, at)
    db.execute("insert into weekly_metrics (week, metrics) values ('2020-03-01', '{}')")
    for name, columns, values in OF_SERVICES:
        for at in (long_ago, studio.now):
            db.execute(f"insert into {name} ({columns}) values ({values})", (str(at), at))
    on_its_way, yesterday = studio.film(notion_page_id="other"), studio.now - timedelta(days=1)
    failure(studio, on_its_way, sunday)
    delivered_alert(studio, yesterday, yesterday)
    db.execute("insert into card_notes (page_id, line, at, posted_at) values ('other', 'l', now(), %s)", (long_ago,))
    proof = counts(studio)
    would = clean(studio, dry_run=True).rows
    old_rows = {"ticks": 2, "notices": 1, "alerts": 1, "card_notes": 1, "task_errors": 2}
    assert clean(studio).rows == would == {**old_rows, **{name: 1 for name, *_ in OF_SERVICES}}
    assert {row[0] for row in db.execute("select host from ticks")} == {"b:1", "a:3"}, "the last one of each machine"
    errors = db.execute("select task_id, at from task_errors order by at").fetchall()
    assert errors == [(task_id, sunday - timedelta(seconds=1)), (on_its_way, sunday)], "not kept yet, and not over"
    assert counts(studio) == proof
    assert clean(studio).rows == {}


def delivered_alert(studio: Studio, at: datetime, delivered_at: datetime | None) -> None:
    studio.db.execute(
        "insert into alerts (kind, message, created_at, delivered_at) values ('k', 'm', %s, %s)", (at, delivered_at)
    )


def failure(studio: Studio, task_id: UUID, at: datetime) -> None:
    studio.db.execute(
        """insert into task_errors (task_id, step, attempt, error_type, error_class, scope, message, host, at)
           values (%s, 'clips', 1, 'E', 'transient', 'item', 'm', 'h', %s)""",
        (task_id, at),
    )


def counts(studio: Studio) -> dict[str, int]:
    names = ("task_events", "review_audit", "video_costs", "orders", "artifacts", "takes", "uploads", "exhibits")
    rows = {name: studio.db.execute(f"select count(*) from {name}").fetchone() for name in names}
    return {name: row[0] for name, row in rows.items() if row}


def test_rows_that_somebody_holds_are_left_for_the_next_time(studio: Studio) -> None:
    for _ in range(2):
        delivered_alert(studio, studio.now, studio.now - timedelta(days=100))
    alerts = next(one for one in OLD if one.table == "alerts")
    kept = studio.context.limits.kept_days
    studio.db.execute("set lock_timeout = '2s'")
    with studio.session() as other, other.transaction():
        other.execute("select from alerts limit 1 for update")
        assert cleanup.take_away(studio.db, alerts, kept, now=studio.now) == 1
    assert cleanup.take_away(studio.db, alerts, kept, now=studio.now) == 1
