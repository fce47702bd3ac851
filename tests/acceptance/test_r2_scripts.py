"""The scripts that keep files on Cloudflare R2 and fetch them again, run as the engine runs them."""

import hashlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest

from tests.fakes.r2 import FakeR2
from tests.fakes.r2.wire import certificate
from tests.processes import trust, until
from vidctl.contract import ErrorClass, Failure, Message, Progress, Result, Scope, from_line
from vidctl.errors import ExitCode

ROOT = Path(__file__).resolve().parents[2]
PART_BYTES = 8 * 1024 * 1024
DATA = os.urandom(2 * PART_BYTES + 1_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
KEY = f"one/38d95781/film/01/{SHA256}.mp4"


@pytest.fixture
def r2(moto: str) -> Iterator[FakeR2]:
    with FakeR2(moto) as r2:
        yield r2


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(DATA)
    return path


def start(name: str, *options: str, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, ROOT / "scripts" / name, *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **trust(), **environment},
    )


def run(name: str, *options: str, environment: Mapping[str, str]) -> tuple[int, list[Message], str]:
    """Return its exit status, its messages, and what it said to people."""
    process = start(name, *options, environment=environment)
    said, told = process.communicate(timeout=60)
    return process.returncode, [from_line(line) for line in said.splitlines()], told


def store(film: Path, *more: str, environment: Mapping[str, str]) -> tuple[int, list[Message], str]:
    return run("store_file.py", *storing(film), *more, environment=environment)


def storing(film: Path) -> tuple[str, ...]:
    return (f"--file={film}", f"--key={KEY}", f"--sha256={SHA256}")


def fetch(output: Path, *, environment: Mapping[str, str]) -> tuple[int, list[Message], str]:
    return run("fetch_file.py", f"--key={KEY}", f"--sha256={SHA256}", f"--output={output}", environment=environment)


def test_a_file_is_stored_once_and_comes_back(r2: FakeR2, film: Path, tmp_path: Path) -> None:
    status, messages, told = store(film, environment=r2.environment)
    assert (status, told) == (ExitCode.OK, "")
    *progress, result = messages
    done = [message.done for message in progress if isinstance(message, Progress) and message.total == len(DATA)]
    assert (len(done), done, done[-1]) == (len(progress), sorted(done), len(DATA))
    assert 2 <= len(done) <= 3
    assert isinstance(result, Result)
    assert (result.path, result.sha256, result.facts) == (str(film), SHA256, {"key": KEY, "uploaded": True})
    assert httpx.get(str(result.url)).content == DATA

    status, (again,), _ = store(film, environment=r2.environment)
    assert isinstance(again, Result)
    assert (status, again.facts) == (ExitCode.OK, {"key": KEY, "uploaded": False})
    assert httpx.get(str(again.url)).content == DATA
    assert r2.asked("POST", "uploads") == 1

    status, messages, told = fetch(tmp_path / "new/got.mp4", environment=r2.environment)
    assert (status, told) == (ExitCode.OK, "")
    facts = {"key": KEY, "size_bytes": len(DATA)}
    assert messages[-1] == Result(str(tmp_path / "new/got.mp4"), SHA256, facts=facts)
    assert (tmp_path / "new/got.mp4").read_bytes() == DATA


def test_what_is_killed_in_the_middle_of_an_upload_is_stored_by_the_next_try(
    r2: FakeR2, film: Path, tmp_path: Path
) -> None:
    r2.fault("slow", method="PUT", after=1, delay_s=60)
    process = start("store_file.py", *storing(film), environment=r2.environment)
    until(lambda: [seen for seen in r2.ledger.requests if seen.fault], what="the second part")
    process.kill()
    process.communicate(timeout=20)
    assert fetch(tmp_path / "got", environment=r2.environment)[0] == ExitCode.BAD_DATA
    assert not (tmp_path / "got").exists()
    status, messages, _ = store(film, environment=r2.environment)
    assert status == ExitCode.OK
    assert isinstance(result := messages[-1], Result)
    assert result.facts == {"key": KEY, "uploaded": True}
    assert httpx.get(str(result.url)).content == DATA


def test_what_is_told_to_stop_takes_its_parts_back_and_is_tried_again(r2: FakeR2, film: Path) -> None:
    r2.fault("slow", method="PUT", delay_s=1)
    process = start("store_file.py", *storing(film), environment=r2.environment)
    until(lambda: [seen for seen in r2.ledger.requests if seen.fault], what="the first part")
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == ExitCode.TRY_AGAIN
    assert "result" not in said
    assert (r2.asked("DELETE", "uploadId"), r2.asked("HEAD")) == (1, 1)


