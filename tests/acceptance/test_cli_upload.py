"""`vidctl upload`: approved films go up at a person's word, or exactly what would be sent is shown."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from tests.fakes.google import FakeGoogle
from tests.processes import trust
from tests.studio import Studio
from tests.traces import changed, traces
from tests.youtube import Press
from vidctl.domain.status import Status
from vidctl.store import audit

ROOT = Path(__file__).parents[2]


@pytest.fixture
def press(studio: Studio) -> Iterator[Press]:
    studio.scenes = 1  # what is asked here begins when a film is made
    studio.channel()
    with FakeGoogle() as google:
        yield Press(studio, google)


def vidctl(press: Press, *words: str) -> subprocess.CompletedProcess[str]:
    told = {**press.studio.environment, **press.environment, **trust(), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [sys.executable, "-m", "vidctl", *words], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )


def approved(press: Press, title: str = "Salt") -> UUID:
    press.authorise()
    film = press.approved(title)
    press.open()
    return film


def test_a_dry_run_shows_exactly_what_is_sent_then_and_sends_nothing(press: Press) -> None:
    film = approved(press)
    file = press.studio.configs / "one.yaml"
    file.write_text(json.dumps({**json.loads(file.read_text()), "channel_name": "Of which no tick has heard"}))
    before = traces(press.studio.db, press.studio.root)
    shown = json.loads(vidctl(press, "upload", str(film), "--dry-run", "--json").stdout)["films"][0]
    assert changed(before, traces(press.studio.db, press.studio.root)) == set()
    assert shown["in_the_way"] == []
    assert press.google.uploads.sessions == []
    assert press.google.quota.calls == {}
    sent = vidctl(press, "upload", str(film), "--json")
    assert (sent.returncode, json.loads(sent.stdout)["films"][0]["status"]) == (0, Status.PUBLISHED)
    [session], said = press.google.uploads.sessions, shown["requests"][0]
    assert said["method"] == "videos.insert"
    assert said["body"] == session.words
    assert press.studio.task(film).status is Status.PUBLISHED


def test_a_dry_run_says_where_to_what_is_changed_and_hides_nothing(press: Press) -> None:
    press.authorise()
    film = press.approved("Salt <and> 👩\u200d👧")
    press.open()
    said = vidctl(press, "upload", str(film), "--dry-run").stdout
    assert "\n  to Ana's Harbour (UCana0aaaaaaaaaaaaaaaaaa)\n  note: YouTube takes no < and >: they became" in said
    assert "‹and› 👩\\u200d👧" in said
    assert "not now" not in said
    press.studio.db.execute("update channels set youtube_problem = 'refused: it does nothing.'")
    press.studio.db.execute("update tasks set status = 'Upload Error', publish_at = '2020-01-01T00:00Z'")
    said = vidctl(press, "upload", str(film), "--dry-run").stdout
    assert "  not now: it does nothing: vidctl auth status\n" in said
    assert "  note: its time, 2020-01-01 00:00 UTC, is over: YouTube makes it public at once\n" in said
    assert "  not now: it is Upload Error: only what is Approved goes up\n" in said


def test_a_dry_run_says_what_keeps_a_film_from_going_up(press: Press) -> None:
    first = approved(press)
    press.studio.step(first)
    press.studio.told = {}
    press.studio.channel(youtube={"uploads_a_day": 1})
    second = press.approved()
    press.open()
    press.studio.db.execute("update channels set youtube_token_encrypted = null")
    said = vidctl(press, "upload", str(second), "--dry-run")
    assert said.returncode == 0
    for reason in ("re-authorization required", "Duplicate content detected", "1 film of one went up today"):
        assert f"not now: {reason}" in said.stdout or reason in said.stdout, reason


def test_a_persons_word_that_it_is_no_duplicate_sends_it_up_under_a_name(press: Press) -> None:
    first = approved(press)
    with press.studio.session() as other, audit.deciding(other):  # films are compared while others decide
        alone = vidctl(press, "upload", str(first), "--despite-duplicate", "--reviewer", "Bo")
    assert (alone.returncode, alone.stderr.count("\n")) == (65, 2)
    assert "'Salt' is like no film that is on YouTube" in alone.stderr
    press.studio.step(first)
    press.studio.told = {}
    press.studio.channel()
    second = press.approved()
    press.open()
    refused = vidctl(press, "upload", str(second))
    assert refused.returncode == 1
    assert "Upload Error; " in refused.stdout
    assert "Duplicate content detected" in refused.stdout
    done = vidctl(press, "upload", str(second), "--despite-duplicate", "--reviewer", "Bo")
    assert (done.returncode, press.studio.task(second).status) == (0, Status.PUBLISHED)
    [(who, why)] = press.studio.db.execute("select reviewer_id, notes from review_audit where action = 'allowed'")
    assert (who, why) == (
        "Bo",
        f"it is the same film as 'Salt' of one ({first}, {press.studio.task(first).youtube_url})",
    )


def test_a_film_that_waits_says_what_for_and_goes_up_at_a_word_once_that_is_over(press: Press) -> None:
    film = approved(press)
    token = press.studio.db.execute("select youtube_token_encrypted from channels").fetchone()
    press.studio.db.execute("update channels set youtube_token_encrypted = null")
    waits = vidctl(press, "upload", str(film))
    assert waits.returncode == 75
    assert "Approved; paused: one:youtube until " in waits.stdout
    assert "YouTube re-authorization required for one" in waits.stdout
    press.studio.db.execute("update channels set youtube_token_encrypted = %s", token)
    press.studio.db.execute("delete from service_state")
    press.studio.db.execute("update tasks set next_attempt_at = now() + interval '1 day', error_log = 'put off'")
    assert "put off" not in vidctl(press, "upload").stdout, "that was said before"
    assert press.studio.task(film).status is Status.APPROVED, "without its name it is not meant"
    assert vidctl(press, "upload", str(film)).returncode == 0
    assert press.studio.task(film).status is Status.PUBLISHED
    again = vidctl(press, "upload", str(film), "--despite-duplicate")
    assert (again.returncode, again.stderr.count("\n")) == (65, 2)
    assert "is published already" in again.stderr
    assert press.studio.db.execute("select 1 from review_audit where action = 'allowed'").fetchone() is None


@pytest.mark.parametrize(
    ("words", "status", "complaint"),
    [
        (["upload", "--despite-duplicate"], 2, "say of which film"),
        (["upload", "--reviewer", "Bo"], 2, "it goes with --despite-duplicate alone"),
        (["upload", "ffffffff"], 66, "there is no task ffffffff"),
    ],
)
def test_what_cannot_be_asked_for_is_said_in_two_lines(
    press: Press, words: list[str], status: int, complaint: str
) -> None:
    said = vidctl(press, *words)
    assert said.returncode == status
    assert complaint in said.stderr
    assert said.stderr.count("\n") == 2


def test_a_film_that_nobody_approved_is_not_uploaded(press: Press) -> None:
    film = press.studio.film()
    press.studio.bring(film, Status.FINAL_REVIEW)
    said = vidctl(press, "upload", str(film))
    assert said.returncode == 65
    assert "waits for no upload: it is Final Review" in said.stderr
