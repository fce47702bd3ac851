"""The fake of Google: as strict as what it stands for, by the word of Google's own clients."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials
from google_auth_oauthlib.flow import Flow

from tests.fakes.google import FakeGoogle
from tests.fakes.google.oauth import SCOPES, TESTING_S

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


def flow_of(google: FakeGoogle) -> Flow:
    config = {
        "client_id": google.client_id,
        "client_secret": google.client_secret,
        "auth_uri": f"{google.url}/o/oauth2/auth",
        "token_uri": f"{google.url}/token",
    }
    return Flow.from_client_config({"installed": config}, SCOPES[:3], redirect_uri=BACK)


def consented(flow: Flow, web: httpx.Client, **asked: str) -> dict[str, str]:
    """Return what the page of consent sends the browser back with."""
    url, _ = flow.authorization_url(access_type="offline", **asked)
    told = web.get(url)
    assert told.status_code == 302, told.text
    assert told.headers["location"].startswith(BACK)
    return {name: values[0] for name, values in parse_qs(urlsplit(told.headers["location"]).query).items()}


def test_google_s_own_flow_gets_its_tokens_from_whoever_consents(google: FakeGoogle, web: httpx.Client) -> None:
    google.oauth.consents = google.account("ben")
    google.oauth.testing = True
    flow = flow_of(google)
    told = consented(flow, web)
    tokens = flow.fetch_token(code=told["code"])
    assert tokens["refresh_token_expires_in"] == TESTING_S
    mine = channels(web, flow.credentials.token)
    assert [one["id"] for one in mine["items"]] == ["UCben0bbbbbbbbbbbbbbbbbb"]
    again = flow_of(google)
    assert "refresh_token" not in again.fetch_token(code=consented(again, web)["code"]), "as Google does it"
    asked_anew = flow_of(google)
    assert asked_anew.fetch_token(code=consented(asked_anew, web, prompt="consent")["code"])["refresh_token"]


def test_what_nobody_consented_to_gets_no_token(google: FakeGoogle, web: httpx.Client) -> None:
    flow, other = flow_of(google), flow_of(google)
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
    assert consented(flow_of(google), web)["error"] == "access_denied"


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
    from google.auth.transport.requests import Request

    refresh = google.grant("ana")
    google.oauth.revoke(google.account("ana"))
    own = Credentials(  # type: ignore[no-untyped-call]
        None,
        refresh_token=refresh,
        token_uri=f"{google.url}/token",
        client_id=google.client_id,
        client_secret=google.client_secret,
    )
    with pytest.raises(RefreshError) as caught:
        own.refresh(Request())  # type: ignore[no-untyped-call]
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
