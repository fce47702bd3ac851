"""Seed pictures: put where KIE can fetch them, checked there, and on the next host where one fails."""

import struct
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.fakes.hosting import FakeCatbox
from tests.fakes.hosting.fake import TROUBLES, WRONG
from tests.fakes.kie import FakeKie
from tests.fakes.r2 import FakeR2
from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.domain.prices import price_list
from vidctl.errors import Misconfigured
from vidctl.media import images
from vidctl.providers.hosting import catbox
from vidctl.providers.hosting.choice import HostName, hosted, hosts
from vidctl.providers.hosting.picture import HostFailed, Picture
from vidctl.providers.kie.account import Account
from vidctl.providers.kie.seeds import MAX_BYTES, seed

PICTURE = Picture(b"\x89PNG\r\n\x1a\n" + bytes(2_000), "image/png")
UPLOAD, FORM = "file-stream-upload", "api.php"


@pytest.fixture
def kie() -> Iterator[FakeKie]:
    with FakeKie() as fake:
        yield fake


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCatbox]:
    with FakeCatbox() as fake:
        monkeypatch.setenv("CATBOX_BASE_URL", fake.url)
        yield fake


@pytest.fixture
def account(kie: FakeKie) -> Account:
    return Account(kie.key, kie.url, kie.url, price_list())


def put(account: Account, first: HostName | None = None) -> str:
    return hosted(PICTURE, hosts(account, first), pause_s=0.01)


def shown(url: str) -> bytes:
    return httpx.get(url, trust_env=False, verify=False, headers={"User-Agent": "Mozilla/5.0"}).content


def test_a_picture_goes_to_kie_where_nothing_else_is_set_up(kie: FakeKie, account: Account, box: FakeCatbox) -> None:
    url = put(account)
    assert url.startswith(kie.url)
    assert shown(url) == PICTURE.content
    assert box.ledger.requests == []


def test_a_picture_goes_to_the_host_that_was_wished_for(kie: FakeKie, account: Account, box: FakeCatbox) -> None:
    url = put(account, HostName.CATBOX)
    assert url.startswith(box.url)
    assert shown(url) == PICTURE.content
    assert kie.ledger.requests == []


def test_no_two_uploads_have_one_name(account: Account) -> None:
    assert len({put(account) for _ in range(3)}) == 3


# How KIE's upload host fails; the picture is put on the next.
KIE_FAILS: list[tuple[str, dict[str, Any]]] = [
    ("bad_parameters", {}),
    ("no_credits", {}),
    ("not_found", {}),
    ("rate_limited", {}),
    ("maintenance", {}),
    ("server_error", {}),
    ("blocked_1010", {}),
    ("html", {}),
    ("html", {"status": 200}),
    ("html", {"status": 401}),
    ("not_json", {}),
    ("drop", {}),
    ("cut", {}),
    ("lost", {}),
    ("refuse", {"status": 200, "body": {"success": True, "code": 200, "data": {}}}),
    ("refuse", {"status": 200, "body": {"success": True, "code": 200, "data": {"downloadUrl": ["http://a/b"]}}}),
    ("refuse", {"status": 200, "body": {"success": True, "code": 200, "data": {"downloadUrl": "file:///etc/hosts"}}}),
    ("refuse", {"status": 200, "body": {"success": True, "code": 200, "data": {"downloadUrl": "http://a b:x/\n"}}}),
    (
        "refuse",
        {"status": 200, "body": {"success": True, "code": 200, "data": {"fileUrl": "http://127.0.0.1:9/x.png"}}},
    ),
]


@pytest.mark.parametrize(("fault", "options"), KIE_FAILS)
def test_where_kies_upload_fails_the_picture_is_put_on_the_next_host_and_it_is_said(
    fault: str,
    options: dict[str, Any],
    kie: FakeKie,
    account: Account,
    box: FakeCatbox,
    capsys: pytest.CaptureFixture[str],
) -> None:
    kie.fault(fault, path=UPLOAD, **options)
    assert put(account).startswith(box.url)
    assert "warning: the picture could not be put on KIE's upload host: " in capsys.readouterr().err


