"""The fake of Google: as strict as what it stands for, by the word of Google's own clients."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import requests
from google.auth.exceptions import RefreshError
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow
from googleapiclient.discovery import build_from_document
from googleapiclient.errors import HttpError
from googleapiclient.http import MediaFileUpload, MediaInMemoryUpload

from tests.fakes.google import FakeGoogle, discovery
from tests.fakes.google.oauth import SCOPES, TESTING_S
from tests.fakes.google.sessions import BLOCK

BACK = "http://127.0.0.1:8080/"


class Clock:
    """A clock that stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _in_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture
def google(clock: Clock) -> Iterator[FakeGoogle]:
    with FakeGoogle(clock=clock) as fake:
        yield fake


@pytest.fixture
def web(google: FakeGoogle) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=google.url, trust_env=False, verify=False) as client:
        yield client


@pytest.fixture
def flow_of(google: FakeGoogle) -> Iterator[Callable[[], Flow]]:
    """Begin Google's own flow."""
    config = {
        "client_id": google.client_id,
        "client_secret": google.client_secret,
        "auth_uri": f"{google.url}/o/oauth2/auth",
        "token_uri": f"{google.url}/token",
    }
    with ExitStack() as stack:

        def begin() -> Flow:
            flow = Flow.from_client_config({"installed": config}, SCOPES[:3], redirect_uri=BACK)
            stack.callback(flow.oauth2session.close)
            return flow

        yield begin


def consented(flow: Flow, web: httpx.Client, **asked: str) -> dict[str, str]:
    """Return what the page of consent sends the browser back with."""
    url, _ = flow.authorization_url(access_type="offline", **asked)
    told = web.get(url)
    assert told.status_code == 302, told.text
    assert told.headers["location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(told.headers["location"]).query).items()}


def test_google_s_own_flow_gets_its_tokens_from_whoever_consents(
    google: FakeGoogle, web: httpx.Client, flow_of: Callable[[], Flow]
) -> None:
    google.oauth.consents = google.account("ben")
    google.oauth.testing = True
    flow = flow_of()
    told = consented(flow, web)
    tokens = flow.fetch_token(code=told["code"])
    assert tokens["refresh_token_expires_in"] == TESTING_S
    mine = channels(web, flow.credentials.token)
    assert [one["id"] for one in mine["items"]] == ["UCben0bbbbbbbbbbbbbbbbbb"]
    again = flow_of()
    assert "refresh_token" not in again.fetch_token(code=consented(again, web)["code"]), "as Google does it"
    asked_anew = flow_of()
    assert asked_anew.fetch_token(code=consented(asked_anew, web, prompt="consent")["code"])["refresh_token"]


def test_what_nobody_consented_to_gets_no_token(
    google: FakeGoogle, web: httpx.Client, flow_of: Callable[[], Flow]
) -> None:
    flow, other = flow_of(), flow_of()
    code = consented(flow, web)["code"]
    consented(other, web)
    assert token(web, google, code=code, code_verifier=str(other.code_verifier)) == (
        400,
        {"error": "invalid_grant", "error_description": "Invalid code verifier."},
    )
    assert token(web, google, code=code, code_verifier=str(flow.code_verifier), client_secret="x")[1]["error"] == (
        "invalid_client"
    )
    assert token(web, google, code=code, code_verifier=str(flow.code_verifier))[0] == 200
    assert token(web, google, code=code, code_verifier=str(flow.code_verifier))[1]["error"] == "invalid_grant"
    google.oauth.consents = None
    assert consented(flow_of(), web)["error"] == "access_denied"


def test_a_refresh_token_is_good_until_it_is_revoked_or_its_seven_days_are_over(
    google: FakeGoogle, web: httpx.Client, clock: Clock
) -> None:
    google.oauth.testing = True
    refresh = google.grant("ana")
    assert refreshed(web, google, refresh)[1]["refresh_token_expires_in"] == TESTING_S
    clock.now += TESTING_S
    over = (400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."})
    assert refreshed(web, google, refresh) == over
    refresh = google.grant("ana")
    access = refreshed(web, google, refresh)[1]["access_token"]
    assert "items" in channels(web, access)
    assert "items" not in channels(web, refreshed(web, google, google.grant("carla"))[1]["access_token"])
    google.oauth.revoke(google.account("ana"))
    assert refreshed(web, google, refresh) == over
    assert channels(web, access)["error"]["errors"][0]["reason"] == "authError"


def test_google_s_own_credentials_say_that_a_revoked_token_is_not_to_be_tried_again(google: FakeGoogle) -> None:
    refresh = google.grant("ana")
    google.oauth.revoke(google.account("ana"))
    own = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=refresh,
        token_uri=f"{google.url}/token",
        client_id=google.client_id,
        client_secret=google.client_secret,
    )
    with requests.Session() as session, pytest.raises(RefreshError) as caught:
        own.refresh(Request(session))  # type: ignore[no-untyped-call]
    assert not caught.value.retryable


def token(web: httpx.Client, google: FakeGoogle, **form: str) -> tuple[int, dict[str, Any]]:
    usual = {"grant_type": "authorization_code", "redirect_uri": BACK, "client_id": google.client_id}
    return answered(web.post("/token", data={**usual, "client_secret": google.client_secret, **form}))


def refreshed(web: httpx.Client, google: FakeGoogle, refresh_token: str) -> tuple[int, dict[str, Any]]:
    return token(web, google, grant_type="refresh_token", refresh_token=refresh_token)


def channels(web: httpx.Client, access: str) -> dict[str, Any]:
    asked: Mapping[str, str] = {"part": "snippet,contentDetails", "mine": "true"}
    return answered(web.get("/youtube/v3/channels", params=asked, headers={"Authorization": f"Bearer {access}"}))[1]


def answered(reply: httpx.Response) -> tuple[int, dict[str, Any]]:
    return reply.status_code, reply.json()


@pytest.fixture
def client(google: FakeGoogle) -> Iterator[Any]:
    """Google's own client of YouTube, for ana."""
    document = {**discovery.document(), "rootUrl": f"{google.url}/", "baseUrl": f"{google.url}/"}
    own = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=google.grant("ana"),
        token_uri=f"{google.url}/token",
        client_id=google.client_id,
        client_secret=google.client_secret,
    )
    with build_from_document(document, credentials=own) as made:
        yield made


