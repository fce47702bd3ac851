"""The bucket on Cloudflare R2: what is sent, what is not, and what each thing that goes wrong means."""

import hashlib
import os
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.fakes.r2 import FakeR2
from tests.fakes.r2.errors import TROUBLES
from tests.fakes.r2.wire import certificate
from vidctl.contract import ErrorClass, Failure, Scope, ScriptError
from vidctl.errors import BadInput, CannotWrite, NotFound
from vidctl.providers import r2 as hosting
from vidctl.providers.r2.client import Bucket, Patience, opened
from vidctl.providers.r2.errors import translated
from vidctl.providers.r2.fetch import TRIES, fetch
from vidctl.providers.r2.put import PART_BYTES, put
from vidctl.providers.r2.settings import is_configured, read_settings
from vidctl.providers.r2.sign import MAX_VALID_S, url_of

ONCE = Patience(attempts=1, connect_s=2, read_s=5)
LARGE = os.urandom(PART_BYTES + 1_000)
PERMANENT, TRANSIENT = ErrorClass.PERMANENT, ErrorClass.TRANSIENT
ITEM, SERVICE = Scope.ITEM, Scope.SERVICE


@pytest.fixture(scope="module")
def _shared(moto: str) -> Iterator[tuple[FakeR2, Bucket, Bucket]]:
    with FakeR2(moto) as r2:
        settings = read_settings(r2.environment)
        yield r2, opened(settings, ONCE), opened(settings)


@pytest.fixture
def r2(_shared: tuple[FakeR2, Bucket, Bucket]) -> Iterator[FakeR2]:
    """R2 without a fault and without a memory of requests."""
    fake = _shared[0]
    fake.heads.clear()
    fake.ledger._requests.clear()
    yield fake
    fake.faults.clear()
    fake.cuts.clear()
    fake.clock_ahead = timedelta(0)


@pytest.fixture
def bucket(_shared: tuple[FakeR2, Bucket, Bucket], r2: FakeR2) -> Bucket:
    """Without patience: each request is sent once."""
    return _shared[1]


@pytest.fixture
def patient(_shared: tuple[FakeR2, Bucket, Bucket], r2: FakeR2) -> Bucket:
    """As scripts have it."""
    return _shared[2]


@pytest.fixture
def key() -> str:
    return f"one/{uuid4()}/clip/03/x.mp4"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "clip.mp4"
    path.write_bytes(os.urandom(1_000))
    return path


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(LARGE)
    return path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def failure(call: Callable[[], object]) -> Failure:
    with pytest.raises(ScriptError) as caught:
        call()
    return caught.value.failure


def asked(r2: FakeR2) -> list[str]:
    return [seen.method for seen in r2.ledger.requests]


# ---- Storing


@pytest.mark.parametrize(
    "data", [b"", b"one", os.urandom(PART_BYTES), LARGE], ids=["empty", "small", "one part", "large"]
)
def test_what_was_stored_comes_back_byte_by_byte(bucket: Bucket, key: str, tmp_path: Path, data: bytes) -> None:
    (source := tmp_path / "a.mp4").write_bytes(data)
    assert put(bucket, source, key, sha256=sha256(data))
    assert fetch(bucket, key, tmp_path / "b.mp4", sha256=sha256(data)) == len(data)
    assert (tmp_path / "b.mp4").read_bytes() == data
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.mp4", "b.mp4"]


@pytest.mark.parametrize("data", [b"one", LARGE], ids=["small", "large"])
def test_the_same_bytes_are_sent_once(r2: FakeR2, bucket: Bucket, key: str, tmp_path: Path, data: bytes) -> None:
    (source := tmp_path / "a.mp4").write_bytes(data)
    put(bucket, source, key)
    before = len(r2.ledger.requests)
    assert not put(bucket, source, key)
    assert asked(r2)[before:] == ["HEAD"]