@pytest.mark.parametrize("trouble", [*TROUBLES, *WRONG, "html", "drop", "lost", "not_json", "cut", "garbage"])
def test_where_catbox_fails_the_picture_is_put_on_the_next_host(
    trouble: str, kie: FakeKie, account: Account, box: FakeCatbox
) -> None:
    box.fault(trouble, path=FORM, **({"content": b"https://files.catbox.moe/../x"} if trouble == "garbage" else {}))
    assert put(account, HostName.CATBOX).startswith(kie.url)


def test_a_server_that_catbox_refuses_is_told_so(box: FakeCatbox) -> None:
    box.fault("invalid_uploader")
    with pytest.raises(HostFailed, match="nothing from this network: Invalid uploader"):
        catbox.put(PICTURE, box.url)


@pytest.mark.parametrize("said", ["https://files.catbox.moe/abc.png?x", "https://files.catbox.moe/a/b.png", "http://x"])
def test_only_an_address_of_catbox_is_believed(said: str, box: FakeCatbox) -> None:
    box.fault("refuse", status=200, text=said)
    with pytest.raises(HostFailed):
        catbox.put(PICTURE, box.url)


# What comes from an address instead of the picture, for good; and only at first.
SHOWS: list[tuple[str, dict[str, Any]]] = [
    ("html", {"status": 200}),
    ("html", {"status": 404}),
    ("garbage", {"content": PICTURE.content[:-1]}),
    ("garbage", {"content": PICTURE.content[:-1] + b"!"}),
    ("refuse", {"status": 200, "text": "a text"}),
    ("cut", {}),
    ("drop", {}),
]


@pytest.mark.parametrize(("fault", "options"), SHOWS)
def test_an_address_that_shows_something_else_is_passed_over(
    fault: str, options: dict[str, Any], kie: FakeKie, account: Account, box: FakeCatbox
) -> None:
    kie.fault(fault, method="GET", path="^/files/", times=None, **options)
    assert put(account).startswith(box.url)


@pytest.mark.parametrize(("fault", "options"), SHOWS[-2:])
def test_an_address_that_shows_the_picture_a_moment_later_is_good(
    fault: str, options: dict[str, Any], kie: FakeKie, account: Account
) -> None:
    kie.fault(fault, method="GET", path="^/files/", times=2, **options)
    assert put(account).startswith(kie.url)


def test_a_key_that_kie_refuses_is_told_at_once(kie: FakeKie, account: Account, box: FakeCatbox) -> None:
    kie.fault("key_refused", path=UPLOAD)
    with pytest.raises(ScriptError) as caught:
        put(account)
    failure = caught.value.failure
    assert (failure.error_type, failure.scope, failure.in_doubt) == ("KeyRefused", Scope.SERVICE, False)
    assert box.ledger.requests == []


def test_a_picture_that_no_host_takes_is_put_there_later(kie: FakeKie, account: Account, box: FakeCatbox) -> None:
    kie.fault("server_error", path=UPLOAD)
    box.fault("invalid_uploader")
    with pytest.raises(ScriptError) as caught:
        put(account)
    failure = caught.value.failure
    assert (failure.error_type, failure.error_class) == ("NotHosted", ErrorClass.TRANSIENT)
    assert (failure.scope, failure.in_doubt) == (Scope.ITEM, False)
    assert "Server exception" in failure.message
    assert "Invalid uploader" in failure.message