def film(folder: Path, size: int) -> Path:
    file = folder / "film.mp4"
    file.write_bytes(random.Random(size).randbytes(size))
    return file


def words(**changes: Any) -> dict[str, Any]:
    status = {"privacyStatus": "private", "selfDeclaredMadeForKids": False, "containsSyntheticMedia": True}
    snippet = {"title": "The harbour", "categoryId": "27", "tags": ["history"], **changes.pop("snippet", {})}
    return {"snippet": snippet, "status": {**status, **changes}}


def inserted(client: Any, file: Path, body: dict[str, Any]) -> Any:
    media = MediaFileUpload(str(file), mimetype="video/mp4", chunksize=BLOCK, resumable=True)
    try:
        return client.videos().insert(part="snippet,status", body=body, media_body=media).execute()
    finally:
        media.stream().close()


def test_google_s_own_client_uploads_a_film_and_finds_it(google: FakeGoogle, client: Any, tmp_path: Path) -> None:
    file = film(tmp_path, 3 * BLOCK + 17)
    google.uploads.looks = 1
    google.fault("part", path="/upload/", method="PUT", after=1)
    made = inserted(client, file, words(publishAt="2027-01-01T10:00:00Z"))
    assert made["status"]["privacyStatus"] == "private"
    (video,) = google.videos
    assert (video.size, video.sha256) == (file.stat().st_size, hashlib.sha256(file.read_bytes()).hexdigest())
    assert google.uploads.again == 0
    listed = client.videos().list(part="status,processingDetails,fileDetails", id=made["id"])
    assert listed.execute()["items"][0]["processingDetails"]["processingStatus"] == "processing"
    assert listed.execute()["items"][0]["status"]["uploadStatus"] == "processed"
    (mine,) = client.channels().list(part="contentDetails", mine=True).execute()["items"]
    uploads = mine["contentDetails"]["relatedPlaylists"]["uploads"]
    (item,) = client.playlistItems().list(part="snippet,contentDetails", playlistId=uploads).execute()["items"]
    assert item["contentDetails"]["videoId"] == made["id"]
    assert google.quota.used == {"uploads": 1, "units": 4}


def test_google_s_own_client_gives_a_video_what_belongs_to_it(google: FakeGoogle, client: Any, tmp_path: Path) -> None:
    video_id = inserted(client, film(tmp_path, 10), words())["id"]
    spoken = MediaInMemoryUpload(b"1\n00:00:00,000 --> 00:00:01,000\nHello.\n", mimetype="application/octet-stream")
    track = {"snippet": {"videoId": video_id, "language": "en", "name": "", "isDraft": False}}
    client.captions().insert(part="snippet", body=track, media_body=spoken).execute()
    with pytest.raises(HttpError) as caught:
        client.captions().insert(part="snippet", body=track, media_body=spoken).execute()
    assert reason(caught.value) == "captionExists"
    assert len(client.captions().list(part="snippet", videoId=video_id).execute()["items"]) == 1
    picture = MediaInMemoryUpload(b"\x89PNG\r\n\x1a\n...", mimetype="image/png")
    client.thumbnails().set(videoId=video_id, media_body=picture).execute()
    place = {"playlistId": "PLana0harbours", "resourceId": {"kind": "youtube#video", "videoId": video_id}}
    client.playlistItems().insert(part="snippet", body={"snippet": place}).execute()
    assert (google.videos[0].thumbnails_set, google.channel().playlists["PLana0harbours"]) == (1, [video_id])
    assert google.quota.used["units"] == 400 + 400 + 50 + 50 + 50