@pytest.mark.parametrize(
    ("share", "sha256_kept"),
    [(1, None), (1, "0" * 64), (0.5, "its own")],
    ids=["of another's making", "other bytes", "half of it"],
)
def test_what_only_looks_like_the_file_is_replaced(
    r2: FakeR2, bucket: Bucket, key: str, file: Path, tmp_path: Path, share: float, sha256_kept: str | None
) -> None:
    whole = file.read_bytes()
    kept = sha256(whole) if sha256_kept == "its own" else sha256_kept
    r2.keep(key, whole[: int(share * len(whole))], {} if kept is None else {"sha256": kept})
    assert put(bucket, file, key)
    fetch(bucket, key, tmp_path / "got", sha256=sha256(whole))


def test_a_file_that_changed_since_its_sha256_was_taken_is_not_sent(r2: FakeR2, bucket: Bucket, file: Path) -> None:
    with pytest.raises(BadInput, match="is not the file of that sha256"):
        put(bucket, file, "a/b", sha256=sha256(b"what it was"))
    assert asked(r2) == []


def test_a_file_that_is_replaced_while_it_is_sent_is_sent_as_it_was(
    r2: FakeR2, bucket: Bucket, key: str, large: Path, tmp_path: Path
) -> None:
    r2.fault("slow", method="POST", delay_s=0.3)
    sending = threading.Thread(target=put, args=(bucket, large, key))
    sending.start()
    while "POST" not in asked(r2):
        time.sleep(0.01)
    (tmp_path / "other").write_bytes(bytes(len(LARGE)))
    (tmp_path / "other").replace(large)
    sending.join()
    fetch(bucket, key, tmp_path / "got", sha256=sha256(LARGE))


@pytest.mark.parametrize("name", ["missing.mp4", "."])
def test_what_is_no_file_is_said_before_anything_is_asked(
    r2: FakeR2, bucket: Bucket, tmp_path: Path, name: str
) -> None:
    with pytest.raises(NotFound, match="cannot read"):
        put(bucket, tmp_path / name, "a/b")
    assert asked(r2) == []


@pytest.mark.parametrize(
    ("key", "more"),
    [
        ("", {}),
        ("../x", {}),
        ("a" * 1025, {}),
        ("k", {"sha256": "abc"}),
        ("k", {"content_type": "video"}),
        ("k", {"content_type": "a/b\r\nx-amz-acl: public-read"}),
    ],
)
def test_what_can_never_be_stored_is_refused_before_anything_is_asked(
    r2: FakeR2, bucket: Bucket, file: Path, key: str, more: dict[str, str]
) -> None:
    with pytest.raises(BadInput):
        put(bucket, file, key, **more)
    assert asked(r2) == []


@pytest.mark.parametrize(
    ("name", "asked_for", "served"),
    [
        ("a.PNG", "", "image/png"),
        ("a.mp4", "", "video/mp4"),
        ("a.mp3", "", "audio/mpeg"),
        ("a.unheard", "", "application/octet-stream"),
        ("a.mp4", "text/plain; charset=utf-8", "text/plain; charset=utf-8"),
    ],
)
def test_a_file_is_served_as_what_it_is(
    bucket: Bucket, key: str, tmp_path: Path, name: str, asked_for: str, served: str
) -> None:
    (tmp_path / name).write_bytes(b"x")
    put(bucket, tmp_path / name, key, content_type=asked_for)
    assert httpx.get(url_of(bucket, key, valid_s=60)).headers["content-type"] == served


# ---- What R2 does not take


def test_large_files_go_in_equal_parts(r2: FakeR2, bucket: Bucket, key: str, large: Path) -> None:
    large.write_bytes(LARGE[:PART_BYTES] + LARGE)
    put(bucket, large, key)
    parts = sorted(int(head["content-length"]) for method, head in r2.heads if method == "PUT")
    assert parts == [1_000, PART_BYTES, PART_BYTES]