def test_an_address_of_catbox_that_is_none_is_a_setting_to_be_mended(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CATBOX_BASE_URL", "catbox.moe")
    with pytest.raises(Misconfigured, match="CATBOX_BASE_URL"):
        hosts(account)


@pytest.fixture(scope="module")
def r2(moto: str) -> Iterator[FakeR2]:
    with FakeR2(moto) as fake:
        yield fake


def set_all(monkeypatch: pytest.MonkeyPatch, environment: Mapping[str, str]) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def test_a_bucket_that_is_set_up_is_used_first_and_shows_the_picture_to_whoever_has_the_address(
    r2: FakeR2, kie: FakeKie, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, r2.environment)
    url = put(account)
    assert url.startswith(r2.url)
    assert "X-Amz-Expires=86400" in url
    assert shown(url) == PICTURE.content
    assert kie.ledger.requests == []


def test_a_bucket_that_refuses_is_passed_over_and_its_address_is_shown_to_nobody(
    r2: FakeR2,
    kie: FakeKie,
    account: Account,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    set_all(monkeypatch, r2.environment | {"R2_SECRET_ACCESS_KEY": "anotherone"})
    assert put(account).startswith(kie.url)
    said = capsys.readouterr().err
    assert "could not be put on R2" in said
    assert "X-Amz-" not in said
    assert "anotherone" not in said


def test_a_bucket_that_is_wished_for_but_not_set_up_is_passed_over(kie: FakeKie, account: Account) -> None:
    assert put(account, HostName.R2).startswith(kie.url)


def drawn(folder: Path, kind: str, size: tuple[int, int]) -> Path:
    file = folder / f"picture.{kind.lower()}"
    Image.effect_noise(size, 90).convert("RGB").save(file, kind)
    return file


@pytest.mark.parametrize(("kind", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_that_kling_takes_is_uploaded_as_it_is(kind: str, media_type: str, tmp_path: Path) -> None:
    file = drawn(tmp_path, kind, (640, 360))
    assert seed(file, images.opened(file)) == Picture(file.read_bytes(), media_type)


def test_a_picture_of_another_kind_becomes_a_jpeg(tmp_path: Path) -> None:
    file = drawn(tmp_path, "WEBP", (640, 360))
    assert seed(file, images.opened(file)).media_type == "image/jpeg"


def test_a_picture_that_is_too_large_becomes_a_jpeg_of_the_same_size(tmp_path: Path) -> None:
    file = drawn(tmp_path, "PNG", (640, 360))
    file.write_bytes(with_idle_bytes(file.read_bytes(), MAX_BYTES))
    made = seed(file, images.opened(file))
    assert made.media_type == "image/jpeg"
    assert len(made.content) <= MAX_BYTES
    with Image.open(BytesIO(made.content)) as image:
        assert (image.format, image.size) == ("JPEG", (640, 360))


def with_idle_bytes(png: bytes, size: int) -> bytes:
    """Return a PNG with a private chunk of so many bytes in it."""
    body = b"idLe" + bytes(size)
    chunk = struct.pack(">I", size) + body + struct.pack(">I", zlib.crc32(body))
    return png[:33] + chunk + png[33:]


@pytest.mark.parametrize("size", [(300, 400), (640, 200), (1_000, 399), (399, 1_000)])
def test_a_picture_of_a_size_that_kling_refuses_is_refused_before_anything_is_done(
    size: tuple[int, int], tmp_path: Path
) -> None:
    file = drawn(tmp_path, "PNG", size)
    with pytest.raises(ScriptError) as caught:
        seed(file, images.opened(file))
    failure = caught.value.failure
    assert (failure.error_type, failure.error_class, failure.scope) == ("BadPicture", ErrorClass.PERMANENT, Scope.ITEM)
    assert f"{size[0]}x{size[1]}" in failure.message


@pytest.mark.parametrize("size", [(301, 400), (1_000, 400), (400, 1_000)])
def test_a_picture_that_is_just_large_enough_is_taken(size: tuple[int, int], tmp_path: Path) -> None:
    file = drawn(tmp_path, "PNG", size)
    assert seed(file, images.opened(file)).content == file.read_bytes()
