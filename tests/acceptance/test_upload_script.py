"""A film goes to YouTube by the program that the engine starts: once, wherever that is killed."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography.fernet import Fernet

from tests.fakes.google import FakeGoogle
from tests.long import long
from tests.processes import trust, until
from vidctl.contract import GO, LISTENING, Failure, Message, Progress, Quota, Result, Submitted, from_line
from vidctl.errors import ExitCode
from vidctl.script import sha256_of

ROOT = Path(__file__).resolve().parents[2]
MIB = 1024 * 1024
WORDS = {
    "title": "The harbour",
    "description": "How it began.",
    "tags": ["history"],
    "privacy": "unlisted",
    "channel_id": "one",
    "account": "UCana0aaaaaaaaaaaaaaaaaa",
}


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


@dataclass
class Publisher:
    """What the engine does for the program: it keeps the last job that was said, and then says go."""

    folder: Path
    environment: Mapping[str, str]
    job: str = ""
    said: list[Message] = field(default_factory=list)
    shown: str = ""
    """All that the runs wrote, on both outputs."""
    arguments: str = ""
    """And all that they were given, where everybody on the machine can see it."""
    keeps: bool = True
    go: bool = True

    @property
    def film(self) -> Path:
        return self.folder / "film.mp4"

    def write(self, size: int, **changes: Any) -> None:
        self.film.write_bytes(random.Random(size).randbytes(size))
        (self.folder / "metadata.json").write_text(json.dumps({**WORDS, **changes}))

    def start(self, **changes: str) -> "subprocess.Popen[str]":
        words: list[str | Path] = ["--film", self.film, "--metadata", self.folder / "metadata.json"]
        words += ["--output", self.folder / "receipt.json", *(["--resume-job", self.job] if self.job else [])]
        self.arguments += " ".join(map(str, words))
        return subprocess.Popen(
            [sys.executable, ROOT / "scripts" / "upload_video.py", *words],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **trust(), **self.environment, **changes},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hear(self, process: "subprocess.Popen[str]", *, until_job: bool = False) -> int | None:
        """Answer a run until it ends, and return its exit status; or until it says a job."""
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdin is not None
        for line in process.stdout:
            self.shown += line
            self.said.append(message := from_line(line))
            if not isinstance(message, Submitted):
                continue
            assert message.waits
            if self.keeps:
                self.job = message.job_id
            if until_job:
                return None
            process.stdin.write(f"{GO if self.go else 'no'}\n")
            process.stdin.flush()
        self.shown += process.stderr.read()
        status = process.wait(60)
        for pipe in (process.stdin, process.stdout, process.stderr):
            pipe.close()
        return status

    def run(self, **changes: str) -> int:
        status = self.hear(self.start(**changes))
        assert status is not None
        return status

    @property
    def result(self) -> Result:
        assert isinstance(self.said[-1], Result), (self.said[-1], self.shown)
        return self.said[-1]

    @property
    def failure(self) -> Failure:
        assert isinstance(self.said[-1], Failure), self.said[-1]
        return self.said[-1]


@pytest.fixture
def publisher(google: FakeGoogle, tmp_path: Path) -> Publisher:
    environment = {
        "GOOGLE_BASE_URL": google.url,
        "GOOGLE_CLIENT_ID": google.client_id,
        "GOOGLE_CLIENT_SECRET": google.client_secret,
        "YOUTUBE_REFRESH_TOKEN": google.grant("ana"),
        "FERNET_KEY": Fernet.generate_key().decode(),
        "YOUTUBE_CHUNK_BYTES": str(MIB),
        "YOUTUBE_PAUSE_S": "0.01",
        LISTENING: "1",
    }
    made = Publisher(tmp_path, environment)
    made.write(3 * MIB + 12_345)
    return made


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def assert_one_video(google: FakeGoogle, publisher: Publisher) -> None:
    (video,) = google.videos
    assert (video.size, video.sha256) == (publisher.film.stat().st_size, sha256_of(publisher.film))
    assert google.uploads.again == 0, "no byte is sent again that was known to be stored"
    assert publisher.result.url == f"https://youtube.com/watch?v={video.video_id}"
    assert publisher.job.startswith(f"video:{video.video_id}@")


def assert_nothing_secret_is_shown(google: FakeGoogle, publisher: Publisher) -> None:
    secrets = [*google.oauth.access, *google.oauth.grants, google.client_secret, publisher.environment["FERNET_KEY"]]
    secrets += [session.upload_id for session in google.uploads.sessions]
    seen = publisher.shown + publisher.arguments + (publisher.folder / "receipt.json").read_text()
    assert [one for one in secrets if one in seen] == []


def test_a_film_is_published_with_all_that_belongs_to_it(google: FakeGoogle, publisher: Publisher) -> None:
    google.uploads.looks = 1
    publisher.write(
        2 * MIB + 1, captions=True, thumbnail="pictures/thumbnail.png", playlist="PLana0harbours", privacy="private"
    )
    publisher.film.with_suffix(".srt").write_text("1\n00:00:00,000 --> 00:00:01,000\n¡Hola!\n")
    (publisher.folder / "pictures").mkdir()
    (publisher.folder / "pictures" / "thumbnail.png").write_bytes(b"\x89PNG\r\n\x1a\n...")
    assert publisher.run() == ExitCode.OK
    assert_one_video(google, publisher)
    assert_nothing_secret_is_shown(google, publisher)
    (video,) = google.videos
    assert (len(video.captions), video.thumbnails_set) == (1, 1)
    assert google.channel().playlists["PLana0harbours"] == [video.video_id]
    assert publisher.result.facts == {
        "video_id": video.video_id,
        "account": "UCana0aaaaaaaaaaaaaaaaaa",
        "privacy": "private",
        "privacy_asked": "private",
        "publish_at": None,
        "processing": "done",
        "synthetic_media": True,
        "made_for_kids": False,
        "film_sha256": video.sha256,
        "captions": "done",
        "thumbnail": "done",
        "playlist": "done",
        "warnings": [],
    }
    receipt = json.loads((publisher.folder / "receipt.json").read_text())
    assert (receipt["url"], receipt["account_title"]) == (publisher.result.url, "Ana's Harbour")
    counted: dict[str, int] = {}
    for one in publisher.said:
        if isinstance(one, Quota):
            counted[one.bucket] = counted.get(one.bucket, 0) + one.units
    assert counted == google.quota.used, "what is said of the quota is what Google counts"
    assert Progress(2 * MIB + 1, 2 * MIB + 1) in publisher.said


@pytest.mark.parametrize(("size_mb", "kills", "chunk_mb"), [(12, 6, 4), long(100, 30, 8)])
def test_an_upload_that_is_killed_again_and_again_is_one_video(
    google: FakeGoogle, publisher: Publisher, size_mb: int, kills: int, chunk_mb: int
) -> None:
    publisher.write(size_mb * 1_000_000)
    google._server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)  # so that little waits to be read
    google.uploads.block_s = 0.01
    chance = random.Random(kills)
    points = sorted(chance.uniform(0, size_mb * 1_000_000) for _ in range(kills))
    for number, point in enumerate(points):
        google.uploads.keeps_parts = number % 2 == 0
        process = publisher.start(YOUTUBE_CHUNK_BYTES=str(chunk_mb * MIB))
        listener = Listener(publisher, process)
        until(lambda at=point: google.uploads.received >= at, what="the upload")  # type: ignore[misc]
        listener.kill()
    assert publisher.run() == ExitCode.OK
    assert_one_video(google, publisher)
    assert_nothing_secret_is_shown(google, publisher)
    assert len(google.uploads.sessions) == 1
    lost = google.uploads.received - publisher.film.stat().st_size
    assert 0 < lost <= kills * chunk_mb * MIB, "of each kill, what was on its way of one chunk"


@dataclass
class Listener:
    """Answers a run from a thread of its own, until it is killed."""

    publisher: Publisher
    process: "subprocess.Popen[str]"

    def __post_init__(self) -> None:
        self.thread = Thread(target=self.publisher.hear, args=(self.process,))
        self.thread.start()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.thread.join(60)


@pytest.mark.parametrize("kept", [False, True], ids=["the job is lost", "the job is kept"])
def test_killed_between_session_and_first_byte(google: FakeGoogle, publisher: Publisher, kept: bool) -> None:
    publisher.keeps = kept
    process = publisher.start()
    publisher.hear(process, until_job=True)
    kill(process)
    assert google.uploads.received == 0, "no byte before the job is kept"
    publisher.keeps = True
    assert publisher.run() == ExitCode.OK
    assert_one_video(google, publisher)
    assert len(google.uploads.sessions) == 1 + (not kept)


def test_who_is_not_let_sends_nothing(google: FakeGoogle, publisher: Publisher) -> None:
    publisher.go = False
    assert publisher.run() == ExitCode.TRY_AGAIN
    assert (publisher.failure.error_type, google.uploads.received) == ("NotLet", 0)


def nothing(_: FakeGoogle) -> None:
    pass


def expired(google: FakeGoogle) -> None:
    google.uploads.sessions[0].expire(404)


def expired_otherwise(google: FakeGoogle) -> None:
    google.uploads.sessions[0].expire(410)


@pytest.mark.parametrize("then", [nothing, expired, expired_otherwise])
def test_killed_right_after_the_last_byte(
    google: FakeGoogle, publisher: Publisher, then: Callable[[FakeGoogle], None]
) -> None:
    google.fault("late", method="PUT", says="last")
    listener = Listener(publisher, publisher.start())
    until(lambda: google.videos, what="the video")
    listener.kill()
    then(google)
    assert publisher.run() == ExitCode.OK
    assert_one_video(google, publisher)
    assert google.uploads.received == publisher.film.stat().st_size
    assert len(google.uploads.sessions) == 1


def test_a_session_that_expired_half_way_is_followed_by_another(google: FakeGoogle, publisher: Publisher) -> None:
    google.uploads.block_s = 0.02
    listener = Listener(publisher, publisher.start())
    until(lambda: google.uploads.received >= MIB, what="the upload")
    listener.kill()
    expired(google)
    assert publisher.run() == ExitCode.OK
    assert_one_video(google, publisher)
    assert len(google.uploads.sessions) == 2


def test_what_is_wrong_is_said_in_one_line_and_nothing_is_sent(google: FakeGoogle, publisher: Publisher) -> None:
    assert publisher.run(FERNET_KEY="") == ExitCode.BAD_DATA
    assert (publisher.failure.error_type, "FERNET_KEY" in publisher.failure.message) == ("Misconfigured", True)
    publisher.job = Fernet(Fernet.generate_key()).encrypt(b"{}").decode()
    assert publisher.run() == ExitCode.BAD_DATA
    assert "no key in FERNET_KEY opens" in publisher.failure.message
    assert "Traceback" not in publisher.shown
    assert (google.ledger.requests, google.uploads.sessions) == ([], [])
