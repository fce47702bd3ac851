"""The fake of Gemini: what the official SDK makes of it, what it refuses, and what it charges."""

import io
import itertools
import json
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.fakes.gemini import FakeGemini
from tests.fakes.gemini.pictures import picture
from tests.fakes.gemini.troubles import BLOCKED, ERRORS, FINISHED
from vidctl.domain.storyboard import check_size, parse

PICTURE = "gemini-nano-banana-2.1"
TEXT = "gemini-3.8-flash"
HTTP = httpx.Client(trust_env=False)


@pytest.fixture(scope="module")
def running() -> Iterator[FakeGemini]:
    with FakeGemini() as service:
        yield service


@pytest.fixture
def fake(running: FakeGemini) -> FakeGemini:
    running.forget()
    return running


@pytest.fixture(scope="module")
def sdk(running: FakeGemini) -> Iterator[Any]:
    from google import genai
    from google.genai import types

    options = types.HttpOptions(base_url=running.url, timeout=10_000)
    with genai.Client(api_key=running.key, http_options=options) as client:
        yield client


def config(**fields: Any) -> Any:
    from google.genai import types

    return types.GenerateContentConfig(**fields)


def asked(fake: FakeGemini, model: str = PICTURE, /, **body: Any) -> httpx.Response:
    sent = {"contents": [{"role": "user", "parts": [{"text": "a harbour"}]}], **body}
    url = f"{fake.url}/v1beta/models/{model}:generateContent"
    return HTTP.post(url, json=sent, headers={"x-goog-api-key": fake.key})


def refused(reply: httpx.Response, code: int, status: str, *words: str) -> None:
    error = reply.json()["error"]
    assert (reply.status_code, error["code"], error["status"]) == (code, code, status)
    for word in words:
        assert word in error["message"]


def test_the_official_sdk_gets_a_picture_and_its_tokens(fake: FakeGemini, sdk: Any) -> None:
    from google.genai import types

    reference = picture("x", aspect="1:1", size="1K", plain=True, media_type="image/png")
    wide = types.ImageConfig(aspect_ratio="16:9", image_size="1K")
    made = sdk.models.generate_content(
        model=PICTURE,
        contents=["a harbour at dawn", types.Part.from_bytes(data=reference, mime_type="image/png")],
        config=config(response_modalities=["IMAGE"], image_config=wide),
    )
    assert made.candidates[0].finish_reason is types.FinishReason.STOP
    part = made.parts[0].inline_data
    assert Image.open(io.BytesIO(part.data)).size == (1376, 768)
    assert part.mime_type == "image/png"
    assert made.usage_metadata.candidates_token_count == 1_120
    (order,) = fake.orders
    assert order.references == [reference]
    (sale,) = fake.ledger.sales
    assert (sale.cost_usd, sale.units) == (Decimal("0.0336"), made.usage_metadata.total_token_count)


def test_the_official_sdk_gets_a_document_in_the_form_of_a_class(sdk: Any) -> None:
    from pydantic import BaseModel

    class Film(BaseModel):
        title: str
        summary: str

    made = sdk.models.generate_content(
        model=TEXT,
        contents="a film",
        config=config(
            system_instruction="Write exactly 2 scenes. List exactly 3 images.",
            response_mime_type="application/json",
            response_schema=Film,
        ),
    )
    told = json.loads(made.text)
    assert (len(told["scenes"]), len(told["assets"])) == (2, 3)
    assert made.parsed.title == told["title"]
    assert made.usage_metadata.thoughts_token_count == 640


@pytest.mark.parametrize(
    ("trouble", "code", "status"),
    [
        ("key_invalid", 400, "INVALID_ARGUMENT"),
        ("quota_day", 429, "RESOURCE_EXHAUSTED"),
        ("not_found", 404, "NOT_FOUND"),
        ("overloaded", 503, "UNAVAILABLE"),
    ],
)
def test_the_official_sdk_reads_its_errors(fake: FakeGemini, sdk: Any, trouble: str, code: int, status: str) -> None:
    from google.genai import errors

    fake.fault(trouble)
    with pytest.raises(errors.APIError) as caught:
        sdk.models.generate_content(model=TEXT, contents="x")
    assert (caught.value.code, caught.value.status) == (code, status)
    assert fake.ledger.sales == []


@pytest.mark.parametrize("trouble", [*FINISHED, *BLOCKED])
def test_the_official_sdk_knows_every_reason_by_name(fake: FakeGemini, sdk: Any, trouble: str) -> None:
    fake.fault(trouble)
    made = sdk.models.generate_content(model=PICTURE, contents="x")
    if trouble in BLOCKED:
        assert made.prompt_feedback.block_reason.value == BLOCKED[trouble]
        assert made.candidates is None
    else:
        reason = made.candidates[0].finish_reason
        assert (reason.value if reason else "") == FINISHED[trouble]
        assert made.parts is None


def test_a_key_is_asked_for_and_looked_at(fake: FakeGemini) -> None:
    url = f"{fake.url}/v1/models/{TEXT}:generateContent"
    refused(HTTP.post(url, json={}), 403, "PERMISSION_DENIED", "unregistered callers")
    wrong = HTTP.post(url, json={}, headers={"x-goog-api-key": "other"})
    refused(wrong, 400, "INVALID_ARGUMENT", "API key not valid")
    assert wrong.json()["error"]["details"][0]["reason"] == "API_KEY_INVALID"


