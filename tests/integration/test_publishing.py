"""From a person's approval to YouTube: the real script, Google on loopback, and what the database keeps of it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.fakes.google import FakeGoogle, Outcome
from tests.fakes.google.sessions import BLOCK
from tests.processes import trust
from tests.studio import Studio
from tests.youtube import KEY, Press
from vidctl.contract import ErrorClass, Failure, Progress, Scope
from vidctl.domain.pacific import next_midnight
from vidctl.domain.retry import MAX_ATTEMPTS
from vidctl.domain.status import Status
from vidctl.engine import decide, pauses, publishing, scheduling
from vidctl.engine.far import Far
from vidctl.engine.rehearsal import rehearse
from vidctl.engine.standing import Standing
from vidctl.errors import BadInput, Unavailable
from vidctl.store import accounts, channels, services
from vidctl.store.failures import Where

MB = 1_000_000


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


@pytest.fixture
def press(studio: Studio, google: FakeGoogle) -> Press:
    studio.scenes = 1  # what is asked here begins when a film is made
    studio.channel()
    return Press(studio, google)


@pytest.fixture
def film(press: Press) -> UUID:
    """A film that a person approved, of a channel that is authorised."""
    press.authorise()
    task_id = press.approved()
    press.open()
    return task_id


def told(studio: Studio, kind: str) -> list[str]:
    return [said for (said,) in studio.db.execute("select message from alerts where kind = %s order by id", (kind,))]


def used(studio: Studio) -> dict[str, int]:
    return dict(studio.db.execute("select bucket, units_used from youtube_quota_usage").fetchall())


def test_an_approved_film_is_on_its_channel_and_everything_is_kept_that_an_audit_asks_for(
    press: Press, film: UUID
) -> None:
    studio, google = press.studio, press.google
    accounts.note(studio.db, accounts.get(studio.db, "one"), "it was refused once")
    studio.step(film)
    assert accounts.get(studio.db, "one").problem == "", "what is good for an upload has no problem"
    task, [video] = studio.task(film), google.videos
    assert task.status is Status.PUBLISHED
    assert task.youtube_url == f"https://youtube.com/watch?v={video.video_id}"
    assert (video.channel, video.snippet["title"]) == (google.channel("ana"), "Salt")
    assert video.status["privacyStatus"] == "private"
    assert video.status["containsSyntheticMedia"] is True
    assert video.status["selfDeclaredMadeForKids"] is False
    approved = studio.db.execute(
        "select content from review_audit where action = 'approved' and gate = 'Final Review'"
    ).fetchone()
    kept = studio.db.execute("select video_id, content, notes from review_audit where action = 'published'").fetchone()
    assert approved is not None
    assert kept is not None
    assert kept[:2] == (video.video_id, approved[0])
    assert ["film", 1, video.sha256] in kept[1]
    assert "approved by ana at" in kept[2]
    assert studio.look().is_whole
    assert "published as private: https://youtube.com/watch?v=" in task.error_log
    assert [task.youtube_url in said for said in told(studio, "published")] == [True]
    assert used(studio) == google.quota.used, "every call is counted, in the bucket that Google takes it out of"


def test_two_hosts_that_meet_at_one_approved_film_upload_it_once(press: Press, film: UUID) -> None:
    with ThreadPoolExecutor(2) as hosts:
        list(hosts.map(press.studio.step, [film, film]))
    assert press.studio.task(film).status is Status.PUBLISHED
    assert len(press.google.videos) == len(press.google.uploads.sessions) == 1


@pytest.mark.parametrize("hidden", [False, True])
def test_a_film_that_was_changed_after_its_approval_is_never_uploaded(press: Press, film: UUID, hidden: bool) -> None:
    """Where its time shows it, it is made and reviewed again; where nothing but its bytes do, a person is asked."""
    studio = press.studio
    place = studio.folder(film).path(f"{film}_final.mp4")
    was = place.stat()
    place.write_bytes(place.read_bytes()[:-1] + b"!")
    if hidden:
        os.utime(place, ns=(was.st_atime_ns, was.st_mtime_ns))
    studio.step(film)
    assert studio.task(film).status is (Status.UPLOAD_ERROR if hidden else Status.ASSEMBLING)
    assert ("no person approved this film as it is now" in studio.task(film).error_log) is hidden
    assert press.google.quota.calls == {}


def test_a_token_of_one_channel_is_never_used_for_another(press: Press, film: UUID) -> None:
    """Neither where its row was copied, nor where somebody consented as another account."""
    studio = press.studio
    studio.channel("two", scripts=_scripts(studio))
    mine = accounts.get(studio.db, "one").token
    assert mine is not None
    studio.db.execute("update channels set youtube_token_encrypted = %s where channel_id = 'two'", (mine,))
    studio.told = {}
    other = press.approved("Pepper", "two")
    press.open("two")
    studio.step(other)
    assert "was sealed for channel one" in studio.task(other).error_log
    ben = press.google.channel("ben")
    studio.db.execute("update channels set youtube_channel_id = %s where channel_id = 'one'", (ben.channel_id,))
    studio.step(film)
    assert press.google.uploads.sessions == []
    assert f"but the film is for the YouTube channel {ben.channel_id}: nothing is sent" in studio.task(film).error_log


def test_a_film_never_goes_on_with_an_upload_that_was_begun_as_another_account(press: Press, film: UUID) -> None:
    """Whoever knows a session's address may send to it, whosever token she has by now."""
    studio, google = press.studio, press.google
    google.fault("backendError", path="upload", method="PUT", times=None)
    studio.step(film)
    assert len(google.uploads.sessions) == 1
    accounts.forget(studio.db, "one")
    google.faults.clear()
    studio.wait(studio.task(film))
    studio.step(film)
    assert studio.task(film).status is Status.UPLOADING
    assert "YouTube re-authorization required for one" in studio.task(film).error_log
    press.authorise("one", "ben")
    services.resume(studio.db, "one:youtube")
    studio.wait(studio.task(film))
    studio.step(film)
    task = studio.task(film)
    assert task.status is Status.UPLOAD_ERROR
    assert f"its upload began on the YouTube channel {google.channel('ana').channel_id}" in task.error_log
    assert google.videos == []
    decide.upload_anew(studio.db, task, actor="ana", now=studio.now)
    studio.step(film)
    assert [video.channel for video in google.videos] == [google.channel("ben")]


