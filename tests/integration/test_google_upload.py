"""One film is one video, whatever is lost on the way; and what became of it is told as YouTube tells it."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, time
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.google import FakeGoogle, Outcome, discovery
from tests.fakes.google.sessions import BLOCK, Session
from vidctl.contract import ErrorClass, Failure, Message, Progress, Quota, Scope, ScriptError, Submitted, from_line
from vidctl.domain.keyring import keyring
from vidctl.domain.publication import Publication
from vidctl.errors import BadInput, NotFound
from vidctl.providers.http import Reply
from vidctl.providers.youtube import job
from vidctl.providers.youtube.job import Opened, Uploaded
from vidctl.providers.youtube.patience import Patience
from vidctl.providers.youtube.publish import Manner, Receipt, publish
from vidctl.providers.youtube.readback import WHY
from vidctl.providers.youtube.telling import Telling
from vidctl.providers.youtube.upload import said_at
from vidctl.script import sha256_of

TRANSIENT, PERMANENT, QUOTA = ErrorClass.TRANSIENT, ErrorClass.PERMANENT, ErrorClass.QUOTA
QUICK = Manner(wait_s=0, chunk_bytes=BLOCK, patience=Patience(pause_s=0, tries=4, longest_s=1))
WORDS = Publication(
    title="The harbour", privacy="unlisted", channel_id="one", account="UCana0aaaaaaaaaaaaaaaaaa", tags=("history",)
)
SIZE = 5 * BLOCK + 4_321
PNG = b"\x89PNG\r\n\x1a\n..."


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGoogle]:
    """Google, and the environment by which a run finds it, as ana."""
    with FakeGoogle() as fake:
        monkeypatch.setenv("GOOGLE_BASE_URL", fake.url)
        monkeypatch.setenv("GOOGLE_CLIENT_ID", fake.client_id)
        monkeypatch.setenv("GOOGLE_CLIENT_SECRET", fake.client_secret)
        monkeypatch.setenv("YOUTUBE_REFRESH_TOKEN", fake.grant("ana"))
        monkeypatch.setenv("FERNET_KEY", Fernet.generate_key().decode())
        yield fake


@dataclass
class Runs:
    """The runs of one film: each goes on with what the one before said last."""

    google: FakeGoogle
    film: Path
    capsys: pytest.CaptureFixture[str]
    job: str = ""
    said: list[Message] = field(default_factory=list)

    def run(self, manner: Manner = QUICK, **changes: Any) -> Receipt:
        try:
            return publish(self.film, msgspec.structs.replace(WORDS, **changes), self.film.parent, manner, self.job)
        finally:
            self.said = [from_line(line) for line in self.capsys.readouterr().out.splitlines()]
            self.job = next((one.job_id for one in reversed(self.said) if isinstance(one, Submitted)), self.job)

    def refused(self, **changes: Any) -> Failure:
        with pytest.raises(ScriptError) as caught:
            self.run(**changes)
        assert caught.value.hint
        return caught.value.failure

    def until_done(self, **changes: Any) -> Receipt:
        for _ in range(30):
            with suppress(ScriptError):
                return self.run(**changes)
        raise AssertionError("it never ends")

    def change_job(self, **changes: datetime) -> None:
        """Let the next run go on with a session of another time."""
        began = job.read(self.job, job.keys())
        assert isinstance(began, Opened)
        self.job = job.sealed(msgspec.structs.replace(began, **changes), job.keys())

    def assert_one_video(self, receipt: Receipt) -> None:
        (video,) = self.google.videos
        assert (video.size, video.sha256) == (self.film.stat().st_size, sha256_of(self.film))
        assert (receipt.video_id, receipt.film_sha256) == (video.video_id, video.sha256)
        assert self.google.uploads.again == 0


@pytest.fixture
def runs(google: FakeGoogle, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Runs:
    film = tmp_path / "film.mp4"
    film.write_bytes(random.Random(1).randbytes(SIZE))
    return Runs(google, film, capsys)


def test_youtube_is_told_everything_and_left_to_assume_nothing(google: FakeGoogle, runs: Runs) -> None:
    runs.assert_one_video(
        runs.run(description="How it began.", privacy="private", publish_at="2100-01-01T10:00:00Z", made_for_kids=True)
    )
    (video,) = google.videos
    assert video.snippet == {
        "title": "The harbour",
        "description": "How it began.",
        "tags": ["history"],
        "categoryId": "27",
        "defaultLanguage": "en",
        "defaultAudioLanguage": "en",
    }
    asked = {name: video.status[name] for name in ("privacyStatus", "publishAt")}
    assert asked == {"privacyStatus": "private", "publishAt": "2100-01-01T10:00:00Z"}
    assert (video.status["selfDeclaredMadeForKids"], video.status["containsSyntheticMedia"]) == (True, True)
    (opened,) = google.ledger.where(lambda one: one.method == "POST" and one.path.startswith("/upload"))
    assert opened.query["notifySubscribers"] == ["true"]


def test_the_session_is_kept_before_the_first_byte_and_the_video_after_the_last(runs: Runs) -> None:
    runs.run()
    kinds = [one for one in runs.said if isinstance(one, Submitted | Progress)]
    first, *progress, last = kinds
    assert isinstance(first, Submitted)
    assert isinstance(last, Submitted)
    assert (first.waits, last.waits, progress) == (True, True, [Progress(0, SIZE), Progress(SIZE, SIZE)])
    assert first.job_id.startswith("gAAAA"), "sealed"
    assert runs.said[:2] == [Quota("units", 1), Quota("uploads", 1)]


TROUBLES = st.sampled_from(
    [
        ("refuse", {"status": 503}),
        ("refuse", {"status": 500, "text": "<html>"}),
        ("refuse", {"status": 429, "headers": {"Retry-After": "0"}}),
        ("html", {}),
        ("drop", {}),
        ("lost", {}),
        ("stored", {}),
        ("stored", {"status": 502}),
        ("part", {"share": 0.5}),
        ("part", {"share": 0}),
        ("cut", {}),
        ("not_json", {}),
    ]
)
PLACES = st.sampled_from([{"method": "PUT"}, {"method": "PUT", "says": "last"}, {"method": "PUT", "says": "status"}])
BURSTS = st.lists(st.tuples(TROUBLES, PLACES, st.integers(1, 5), st.integers(0, 4)), max_size=5)


def test_whatever_is_lost_it_is_one_video_and_nothing_is_sent_twice(google: FakeGoogle, runs: Runs) -> None:
    @settings(max_examples=40, deadline=None)
    @given(BURSTS)
    def holds(bursts: list[tuple[tuple[str, dict[str, Any]], dict[str, str], int, int]]) -> None:
        google.faults.clear()
        google.uploads.sessions.clear()
        google.uploads.videos.clear()
        google.quota.new_day()
        runs.job = ""
        for (kind, options), place, times, after in bursts:
            google.fault(kind, times=times, after=after, **place, **options)
        runs.assert_one_video(runs.until_done())
        assert len(google.uploads.sessions) == 1

    holds()


@pytest.mark.parametrize(("kind", "options"), [("refuse", {"status": 503}), ("part", {"share": 0}), ("drop", {})])
def test_who_makes_no_progress_gives_up_for_now_and_goes_on_later(
    google: FakeGoogle, runs: Runs, kind: str, options: dict[str, Any]
) -> None:
    google.fault(kind, method="PUT", says=r"-\d+/", times=None, after=2, **options)
    failure = runs.refused()
    assert (failure.error_class, failure.scope) == (TRANSIENT, Scope.ITEM)
    assert google.uploads.sessions[0].stored == 2 * BLOCK
    google.faults.clear()
    runs.assert_one_video(runs.run())
    assert google.uploads.received == SIZE + 4 * BLOCK, "and one chunk that was refused four times"


def test_who_is_asked_to_wait_for_longer_than_a_run_may_waits_for_the_next_one(google: FakeGoogle, runs: Runs) -> None:
    google.fault("refuse", method="PUT", status=503, headers={"Retry-After": "300"})
    failure = runs.refused()
    assert (failure.error_class, failure.retry_after_s) == (TRANSIENT, 300)
    runs.assert_one_video(runs.run())


def test_a_page_that_repeats_the_session_s_address_gives_it_to_nobody(google: FakeGoogle, runs: Runs) -> None:
    def name(session: Session) -> None:
        session.upload_id = "AHm+secret/of=it"

    google.uploads.opened = name
    page = "<html>The requested URL /upload/youtube/v3/videos?upload_id={} is not good"
    google.fault("refuse", method="PUT", status=503, times=None, after=1)
    runs.refused()
    google.faults.clear()
    secret = google.uploads.sessions[0].upload_id
    for shown in (secret, quote(secret, safe="")):
        google.fault("refuse", method="PUT", status=400, text=page.format(shown), times=None)
        failure = runs.refused()
        google.faults.clear()
        assert "upload_id=[session] is not good" in failure.message
        assert shown not in failure.message


@pytest.mark.parametrize(
    "error",
    [
        {"errors": [{"reason": "authError"}]},
        {"errors": [{"reason": "unauthorized"}]},
        {"status": "UNAUTHENTICATED", "details": [{"reason": "ACCESS_TOKEN_EXPIRED"}]},
        {"message": "Request had invalid authentication credentials."},
        None,
    ],
)
def test_an_access_token_that_ends_half_way_is_renewed_whatever_it_is_refused_with(
    google: FakeGoogle, runs: Runs, error: dict[str, Any] | None
) -> None:
    says = {"body": {"error": error}} if error else {"text": "<html>401</html>"}
    google.fault("refuse", method="PUT", status=401, after=2, **says)
    runs.assert_one_video(runs.run())
    assert len(google.oauth.access) == 2


def test_a_session_that_is_gone_at_once_is_left_to_the_next_run(google: FakeGoogle, runs: Runs) -> None:
    google.fault("expired", method="PUT", status=410, after=1)
    assert runs.refused().error_class is TRANSIENT
    runs.assert_one_video(runs.run())
    assert len(google.uploads.sessions) == 2


def test_a_channel_without_a_list_of_uploads_is_looked_at_for_an_hour_before_the_film_goes_up_anew(
    google: FakeGoogle, runs: Runs
) -> None:
    google.channel().is_new = True
    google.fault("expired", method="PUT", after=1)
    failure = runs.refused()
    assert (failure.error_type, failure.error_class, failure.scope) == ("NotListed", QUOTA, Scope.ITEM)
    assert runs.refused().error_type == "NotListed"
    runs.change_job(opened_at=datetime.now(UTC) - timedelta(hours=1))
    runs.assert_one_video(runs.run())
    assert len(google.uploads.sessions) == 2


def test_a_film_that_youtube_has_and_made_no_video_of_is_asked_about_and_not_sent(
    google: FakeGoogle, runs: Runs
) -> None:
    google.uploads.finishes_after = QUICK.patience.tries + 2
    assert runs.refused().error_type == "ServiceError"
    runs.assert_one_video(runs.run())
    assert google.uploads.received == SIZE


def test_an_upload_whose_words_were_changed_meanwhile_is_left_and_the_film_goes_up_with_the_new_ones(
    google: FakeGoogle, runs: Runs
) -> None:
    broken_off(google, runs, privacy="public")
    receipt = runs.run(title="Another", privacy="private")
    (video,) = google.videos
    assert (video.snippet["title"], video.status["privacyStatus"]) == ("Another", "private")
    assert (receipt.title, receipt.privacy, receipt.warnings) == ("Another", "private", ())
    assert [one.gone for one in google.uploads.sessions] == [499, 0]


def broken_off(google: FakeGoogle, runs: Runs, **changes: Any) -> None:
    """Leave an upload of which two blocks are stored."""
    google.fault("refuse", method="PUT", status=503, times=None, after=2)
    runs.refused(**changes)
    google.faults.clear()


def test_where_an_upload_cannot_be_left_a_film_with_other_words_waits_for_a_person(
    google: FakeGoogle, runs: Runs
) -> None:
    google.uploads.lets_leave = False
    broken_off(google, runs)
    failure = runs.refused(title="Another")
    assert (failure.error_type, failure.error_class) == ("OtherWords", PERMANENT)
    assert (len(google.uploads.sessions), google.videos) == (1, [])
    runs.assert_one_video(runs.run())


def test_a_video_that_was_there_before_its_words_were_changed_is_told_as_it_is(google: FakeGoogle, runs: Runs) -> None:
    google.fault("lost", method="PUT", says="last")
    google.fault("refuse", method="PUT", status=503, says="status", times=None)
    runs.refused()
    google.faults.clear()
    receipt = runs.run(title="Another")
    runs.assert_one_video(receipt)
    assert receipt.title == "The harbour"
    told = ("YouTube shows it as 'The harbour', and the card says 'Another'",)
    again = "it went up with what was said of it before that was changed: see its description and tags"
    assert receipt.warnings == (*told, again)
    assert runs.run(title="Another").warnings == (*told, again), "and a later run says so too"


@pytest.mark.parametrize("wanted", ["2100-02-02T10:00:00Z", None])
def test_a_film_that_becomes_public_at_another_time_than_its_card_says_is_told(
    google: FakeGoogle, runs: Runs, wanted: str | None
) -> None:
    lost_after_the_last_byte(google, runs, privacy="private", publish_at="2100-01-01T10:00:00Z")
    (_, said) = runs.run(privacy="private", publish_at=wanted).warnings
    assert said == f"YouTube makes it public at 2100-01-01T10:00:00Z, and not at {wanted or 'any'}"


def test_a_film_that_is_touched_while_it_goes_up_goes_up(google: FakeGoogle, runs: Runs) -> None:
    google.uploads.opened = lambda _: runs.film.touch()
    runs.assert_one_video(runs.run())


def lost_after_the_last_byte(google: FakeGoogle, runs: Runs, **changes: Any) -> None:
    """Leave a video that only a session knows of which then expires."""
    google.fault("lost", method="PUT", says="last")
    google.fault("refuse", method="PUT", status=503, says="status", times=None)
    runs.refused(**changes)
    google.faults.clear()
    google.uploads.sessions[-1].expire()


@pytest.mark.parametrize(("clock_is_off_s", "privacy"), [(0, "unlisted"), (7_200, "private"), (-7_200, "private")])
def test_a_lost_video_is_found_among_the_channel_s_whatever_time_it_is_here(
    google: FakeGoogle, runs: Runs, clock_is_off_s: int, privacy: str
) -> None:
    google.uploads.clock = lambda: time() + clock_is_off_s
    lost_after_the_last_byte(google, runs, privacy=privacy)
    receipt = runs.run(privacy=privacy)
    runs.assert_one_video(receipt)
    assert receipt.warnings == ()
    assert google.quota.calls["videos.insert"] == 1


def test_a_lost_video_of_which_youtube_tells_no_size_is_found_by_its_title_and_a_person_is_told(
    google: FakeGoogle, runs: Runs
) -> None:
    google.uploads.tells_file = False
    lost_after_the_last_byte(google, runs)
    for _ in range(2):
        receipt = runs.run()
        runs.assert_one_video(receipt)
        assert "found on the channel by its title alone" in receipt.warnings[0]


def test_who_has_no_clock_is_taken_to_be_a_day_behind() -> None:
    now = datetime.now(UTC)
    for said in ({}, {"date": "soon"}, {"date": "Mon, 01 Jan 2026 00:00:00 +99999999999999"}):
        assert said_at(Reply(200, said, b""), now) == now - timedelta(days=1)
    told = said_at(Reply(200, {"date": "Fri, 27 Nov 2026 06:00:00 GMT"}, b""), now)
    assert told == datetime(2026, 11, 27, 6, tzinfo=UTC)
    assert said_at(Reply(200, {"date": "Wed, 27 Nov 2999 06:00:00 GMT"}, b""), now) == now


def test_nothing_is_sent_where_youtube_does_not_say_what_the_channel_has(google: FakeGoogle, runs: Runs) -> None:
    body = {"items": [{"id": WORDS.account, "snippet": {"title": "Ana"}}]}
    google.fault("refuse", path="/channels", status=200, body=body, times=None)
    assert runs.refused().error_type == "Unreadable"
    assert google.uploads.sessions == []


def test_a_film_that_its_disk_does_not_give_is_named(google: FakeGoogle, runs: Runs) -> None:
    runs.film = Path("/proc/self/mem")
    with pytest.raises(NotFound, match="cannot read the film /proc/self/mem"):
        runs.run()
    assert google.quota.calls == {}


@pytest.mark.parametrize(
    ("title", "shown", "tells_file"),
    [("The harbour", "New title", True), ("Cafe\u0301", "Caf\xe9", False), ("A  b", "A b", False)],
    ids=ascii,
)
def test_a_lost_video_is_found_though_its_title_is_another_one_by_now(
    google: FakeGoogle, runs: Runs, title: str, shown: str, tells_file: bool
) -> None:
    google.uploads.tells_file = tells_file
    lost_after_the_last_byte(google, runs, title=title)
    google.videos[0].snippet["title"] = shown
    runs.assert_one_video(runs.run(title=title))


@pytest.mark.parametrize(
    "odd",
    [
        {"fileDetails": {"fileSize": "\xb2"}},
        {"fileDetails": {"fileSize": "9" * 5_000}},
        {"snippet": {"title": "The harbour", "publishedAt": "9999-12-31T23:59:59-05:00"}},
    ],
    ids=["digit", "long", "late"],
)
def test_what_no_video_can_be_like_is_taken_for_unknown(google: FakeGoogle, runs: Runs, odd: dict[str, Any]) -> None:
    lost_after_the_last_byte(google, runs)
    item = {"id": google.videos[0].video_id, "snippet": {"title": "The harbour"}, **odd}
    google.fault("refuse", method="GET", path="/youtube/v3/videos", status=200, body={"items": [item]})
    runs.assert_one_video(runs.run())


def test_a_video_that_is_listed_late_is_waited_for(google: FakeGoogle, runs: Runs) -> None:
    lost_after_the_last_byte(google, runs)
    empty = {"kind": "youtube#playlistItemListResponse", "items": []}
    google.fault("refuse", path="/playlistItems", status=200, body=empty, times=2)
    runs.assert_one_video(runs.run())
    assert len(google.uploads.sessions) == 1


def another_video(google: FakeGoogle, **changes: Any) -> None:
    """Put a video beside the lost one."""
    google.videos.append(replace(google.videos[0], video_id=f"another{len(google.videos)}", **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"snippet": {"title": "Another"}},
        {"size": SIZE + 1},
        {"created_at": datetime.now(UTC).timestamp() - 3_600},
    ],
    ids=["another title", "another size", "from before"],
)
def test_a_video_that_cannot_be_the_lost_one_is_not_taken_for_it(
    google: FakeGoogle, runs: Runs, changes: dict[str, Any]
) -> None:
    lost_after_the_last_byte(google, runs)
    another_video(google, **changes)
    lost, _ = google.videos
    assert runs.run().video_id == lost.video_id
    google.videos.remove(lost)


def test_where_only_others_are_on_the_channel_the_film_goes_up_anew(google: FakeGoogle, runs: Runs) -> None:
    lost_after_the_last_byte(google, runs)
    another_video(google, size=SIZE + 1)
    del google.videos[0]
    assert runs.run().video_id == google.videos[-1].video_id
    assert len(google.uploads.sessions) == 2


def test_among_several_that_it_can_be_a_person_has_to_look(google: FakeGoogle, runs: Runs) -> None:
    lost_after_the_last_byte(google, runs)
    for _ in range(60):
        another_video(google, snippet={"title": "Another"})
    another_video(google)
    failure = runs.refused()
    assert (failure.error_type, failure.error_class) == ("SeveralVideos", PERMANENT)
    assert all(one.video_id in failure.message for one in (google.videos[0], google.videos[-1]))
    assert len(google.uploads.sessions) == 1


def test_what_was_lost_once_is_still_looked_for_after_another_session_was_opened(
    google: FakeGoogle, runs: Runs
) -> None:
    lost_after_the_last_byte(google, runs)
    (late,) = google.videos
    google.videos.clear()  # it is not listed yet
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    late.created_at = an_hour_ago.timestamp()
    runs.change_job(opened_at=an_hour_ago, since=an_hour_ago)
    google.fault("expired", method="PUT", status=410, after=1)
    runs.refused()
    assert len(google.uploads.sessions) == 2
    google.videos.append(late)
    runs.assert_one_video(runs.run())


def test_a_film_that_changed_since_is_not_sent(google: FakeGoogle, runs: Runs) -> None:
    google.fault("refuse", method="PUT", status=503, times=None, after=1)
    runs.refused()
    google.faults.clear()
    runs.film.write_bytes(random.Random(2).randbytes(SIZE))
    received = google.uploads.received
    failure = runs.refused()
    assert (failure.error_type, failure.error_class) == ("FilmChanged", PERMANENT)
    assert google.uploads.received == received


def test_a_film_that_is_not_the_approved_one_is_not_even_asked_about(google: FakeGoogle, runs: Runs) -> None:
    failure = runs.refused(film_sha256="0" * 64)
    assert (failure.error_type, failure.error_class) == ("FilmChanged", PERMANENT)
    assert google.quota.calls == {}
    runs.assert_one_video(runs.run(film_sha256=sha256_of(runs.film)))


def test_of_a_film_that_somebody_writes_to_while_it_goes_up_no_video_is_made(google: FakeGoogle, runs: Runs) -> None:
    def write(_: object) -> None:
        right = runs.film.read_bytes()
        runs.film.write_bytes(random.Random(2).randbytes(SIZE))
        runs.film.rename(runs.film.with_name("aside.mp4"))
        runs.film.write_bytes(right)

    google.uploads.opened = write
    assert runs.refused().error_type == "FilmChanged"
    assert (google.videos, google.uploads.received) == ([], 0)


def test_of_a_session_that_holds_more_than_the_film_nothing_is_made(google: FakeGoogle, runs: Runs) -> None:
    headers = {"Range": f"bytes=0-{SIZE}"}
    google.fault("refuse", method="PUT", status=308, headers=headers)
    assert runs.refused().error_type == "AnotherFilm"


@pytest.mark.parametrize("uri", ["", "http://example.com/x", "https://googleapis.com.example.com/", "https://[x"])
def test_the_token_goes_to_no_host_but_google_s(google: FakeGoogle, runs: Runs, uri: str) -> None:
    google.fault("refuse", path="/upload/", status=200, headers={"Location": uri}, times=None)
    assert runs.refused().error_type == "Unreadable"
    assert runs.job == ""


def test_nothing_is_sent_with_the_token_of_another_channel(
    google: FakeGoogle, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    google.fault("refuse", method="PUT", status=503, times=None, after=1)
    runs.refused()
    google.faults.clear()
    monkeypatch.setenv("YOUTUBE_REFRESH_TOKEN", google.grant("ben"))
    received = google.uploads.received
    for began in (runs.job, ""):
        runs.job = began
        assert runs.refused().error_type == "WrongAccount"
    assert (google.uploads.received, len(google.uploads.sessions)) == (received, 1)


REASONS = [
    (status, reason)
    for status, name in (("failed", "failureReason"), ("rejected", "rejectionReason"))
    for reason in discovery.document()["schemas"]["VideoStatus"]["properties"][name]["enum"]
]


def test_what_youtube_does_not_take_is_an_error_with_its_reason_in_words(google: FakeGoogle, runs: Runs) -> None:
    assert {reason for _, reason in REASONS} == set(WHY)
    runs.run()
    for status, reason in REASONS:
        google.videos[0].outcome = Outcome(status, reason)
        failure = runs.refused()
        assert (failure.error_class, failure.job_over) == (PERMANENT, False), reason
        assert f"watch?v={google.videos[0].video_id}: {WHY[reason]} ({reason})" in failure.message
    for outcome in (Outcome("uploaded", terminated=True), Outcome("deleted"), Outcome("rejected", "new <reason>")):
        google.videos[0].outcome = outcome
        assert runs.refused().error_class is PERMANENT, outcome
    assert len(google.uploads.sessions) == 1, "and nothing is uploaded for it"


def test_a_film_that_is_still_processed_waits_without_being_sent_again(google: FakeGoogle, runs: Runs) -> None:
    google.uploads.looks = 2
    failure = runs.refused()
    assert (failure.error_type, failure.error_class, failure.scope) == ("StillProcessing", QUOTA, Scope.ITEM)
    assert failure.retry_after_s == 600
    runs.refused()
    receipt = runs.run()
    runs.assert_one_video(receipt)
    assert (receipt.processing, receipt.warnings) == ("done", ())
    google.videos[0].looks = 2
    assert runs.run(replace(QUICK, wait_s=60)).processing == "done", "where there is time for it, it is waited for"


def test_a_film_that_can_be_watched_is_there_whatever_became_of_its_processing(google: FakeGoogle, runs: Runs) -> None:
    google.uploads.outcome = Outcome("processed", terminated=True)
    assert runs.run().processing == "done"


def test_a_day_after_its_upload_it_is_published_even_if_youtube_says_nothing(google: FakeGoogle, runs: Runs) -> None:
    runs.run()
    google.videos[0].looks = 99
    at = datetime.now(UTC) - timedelta(hours=23, minutes=59)
    runs.job = Uploaded(google.videos[0].video_id, at).job_id
    runs.refused()
    runs.job = Uploaded(google.videos[0].video_id, at - timedelta(minutes=2)).job_id
    receipt = runs.run()
    assert (receipt.processing, len(receipt.warnings)) == ("unknown yet", 1)


def test_a_video_that_is_gone_is_not_made_again_by_itself(google: FakeGoogle, runs: Runs) -> None:
    runs.run()
    google.videos[0].outcome = Outcome(gone=True)
    assert runs.refused().error_type == "StillProcessing", "a new one may not be seen yet"
    runs.job = Uploaded(google.videos[0].video_id, datetime.now(UTC) - timedelta(hours=1)).job_id
    assert runs.refused().error_type == "VideoGone"
    assert len(google.uploads.sessions) == 1


def test_how_youtube_shows_it_is_told_even_if_it_is_not_as_asked(google: FakeGoogle, runs: Runs) -> None:
    google.channel().private_only = True
    receipt = runs.run(privacy="public")
    assert (receipt.privacy, receipt.privacy_asked) == ("private", "public")
    assert receipt.warnings == ("YouTube shows it as private, and not as public",)
    google.channel().private_only = False
    runs.job = ""
    due = runs.run(title="Another", privacy="private", publish_at="2100-01-01T10:00:00Z")
    assert (due.privacy, due.publish_at, due.warnings) == ("private", "2100-01-01T10:00:00Z", ())
    google.videos[1].status = {**google.videos[1].status, "privacyStatus": "public", "publishAt": ""}
    assert runs.run(title="Another", privacy="private", publish_at="2100-01-01T10:00:00Z").warnings == ()


@pytest.fixture
def whole(runs: Runs) -> Callable[[], Receipt]:
    """Run with captions, thumbnail and playlist."""
    runs.film.with_suffix(".srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello.\n")
    (runs.film.parent / "thumbnail.png").write_bytes(PNG)
    return lambda: runs.run(captions=True, thumbnail="thumbnail.png", playlist="PLana0harbours")


def belongs(google: FakeGoogle) -> tuple[int, int, int]:
    (video,) = google.videos
    return len(video.captions), video.thumbnails_set, len(google.channel().playlists["PLana0harbours"])


@pytest.mark.parametrize("kind", ["lost", "backendError", "nothing"])
def test_what_belongs_to_a_video_is_made_once_whatever_is_lost(
    google: FakeGoogle, runs: Runs, whole: Callable[[], Receipt], kind: str
) -> None:
    for path in ("captions", "playlistItems", "thumbnails"):
        if kind != "nothing":
            google.fault(kind, method="POST", path=path)
    google.uploads.looks = 1
    with suppress(ScriptError):
        whole()
    receipt = whole()
    captions, thumbnails, places = belongs(google)
    assert (captions, places) == (1, 1)
    assert thumbnails <= 2, "the same picture may be set again: that changes nothing"
    assert (receipt.captions, receipt.thumbnail, receipt.playlist) == ("already there",) * 3
    before = google.quota.used["units"]
    whole()
    assert google.quota.used["units"] - before <= 1 + 1 + 50 + 1


def test_captions_whose_answer_was_lost_are_there(google: FakeGoogle, whole: Callable[[], Receipt]) -> None:
    google.fault("lost", method="POST", path="captions")
    assert (whole().captions, belongs(google)) == ("already there", (1, 1, 1))


def test_each_of_them_may_fail_without_the_others_or_the_upload(
    google: FakeGoogle, runs: Runs, whole: Callable[[], Receipt]
) -> None:
    google.fault("forbidden", path="captions", times=None)
    receipt = whole()
    assert "HTTP 403: Forbidden" in receipt.captions
    assert (receipt.thumbnail, receipt.playlist) == ("done", "done")
    assert [one.partition(":")[0] for one in receipt.warnings] == ["no captions"]
    google.faults.clear()
    assert whole().captions == "done"
    runs.film.with_suffix(".srt").unlink()
    (runs.film.parent / "thumbnail.png").write_bytes(b"GIF89a")
    receipt = runs.run(captions=True, thumbnail="thumbnail.png", playlist="PLother0000")
    assert "cannot read film.srt" in receipt.captions
    assert "neither PNG nor JPEG" in receipt.thumbnail
    assert "playlistNotFound" in receipt.playlist
    assert len(receipt.warnings) == 3


def test_subtitles_and_a_thumbnail_that_changed_since_somebody_looked_are_not_sent(
    google: FakeGoogle, runs: Runs, whole: Callable[[], Receipt]
) -> None:
    whole()
    files = {"captions": runs.film.with_suffix(".srt"), "thumbnail": runs.film.parent / "thumbnail.png"}
    seen = {f"{name}_sha256": sha256_of(file) for name, file in files.items()}
    before = belongs(google)
    for file in files.values():
        file.write_bytes(file.read_bytes() + b"!")
    receipt = runs.run(QUICK, captions=True, thumbnail="thumbnail.png", **seen)
    assert receipt.captions == "film.srt was changed since the film was approved"
    assert receipt.thumbnail == "thumbnail.png was changed since the film was approved"
    assert belongs(google) == before


def test_nothing_is_added_to_what_youtube_does_not_take(
    google: FakeGoogle, runs: Runs, whole: Callable[[], Receipt]
) -> None:
    runs.run()
    google.videos[0].outcome = Outcome("rejected", "duplicate")
    with pytest.raises(ScriptError):
        whole()
    assert belongs(google) == (0, 0, 0)


def test_how_far_it_is_is_told_however_slowly_it_goes(capsys: pytest.CaptureFixture[str]) -> None:
    with Telling(4_000_000, every_s=0.01) as telling:
        telling.done = 1_000_000
        began = monotonic()
        while monotonic() - began < 0.1:
            pass
        telling.done = 4_000_000
    shown = capsys.readouterr()
    told = [from_line(line) for line in shown.out.splitlines()]
    assert len(told) > 3
    assert (told[0], told[-1]) == (Progress(1_000_000, 4_000_000), Progress(4_000_000, 4_000_000))
    assert "uploaded 1.0 of 4.0 MB (25%)" in shown.err


KEYS = st.lists(st.builds(Fernet.generate_key), min_size=1, max_size=3)
MOMENTS = st.integers(0, 2**31).map(lambda at: datetime.fromtimestamp(at, UTC))


@settings(max_examples=25, deadline=None)
@given(KEYS, KEYS, st.text(max_size=100), MOMENTS, st.integers(1, 2**40))
def test_a_sealed_session_is_read_with_every_key_that_is_still_there_and_with_no_other(
    old: list[bytes], new: list[bytes], title: str, at: datetime, size: int
) -> None:
    session = Opened("https://youtube.googleapis.com/upload?upload_id=secret", at, at, title, size, "ab")
    sealed = job.sealed(session, keyring(",".join(one.decode() for one in old)))
    assert "secret" not in sealed
    assert job.read(sealed, keyring(" ".join(one.decode() for one in (*new, *old)))) == session
    with pytest.raises(ScriptError, match="no key in FERNET_KEY opens"):
        job.read(sealed, keyring(",".join(one.decode() for one in new)))
    with pytest.raises(ScriptError):
        job.read(sealed[:-4], keyring(old[0].decode()))


@pytest.mark.parametrize(
    "job_id",
    ["video:", "video:x@", "video:abcdefgh@2026-01-01", "video:../../x@2026-01-01T00:00:00Z", "video:a b"],
)
def test_what_is_no_job_is_refused(job_id: str) -> None:
    with pytest.raises(BadInput):
        job.read(job_id, keyring(Fernet.generate_key().decode()))