@pytest.mark.parametrize("model", ["gemini-2.5-flash-image", "imagen-4", "gemini-3.1-flash-image-preview"])
def test_a_model_that_is_gone_is_not_found(fake: FakeGemini, model: str) -> None:
    refused(asked(fake, model), 404, "NOT_FOUND", f"models/{model} is not found for API version v1beta")


LIST = {"type": "ARRAY", "items": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}}
WRONG: dict[str, tuple[str, dict[str, Any], str]] = {
    "no contents": (PICTURE, {"contents": []}, "contents is not specified"),
    "no parts": (PICTURE, {"contents": [{"parts": []}]}, "parts must not be empty"),
    "a name it does not know": (PICTURE, {"prompt": "x"}, 'Unknown name "prompt"'),
    "an unknown shape": (PICTURE, {"generationConfig": {"imageConfig": {"aspectRatio": "7:5"}}}, "aspect_ratio"),
    "a small k": (PICTURE, {"generationConfig": {"imageConfig": {"imageSize": "1k"}}}, "image_size"),
    "a picture of a writer": (TEXT, {"generationConfig": {"responseModalities": ["IMAGE"]}}, "not supported"),
    "a document of a painter": (PICTURE, {"generationConfig": {"responseSchema": {"type": "STRING"}}}, "JSON mode"),
    "no base64": (
        PICTURE,
        {"contents": [{"parts": [{"inlineData": {"mimeType": "image/png", "data": "?"}}]}]},
        "Base64",
    ),
    "no picture": (PICTURE, {"contents": [{"parts": [{"inlineData": {"mimeType": "a/b", "data": ""}}]}]}, "MIME type"),
    "no object": (TEXT, {"generationConfig": {"responseSchema": {"type": "ANY"}}}, "type"),
    "JSON schema": (TEXT, {"generationConfig": {"responseSchema": {"type": "OBJECT", "$ref": "#"}}}, '"$ref"'),
    "a bounded list": (TEXT, {"generationConfig": {"responseSchema": {**LIST, "maxItems": 18}}}, "invalid argument"),
    "endless": (TEXT, {"generationConfig": {"maxOutputTokens": 65_537}}, "maxOutputTokens"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_with_a_request_is_refused_and_sells_nothing(fake: FakeGemini, case: str) -> None:
    model, body, said = WRONG[case]
    refused(asked(fake, model, **body), 400, "INVALID_ARGUMENT", said)
    assert fake.ledger.sales == []


def test_more_references_than_the_model_takes_are_refused(fake: FakeGemini) -> None:
    part = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
    assert asked(fake, contents=[{"parts": [{"text": "x"}, *[part] * 10]}]).status_code == 200
    refused(asked(fake, contents=[{"parts": [{"text": "x"}, *[part] * 11]}]), 400, "INVALID_ARGUMENT", "10")


@pytest.mark.parametrize("mime", ["image/png", "image/jpeg", "image/webp"])
def test_no_two_pictures_have_the_same_bytes(mime: str) -> None:
    with FakeGemini(mime=mime) as fake:
        made = [asked(fake).json()["candidates"][0]["content"]["parts"][0]["inlineData"] for _ in range(3)]
    assert len({one["data"] for one in made}) == 3
    assert {one["mimeType"] for one in made} == {mime}


def test_a_picture_is_painted_in_no_time() -> None:
    began = time.perf_counter()
    for plain in (True, False):
        picture("x", aspect="16:9", size="1K", plain=plain, media_type="image/png")
    assert time.perf_counter() - began < 1.0  # 0.05 s where nothing else runs


@pytest.mark.parametrize(("scenes", "assets"), [*itertools.product((1, 5, 18), (1, 2, 3, 22)), (60, 60)])
def test_its_storyboards_are_right_and_as_large_as_asked(fake: FakeGemini, scenes: int, assets: int) -> None:
    craft = f"Write exactly {scenes} scenes. List exactly {assets} images. At most, that is at most 9 words."
    told = {"systemInstruction": {"parts": [{"text": craft}]}}
    form = {"generationConfig": {"responseSchema": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}}}
    reply = asked(fake, TEXT, **told, **form).json()
    board = json.loads(reply["candidates"][0]["content"]["parts"][0]["text"])
    for image in board["assets"]:
        del image["number"]
    check_size(parse(json.dumps(board).encode()), assets=assets, scenes=scenes)
    assert all(len(scene["narration"].split()) <= 9 for scene in board["scenes"])


@pytest.mark.parametrize("trouble", ERRORS)
def test_an_error_is_a_document_of_google_and_sells_nothing(fake: FakeGemini, trouble: str) -> None:
    fake.fault(trouble)
    fake.fault(trouble, as_200=True)
    first, second = asked(fake), asked(fake)
    assert first.status_code == first.json()["error"]["code"]
    assert (second.status_code, second.json()) == (200, first.json())
    assert fake.ledger.sales == []


@pytest.mark.parametrize(("kind", "sold"), [("lost", 1), ("drop", 0), ("cut", 1), ("html", 0), ("not_json", 0)])
def test_what_the_wire_does_to_an_answer_changes_nothing_in_what_was_sold(
    fake: FakeGemini, kind: str, sold: int
) -> None:
    fake.fault(kind)
    try:
        asked(fake)
    except httpx.HTTPError:
        assert kind in {"lost", "drop", "cut"}
    assert len(fake.ledger.sales) == sold