WRONG_WORDS: dict[str, list[dict[str, Any]]] = {
    "invalidTitle": [{"snippet": {"title": title}} for title in ("", "x" * 101, "a <b>")],
    "invalidDescription": [{"snippet": {"description": text}} for text in ("é" * 2_501, "->")],
    "invalidTags": [{"snippet": {"tags": tags}} for tags in (["x" * 501], ["a b"] * 84, ["<"])],
    "invalidCategoryId": [{"snippet": {"categoryId": "99"}}],
    "invalidPublishAt": [{"publishAt": "2027-01-01T10:00:00Z", "privacyStatus": "public"}],
    "badRequest": [
        {"madeUp": True},
        {"privacyStatus": "secret"},
        {"selfDeclaredMadeForKids": "no"},
        {"publishAt": "tomorrow"},
        {"snippet": {"tags": "history"}},
    ],
}


def test_words_that_youtube_does_not_take_are_refused_for_their_own_reason(
    google: FakeGoogle, client: Any, tmp_path: Path
) -> None:
    file = film(tmp_path, 10)
    for wanted, changes in WRONG_WORDS.items():
        for change in changes:
            with pytest.raises(HttpError) as caught:
                inserted(client, file, words(**change))
            assert reason(caught.value) == wanted, change
    inserted(client, file, words(snippet={"tags": ["a b"] * 83, "title": "x" * 100, "description": "é" * 2_500}))
    body = words()
    del body["status"]
    assert inserted(client, file, body)["status"]["privacyStatus"] == "public", "where nothing else is said"


def test_a_chunk_must_go_on_where_the_last_one_ended_and_be_a_multiple_of_256_kib(
    google: FakeGoogle, web: httpx.Client, clock: Clock
) -> None:
    access = refreshed(web, google, google.grant("ana"))[1]["access_token"]
    size = 3 * BLOCK
    opened = web.post(
        "/upload/youtube/v3/videos",
        params={"uploadType": "resumable", "part": "snippet,status"},
        json=words(),
        headers={
            "Authorization": f"Bearer {access}",
            "X-Upload-Content-Length": str(size),
            "X-Upload-Content-Type": "video/mp4",
        },
    )
    place = opened.headers["location"]

    def put(about: str, content: bytes = b"", token: str = access) -> tuple[int, str]:
        headers = {"Content-Range": f"bytes {about}", "Authorization": f"Bearer {token}"}
        told = web.put(place, content=content, headers=headers)
        return told.status_code, told.headers.get("range", "")

    for other in (
        "unknown",
        *(refreshed(web, google, google.grant(one))[1]["access_token"] for one in ("ben", "carla")),
    ):
        assert put(f"*/{size}", token=other) == (401, "")
    assert web.put(place, headers={"Content-Range": f"bytes */{size}"}).status_code == 401
    assert put(f"*/{size}") == (308, "")
    assert put(f"0-{BLOCK}/{size}", bytes(BLOCK + 1))[0] == 400
    assert put(f"{BLOCK}-{2 * BLOCK - 1}/{size}", bytes(BLOCK))[0] == 400
    assert put(f"0-{BLOCK - 1}/{size + 1}", bytes(BLOCK))[0] == 400
    assert put(f"0-{BLOCK - 1}/{size}", bytes(BLOCK)) == (308, f"bytes=0-{BLOCK - 1}")
    assert put(f"0-{2 * BLOCK - 1}/{size}", bytes(2 * BLOCK)) == (308, f"bytes=0-{2 * BLOCK - 1}")
    assert google.uploads.again == BLOCK
    assert put(f"{2 * BLOCK}-{size - 1}/{size}", bytes(BLOCK))[0] == 201
    assert put(f"*/{size}")[0] == 200
    google.uploads.sessions[0].expire(410)
    assert put(f"*/{size}")[0] == 410


def reason(error: HttpError) -> str:
    told: str = json.loads(error.content)["error"]["errors"][0]["reason"]
    return told
