"""`vidctl cleanup`: says what it removes, and is broken off at any moment without harm."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tests.place import Place, Ran
from tests.processes import until
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import Db

Run = Callable[..., Ran]
EVIL = "Crows \x1b[31m[bold]@everyone"


@pytest.fixture
def films(studio: Studio) -> list[UUID]:
    """Two films that were published a month ago."""
    studio.channel(scenes=1)
    made = [studio.film(), studio.film()]
    for task_id in made:
        studio.bring(task_id, Status.PUBLISHED)
    studio.db.execute("update tasks set title = %s, status_since = now() - interval '30 days'", (EVIL,))
    return made


def tree(studio: Studio) -> set[Path]:
    return {path for path in studio.home.rglob("*") if path.is_file()}


def test_a_dry_run_removes_nothing_and_says_exactly_what_the_real_run_does(
    quick: Run, studio: Studio, films: list[UUID]
) -> None:
    alert = "insert into alerts (kind, message, created_at, delivered_at) values ('k', 'm', now(), '2020-01-01')"
    studio.db.execute(alert)
    strange = studio.home / "workspace/channels/one/projects/strange"
    strange.mkdir()
    (strange / "a.txt").write_text("a")
    before = tree(studio)
    would = quick("cleanup", "--dry-run", "--json")
    said = quick("cleanup", "--dry-run")
    assert tree(studio) == before
    assert would.status == said.status == 0
    assert "Would be removed:" in said.out
    assert "\x1b" not in said.out
    done = quick("cleanup", "--json").json
    assert {**would.json, "dry_run": False} == done
    assert len(before) - len(tree(studio)) == done["files"] == 6
    assert (done["cleaned_films"], done["rows"], done["by_kind"]["composite"]["files"]) == (2, {"alerts": 1}, 2)
    assert [one["path"] for one in done["orphans"]] == [str(strange)]
    shown = quick("status", str(films[0])[:8])
    assert "composite      1         cleaned up: 20" in shown.out
    assert quick("cleanup").out.startswith("No film's: "), "what is only kept is told to no cron"
    assert "nothing is left to buy" in quick("estimate", str(films[0])[:8]).out


def test_a_run_that_is_killed_between_two_films_leaves_the_second_whole(
    quick: Run, place: Place, studio: Studio, films: list[UUID], db: Db
) -> None:
    studio.channel(scenes=1, cleanup={"keep": "nothing"})
    first, second = sorted(films, key=str)
    whole = {path for path in tree(studio) if str(second) in path.parts}
    with studio.session() as other, other.transaction():
        other.execute("select from artifacts where task_id = %s for update", (second,))
        command = [sys.executable, "-m", "vidctl", "cleanup"]
        process = subprocess.Popen(command, cwd=place.root, env=place.environment, stderr=subprocess.PIPE)
        until(lambda: waits(db))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert len(list(studio.folder(first).root.iterdir())) == 4, "evidence alone"
    assert {path for path in tree(studio) if str(second) in path.parts} == whole
    rows = db.execute("select kind from artifacts where removed_at is null and task_id = %s", (first,)).fetchall()
    assert len(rows) == 4, "of the others their rows say that they are gone"
    until(lambda: quick("cleanup", "--json").json["cleaned_films"] == 1)
    assert len(list(studio.folder(second).root.iterdir())) == 4


def waits(db: Db) -> bool:
    asked = "select from pg_stat_activity where application_name = 'vidctl cleanup' and wait_event_type = 'Lock'"
    return db.execute(asked).rowcount > 0


def test_a_setting_that_is_none_is_refused_with_its_line(quick: Run, studio: Studio, films: list[UUID]) -> None:
    path = studio.configs / "_defaults.yaml"
    path.write_text("cleanup:\n  keep: all\n")
    refused = quick("cleanup")
    assert (refused.status, refused.out) == (78, "")
    assert "_defaults.yaml:2: " in refused.err
    path.unlink()
    before = tree(studio)
    (studio.configs / "one.yaml").write_text("cleanup: {keep: everthing}\n")
    said = quick("cleanup")
    assert (said.status, tree(studio)) == (0, before), "nobody knows what the file says of keeping"
    assert said.out.startswith("Not removed: films of one, whose file cannot be used: ")