def test_the_address_of_an_upload_and_the_tokens_are_nowhere_in_clear(press: Press, film: UUID) -> None:
    studio, google = press.studio, press.google
    refresh_token = press.authorise()
    google.fault("backendError", path="upload", method="PUT", times=None)
    studio.step(film)
    [session] = google.uploads.sessions
    row = studio.db.execute("select job_id, state from artifacts where kind = 'receipt'").fetchone()
    assert row is not None
    assert row[1] == "submitted"
    secrets = [session.upload_id, refresh_token, *google.oauth.access]
    everything = _dump(studio) + studio.task(film).error_log
    assert not [secret for secret in secrets if secret in everything]


def test_a_killed_upload_goes_on_where_it_was_and_is_one_video(press: Press) -> None:
    studio, google = press.studio, press.google
    press.authorise()
    film = press.approved(size=12 * MB)
    press.open()
    google.uploads.block_s = 0.01
    studio.told |= {"YOUTUBE_CHUNK_BYTES": str(4 * 262_144)}
    for kill_after in (0.7, 1.1, 0.9):
        with _run_step(studio, film) as process:
            time.sleep(kill_after)
            process.kill()
    google.uploads.block_s = 0.0
    studio.wait(studio.task(film))
    for _ in range(3):
        studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED
    assert [video.size for video in google.videos] == [12 * MB]
    assert len(google.uploads.sessions) == 1
    assert google.uploads.again == 0


def test_a_session_that_the_database_could_not_keep_gets_no_byte_and_then_all_of_them(press: Press, film: UUID) -> None:
    studio, google = press.studio, press.google
    google.uploads.opened = lambda _: _lose_the_database(studio)
    with pytest.raises(Unavailable):
        studio.step(film)
    google.uploads.opened = lambda _: None
    assert (google.uploads.received, google.videos) == (0, [])
    studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED
    assert (len(google.uploads.sessions), len(google.videos)) == (1, 1)


def test_a_film_whose_last_byte_arrived_as_the_database_went_is_not_sent_again(press: Press, film: UUID) -> None:
    studio, google = press.studio, press.google
    google.uploads.created = lambda _: _lose_the_database(studio)
    with pytest.raises(Unavailable):
        studio.step(film)
    studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED
    assert (len(google.uploads.sessions), len(google.videos), google.uploads.again) == (1, 1, 0)