@pytest.mark.parametrize("encrypted", [False, True], ids=["http", "https"])
def test_no_request_has_the_checksums_that_r2_takes_for_a_wrong_key(
    moto: str, tmp_path: Path, file: Path, large: Path, encrypted: bool
) -> None:
    pem = certificate(tmp_path)
    with FakeR2(moto, tls=pem if encrypted else None) as r2:
        bucket = opened(read_settings(r2.environment | {"SSL_CERT_FILE": str(pem)}), ONCE)
        put(bucket, file, "small.mp4")
        put(bucket, large, "large.mp4")
        fetch(bucket, "large.mp4", tmp_path / "got", sha256=sha256(LARGE))
        assert {method for method, _ in r2.heads} == {"HEAD", "PUT", "POST", "GET"}
        for method, head in r2.heads:
            assert not {name for name in head if "checksum" in name or "trailer" in name or "acl" in name}
            assert "aws-chunked" not in head.get("content-encoding", "")
            assert method != "PUT" or len(head["x-amz-content-sha256"]) == 64


@pytest.mark.parametrize("encrypted", [False, True], ids=["http", "https"])
def test_a_client_that_is_not_told_so_sends_them_and_is_refused(moto: str, tmp_path: Path, encrypted: bool) -> None:
    import boto3  # type: ignore[import-untyped]  # it comes without types
    from botocore.config import Config  # type: ignore[import-untyped]  # it comes without types

    pem = certificate(tmp_path)
    with FakeR2(moto, tls=pem if encrypted else None) as r2:
        usual = boto3.client(
            "s3",
            endpoint_url=r2.url,
            region_name="auto",
            aws_access_key_id=r2.key_id,
            aws_secret_access_key=r2.secret,
            verify=str(pem),
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )
        met = failure(lambda: _translated(lambda: usual.put_object(Bucket=r2.bucket, Key="k", Body=b"x")))
    assert (met.error_type, met.scope) == ("KeyRefused", SERVICE)


def test_two_writes_of_a_key_within_a_second_are_one_after_the_other(
    r2: FakeR2, patient: Bucket, key: str, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode())
        assert put(patient, tmp_path / name, key)
    assert [seen.status for seen in r2.ledger.requests if seen.method == "PUT"] == [200, 429, 200]
    fetch(patient, key, tmp_path / "got", sha256=sha256(b"b"))


def test_two_that_store_the_same_file_at_once_both_get_there(
    r2: FakeR2, patient: Bucket, key: str, file: Path, tmp_path: Path
) -> None:
    r2.fault("slow", method="HEAD", times=2, delay_s=1.0)
    together = threading.Barrier(2)

    def store() -> None:
        together.wait()
        put(patient, file, key)

    both = [threading.Thread(target=store) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert r2.asked("PUT") == 3
    fetch(patient, key, tmp_path / "got", sha256=sha256(file.read_bytes()))


# ---- Trouble on the way


@pytest.mark.parametrize("trouble", ["unavailable", "internal", "incomplete_body", "client_disconnect", "drop"])
def test_a_part_that_meets_trouble_is_sent_again_by_itself(
    r2: FakeR2, patient: Bucket, key: str, large: Path, tmp_path: Path, trouble: str
) -> None:
    r2.fault(trouble, method="PUT")
    assert put(patient, large, key)
    assert (r2.asked("PUT", "partNumber"), r2.asked("POST", "uploads"), r2.asked("DELETE")) == (3, 1, 0)
    fetch(patient, key, tmp_path / "got", sha256=sha256(LARGE))


def test_a_connection_that_breaks_in_the_middle_of_a_part_costs_that_part_only(
    r2: FakeR2, patient: Bucket, key: str, large: Path, tmp_path: Path
) -> None:
    r2.fault("cut_upload", method="PUT")
    assert put(patient, large, key)
    assert r2.asked("POST", "uploads") == 1
    fetch(patient, key, tmp_path / "got", sha256=sha256(LARGE))


def test_parts_of_an_upload_that_fails_are_taken_back_and_nothing_is_there(
    r2: FakeR2, bucket: Bucket, key: str, large: Path, tmp_path: Path
) -> None:
    r2.fault("cut_upload", method="PUT", after=1, times=None)
    met = failure(lambda: put(bucket, large, key))
    assert (met.error_type, met.error_class, met.scope, met.in_doubt) == ("ConnectionLost", TRANSIENT, ITEM, False)
    assert r2.asked("DELETE", "uploadId") == 1
    r2.cuts.clear()
    assert failure(lambda: fetch(bucket, key, tmp_path / "got", sha256="0" * 64)).error_type == "NotStored"
    assert put(bucket, large, key)


@pytest.mark.parametrize("trouble", ["unauthorized", "no_bucket", "unavailable"])
def test_the_error_of_a_transfer_is_that_of_its_part(r2: FakeR2, bucket: Bucket, large: Path, trouble: str) -> None:
    """Where boto3 wraps it: `upload_file` says S3UploadFailedError of whatever went wrong."""
    r2.fault(trouble, method="PUT", times=None)
    met = failure(lambda: _translated(lambda: bucket.s3.upload_file(str(large), bucket.name, "k")))
    assert TROUBLES[trouble][1] in met.message
    assert met.error_class is (TRANSIENT if trouble == "unavailable" else PERMANENT)


@pytest.mark.parametrize("trouble", ["cut", "garbage"])
def test_a_download_that_is_cut_or_wrong_is_begun_anew(
    r2: FakeR2, bucket: Bucket, key: str, large: Path, tmp_path: Path, trouble: str
) -> None:
    put(bucket, large, key)
    r2.fault(trouble, method="GET", times=TRIES - 1, content=b"something else")
    assert fetch(bucket, key, tmp_path / "got", sha256=sha256(LARGE)) == len(LARGE)
    assert (tmp_path / "got").read_bytes() == LARGE


@pytest.mark.parametrize("trouble", ["cut", "garbage", "html"])
def test_a_download_that_never_comes_right_leaves_what_was_there(
    r2: FakeR2, bucket: Bucket, key: str, file: Path, tmp_path: Path, trouble: str
) -> None:
    put(bucket, file, key)
    (output := tmp_path / "got").write_bytes(b"what was there")
    r2.fault(trouble, method="GET", times=None, content=b"something else", status=200)
    met = failure(lambda: fetch(bucket, key, output, sha256=sha256(file.read_bytes())))
    assert (met.error_type, met.error_class, met.scope) == ("WrongBytes", TRANSIENT, ITEM)
    assert r2.asked("GET") == TRIES
    assert output.read_bytes() == b"what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mp4", "got"]