def test_a_download_that_is_stopped_leaves_nothing_behind(r2: FakeR2, tmp_path: Path) -> None:
    r2.keep(KEY, DATA, {})
    r2.fault("slow", method="GET", delay_s=60)
    options = (f"--key={KEY}", f"--sha256={SHA256}", f"--output={tmp_path / 'got'}")
    process = start("fetch_file.py", *options, environment=r2.environment)
    until(lambda: r2.asked("GET"), what="the download")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == ExitCode.TRY_AGAIN
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("trouble", "status", "error_class", "scope", "error_type"),
    [
        ("access_denied", ExitCode.BAD_DATA, ErrorClass.PERMANENT, Scope.SERVICE, "KeyRefused"),
        ("client_disconnect", ExitCode.TRY_AGAIN, ErrorClass.TRANSIENT, Scope.ITEM, "ClientDisconnect"),
    ],
)
def test_a_refusal_ends_in_one_error_that_shows_no_key(
    r2: FakeR2, film: Path, trouble: str, status: int, error_class: ErrorClass, scope: Scope, error_type: str
) -> None:
    film.write_bytes(b"small")
    r2.fault(trouble, method="PUT", times=None)
    ended, messages, told = run(
        "store_file.py", f"--file={film}", "--key=a/b", f"--sha256={hashlib.sha256(b'small').hexdigest()}",
        environment=r2.environment,
    )  # fmt: skip
    (met,) = [message for message in messages if not isinstance(message, Progress)]
    assert isinstance(met, Failure)
    assert (ended, met.error_class, met.scope, met.error_type) == (status, error_class, scope, error_type)
    assert told == f"error: {met.message}\nhint: {met.hint}\n"
    assert not [one for one in (r2.key_id, r2.secret, r2.account, r2.bucket) if one in f"{messages} {told}"]


def test_without_a_key_it_says_which_and_asks_nobody(r2: FakeR2, film: Path) -> None:
    environment = {name: value for name, value in r2.environment.items() if name != "R2_SECRET_ACCESS_KEY"}
    status, (met,), _ = store(film, environment=environment)
    assert isinstance(met, Failure)
    assert (status, met.error_type, met.scope) == (ExitCode.BAD_DATA, "NoKey", Scope.SERVICE)
    assert "R2_SECRET_ACCESS_KEY is not set" in met.message
    assert r2.ledger.requests == []


def test_a_file_that_is_not_the_one_is_not_stored(r2: FakeR2, film: Path) -> None:
    film.write_bytes(b"another")
    status, (met,), _ = store(film, environment=r2.environment)
    assert isinstance(met, Failure)
    assert (status, met.error_type) == (ExitCode.BAD_DATA, "BadInput")
    assert r2.ledger.requests == []


def test_a_public_bucket_gives_public_addresses(r2: FakeR2, film: Path) -> None:
    film.write_bytes(DATA)
    _, messages, _ = store(film, environment=r2.environment | {"R2_PUBLIC_URL": r2.public_url})
    assert isinstance(result := messages[-1], Result)
    assert result.url == f"{r2.public_url}/{KEY}"


@pytest.mark.parametrize("seconds", [0, 604_801])
def test_an_address_for_more_than_a_week_is_no_option(film: Path, seconds: int) -> None:
    status, messages, told = store(film, f"--valid-s={seconds}", environment={})
    assert (status, messages) == (ExitCode.USAGE, [])
    assert "604800" in told


def test_this_machines_files_for_amazon_and_its_certificates_change_what_they_should(
    moto: str, film: Path, tmp_path: Path
) -> None:
    """Nothing, and whom it trusts."""
    (tmp_path / ".aws").mkdir()
    for name in ("config", "credentials"):
        (tmp_path / ".aws" / name).write_text("[default\nendpoint_url = http://127.0.0.1:1")
    pem = certificate(tmp_path)
    meant_for_amazon = {
        "HOME": str(tmp_path),
        "AWS_PROFILE": "nobody",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "when_supported",
    }
    with FakeR2(moto, tls=pem) as r2:
        status, messages, told = store(
            film, environment=r2.environment | meant_for_amazon | {"SSL_CERT_FILE": str(pem)}
        )
    assert (status, told) == (ExitCode.OK, "")
    assert isinstance(messages[-1], Result)


@pytest.mark.parametrize("name", ["store_file.py", "fetch_file.py"])
def test_help_says_how_to_do_it_by_hand_and_what_each_option_is(name: str) -> None:
    done = start(name, "--help", environment={"COLUMNS": "200"})
    said, _ = done.communicate(timeout=20)
    assert done.returncode == 0
    assert f"By hand: python scripts/{name} --" in said
    options = re.findall(r"^ +--([a-z0-9-]+) .*  +\w", said.partition("Options:")[2], re.MULTILINE)
    stored = ["file", "key", "sha256", "content-type", "valid-s", "help"]
    assert options == (stored if name == "store_file.py" else ["key", "sha256", "output", "help"])


def test_whoever_may_need_a_bucket_pays_for_no_client_before() -> None:
    asks = "import sys, vidctl.providers.r2 as r2; r2.is_configured(); print('botocore' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asks], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_the_fake_can_be_started_by_hand() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.r2", "--port", "0"], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout
    late = threading.Timer(20, process.kill)
    late.start()
    named = [process.stdout.readline().partition("=")[0] for _ in range(6)]
    process.terminate()
    process.communicate(timeout=20)
    late.cancel()
    assert named[0] == "R2_ENDPOINT_URL"
    assert named[-1] == "R2_PUBLIC_URL"


def test_a_bucket_and_its_keys_are_looked_at_for_nothing_and_a_wrong_one_is_refused(r2: FakeR2) -> None:
    for changes, status, words in (
        ({}, ExitCode.OK, '{"says": "the bucket is there"}'),
        ({"R2_SECRET_ACCESS_KEY": "an0ther5ecret"}, ExitCode.BAD_DATA, "cannot look at the bucket"),
        ({"R2_BUCKET": "no-such-bucket"}, ExitCode.BAD_DATA, "cannot look at the bucket"),
    ):
        process = start("check_service.py", "--service=r2", environment=r2.environment | changes)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, words in out, "5ecret" in out + err) == (status, True, False), out + err