def test_a_revoked_token_pauses_its_channel_alone_and_says_what_to_do(press: Press, film: UUID) -> None:
    studio, google = press.studio, press.google
    studio.told = {}
    studio.channel("two", scripts=_scripts(studio))
    press.authorise("two", "ben")
    other = press.approved("Pepper", "two")
    press.open("two")
    google.oauth.revoke(google.account("ana"))
    studio.step(film)
    studio.step(other)
    assert studio.task(other).status is Status.PUBLISHED
    assert (studio.task(film).status, studio.task(film).attempt) == (Status.UPLOADING, 0)
    [pause] = services.paused(studio.db, now=studio.now)
    assert pause.service == "one:youtube"
    assert "YouTube re-authorization required for one" in told(studio, "service paused")[0]
    assert "re-authorization required" in accounts.get(studio.db, "one").problem
    press.authorise()
    services.resume(studio.db, "one:youtube")
    studio.wait(studio.task(film))
    studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED


def test_a_token_that_ends_after_there_is_another_one_pauses_nothing(press: Press, film: UUID) -> None:
    studio, google = press.studio, press.google

    def authorise_anew(_: object) -> None:
        studio.later(seconds=1)
        google.oauth.revoke(google.account("ana"))
        press.authorise()

    google.uploads.opened = authorise_anew
    studio.step(film)
    assert (studio.task(film).status, studio.task(film).attempt) == (Status.UPLOADING, 1)
    assert accounts.get(studio.db, "one").problem == ""
    assert services.paused(studio.db, now=studio.now) == []
    assert told(studio, "service paused") == [], "and nobody consents once more for nothing"
    studio.wait(studio.task(film))
    studio.step(film)
    assert (studio.task(film).status, len(google.videos)) == (Status.PUBLISHED, 1)


OVER = Failure(publishing.REFUSED, ErrorClass.QUOTA, Scope.CHANNEL, "it is over", "authorise it")


def _opened(studio: Studio, film: UUID) -> publishing.Publishing:
    channel = channels.get(studio.db, "one").channel
    opened = publishing.open_for(studio.db, studio.context, studio.task(film), channel)
    assert isinstance(opened, publishing.Publishing)
    return opened


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_a_token_that_was_forgotten_or_only_sealed_anew_is_no_other_one(
    press: Press, film: UUID, is_forgotten: bool
) -> None:
    studio = press.studio
    opened = _opened(studio, film)
    if is_forgotten:
        accounts.forget(studio.db, "one")
    else:
        accounts.replace_tokens(studio.db, {"one": b"the same token, sealed with another key"})
    pauses.begin(studio.db, "one:youtube", OVER, now=studio.now)
    assert opened.judged(OVER) is OVER
    assert accounts.get(studio.db, "one").problem == ("" if is_forgotten else "it is over")
    assert [pause.service for pause in services.paused(studio.db, now=studio.now)] == ["one:youtube"]


def test_a_film_of_a_channel_that_nobody_authorised_waits_at_approved(press: Press) -> None:
    studio = press.studio
    film = press.approved()
    press.open()
    studio.step(film)
    assert studio.task(film).status is Status.APPROVED
    assert [pause.service for pause in services.paused(studio.db, now=studio.now)] == ["one:youtube"]
    [said] = told(studio, "service paused")
    assert "YouTube re-authorization required for one" in said
    assert press.google.uploads.sessions == []


def test_a_film_whose_token_no_key_reads_asks_for_a_person_and_the_token_stays(press: Press, film: UUID) -> None:
    studio = press.studio
    before = accounts.get(studio.db, "one").token
    studio.told |= {"FERNET_KEY": KEY[::-1][1:] + "="}
    studio.step(film)
    assert studio.task(film).status is Status.UPLOAD_ERROR
    assert "FERNET_KEY" in studio.task(film).error_log
    assert accounts.get(studio.db, "one").token == before
    studio.told |= {"FERNET_KEY": KEY}
    studio.retry(film)
    studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED


def test_the_quota_warns_at_four_fifths_and_pauses_until_midnight_in_california(press: Press, film: UUID) -> None:
    studio = press.studio
    studio.limit(youtube_quota={"uploads": 5})  # type: ignore[arg-type]
    day = (next_midnight(studio.now) - timedelta(hours=12)).date()
    use = "insert into youtube_quota_usage (project, bucket, day, units_used) values ('123456789012', 'uploads', %s, 3)"
    studio.db.execute(use, (day,))
    studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED
    assert "80% of YouTube's quota of uploads is used: 4 of 5" in told(studio, "quota")[0]
    studio.db.execute("update youtube_quota_usage set units_used = 5 where bucket = 'uploads'")
    studio.told = {}
    studio.channel()
    second = press.approved("Pepper")
    press.open()
    studio.step(second)
    assert studio.task(second).status is Status.APPROVED, "where it can be taken back"
    assert services.paused(studio.db, now=next_midnight(studio.now) - timedelta(seconds=1))[0].service == "youtube"
    assert services.paused(studio.db, now=next_midnight(studio.now)) == []
    assert "YouTube's quota of uploads is used up: 5 of 5" in told(studio, "quota")[1]
    studio.now = next_midnight(studio.now) + timedelta(minutes=1)
    studio.step(second)
    assert studio.task(second).status is Status.PUBLISHED