def test_a_folder_that_cannot_be_written_to_is_not_mistaken_for_a_broken_download(
    bucket: Bucket, key: str, file: Path
) -> None:
    put(bucket, file, key)
    with pytest.raises(CannotWrite):
        fetch(bucket, key, file / "got", sha256=sha256(file.read_bytes()))


def test_a_web_page_that_stands_in_for_r2_has_stored_nothing(r2: FakeR2, bucket: Bucket, key: str, file: Path) -> None:
    r2.fault("html", method="PUT", status=200)
    met = failure(lambda: put(bucket, file, key))
    assert (met.error_type, met.error_class, met.scope) == ("NotKept", TRANSIENT, ITEM)


def test_an_answer_that_is_late_is_not_waited_for_without_end(moto: str, key: str, file: Path) -> None:
    with FakeR2(moto) as r2:
        hasty = opened(read_settings(r2.environment), Patience(attempts=1, read_s=0.2))
        r2.fault("slow", method="PUT", delay_s=20)
        began = time.monotonic()
        met = failure(lambda: put(hasty, file, key))
    assert (met.error_type, met.error_class, met.scope) == ("ConnectionLost", TRANSIENT, ITEM)
    assert time.monotonic() - began < 5


# ---- The table

OF_R2 = [
    ("unauthorized", "KeyRefused", PERMANENT, SERVICE),
    ("access_denied", "KeyRefused", PERMANENT, SERVICE),
    ("signature", "KeyRefused", PERMANENT, SERVICE),
    ("not_entitled", "NotEntitled", PERMANENT, SERVICE),
    ("clock", "RequestTimeTooSkewed", PERMANENT, SERVICE),
    ("locked", "ObjectLockedByBucketPolicy", PERMANENT, SERVICE),
    ("no_bucket", "NoSuchBucket", PERMANENT, SERVICE),
    ("not_implemented", "NotImplemented", PERMANENT, SERVICE),
    ("no_key", "NotStored", PERMANENT, ITEM),
    ("too_large", "EntityTooLarge", PERMANENT, ITEM),
    ("too_small", "EntityTooSmall", PERMANENT, ITEM),
    ("invalid_part", "InvalidPart", PERMANENT, ITEM),
    ("metadata_too_large", "MetadataTooLarge", PERMANENT, ITEM),
    ("object_name", "InvalidObjectName", PERMANENT, ITEM),
    ("bad_digest", "BadDigest", PERMANENT, ITEM),
    ("no_length", "MissingContentLength", PERMANENT, ITEM),
    ("precondition", "PreconditionFailed", PERMANENT, ITEM),
    ("expired", "Refused", PERMANENT, ITEM),
    ("expires_too_late", "Refused", PERMANENT, ITEM),
    ("no_upload", "NoSuchUpload", TRANSIENT, ITEM),
    ("incomplete_body", "IncompleteBody", TRANSIENT, ITEM),
    ("client_disconnect", "ClientDisconnect", TRANSIENT, ITEM),
    ("damaged", "XAmzContentSHA256Mismatch", TRANSIENT, ITEM),
    ("too_many", "TooManyRequests", TRANSIENT, ITEM),
    ("internal", "InternalError", TRANSIENT, ITEM),
    ("unavailable", "ServiceUnavailable", TRANSIENT, ITEM),
]
OF_THE_WIRE: list[tuple[str, dict[str, Any], str, ErrorClass, Scope]] = [
    ("drop", {}, "ConnectionLost", TRANSIENT, ITEM),
    ("html", {"status": 403}, "WebPage", TRANSIENT, ITEM),
    ("html", {"status": 404}, "WebPage", TRANSIENT, ITEM),
    ("html", {"status": 502}, "WebPage", TRANSIENT, ITEM),
    ("not_json", {"status": 400}, "Refused", PERMANENT, ITEM),
    ("not_json", {"status": 500}, "Trouble", TRANSIENT, ITEM),
    ("refuse", {"status": 401, "text": ""}, "KeyRefused", PERMANENT, SERVICE),
    ("refuse", {"status": 403, "text": ""}, "KeyRefused", PERMANENT, SERVICE),
    ("refuse", {"status": 408, "text": ""}, "ConnectionLost", TRANSIENT, ITEM),
    ("refuse", {"status": 418, "text": "<Error><Code>Teapot</Code></Error>"}, "Refused", PERMANENT, ITEM),
    ("refuse", {"status": 429, "text": "\0"}, "TooManyRequests", TRANSIENT, ITEM),
    ("refuse", {"status": 599, "text": "<Error><Message>\x85 \u202e</Message></Error>"}, "Trouble", TRANSIENT, ITEM),
    ("refuse", {"status": 503, "text": "<Error><Code><b>nested</b></Code></Error>"}, "Unreadable", TRANSIENT, ITEM),
    ("refuse", {"status": 503, "text": "<html><body>xhtml</body></html>"}, "Trouble", TRANSIENT, ITEM),
]


