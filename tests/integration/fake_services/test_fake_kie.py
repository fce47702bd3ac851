"""The fakes of KIE and catbox: as strict as what they stand for, and with a record of what was sold."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import httpx
import pytest
from PIL import Image

from tests.fakes.hosting import FakeCatbox
from tests.fakes.kie import FakeKie
from tests.fakes.kie.bodies import TROUBLES
from tests.processes import until

AGENT = "Mozilla/5.0 (test)"
MODEL = "kling/v2-5-turbo-image-to-video-pro"


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kie(clock: Clock) -> Iterator[FakeKie]:
    with FakeKie(clock=clock, job_s=100, credits_left=1_000) as fake:
        written = BytesIO()
        Image.new("RGB", (640, 360), "teal").save(written, "PNG")
        fake.uploads.show("a.png", written.getvalue(), at=clock.now)
        yield fake


@pytest.fixture
def call(kie: FakeKie) -> Iterator[Callable[..., dict[str, Any]]]:
    """Ask the fake: `call("GET", "chat/credit")`."""
    headers = {"Authorization": f"Bearer {kie.key}", "User-Agent": AGENT}
    with httpx.Client(base_url=f"{kie.url}/api/v1/", headers=headers, trust_env=False, verify=False) as client:

        def asked(method: str, path: str, **more: Any) -> dict[str, Any]:
            answer = client.request(method, path, **more)
            assert answer.status_code == 200
            body: dict[str, Any] = answer.json()
            return body

        yield asked


def get(url: str, agent: str = AGENT) -> httpx.Response:
    return httpx.get(url, headers={"User-Agent": agent}, trust_env=False, verify=False)


def order(kie: FakeKie, **changes: Any) -> dict[str, Any]:
    given = {"prompt": "pan", "image_url": f"{kie.url}/files/a.png", "duration": "5", **changes}
    return {"model": MODEL, "input": {name: value for name, value in given.items() if value is not None}}


def fetched(kie: FakeKie) -> None:
    """Wait until the pictures of all jobs were fetched, which happens in real time."""
    until(lambda: all(job.has_picture for job in kie.desk.jobs.values()), what="the fetching of pictures")


def test_a_job_goes_from_waiting_to_success_in_its_time_and_its_clip_is_real(
    kie: FakeKie, call: Callable[..., dict[str, Any]], clock: Clock
) -> None:
    job_id = call("POST", "jobs/createTask", json=order(kie))["data"]["taskId"]
    fetched(kie)
    states = []
    for _ in range(3):
        states.append(call("GET", "jobs/recordInfo", params={"taskId": job_id})["data"]["state"])
        clock.now += 51
    assert states == ["queuing", "generating", "success"]
    record = call("GET", "jobs/recordInfo", params={"taskId": job_id})["data"]
    assert (record["creditsConsumed"], record["model"], record["failCode"]) == (42, MODEL, "")
    (url,) = json.loads(record["resultJson"])["resultUrls"]
    clip = get(url).content
    with av.open(BytesIO(clip)) as container:
        video = container.streams.video[0]
        assert (video.codec_context.name, video.frames, str(video.average_rate)) == ("h264", 120, "24")
        assert container.streams.audio


def test_no_two_clips_are_equal(kie: FakeKie, call: Callable[..., dict[str, Any]], clock: Clock) -> None:
    jobs = [call("POST", "jobs/createTask", json=order(kie))["data"]["taskId"] for _ in range(2)]
    fetched(kie)
    clock.now += 101
    call("GET", "chat/credit")
    clips = {get(f"{kie.url}/v/{job}.mp4").content for job in jobs}
    assert len(clips) == 2


# What is wrong with an order.
BAD_ORDERS: list[tuple[dict[str, Any], str]] = [
    ({"prompt": None}, "prompt is required"),
    ({"prompt": ""}, "prompt is required"),
    ({"prompt": 7}, "prompt is invalid"),
    ({"prompt": "x" * 2_501}, "too long"),
    ({"image_url": None}, "image_url is required"),
    ({"image_url": "data:image/png;base64,AAAA"}, "image_url is invalid"),
    ({"duration": 5}, "duration is invalid"),
    ({"duration": "7"}, "duration is invalid"),
    ({"negative_prompt": "x" * 501}, "negative_prompt is invalid"),
    ({"cfg_scale": "0.5"}, "cfg_scale is invalid"),
    ({"cfg_scale": 0.55}, "cfg_scale is invalid"),
    ({"cfg_scale": 1.1}, "cfg_scale is invalid"),
    ({"sound_on": True}, "sound_on is invalid"),
]


@pytest.mark.parametrize(("changes", "words"), BAD_ORDERS)
def test_an_order_that_is_wrong_is_refused_and_costs_nothing(
    changes: dict[str, Any], words: str, kie: FakeKie, call: Callable[..., dict[str, Any]]
) -> None:
    answer = call("POST", "jobs/createTask", json=order(kie, **changes))
    assert answer["code"] == 422
    assert words in answer["msg"]
    assert kie.ledger.sales == []


def test_an_order_for_a_model_that_is_not_sold_is_refused(kie: FakeKie, call: Callable[..., dict[str, Any]]) -> None:
    assert call("POST", "jobs/createTask", json={**order(kie), "model": "kling/v9"})["code"] == 422
    assert call("POST", "jobs/createTask", content=b"{")["code"] == 400


def test_credits_are_taken_with_the_order_and_given_back_when_the_job_fails(
    kie: FakeKie, call: Callable[..., dict[str, Any]]
) -> None:
    call("POST", "jobs/createTask", json=order(kie))
    assert call("GET", "chat/credit")["data"] == 958
    assert kie.ledger.total_usd == Decimal("0.21")
    kie.fails("forbidden")
    job_id = call("POST", "jobs/createTask", json=order(kie, prompt="a forbidden thing"))["data"]["taskId"]
    fetched(kie)
    record = call("GET", "jobs/recordInfo", params={"taskId": job_id})["data"]
    assert (record["state"], record["failCode"], record["creditsConsumed"]) == ("fail", "422", 0)
    assert call("GET", "chat/credit")["data"] == 958
    assert len(kie.ledger.sales) == 1


def test_in_the_other_world_credits_are_taken_when_the_clip_is_ready(
    kie: FakeKie, call: Callable[..., dict[str, Any]], clock: Clock
) -> None:
    kie.desk.charges = "completion"
    call("POST", "jobs/createTask", json=order(kie))
    fetched(kie)
    assert call("GET", "chat/credit")["data"] == 1_000
    clock.now += 101
    assert call("GET", "chat/credit")["data"] == 958
    assert len(kie.ledger.sales) == 1


def test_an_account_that_is_empty_orders_nothing(kie: FakeKie, call: Callable[..., dict[str, Any]]) -> None:
    kie.desk.credits = Decimal(41)
    assert call("POST", "jobs/createTask", json=order(kie))["code"] == 402
    assert kie.ledger.sales == []


def test_more_than_twenty_orders_in_ten_seconds_are_turned_away_and_cost_nothing(
    kie: FakeKie, call: Callable[..., dict[str, Any]], clock: Clock
) -> None:
    codes = [call("POST", "jobs/createTask", json=order(kie))["code"] for _ in range(22)]
    assert codes == [200] * 20 + [429] * 2
    clock.now += 10
    assert call("POST", "jobs/createTask", json=order(kie))["code"] == 200
    assert len(kie.ledger.sales) == 21


@pytest.mark.parametrize("url", ["/files/nothing.png", "/v/x.mp4", "http://127.0.0.1:9/a.png"])
def test_a_picture_that_cannot_be_fetched_fails_the_job(
    url: str, kie: FakeKie, call: Callable[..., dict[str, Any]]
) -> None:
    image_url = url if url.startswith("http") else kie.url + url
    job_id = call("POST", "jobs/createTask", json=order(kie, image_url=image_url))["data"]["taskId"]
    fetched(kie)
    record = call("GET", "jobs/recordInfo", params={"taskId": job_id})["data"]
    assert record["state"] == "fail"
    assert "image fetch failed" in record["failMsg"]
    assert kie.ledger.sales == []


def test_an_unknown_job_is_a_null_record(call: Callable[..., dict[str, Any]]) -> None:
    assert call("GET", "jobs/recordInfo", params={"taskId": "x"}) == {
        "code": 422,
        "msg": "recordInfo is null",
        "data": None,
    }


def test_a_result_expires_and_a_fresh_address_is_good_for_twenty_minutes(
    kie: FakeKie, call: Callable[..., dict[str, Any]], clock: Clock
) -> None:
    job_id = call("POST", "jobs/createTask", json=order(kie))["data"]["taskId"]
    fetched(kie)
    clock.now += 101
    call("GET", "chat/credit")
    clock.now += 86_401
    url = f"{kie.url}/v/{job_id}.mp4"
    assert get(url).status_code == 403
    fresh = call("POST", "common/download-url", json={"url": url})["data"]
    assert get(fresh).status_code == 200
    clock.now += 1_201
    assert get(fresh).status_code == 403
    assert call("POST", "common/download-url", json={"url": "https://example.org/x.mp4"})["code"] == 422


@pytest.mark.parametrize("name", TROUBLES)
@pytest.mark.parametrize("by_http", [False, True])
def test_every_row_of_the_table_can_be_had_in_both_forms(name: str, by_http: bool, kie: FakeKie) -> None:
    kie.fault(name, by_http=by_http)
    answer = get(f"{kie.url}/api/v1/chat/credit")
    code, said = TROUBLES[name]
    assert answer.status_code == (code if by_http else 200)
    assert answer.json() == {"code": code, "msg": said, "data": None}


@pytest.mark.parametrize("agent", ["python-httpx/0.28", "python-requests/2.32", "curl/8", "Python-urllib/3.11", ""])
def test_programs_libraries_are_not_let_in(agent: str, kie: FakeKie) -> None:
    answer = get(f"{kie.url}/api/v1/chat/credit", agent)
    assert (answer.status_code, answer.text) == (403, "error code: 1010")


def test_nobody_is_served_without_the_key(kie: FakeKie) -> None:
    answer = get(f"{kie.url}/api/v1/chat/credit")
    assert answer.json()["code"] == 401


def test_an_order_that_is_refused_after_it_was_served_is_sold(
    kie: FakeKie, call: Callable[..., dict[str, Any]]
) -> None:
    kie.fault("server_error", path="createTask", done=True)
    assert call("POST", "jobs/createTask", json=order(kie))["code"] == 500
    assert len(kie.ledger.sales) == 1


def uploaded(kie: FakeKie, files: dict[str, Any], **fields: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {kie.key}", "User-Agent": AGENT}
    return httpx.post(
        f"{kie.url}/api/file-stream-upload", headers=headers, data=fields, files=files, trust_env=False, verify=False
    )


def test_an_upload_can_be_fetched_for_a_day_and_a_used_name_shows_the_old_file(kie: FakeKie, clock: Clock) -> None:
    for content in (b"first", b"second"):
        answer = uploaded(kie, {"file": ("x.png", content, "image/png")}, uploadPath="images/a", fileName="b.png")
    url = answer.json()["data"]["downloadUrl"]
    shown = get(url)
    assert (shown.content, shown.headers["content-type"]) == (b"first", "image/png")
    clock.now += 86_401
    assert get(url).status_code == 404


@pytest.mark.parametrize("folder", ["", "/images", "images/"])
def test_an_upload_with_a_wrong_folder_is_refused(folder: str, kie: FakeKie) -> None:
    answer = uploaded(kie, {"file": ("x.png", b"x", "image/png")}, uploadPath=folder)
    assert answer.status_code == 400
    assert answer.json()["success"] is False


def test_an_upload_without_a_file_is_refused(kie: FakeKie) -> None:
    assert uploaded(kie, {"other": ("x.png", b"x", "image/png")}, uploadPath="a").status_code == 400


def posted(box: FakeCatbox, files: dict[str, Any] | None, agent: str = AGENT, **fields: str) -> httpx.Response:
    return httpx.post(
        f"{box.url}/user/api.php",
        headers={"User-Agent": agent},
        data=fields,
        files=files,
        trust_env=False,
        verify=False,
    )


def test_catbox_answers_with_an_address_and_nothing_else() -> None:
    with FakeCatbox() as box:
        answer = posted(box, {"fileToUpload": ("x.png", b"png", "image/png")}, reqtype="fileupload")
        assert answer.headers["content-type"].startswith("text/plain")
        shown = get(answer.text)
        assert (shown.content, shown.headers["content-type"]) == (b"png", "image/png")


@pytest.mark.parametrize(
    ("files", "fields", "agent"),
    [
        ({"fileToUpload": ("x.png", b"png", "image/png")}, {"reqtype": "fileupload"}, "python-httpx/0.28"),
        ({"fileToUpload": ("x.exe", b"MZ", "image/png")}, {"reqtype": "fileupload"}, AGENT),
        ({"fileToUpload": ("x", b"png", "image/png")}, {"reqtype": "fileupload"}, AGENT),
        ({"file": ("x.png", b"png", "image/png")}, {"reqtype": "fileupload"}, AGENT),
        ({"fileToUpload": ("x.png", b"png", "image/png")}, {}, AGENT),
        ({"fileToUpload": ("x.png", b"png", "image/png")}, {"reqtype": "upload"}, AGENT),
    ],
)
def test_catbox_refuses_without_an_address(files: dict[str, Any], fields: dict[str, str], agent: str) -> None:
    with FakeCatbox() as box:
        assert "http" not in posted(box, files, agent, **fields).text
        assert box.files == {}


@pytest.mark.parametrize(("name", "setting"), [("kie", "KIE_BASE_URL="), ("hosting", "CATBOX_BASE_URL=")])
def test_the_fakes_can_be_started_by_hand(name: str, setting: str, tmp_path: Path) -> None:
    faults = tmp_path / "faults.json"
    faults.write_text('[{"kind": "html", "times": 1}]')
    command = [sys.executable, "-m", f"tests.fakes.{name}", "--port", "0", "--faults", str(faults)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            url = server.stdout.readline().strip().removeprefix(setting)
            assert get(url).status_code == 502
        finally:
            server.terminate()
    assert server.returncode == 0