def test_a_film_that_was_about_to_be_sent_waits_for_the_quota_where_it_is(press: Press, film: UUID) -> None:
    studio = press.studio
    studio.db.execute(
        """insert into youtube_quota_usage (project, bucket, day, units_used)
           values ('123456789012', 'uploads', %s, 100)""",
        ((next_midnight(studio.now) - timedelta(hours=12)).date(),),
    )
    studio.db.execute("update tasks set status = 'Uploading'")
    studio.step(film)
    task = studio.task(film)
    assert (task.status, task.next_attempt_at) == (Status.UPLOADING, next_midnight(studio.now))
    assert press.google.uploads.sessions == []


def test_what_youtube_rejects_is_an_error_with_its_reason_and_is_not_uploaded_again(press: Press, film: UUID) -> None:
    studio, google = press.studio, press.google
    google.uploads.outcome = Outcome("rejected", "duplicate")
    studio.step(film)
    task = studio.task(film)
    assert task.status is Status.UPLOAD_ERROR
    assert "the same video is on the channel already (duplicate)" in task.error_log
    studio.retry(film)
    studio.step(film)
    assert len(google.uploads.sessions) == 1
    google.videos[0].outcome = Outcome(gone=True)
    google.uploads.outcome = Outcome()
    decide.upload_anew(studio.db, studio.task(film), actor="ana", now=studio.now)
    studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED


def test_a_rehearsal_names_all_that_keeps_a_film_back_and_changes_nothing(press: Press, film: UUID) -> None:
    studio = press.studio
    studio.db.execute(
        "insert into youtube_quota_usage (project, bucket, day, units_used) values ('123456789012', 'units', %s, 9800)",
        ((next_midnight(studio.now) - timedelta(hours=12)).date(),),
    )
    studio.told |= {"FERNET_KEY": KEY[::-1][1:] + "="}
    services.pause(studio.db, "one:youtube", until=studio.now + timedelta(hours=1), reason="it rests")
    before = _dump(studio)
    found = rehearse(studio.db, studio.task(film), channels.get(studio.db, "one").channel, studio.context).in_the_way
    assert [said.split(":")[0] for said in found] == [
        "none of the keys in FERNET_KEY can read the token of channel one",
        "not enough of YouTube's quota of units is left today",
        "one",
    ]
    assert _dump(studio) == before


def test_a_rehearsal_where_the_film_is_not_says_so(press: Press, film: UUID) -> None:
    studio = press.studio
    studio.db.execute('update artifacts set stored = \'[{"path": "a", "key": "k", "sha256": ""}]\'')
    shutil.rmtree(studio.folder(film).root)
    with pytest.raises(BadInput, match="not on this machine: storyboard, film, thumbnail"):
        rehearse(studio.db, studio.task(film), channels.get(studio.db, "one").channel, studio.context)


def test_captions_that_fail_undo_nothing_and_the_card_says_so(press: Press, film: UUID) -> None:
    studio, google = press.studio, press.google
    studio.folder(film).path(f"{film}_final.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nSalt.\n")
    google.fault("forbidden", path="captions", times=None)
    studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED
    assert "no captions" in studio.task(film).error_log


def test_a_video_in_processing_is_waited_for_without_an_attempt_and_without_another_upload(
    press: Press, film: UUID
) -> None:
    studio, google = press.studio, press.google
    studio.told |= {"YOUTUBE_WAIT_S": "0"}
    google.uploads.looks = 2
    studio.step(film)
    task = studio.task(film)
    assert (task.status, task.attempt) == (Status.UPLOADING, 0)
    with studio.db.transaction(force_rollback=True):
        studio.db.execute("update tasks set status = 'Upload Error'")
        with pytest.raises(BadInput, match="'Salt' is on YouTube already, as it was"):
            scheduling.schedule(studio.db, [studio.task(film)], None)
    for _ in range(3):
        studio.wait(studio.task(film))
        studio.step(film)
    assert studio.task(film).status is Status.PUBLISHED
    assert len(google.uploads.sessions) == 1