def test_every_row_of_the_services_table_is_tried() -> None:
    assert {row[0] for row in OF_R2} == set(TROUBLES)


@pytest.mark.parametrize(("trouble", "error_type", "error_class", "scope"), OF_R2)
def test_each_refusal_of_r2_means_what_it_means(
    r2: FakeR2,
    bucket: Bucket,
    key: str,
    file: Path,
    trouble: str,
    error_type: str,
    error_class: ErrorClass,
    scope: Scope,
) -> None:
    r2.fault(trouble, method="PUT")
    met = failure(lambda: put(bucket, file, key))
    assert (met.error_type, met.error_class, met.scope, met.in_doubt) == (error_type, error_class, scope, False)
    status, code, said = TROUBLES[trouble]
    assert f"({status} {code}: {said})" in met.message
    assert met.message.startswith("Cloudflare R2: cannot store one/")
    assert met.hint
    assert met.retry_after_s == (1 if trouble == "too_many" else None)
    _tells_no_secret(met, r2)


@pytest.mark.parametrize(("kind", "more", "error_type", "error_class", "scope"), OF_THE_WIRE)
def test_what_is_no_answer_of_r2_is_no_verdict_of_r2(
    r2: FakeR2,
    bucket: Bucket,
    key: str,
    file: Path,
    kind: str,
    more: dict[str, Any],
    error_type: str,
    error_class: ErrorClass,
    scope: Scope,
) -> None:
    r2.fault(kind, method="PUT", **more)
    met = failure(lambda: put(bucket, file, key))
    assert (met.error_type, met.error_class, met.scope, met.in_doubt) == (error_type, error_class, scope, False)
    assert met.message.isprintable()
    _tells_no_secret(met, r2)


