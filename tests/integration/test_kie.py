"""Clips from KIE: every answer means what it means, one order is one clip, and what is paid for is fetched."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.kie import FakeKie, clips
from vidctl.contract import (
    Balance,
    Basis,
    Cost,
    ErrorClass,
    Failure,
    Message,
    Ordering,
    Scope,
    ScriptError,
    Submitted,
    from_line,
    to_line,
)
from vidctl.domain.prices import price_list
from vidctl.errors import BadInput, Misconfigured
from vidctl.providers.http import Reply
from vidctl.providers.kie import account as accounts
from vidctl.providers.kie import models, ordering
from vidctl.providers.kie.account import Account
from vidctl.providers.kie.answers import Answer
from vidctl.providers.kie.models import Wanted
from vidctl.providers.kie.ordering import Patience
from vidctl.providers.kie.purchase import Purchase
from vidctl.providers.kie.records import Record, failed

TRANSIENT, PERMANENT, QUOTA = ErrorClass.TRANSIENT, ErrorClass.PERMANENT, ErrorClass.QUOTA
ITEM, SERVICE = Scope.ITEM, Scope.SERVICE
WANTED = Wanted(models.USUAL, "slow dolly in on the keeper", 5, "blur", 0.5)
PRICE = Decimal("0.21")
QUICK = Patience(wait_s=30, poll_s=0.01, window_s=0.05, turned_away_s=0.2, grace_s=0.2)
PATIENT = replace(QUICK, turned_away_s=30, grace_s=30)
PICTURE = b"\x89PNG\r\n\x1a\n"
CREATE, LOOK, CREDIT = "createTask", "recordInfo", "chat/credit"


@pytest.fixture
def kie() -> Iterator[FakeKie]:
    with FakeKie(job_s=0) as fake:
        yield fake


@pytest.fixture
def account(kie: FakeKie) -> Account:
    return Account(kie.key, kie.url, kie.url, price_list())


@pytest.fixture
def picture_url(kie: FakeKie, a_picture: bytes) -> str:
    kie.uploads.show("seed.png", a_picture, at=kie.clock())
    return f"{kie.url}/files/seed.png"


@pytest.fixture(scope="module")
def a_picture() -> bytes:
    from io import BytesIO

    from PIL import Image

    written = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(written, "PNG")
    return written.getvalue()


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[Message]]:
    """Return what was said since the last time."""
    return lambda: [from_line(line) for line in capsys.readouterr().out.splitlines()]


def plays(file: Path) -> str:
    return "" if b"moov" in file.read_bytes() else "it has no picture"


def purchase(account: Account, patience: Patience = QUICK) -> Purchase:
    return Purchase(account, patience, plays)


def orders_sent(kie: FakeKie) -> int:
    return len(kie.ledger.where(lambda request: request.path.endswith(CREATE)))


def refused(call: Callable[[], object]) -> Failure:
    with pytest.raises(ScriptError) as caught:
        call()
    failure = from_line(to_line(caught.value.failure))
    assert isinstance(failure, Failure)
    assert failure.hint
    return failure


def order(account: Account, picture_url: str, patience: Patience = QUICK) -> str:
    return ordering.order(account, models.order(WANTED, picture_url), PRICE, patience)


def ordered(kie: FakeKie, picture_url: str, **changes: Any) -> str:
    """Return the id of a job that was bought before; the changes are what is odd about it."""
    return kie.desk.create(models.order(WANTED, picture_url), **changes).job_id


# What an order is answered with: (fault, its options) -> error_type, class, scope, in doubt, words.
ORDER_ROWS: list[tuple[str, dict[str, Any], str, ErrorClass, Scope, bool, str]] = [
    ("bad_parameters", {}, "BadOrder", PERMANENT, ITEM, False, "Invalid request parameters"),
    ("key_refused", {}, "KeyRefused", PERMANENT, SERVICE, False, "do not have access"),
    ("key_refused", {"by_http": True}, "KeyRefused", PERMANENT, SERVICE, False, "do not have access"),
    ("no_credits", {}, "NoCredits", QUOTA, SERVICE, False, "insufficient"),
    ("no_credits", {"by_http": True}, "NoCredits", QUOTA, SERVICE, False, "insufficient"),
    ("no_credits_429", {}, "NoCredits", QUOTA, SERVICE, False, "insufficient"),
    ("no_credits_429", {"by_http": True}, "NoCredits", QUOTA, SERVICE, False, "insufficient"),
    ("not_found", {}, "NotFound", PERMANENT, SERVICE, False, "Not found"),
    ("upstream_timeout", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "timed out"),
    ("validation", {}, "BadOrder", PERMANENT, ITEM, False, "required"),
    ("content_policy", {}, "PromptRefused", PERMANENT, ITEM, False, "slow dolly in on the keeper"),
    ("image_not_fetched", {}, "ImageNotFetched", TRANSIENT, ITEM, False, "Failed to fetch"),
    ("rate_limited", {"times": None}, "TooManyOrders", TRANSIENT, ITEM, False, "frequency is too high"),
    ("rate_limited", {"times": None, "by_http": True}, "TooManyOrders", TRANSIENT, ITEM, False, "frequency"),
    ("key_limit", {}, "KeyLimit", PERMANENT, SERVICE, False, "sub-key"),
    ("maintenance", {}, "Maintenance", TRANSIENT, SERVICE, False, "maintenance"),
    ("server_error", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "Server exception"),
    ("server_error", {"by_http": True}, "OrderInDoubt", TRANSIENT, ITEM, True, "Server exception"),
    ("generation_failed", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "Generation failed"),
    ("feature_disabled", {}, "FeatureDisabled", PERMANENT, SERVICE, False, "disabled"),
    ("blocked_1010", {}, "ClientRefused", PERMANENT, SERVICE, False, "1010"),
    ("no_task_id", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "success"),
    ("html", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "Bad gateway"),
    ("html", {"status": 200}, "OrderInDoubt", TRANSIENT, ITEM, True, "HTTP 200"),
    ("html", {"status": 403}, "WebPage", TRANSIENT, ITEM, False, "HTTP 403"),
    ("html", {"status": 404}, "WebPage", TRANSIENT, ITEM, False, "HTTP 404"),
    ("html", {"status": 429}, "WebPage", TRANSIENT, ITEM, False, "HTTP 429"),
    ("not_json", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "code"),
    ("cut", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "whether it took it is not known"),
    ("drop", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "whether it took it is not known"),
    ("lost", {}, "OrderInDoubt", TRANSIENT, ITEM, True, "whether it took it is not known"),
    ("garbage", {"content": b"\xff\0"}, "OrderInDoubt", TRANSIENT, ITEM, True, "code 200"),
    ("refuse", {"status": 403, "body": {"msg": "no"}}, "KeyRefused", PERMANENT, SERVICE, False, "no"),
    ("refuse", {"status": 418, "body": {"msg": "a teapot"}}, "Refused", PERMANENT, ITEM, False, "a teapot"),
    ("refuse", {"status": 200, "body": {"code": 999, "msg": "?"}}, "OrderInDoubt", TRANSIENT, ITEM, True, "999"),
    ("refuse", {"status": 200, "body": {"code": "401", "msg": 7}}, "KeyRefused", PERMANENT, SERVICE, False, "7"),
    ("refuse", {"status": 503, "text": "no healthy upstream"}, "OrderInDoubt", TRANSIENT, ITEM, True, "upstream"),
    ("refuse", {"status": 302, "text": "elsewhere"}, "WebPage", TRANSIENT, ITEM, False, "elsewhere"),
]


@pytest.mark.parametrize("row", ORDER_ROWS, ids=lambda row: f"{row[0]}-{row[1]}")
def test_what_an_order_is_answered_with_means_what_the_table_says(
    row: tuple[Any, ...], kie: FakeKie, account: Account, picture_url: str
) -> None:
    fault, options, error_type, error_class, scope, in_doubt, words = row
    kie.fault(fault, path=CREATE, **options)
    failure = refused(lambda: order(account, picture_url))
    got = (failure.error_type, failure.error_class, failure.scope, failure.in_doubt)
    assert got == (error_type, error_class, scope, in_doubt)
    assert words in failure.message
    assert kie.key not in failure.message + failure.hint
    assert not failure.job_over
    assert orders_sent(kie) == 1 or error_type == "TooManyOrders"


def test_an_order_that_reached_nobody_is_sent_again_later_and_is_not_in_doubt(picture_url: str) -> None:
    nobody = Account("key", "http://127.0.0.1:9", "http://127.0.0.1:9", price_list())
    failure = refused(lambda: order(nobody, picture_url))
    assert (failure.error_type, failure.error_class, failure.in_doubt) == ("NotSent", TRANSIENT, False)


def test_a_key_that_is_repeated_in_a_refusal_is_not_shown(kie: FakeKie, account: Account, picture_url: str) -> None:
    kie.fault("refuse", path=CREATE, status=401, body={"code": 401, "msg": f"{kie.key} is not valid"})
    failure = refused(lambda: order(account, picture_url))
    assert failure.message == "KIE does not accept the key: [key] is not valid"


def test_an_order_is_announced_right_before_it_is_sent_and_once_for_each_time(
    kie: FakeKie, account: Account, picture_url: str, said: Callable[[], list[Message]]
) -> None:
    kie.fault("rate_limited", path=CREATE, times=2)
    order(account, picture_url, PATIENT)
    assert said() == [Ordering("kling_video", PRICE)] * 3
    assert orders_sent(kie) == 3
    assert len(kie.ledger.sales) == 1


def test_orders_that_are_turned_away_are_sent_no_faster_than_the_window_and_not_for_ever(
    kie: FakeKie, account: Account, picture_url: str
) -> None:
    kie.fault("rate_limited", path=CREATE, times=None)
    failure = refused(lambda: order(account, picture_url))
    assert orders_sent(kie) <= 5
    assert kie.ledger.busiest(QUICK.window_s, lambda request: request.path.endswith(CREATE)) == 1
    assert failure.retry_after_s == QUICK.window_s
    assert not kie.ledger.sales


@pytest.mark.parametrize("trouble", ["server_error", "lost", "drop", "late", "no_task_id", "cut"])
def test_an_order_in_doubt_is_never_sent_again_and_the_balance_is_told_once_more(
    trouble: str, kie: FakeKie, account: Account, picture_url: str, said: Callable[[], list[Message]]
) -> None:
    kie.fault(trouble, path=CREATE, **({"delay_s": 0.05} if trouble == "late" else {"done": True}))
    failure = refused(lambda: purchase(account).buy(WANTED, lambda: picture_url))
    assert failure.in_doubt
    assert "kie.ai/logs" in failure.hint
    assert orders_sent(kie) == 1
    before, ordering_, after = said()
    assert isinstance(before, Balance)
    assert isinstance(ordering_, Ordering)
    assert isinstance(after, Balance)
    assert before.left_usd - after.left_usd == kie.ledger.total_usd


# What a look at a job shows: (fault, its options); whatever it is, the job goes on.
LOOKS: list[tuple[str, dict[str, Any]]] = [
    ("server_error", {}),
    ("server_error", {"by_http": True}),
    ("rate_limited", {}),
    ("maintenance", {}),
    ("record_null", {}),
    ("not_found", {}),
    ("key_refused", {}),
    ("html", {}),
    ("html", {"status": 501}),
    ("html", {"status": 408}),
    ("html", {"status": 404}),
    ("not_json", {}),
    ("drop", {}),
    ("cut", {}),
    ("garbage", {"content": b"[]"}),
    ("refuse", {"status": 200, "body": {"code": 200, "data": None}}),
    ("refuse", {"status": 200, "body": {"code": 200, "data": {"state": "pondering"}}}),
    ("refuse", {"status": 200, "body": {"code": 200, "data": {"state": ["fail"]}}}),
    ("refuse", {"status": 200, "body": {"code": 200, "data": {"state": "generating", "resultJson": "{}"}}}),
]


@pytest.mark.parametrize(("fault", "options"), LOOKS)
def test_a_look_that_fails_or_says_nothing_never_ends_a_job(
    fault: str, options: dict[str, Any], kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    job_id = ordered(kie, picture_url)
    kie.fault(fault, path=LOOK, times=2, **options)
    record = purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False)
    assert record.state == "success"
    assert (tmp_path / "clip.mp4").stat().st_size > 10_000


def test_a_key_that_is_refused_for_good_stops_the_waiting_but_gives_up_no_job(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    job_id = ordered(kie, picture_url)
    kie.fault("key_refused", path=LOOK, times=None)
    failure = refused(lambda: purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=True))
    assert (failure.error_type, failure.error_class, failure.scope) == ("KeyRefused", PERMANENT, SERVICE)
    assert not failure.job_over


def test_a_job_that_is_not_known_at_once_is_waited_for(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    kie.desk.unknown_looks = 4
    job_id = ordered(kie, picture_url)
    assert purchase(account, PATIENT).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=True).state == "success"


def test_a_resumed_job_that_was_never_there_is_told_to_a_person_and_nothing_is_ordered(
    kie: FakeKie, account: Account, tmp_path: Path
) -> None:
    failure = refused(lambda: purchase(account).collect("nosuchjob", WANTED, tmp_path / "clip.mp4", resumed=True))
    assert (failure.error_type, failure.error_class, failure.scope) == ("JobUnknown", TRANSIENT, ITEM)
    assert "nosuchjob" in failure.message
    assert orders_sent(kie) == 0


@pytest.mark.parametrize("resumed", [False, True])
def test_a_job_that_was_ordered_or_seen_in_this_run_is_never_called_unknown(
    resumed: bool, kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    kie.desk.job_s = 60
    job_id = ordered(kie, picture_url)
    kie.fault("record_null", path=LOOK, times=None, after=int(resumed))
    short = Patience(wait_s=0.3, poll_s=0.02, grace_s=0.1)
    failure = refused(lambda: purchase(account, short).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=resumed))
    assert failure.error_type == "StillBeingMade"
    assert "recordInfo is null" in failure.message


def test_a_job_that_takes_longer_is_left_for_the_next_run(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path, said: Callable[[], list[Message]]
) -> None:
    kie.desk.job_s = 60
    job_id = ordered(kie, picture_url)
    said()
    short = Patience(wait_s=0.1, poll_s=0.02)
    failure = refused(lambda: purchase(account, short).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert (failure.error_type, failure.error_class, failure.scope) == ("StillBeingMade", TRANSIENT, ITEM)
    assert failure.retry_after_s == 60
    assert job_id in failure.message
    assert not failure.job_over
    assert said() == []


def test_looks_are_never_closer_together_than_asked_for(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    kie.desk.job_s = 60
    job_id = ordered(kie, picture_url)
    short = Patience(wait_s=0.3, poll_s=0.05)
    refused(lambda: purchase(account, short).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert kie.ledger.busiest(0.045, lambda request: request.path.endswith(LOOK)) == 1


# How a job fails: failCode, failMsg -> error_type, class.
FAILS = [
    ("422", "CONTENT_POLICY_BLOCKED: the input was flagged as sensitive.", "PromptRefused", PERMANENT),
    ("400", "prompt is invalid", "PromptRefused", PERMANENT),
    ("500", "The content violates our usage rules", "PromptRefused", PERMANENT),
    ("500", "image fetch failed: status 404", "ImageNotFetched", TRANSIENT),
    ("422", "Failed to download the image", "ImageNotFetched", TRANSIENT),
    ("422", "Failed to load: the image at this url was flagged as sensitive", "PromptRefused", PERMANENT),
    ("500", "Internal Error, please try again later", "JobFailed", TRANSIENT),
    ("501", "Generation failed", "JobFailed", TRANSIENT),
    ("", "", "JobFailed", TRANSIENT),
    ("what", "ever", "JobFailed", TRANSIENT),
]


@pytest.mark.parametrize(("code", "words", "error_type", "error_class"), FAILS)
def test_a_job_that_fails_is_over_costs_nothing_and_says_why(
    code: str,
    words: str,
    error_type: str,
    error_class: ErrorClass,
    kie: FakeKie,
    account: Account,
    picture_url: str,
    tmp_path: Path,
    said: Callable[[], list[Message]],
) -> None:
    job_id = ordered(kie, picture_url, fails=(code, words))
    failure = refused(lambda: purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert (failure.error_type, failure.error_class, failure.scope) == (error_type, error_class, ITEM)
    assert failure.job_over
    assert words in failure.message
    assert job_id in failure.message
    assert ("slow dolly in on the keeper" in failure.message) == (error_type == "PromptRefused")
    assert not [message for message in said() if isinstance(message, Cost)]
    assert not kie.ledger.sales


def test_what_opens_a_signed_address_is_not_repeated(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    said = "image fetch failed: 'https://a.r2.cloudflarestorage.com/b/c.png?X-Amz-Signature=abc&X-Amz-Expires=9' (403)"
    job_id = ordered(kie, picture_url, fails=("500", said))
    failure = refused(lambda: purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert "https://a.r2.cloudflarestorage.com/b/c.png?…' (403)" in failure.message


@pytest.mark.parametrize("trouble", ["generation_failed", "upstream_timeout"])
def test_a_job_that_the_envelope_calls_failed_is_over(
    trouble: str, kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    job_id = ordered(kie, picture_url)
    kie.fault(trouble, path=LOOK)
    failure = refused(lambda: purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert (failure.error_type, failure.error_class, failure.job_over) == ("JobFailed", TRANSIENT, True)


def test_a_job_that_failed_and_was_charged_all_the_same_is_booked(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path, said: Callable[[], list[Message]]
) -> None:
    job_id = ordered(kie, picture_url, overrides={"state": "fail", "failCode": "500", "creditsConsumed": 42})
    refused(lambda: purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert said()[-1] == Cost("kling_video", Decimal(5), PRICE, Basis.PROVIDER)


# creditsConsumed -> what is booked.
COUNTED: list[tuple[Any, str, Basis]] = [
    (42, "0.21", Basis.PROVIDER),
    (84.5, "0.4225", Basis.PROVIDER),
    ("50", "0.25", Basis.PROVIDER),
    (None, "0.21", Basis.LIST_PRICE),
    (0, "0.21", Basis.LIST_PRICE),
    (-3, "0.21", Basis.LIST_PRICE),
    (10**30, "0.21", Basis.LIST_PRICE),
    (200_000, "0.21", Basis.LIST_PRICE),
    (True, "0.21", Basis.LIST_PRICE),
    ({"a": 1}, "0.21", Basis.LIST_PRICE),
]


@pytest.mark.parametrize(("taken", "cost_usd", "basis"), COUNTED)
def test_what_is_booked_is_what_kie_counted_else_the_list_price(
    taken: Any,
    cost_usd: str,
    basis: Basis,
    kie: FakeKie,
    account: Account,
    picture_url: str,
    tmp_path: Path,
    said: Callable[[], list[Message]],
) -> None:
    job_id = ordered(kie, picture_url, overrides={"creditsConsumed": taken})
    purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False)
    assert said()[-1] == Cost("kling_video", Decimal(5), Decimal(cost_usd), basis)


def test_a_clip_that_another_model_made_is_delivered_booked_as_counted_and_complained_about(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    job_id = ordered(kie, picture_url, model="kling/v2-1-master-image-to-video")
    purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False)
    assert "v2-1-master" in capsys.readouterr().err
    assert (tmp_path / "clip.mp4").exists()


# What can be the matter with fetching a clip that is made: faults of the file, one after the other.
FETCHES: list[tuple[str, dict[str, Any]]] = [
    ("html", {}),
    ("drop", {}),
    ("cut", {}),
    ("cut", {"share": 0}),
    ("garbage", {"content": b"<html>one moment please</html>"}),
    ("garbage", {"content": b""}),
    ("garbage", {"content": b"\0\0\0\x18ftypmp42 but nothing more"}),
    ("refuse", {"status": 404, "text": "gone"}),
    ("refuse", {"status": 410, "text": "gone"}),
    ("refuse", {"status": 429, "text": "slowly"}),
]


@pytest.mark.parametrize(("fault", "options"), FETCHES)
def test_a_clip_that_cannot_be_fetched_at_first_is_fetched_again(
    fault: str, options: dict[str, Any], kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    job_id = ordered(kie, picture_url)
    kie.fault(fault, path="^/v/", **options)
    purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False)
    assert (tmp_path / "clip.mp4").read_bytes().endswith(job_id.encode())


def test_an_address_that_has_expired_is_asked_for_anew(
    kie: FakeKie, account: Account, picture_url: str, tmp_path: Path
) -> None:
    kie.desk.url_s = -1
    job_id = ordered(kie, picture_url)
    purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=True)
    assert (tmp_path / "clip.mp4").read_bytes().endswith(job_id.encode())
    asked = [request.path for request in kie.ledger.requests]
    assert asked[-3:] == [f"/v/{job_id}.mp4", "/api/v1/common/download-url", f"/v/{job_id}.mp4"]


def test_a_clip_that_is_moved_is_followed(kie: FakeKie, account: Account, picture_url: str, tmp_path: Path) -> None:
    kie.uploads.show("moved.mp4", clips.clip(5, "moved"), at=kie.clock(), media_type="video/mp4")
    job_id = ordered(kie, picture_url)
    kie.fault("refuse", path="^/v/", times=None, status=302, text="", headers={"Location": "/files/moved.mp4"})
    purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False)
    assert (tmp_path / "clip.mp4").read_bytes().endswith(b"moved")


def test_whoever_keeps_the_files_never_sees_the_key(
    account: Account, picture_url: str, kie: FakeKie, tmp_path: Path
) -> None:
    job_id = ordered(kie, picture_url)
    purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False)
    seen = [(request.path, request.has_key) for request in kie.ledger.requests]
    assert (f"/v/{job_id}.mp4", False) in seen
    assert all(has_key for path, has_key in seen if path.startswith("/api/"))


# What makes a clip that is made not come, for as long as it lasts -> error_type, class.
STUCK: list[tuple[list[tuple[str, str, dict[str, Any]]], str, ErrorClass]] = [
    ([("html", "^/v/", {})], "NotDownloaded", TRANSIENT),
    ([("cut", "^/v/", {})], "NotDownloaded", TRANSIENT),
    ([("refuse", "^/v/", {"status": 302, "text": "", "headers": {"Location": "/v/x"}})], "NotDownloaded", TRANSIENT),
    (
        [("refuse", "^/v/", {"status": 302, "text": "", "headers": {"Location": "ftp://x/"}})],
        "NotDownloaded",
        TRANSIENT,
    ),
    ([("refuse", "^/v/", {"status": 403}), ("drop", "download-url", {})], "NotDownloaded", TRANSIENT),
    ([("refuse", "^/v/", {"status": 403}), ("server_error", "download-url", {})], "NotDownloaded", TRANSIENT),
    ([("refuse", "^/v/", {"status": 404}), ("validation", "download-url", {})], "ResultGone", PERMANENT),
    ([("garbage", "^/v/", {"content": b"<html>what</html>"})], "NoVideo", PERMANENT),
]


@pytest.mark.parametrize(("faults", "error_type", "error_class"), STUCK)
def test_a_clip_that_does_not_come_is_still_paid_for_and_its_job_is_kept(
    faults: list[tuple[str, str, dict[str, Any]]],
    error_type: str,
    error_class: ErrorClass,
    kie: FakeKie,
    account: Account,
    picture_url: str,
    tmp_path: Path,
    said: Callable[[], list[Message]],
) -> None:
    job_id = ordered(kie, picture_url)
    for fault, path, options in faults:
        kie.fault(fault, path=path, times=None, **options)
    failure = refused(lambda: purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert (failure.error_type, failure.error_class, failure.scope) == (error_type, error_class, ITEM)
    assert job_id in failure.message
    assert failure.job_over is (error_class is PERMANENT), "there will never be another answer"
    assert said()[-1] == Cost("kling_video", Decimal(5), PRICE, Basis.PROVIDER)


# What stands where the address of the clip should be.
RESULTS = [
    "",
    "{",
    "null",
    '"x"',
    "[1]",
    '{"resultUrls": []}',
    '{"resultUrls": [7]}',
    '{"resultUrls": ["file:///etc"]}',
]


@pytest.mark.parametrize("result", RESULTS)
def test_a_clip_that_is_nowhere_is_booked_and_looked_for_again_later(
    result: str,
    kie: FakeKie,
    account: Account,
    picture_url: str,
    tmp_path: Path,
    said: Callable[[], list[Message]],
) -> None:
    job_id = ordered(kie, picture_url, overrides={"resultJson": result})
    failure = refused(lambda: purchase(account).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False))
    assert (failure.error_type, failure.error_class) == ("NotDownloaded", TRANSIENT)
    assert isinstance(said()[-1], Cost)


def test_a_job_is_told_before_anything_else_is_done_with_it(
    kie: FakeKie, account: Account, picture_url: str, said: Callable[[], list[Message]]
) -> None:
    job_id = purchase(account).buy(WANTED, lambda: picture_url)
    assert said() == [
        Balance(Decimal(500)),
        Ordering("kling_video", PRICE),
        Submitted(job_id),
        Balance(Decimal(500) - PRICE),
    ]


def test_nothing_is_ordered_with_too_little_on_the_account(kie: FakeKie, account: Account, picture_url: str) -> None:
    kie.desk.credits = Decimal("41.9")
    failure = refused(lambda: purchase(account).buy(WANTED, lambda: picture_url))
    assert (failure.error_type, failure.error_class, failure.scope) == ("NoCredits", QUOTA, SERVICE)
    assert orders_sent(kie) == 0


@pytest.mark.parametrize(
    ("fault", "options"),
    [("html", {}), ("drop", {}), ("key_refused", {}), ("garbage", {"content": b'{"code": 200, "data": "NaN"}'})],
)
def test_a_balance_that_cannot_be_read_is_no_reason_not_to_order(
    fault: str, options: dict[str, Any], kie: FakeKie, account: Account, picture_url: str
) -> None:
    kie.fault(fault, path=CREDIT, times=None, **options)
    assert purchase(account).buy(WANTED, lambda: picture_url)
    assert orders_sent(kie) == 1


def test_a_balance_is_asked_for_again_for_it_may_be_all_that_is_known_of_an_order(
    kie: FakeKie, account: Account, picture_url: str, said: Callable[[], list[Message]]
) -> None:
    kie.fault("html", path=CREDIT, times=2)
    kie.fault("drop", path=CREATE)
    refused(lambda: purchase(account).buy(WANTED, lambda: picture_url))
    before, _, after = said()
    assert (before, after) == (Balance(Decimal(500)), Balance(Decimal(500)))


def test_what_has_no_price_is_not_ordered(kie: FakeKie, picture_url: str) -> None:
    free = Account(kie.key, kie.url, kie.url, price_list({models.USUAL: {}}))
    with pytest.raises(Misconfigured, match="nobody knows what 5 s"):
        purchase(free).buy(WANTED, lambda: picture_url)
    assert orders_sent(kie) == 0


def test_without_the_price_of_a_credit_a_clip_is_ordered_and_booked_at_its_own(
    kie: FakeKie, picture_url: str, tmp_path: Path, said: Callable[[], list[Message]]
) -> None:
    plain = Account(kie.key, kie.url, kie.url, price_list({"kie credit": {}}))
    job_id = purchase(plain).buy(WANTED, lambda: picture_url)
    purchase(plain).collect(job_id, WANTED, tmp_path / "clip.mp4", resumed=False)
    booked = Cost("kling_video", Decimal(5), PRICE, Basis.LIST_PRICE)
    assert said() == [Ordering("kling_video", PRICE), Submitted(job_id), booked]


@pytest.mark.parametrize("model", models.MODELS)
@pytest.mark.parametrize("seconds", [5, 10])
def test_every_model_that_is_known_can_be_ordered_and_costs_what_the_list_says(
    model: str, seconds: int, kie: FakeKie, account: Account, picture_url: str
) -> None:
    wanted = models.Wish(model, "x" * 3_000, "", seconds, "n" * 600, 0.37).checked()
    purchase(account).buy(wanted, lambda: picture_url)
    (sale,) = kie.ledger.sales
    assert (sale.model, sale.cost_usd) == (model, account.clip_usd(model, seconds))


@pytest.mark.parametrize(("asked_s", "ordered_s"), [(0.1, 5), (5, 5), (5.01, 10), (8, 10), (10, 10)])
def test_the_shortest_clip_is_ordered_that_is_long_enough(asked_s: float, ordered_s: int) -> None:
    assert models.Wish(models.USUAL, "pan", "", asked_s, "", 0.5).checked().seconds == ordered_s


@pytest.mark.parametrize("asked_s", [10.01, 60, float("nan")])
def test_a_clip_that_is_longer_than_kling_makes_is_refused_before_anything_is_done(asked_s: float) -> None:
    failure = refused(lambda: models.Wish(models.USUAL, "pan", "", asked_s, "", 0.5).checked())
    assert (failure.error_type, failure.error_class, failure.scope) == ("ClipTooLong", PERMANENT, ITEM)
    assert "clip_seconds" in failure.hint


def test_a_resumed_job_is_not_given_up_for_what_was_wrong_with_its_order() -> None:
    wanted = models.Wish("a model of yesterday", "", "", 60, "", 7).as_it_is()
    assert wanted.seconds == 10


@pytest.mark.parametrize(("motion", "model"), [("", models.USUAL), (" \n", models.USUAL), ("pan", "veo")])
def test_what_cannot_be_ordered_is_refused(motion: str, model: str) -> None:
    with pytest.raises(BadInput):
        models.Wish(model, motion, "", 5, "", 0.5).checked()


def test_a_prompt_that_is_too_long_is_cut_at_a_word_keeps_the_note_and_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    wanted = models.Wish(models.USUAL, "sway " * 800, "but slower", 5, "", 0.5).checked()
    assert len(wanted.prompt) <= 2_500
    assert wanted.prompt.endswith("sway. but slower")
    assert "cut to 2,500" in capsys.readouterr().err


@given(st.text(max_size=300), st.text(max_size=300), st.integers(20, 200))
def test_a_prompt_is_never_too_long_and_always_text(motion: str, note: str, longest: int) -> None:
    assert len(models.worded(motion, note, longest).encode().decode()) <= longest


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["code", "msg", "data", "taskId", "state", "resultJson", "resultUrls", "failCode", "failMsg", "creditsConsumed"]
    ), inner, max_size=6),
    max_leaves=12,
)  # fmt: skip


@given(JSON, st.sampled_from([200, 302, 400, 403, 404, 408, 429, 500, 503]))
def test_no_answer_whatsoever_leads_to_anything_but_a_failure_that_can_be_told(body: Any, status: int) -> None:
    answer = Answer.of(Reply(status, {}, json.dumps(body).encode()))
    error = ordering.refusal(answer, prompt="pan", again_s=10)
    assert isinstance(from_line(to_line(error.failure)), Failure)
    record = Record.of(answer.fields)
    assert isinstance(from_line(to_line(failed(record, "job", "pan").failure)), Failure)


@pytest.mark.parametrize("key", ["", "  ", "with space", "line\nbreak", "schlüssel", "nul\x00"[:3] + "\x01"])
def test_what_cannot_be_a_key_is_refused_and_not_shown(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIE_API_KEY", key)
    failure = refused(accounts.account)
    assert (failure.error_type, failure.error_class, failure.scope) == ("NoKey", PERMANENT, SERVICE)
    assert "KIE_API_KEY" in failure.hint
    assert not key.strip() or key not in failure.message + failure.hint


@pytest.mark.parametrize("name", ["KIE_BASE_URL", "KIE_UPLOAD_BASE_URL", "VIDCTL_PRICES"])
@pytest.mark.parametrize("value", ["api.kie.ai", "http://", "http://[", "file:///etc", "http://a b", "https://ü.de"])
def test_a_setting_that_cannot_be_used_is_about_the_service_and_gives_up_no_job(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KIE_API_KEY", "key")
    monkeypatch.setenv(name, value)
    failure = refused(accounts.account)
    assert (failure.error_type, failure.scope) == ("Misconfigured", SERVICE)
    assert name in failure.message


def test_an_account_shows_its_key_to_nobody(account: Account) -> None:
    assert account.key not in repr(account)