def test_how_far_an_upload_is_is_told_every_twenty_seconds_on_the_card_and_in_the_log(
    press: Press, film: UUID, capfd: pytest.CaptureFixture[str]
) -> None:
    studio = press.studio
    studio.db.execute("update tasks set fence = version where id = %s", (film,))
    seen = studio.task(film).seen
    shown: list[int] = []
    where = Where(film, "publish", 1, "here")
    far = Far(studio.db, seen, where, studio.clock, lambda: shown.append(studio.task(film).progress_done), Standing())
    for done in range(5, 101, 5):
        far.hear(Progress(done, 100))
        studio.later(seconds=5)
    assert shown == [5, 10, 30, 50, 70, 90], "that it gets on at all is told at once"
    assert capfd.readouterr().err.count('"message": "uploading"') == len(shown)


def test_a_run_that_got_on_begins_the_attempts_anew_and_one_that_did_not_spends_its_own(
    press: Press, film: UUID
) -> None:
    studio = press.studio
    studio.db.execute("update tasks set fence = version, attempt = 4 where id = %s", (film,))
    far = Far(
        studio.db, studio.task(film).seen, Where(film, "publish", 4, "here"), studio.clock, lambda: None, Standing()
    )
    far.hear(Progress(30, 100))
    studio.later(minutes=1)
    far.hear(Progress(30, 100))
    assert studio.task(film).attempt == 4
    far.hear(Progress(31, 100))
    assert studio.task(film).attempt == 1


def test_what_begins_with_nothing_each_time_gets_nowhere(press: Press, film: UUID) -> None:
    studio = press.studio
    studio.db.execute("update tasks set fence = version, attempt = 4 where id = %s", (film,))
    where = Where(film, "publish", 4, "here")
    far = Far(studio.db, studio.task(film).seen, where, studio.clock, lambda: None, Standing())
    for done in (0, 10):
        far.hear(Progress(done, 100))
        studio.later(minutes=1)
    assert studio.task(film).attempt == 4


def test_a_film_that_gets_on_with_each_try_over_a_poor_line_is_never_given_up(press: Press) -> None:
    press.authorise()
    studio, google, film = press.studio, press.google, press.approved(size=6 * BLOCK)
    press.open()
    studio.told |= {"YOUTUBE_CHUNK_BYTES": str(BLOCK), "YOUTUBE_PAUSE_S": "0"}
    google.fault("refuse", method="PUT", status=503, times=None, after=2)
    studio.step(film)
    google.faults.clear()
    studio.db.execute("update tasks set attempt = %s", (MAX_ATTEMPTS - 1,))
    google.fault("refuse", method="PUT", status=503, times=None, after=2)
    studio.wait(studio.task(film))
    studio.step(film)
    assert (studio.task(film).status, studio.task(film).attempt) == (Status.UPLOADING, 1)


def test_what_is_no_share_is_told_to_nobody_and_stops_nothing(studio: Studio) -> None:
    studio.channel()
    seen = studio.task(studio.film()).seen
    told: list[None] = []
    far = Far(
        studio.db, seen, Where(seen.id, "publish", 1, "here"), studio.clock, lambda: told.append(None), Standing()
    )
    for done, total in ((1e400, 1.0), (1.0, 1e400), (1e400, 1e400), (1.0, 0.0)):
        far.hear(Progress(done, total))
    assert told == []
    far.hear(Progress(1e308, 1.0))
    assert studio.task(seen.id).progress_done in (0, 100)


def _lose_the_database(studio: Studio) -> None:
    """End the session of the step that is at work."""
    studio.db.execute(
        """select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'test step' and datname = current_database()"""
    )


def _scripts(studio: Studio) -> dict[str, str]:
    from vidctl.domain.script_names import SCRIPTS

    return {name: str(studio.scripts / name) for name in SCRIPTS}


def _dump(studio: Studio) -> str:
    """Return every row of every table as text."""
    names = studio.db.execute("select tablename from pg_tables where schemaname = 'public'").fetchall()
    rows = [studio.db.execute(f"select t::text from {name} t").fetchall() for (name,) in names]
    return "\n".join(str(row) for table in rows for row in table)


def _run_step(studio: Studio, film: UUID) -> subprocess.Popen[bytes]:
    told = {**studio.environment, **studio.told, **trust(), "PATH": os.environ["PATH"]}
    root = Path(__file__).parents[2]
    return subprocess.Popen(
        [sys.executable, "-m", "vidctl", "run-step", str(film)],
        cwd=root,
        env=told,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