@pytest.mark.parametrize(
    ("trouble", "error_type", "error_class", "scope"),
    [
        ("unauthorized", "KeyRefused", PERMANENT, SERVICE),
        ("access_denied", "KeyRefused", PERMANENT, SERVICE),
        ("object_name", "Refused", PERMANENT, ITEM),
        ("too_many", "TooManyRequests", TRANSIENT, ITEM),
        ("unavailable", "Trouble", TRANSIENT, ITEM),
    ],
)
def test_a_head_is_refused_without_a_code_and_its_status_tells(
    r2: FakeR2,
    bucket: Bucket,
    key: str,
    file: Path,
    trouble: str,
    error_type: str,
    error_class: ErrorClass,
    scope: Scope,
) -> None:
    r2.fault(trouble, method="HEAD", times=None)
    met = failure(lambda: put(bucket, file, key))
    assert (met.error_type, met.error_class, met.scope) == (error_type, error_class, scope)
    assert r2.asked("PUT") == 0


@pytest.mark.parametrize(
    ("body", "error_type"),
    [
        (b"", "Unreadable"),
        (b"<InitiateMultipartUploadResult/>", "Unreadable"),
        (b"<html><body>portal", "Trouble"),
        (b'{"a": 1}', "Trouble"),
    ],
)
def test_a_200_that_cannot_be_read_begins_no_upload(
    r2: FakeR2, bucket: Bucket, key: str, large: Path, body: bytes, error_type: str
) -> None:
    r2.fault("garbage", method="POST", content=body)
    met = failure(lambda: put(bucket, large, key))
    assert (met.error_type, met.error_class, met.scope) == (error_type, TRANSIENT, ITEM)
    assert r2.asked("PUT") == 0


@pytest.mark.parametrize(("trouble", "error_type"), [("html", "Unreadable"), ("not_json", "Trouble")])
def test_a_part_that_somebody_else_took_is_no_part(
    r2: FakeR2, bucket: Bucket, key: str, large: Path, trouble: str, error_type: str
) -> None:
    r2.fault(trouble, method="PUT", status=200)
    met = failure(lambda: put(bucket, large, key))
    assert (met.error_type, met.error_class, met.scope) == (error_type, TRANSIENT, ITEM)
    assert put(bucket, large, key)


def test_what_was_never_stored_is_said_to_be_so(bucket: Bucket, key: str, tmp_path: Path) -> None:
    met = failure(lambda: fetch(bucket, key, tmp_path / "got", sha256="0" * 64))
    assert (met.error_type, met.error_class, met.scope) == ("NotStored", PERMANENT, ITEM)
    assert key in met.message


@pytest.mark.parametrize(
    ("wrong", "error_type"),
    [
        ({"R2_BUCKET": "no-such-bucket"}, "NoSuchBucket"),
        ({"R2_ACCESS_KEY_ID": "somebody-elses"}, "KeyRefused"),
        ({"R2_SECRET_ACCESS_KEY": "a-wrong-one"}, "KeyRefused"),
    ],
)
def test_settings_that_do_not_fit_stop_the_service_and_not_only_the_film(
    r2: FakeR2, file: Path, key: str, wrong: dict[str, str], error_type: str
) -> None:
    elsewhere = opened(read_settings(r2.environment | wrong), ONCE)
    for call in (lambda: put(elsewhere, file, key), lambda: fetch(elsewhere, key, file, sha256="0" * 64)):
        met = failure(call)
        assert (met.error_type, met.error_class, met.scope) == (error_type, PERMANENT, SERVICE)
        _tells_no_secret(met, r2)


def test_a_clock_that_is_wrong_is_named(r2: FakeR2, bucket: Bucket, key: str, tmp_path: Path) -> None:
    r2.clock_ahead = timedelta(hours=1)
    met = failure(lambda: fetch(bucket, key, tmp_path / "got", sha256="0" * 64))
    assert (met.error_type, met.scope) == ("RequestTimeTooSkewed", SERVICE)
    assert "clock" in met.message


def test_nobody_at_the_address_is_tried_again(moto: str, file: Path) -> None:
    with FakeR2(moto) as gone:
        environment = gone.environment
    met = failure(lambda: put(opened(read_settings(environment), ONCE), file, "k"))
    assert (met.error_type, met.error_class, met.scope, met.in_doubt) == ("Unreachable", TRANSIENT, ITEM, False)
    _tells_no_secret(met, gone)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(moto: str, tmp_path: Path, file: Path) -> None:
    with FakeR2(moto, tls=certificate(tmp_path)) as r2:
        met = failure(lambda: put(opened(read_settings(r2.environment), ONCE), file, "k"))
        assert r2.heads == []
    assert (met.error_type, met.error_class) == ("Unreachable", TRANSIENT)


def test_what_boto_itself_refuses_is_explained() -> None:
    from botocore import exceptions as of_boto  # type: ignore[import-untyped]  # it comes without types

    for error, error_type, scope in (
        (of_boto.NoCredentialsError(), "NoKey", SERVICE),
        (of_boto.PartialCredentialsError(provider="x", cred_var="y"), "NoKey", SERVICE),
        (of_boto.ParamValidationError(report="x"), "BadRequest", ITEM),
        (of_boto.UnseekableStreamError(stream_object="x"), "Unexplained", ITEM),
    ):
        met = failure(lambda error=error: _translated(lambda: _raise(error)))  # type: ignore[misc]  # a lambda's default
        assert (met.error_type, met.scope) == (error_type, scope)
        assert type(error).__name__ in met.message


# ---- Addresses


def test_an_address_that_was_signed_opens_without_a_key_and_gives_the_same_bytes(
    bucket: Bucket, key: str, file: Path
) -> None:
    put(bucket, file, key)
    answer = httpx.get(url_of(bucket, key, valid_s=MAX_VALID_S))
    assert (answer.status_code, answer.content) == (200, file.read_bytes())
    assert answer.headers["content-type"] == "video/mp4"


def test_it_opens_that_file_only_and_not_longer_than_asked_for(
    r2: FakeR2, bucket: Bucket, key: str, file: Path
) -> None:
    put(bucket, file, key)
    put(bucket, file, f"{key}.other")
    url = url_of(bucket, key, valid_s=3_600)
    r2.clock_ahead = timedelta(minutes=59)
    assert httpx.get(url).status_code == 200
    assert httpx.get(url.replace(".mp4?", ".mp4.other?")).status_code == 403
    assert httpx.get(url.split("?")[0]).status_code == 401
    r2.clock_ahead = timedelta(minutes=61)
    assert (httpx.get(url).status_code, "ExpiredRequest" in httpx.get(url).text) == (400, True)


def test_a_signed_address_is_at_the_accounts_own_server_which_alone_knows_signatures() -> None:
    settings = read_settings(WHOLE | {"R2_ACCOUNT_ID": "acc"})
    url = url_of(opened(settings), "a/b c.mp4", valid_s=60)
    assert url.startswith("https://acc.r2.cloudflarestorage.com/films/a/b%20c.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&")
    assert "the-secret" not in url


@pytest.mark.parametrize("seconds", [0, -1, MAX_VALID_S + 1])
def test_no_address_is_promised_that_r2_would_not_open(bucket: Bucket, seconds: int) -> None:
    with pytest.raises(BadInput, match="no address can be valid"):
        url_of(bucket, "k", valid_s=seconds)


def test_a_bucket_with_a_domain_of_its_own_has_addresses_that_tell_nothing_and_do_not_expire(
    r2: FakeR2, file: Path
) -> None:
    bucket = opened(read_settings(r2.environment | {"R2_PUBLIC_URL": f"{r2.public_url}/"}), ONCE)
    put(bucket, file, "eine Hütte/#1?.mp4")
    url = url_of(bucket, "eine Hütte/#1?.mp4", valid_s=1)
    assert url == f"{r2.public_url}/eine%20H%C3%BCtte/%231%3F.mp4"
    assert httpx.get(url).content == file.read_bytes()


def test_a_colleague_hosts_a_picture_in_one_call(
    r2: FakeR2, key: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in r2.environment.items():
        monkeypatch.setenv(name, value)
    assert hosting.is_configured()
    url = hosting.put_and_sign(file, key)
    assert httpx.get(url).content == file.read_bytes()
    assert "X-Amz-Expires=86400" in url
    assert "X-Amz-Expires=60" in hosting.put_and_sign(file, key, seconds=60)
    assert r2.asked("PUT") == 1
    with pytest.raises(NotFound):
        hosting.put_and_sign(file.with_name("missing"), key)


# ---- Settings

WHOLE = {
    "R2_ACCOUNT_ID": "0123456789abcdef0123456789abcdef",
    "R2_ACCESS_KEY_ID": "the-key-id",
    "R2_SECRET_ACCESS_KEY": "the-secret",
    "R2_BUCKET": "films",
}


def test_the_account_says_where_it_is_and_its_own_endpoint_goes_before() -> None:
    assert read_settings(WHOLE).endpoint_url == f"https://{WHOLE['R2_ACCOUNT_ID']}.r2.cloudflarestorage.com"
    european = "https://acc.eu.r2.cloudflarestorage.com/"
    rest = {name: value for name, value in WHOLE.items() if name != "R2_ACCOUNT_ID"}
    assert read_settings(rest | {"R2_ENDPOINT_URL": european}).endpoint_url == european.rstrip("/")
    assert is_configured(rest | {"R2_ENDPOINT_URL": european})


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("left", [None, ""])
def test_what_is_missing_is_named(name: str, left: str | None) -> None:
    environment = {one: value for one, value in WHOLE.items() if one != name} | ({} if left is None else {name: left})
    assert is_configured(WHOLE)
    assert not is_configured(environment)
    met = failure(lambda: read_settings(environment))
    assert (met.error_type, met.error_class, met.scope) == ("NoKey", PERMANENT, SERVICE)
    assert f"{name} is not set" in met.message


def test_all_that_is_missing_is_named_at_once() -> None:
    assert ", ".join(WHOLE) in failure(lambda: read_settings({})).message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("R2_ACCOUNT_ID", "acc.evil.example/"),
        ("R2_ACCESS_KEY_ID", "the-key-id\n"),
        ("R2_SECRET_ACCESS_KEY", "the sécret"),
        ("R2_BUCKET", "https://films"),
        ("R2_BUCKET", "Films"),
        ("R2_ENDPOINT_URL", "acc.r2.cloudflarestorage.com"),
        ("R2_ENDPOINT_URL", "https://acc.r2.cloudflarestorage.com/films"),
        ("R2_ENDPOINT_URL", "https://[acc"),
        ("R2_ENDPOINT_URL", "https://acc:99999"),
        ("R2_PUBLIC_URL", "films.example.org"),
        ("R2_PUBLIC_URL", "https://films.example.org?x"),
    ],
)
def test_what_can_be_no_setting_is_named_and_not_repeated(name: str, value: str) -> None:
    met = failure(lambda: read_settings(WHOLE | {name: value}))
    assert (met.error_type, met.error_class, met.scope) == ("BadSetting", PERMANENT, SERVICE)
    assert name in met.message
    assert value not in f"{met.message} {met.hint}"


def test_no_key_is_in_the_words_for_settings_and_buckets() -> None:
    said = f"{read_settings(WHOLE)!r} {opened(read_settings(WHOLE))!r}"
    assert "the-key-id" not in said
    assert "the-secret" not in said


def _tells_no_secret(met: Failure, r2: FakeR2) -> None:
    said = f"{met.message} {met.hint}"
    assert not [one for one in (r2.key_id, r2.secret, r2.account, r2.bucket, r2.url) if one in said]


def _translated(call: Callable[[], object]) -> None:
    with translated("try"):
        call()


def _raise(error: Exception) -> None:
    raise error
