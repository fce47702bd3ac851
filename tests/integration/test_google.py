"""YouTube: every answer means what it means, and one film is one video whatever is lost on the way."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.google import FakeGoogle
from tests.fakes.google.oauth import SCOPES, Code, Grant
from vidctl.contract import ErrorClass, Failure, Message, Quota, Scope, ScriptError, from_line, to_line
from vidctl.domain.pacific import next_midnight
from vidctl.errors import ExitCode
from vidctl.providers.http import Reply
from vidctl.providers.youtube import account, errors
from vidctl.providers.youtube.connection import Connection, connected
from vidctl.providers.youtube.consent import Granted, consent
from vidctl.providers.youtube.listener import Listener
from vidctl.providers.youtube.patience import Patience
from vidctl.providers.youtube.settings import addresses, oauth_client
from vidctl.providers.youtube.token import renewal

TRANSIENT, PERMANENT, QUOTA = ErrorClass.TRANSIENT, ErrorClass.PERMANENT, ErrorClass.QUOTA
ITEM, CHANNEL, SERVICE = Scope.ITEM, Scope.CHANNEL, Scope.SERVICE
ANA = "UCana0aaaaaaaaaaaaaaaaaa"
DAY_S, MINUTE_S = 86_400.0, 60.0
MIDNIGHT = -1.0
QUICK = Patience(pause_s=0.001, tries=3, longest_s=1)

CHECK = Path(__file__).parents[2] / "scripts" / "check_youtube.py"
CODE = "4/0Acode-that-is-good-once"
MOMENTS_S = 100_000
NO_TOKENS = [
    b"\xff\xfe<html>",
    b"<html>captive portal</html>",
    b"[]",
    b"null",
    b"[" * 100_000,
    b'{"expires_in": 3599}',
    b'{"access_token": "a", "expires_in": "soon"}',
    b'{"access_token": "a", "expires_in": 1e30}',
    b'{"access_token": "a", "expires_in": []}',
    b'{"access_token": "\xc3\xa9", "expires_in": 3599}',
    b'{"access_token": "a\\nb", "expires_in": 3599}',
    b'{"access_token": ["a"], "expires_in": 3599}',
    b'{"access_token": "", "expires_in": 3599}',
]

Opened = Callable[..., Connection]


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[Message]]:
    """Return what was said since the last time."""
    return lambda: [from_line(line) for line in capsys.readouterr().out.splitlines()]


def environment(google: FakeGoogle, refresh_token: str) -> dict[str, str]:
    return {
        "GOOGLE_BASE_URL": google.url,
        "GOOGLE_CLIENT_ID": google.client_id,
        "GOOGLE_CLIENT_SECRET": google.client_secret,
        "YOUTUBE_REFRESH_TOKEN": refresh_token,
    }


@pytest.fixture
def opened(google: FakeGoogle) -> Iterator[Opened]:
    """Open a connection: as ana, unless another token is given."""
    with ExitStack() as stack:

        def open_one(refresh_token: str | None = None, **changes: str) -> Connection:
            given = environment(google, google.grant() if refresh_token is None else refresh_token) | changes
            return stack.enter_context(connected("one", QUICK, given))

        yield open_one


def refused(call: Callable[[], object]) -> Failure:
    with pytest.raises(ScriptError) as caught:
        call()
    failure = from_line(to_line(caught.value.failure))
    assert isinstance(failure, Failure)
    assert failure.hint
    return failure


# What any call may be answered with: reason -> error_type, class, scope, how long to wait.
ROWS: list[tuple[str, str, ErrorClass, Scope, float | None]] = [
    ("quotaExceeded", "DailyQuota", QUOTA, SERVICE, MIDNIGHT),
    ("dailyLimitExceeded", "DailyQuota", QUOTA, SERVICE, MIDNIGHT),
    ("quota_429_day", "DailyQuota", QUOTA, SERVICE, MIDNIGHT),
    ("quota_429_minute", "RateLimit", TRANSIENT, SERVICE, MINUTE_S),
    ("uploadLimitExceeded", "UploadLimit", QUOTA, CHANNEL, DAY_S),
    ("uploadLimitExceeded_403", "UploadLimit", QUOTA, CHANNEL, DAY_S),
    ("rateLimitExceeded", "RateLimit", TRANSIENT, SERVICE, MINUTE_S),
    ("userRateLimitExceeded", "RateLimit", TRANSIENT, SERVICE, MINUTE_S),
    ("uploadRateLimitExceeded", "RateLimit", TRANSIENT, CHANNEL, MINUTE_S),
    ("forbidden", "Forbidden", PERMANENT, CHANNEL, None),
    ("forbiddenPrivacySetting", "ForbiddenSetting", PERMANENT, ITEM, None),
    ("forbiddenLicenseSetting", "ForbiddenSetting", PERMANENT, ITEM, None),
    ("accessNotConfigured", "ApiNotEnabled", PERMANENT, SERVICE, None),
    ("youtubeSignupRequired", "NoChannel", PERMANENT, CHANNEL, None),
    ("authenticatedUserAccountSuspended", "AccountSuspended", PERMANENT, CHANNEL, None),
    ("authenticatedUserAccountClosed", "AccountSuspended", PERMANENT, CHANNEL, None),
    ("backendError", "ServiceError", TRANSIENT, ITEM, None),
    ("somethingNew", "Refused", PERMANENT, ITEM, None),
]


@pytest.mark.parametrize(
    ("trouble", "error_type", "error_class", "scope", "wait_s"), ROWS, ids=[row[0] for row in ROWS]
)
def test_each_reason_means_what_it_means(
    google: FakeGoogle,
    opened: Opened,
    trouble: str,
    error_type: str,
    error_class: ErrorClass,
    scope: Scope,
    wait_s: float | None,
) -> None:
    google.fault(trouble, path="/channels", times=None)
    failure = refused(lambda: account.mine(opened()))
    assert (failure.error_type, failure.error_class, failure.scope) == (error_type, error_class, scope)
    assert "<" not in failure.message, "people read it, not a browser"
    assert len(google.oauth.access) == 1, "a new token would change nothing"
    if wait_s == MIDNIGHT:
        due = datetime.now(UTC) + timedelta(seconds=failure.retry_after_s or 0)
        assert timedelta(minutes=1) < due - next_midnight(datetime.now(UTC)) < timedelta(minutes=3)
    else:
        assert failure.retry_after_s == wait_s


WRONG_WORDS = ("invalidTitle", "invalidDescription", "invalidTags", "invalidCategoryId", "invalidPublishAt")
OF_WORDS = (*WRONG_WORDS, "invalidFilename", "invalidVideoMetadata", "defaultLanguageNotSet", "invalidRecordingDetails")


@pytest.mark.parametrize("status", [400, 403])
def test_what_is_wrong_with_the_words_is_for_a_person_to_correct(status: int) -> None:
    for reason in OF_WORDS:
        body = f'{{"error": {{"code": {status}, "message": "no", "errors": [{{"reason": "{reason}"}}]}}}}'
        failure = refusal(status, body)
        assert (failure.error_type, failure.error_class, failure.scope) == ("BadMetadata", PERMANENT, ITEM), reason
        assert reason in failure.message


@pytest.mark.parametrize(
    ("status", "body", "error_class"),
    [
        (502, "<html>Bad gateway</html>", TRANSIENT),
        (403, "<html>a proxy</html>", TRANSIENT),
        (400, '{"error": {"errors": "no list"}}', PERMANENT),
        (400, '{"error": 7}', TRANSIENT),
        (400, '{"error": {"errors": [{"reason": ["forbidden"]}], "details": [7]}}', PERMANENT),
        (429, '{"error": {"code": 429}}', TRANSIENT),
        (418, "[[[[", TRANSIENT),
    ],
)
def test_what_nobody_wrote_down_is_met_with_care(status: int, body: str, error_class: ErrorClass) -> None:
    failure = refusal(status, body)
    assert (failure.error_class, failure.scope is ITEM or status == 429) == (error_class, True)


def refusal(status: int, body: str) -> Failure:
    return errors.refusal(Reply(status, {}, body.encode()), "to upload", now=datetime.now(UTC)).failure


def test_what_passes_is_tried_again_and_each_try_is_counted(
    google: FakeGoogle, opened: Opened, said: Callable[[], list[Message]]
) -> None:
    google.fault("backendError", path="/channels")
    google.fault("drop", path="/channels")
    found = account.mine(opened())
    assert found is not None
    assert (found.channel_id, found.uploads) == (ANA, "UUana0aaaaaaaaaaaaaaaaaa")
    assert said() == [Quota("units", 1)] * 3


def test_an_access_token_is_renewed_before_it_ends_and_when_it_is_refused(
    google: FakeGoogle, opened: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    def tokens() -> int:
        return len(google.ledger.where(lambda one: one.path == "/token"))

    google.oauth.token_s = 299
    youtube = opened()
    account.mine(youtube)
    account.mine(youtube)
    assert tokens() == 1, "a token that never has five minutes left is used all the same"
    google.oauth.access.clear()
    account.mine(youtube)
    assert tokens() == 2
    again = {"access_token": list(google.oauth.access)[-1]}
    google.fault("refuse", path="/token", status=200, body=again, times=1)
    google.fault("refuse", path="/token", status=200, body={**again, "expires_in": 0}, times=None)
    youtube = opened()
    account.mine(youtube)
    account.mine(youtube)
    assert tokens() == 3, "of a token without an end it is not known that it is over"
    account.mine(opened())
    assert tokens() > 4, "what is over is used for nothing"
    shown = capsys.readouterr()
    assert shown.err.count("YouTube access token renewed") == tokens()
    secrets = [*google.oauth.access, *google.oauth.grants, google.client_secret]
    assert [one for one in secrets if one in shown.err + shown.out + repr(youtube)] == []


@given(lasts_s=st.none() | st.integers(-MOMENTS_S, MOMENTS_S))
def test_a_token_is_renewed_five_minutes_before_its_end_or_when_half_of_its_life_is_over(lasts_s: int | None) -> None:
    now = datetime.now(UTC)
    after_s = (renewal(now, None if lasts_s is None else now + timedelta(seconds=lasts_s)) - now).total_seconds()
    life_s = 3_600 if lasts_s is None else max(0, lasts_s)
    assert after_s == max(life_s - 300, life_s / 2)


def test_what_is_no_token_is_used_for_nothing_and_asked_for_again(google: FakeGoogle, opened: Opened) -> None:
    youtube = opened()
    account.mine(youtube)
    google.oauth.access.clear()
    for content in NO_TOKENS:
        google.fault("garbage", path="/token", content=content, times=None)
        assert refused(lambda: account.mine(youtube)).error_class is TRANSIENT, content
        google.faults.clear()
    for status in (400, 503):
        google.fault("refuse", path="/token", status=status, body=["x"], times=None)
        assert refused(lambda: account.mine(youtube)).error_class is TRANSIENT
        google.faults.clear()
    assert google.quota.calls == {"channels.list": 1}
    assert account.mine(youtube) is not None


@pytest.mark.parametrize("error", ["invalid_grant", "invalid_client", "new {}"])
def test_no_secret_that_google_repeats_is_shown(google: FakeGoogle, opened: Opened, error: str) -> None:
    refresh = google.grant()
    secrets = (refresh, quote(refresh, safe=""), google.client_secret)
    said = {"error": error.format(refresh), "error_description": f"{' '.join(secrets)} is not known"}
    google.fault("refuse", path="/token", status=400, body=said, times=None)
    message = refused(lambda: account.mine(opened(refresh))).message
    assert "[token] [token] [secret] is not known" in message
    assert [one for one in secrets if one in message] == []


class Consented(Listener):
    """Where a browser comes back to that is there as soon as it is expected."""

    def expect(self, state: str) -> None:
        super().expect(state)
        httpx.get(self.url, params={"state": state, "code": CODE})


@pytest.fixture
def consented(google: FakeGoogle, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Granted]]:
    """Come back from Google's page with a code that is good, and fetch tokens for it."""
    for name in ("OAUTHLIB_RELAX_TOKEN_SCOPE", "OAUTHLIB_INSECURE_TRANSPORT"):
        monkeypatch.setenv(name, "1")  # and take it away again
    given = environment(google, "")
    with Consented("127.0.0.1", 0) as listener:

        def fetched() -> Granted:
            grant = Grant(google.account("ana"), google.client_id, SCOPES)
            google.oauth.codes[CODE] = Code(grant, listener.url, "", "", offline=True)
            return consent(oauth_client(given), addresses(given), listener, opens=False, wait_s=20)

        yield fetched


def test_what_is_no_answer_to_a_consent_is_a_clear_error(google: FakeGoogle, consented: Callable[[], Granted]) -> None:
    given = b'{"access_token": "a", "scope": "%s", ' % " ".join(SCOPES).encode()
    for content in (
        *(b"\xff\xfe<html>", b"<html>", b"[]", b"null", b'"x"', b"[" * 100_000),
        *(b'{"access_token": "a", "expires_in": "soon"}', b'{"access_token": "a", "expires_in": []}'),
        *(b'{"access_token": "a", "scope": 5}', given + b'"expires_in": 1e30}'),
        *(given + b'"refresh_token": "\xc3\xa9"}', given + b'"refresh_token": ["a"]}'),
    ):
        google.fault("garbage", path="/token", content=content, times=None)
        assert refused(consented).message.startswith(("Google gives no token", "Google gave no refresh token")), content
        google.faults.clear()
    assert consented().refresh_token in google.oauth.grants


def test_neither_code_nor_secret_that_google_repeats_is_shown(
    google: FakeGoogle, consented: Callable[[], Granted]
) -> None:
    secrets = (CODE, quote(CODE, safe=""), google.client_secret)
    said = {"error": f"no {CODE}", "error_description": f"{' '.join(secrets)} is not known"}
    google.fault("refuse", path="/token", status=400, body=said, times=None)
    message = refused(consented).message
    assert "no [code]: [code] [code] [secret] is not known" in message
    assert [one for one in secrets if one in message] == []


def test_a_revoked_token_makes_its_channel_wait_and_says_which_one(
    google: FakeGoogle, opened: Opened, said: Callable[[], list[Message]]
) -> None:
    refresh = google.grant()
    google.oauth.revoke(google.account("ana"))
    failure = refused(lambda: account.mine(opened(refresh)))
    assert not any(isinstance(one, Quota) for one in said()), "what is not sent is not counted"
    assert (failure.error_type, failure.error_class, failure.scope) == ("ReauthorizationRequired", QUOTA, CHANNEL)
    assert failure.message.startswith("YouTube re-authorization required for one")
    assert (failure.retry_after_s, "vidctl auth youtube --channel one" in failure.hint) == (DAY_S, True)


def test_a_token_that_is_missing_or_can_be_none_is_not_taken_for_a_revoked_one(
    google: FakeGoogle, opened: Opened
) -> None:
    failure = refused(lambda: opened(""))
    assert (failure.error_type, failure.error_class, failure.scope) == ("NoToken", PERMANENT, CHANNEL)
    assert failure.message == "YouTube is asked nothing: YOUTUBE_REFRESH_TOKEN is not set"
    told = {**os.environ, **environment(google, "1//an accident")}
    done = subprocess.run(
        [sys.executable, CHECK, "--channel=one"], env=told, capture_output=True, text=True, check=False
    )
    error, hint = done.stderr.splitlines()
    assert error == "error: YouTube is asked nothing: YOUTUBE_REFRESH_TOKEN holds what can be none"
    assert (done.returncode, "vidctl auth youtube --channel one" in hint) == (ExitCode.BAD_DATA, True)
    assert google.ledger.requests == []


@pytest.mark.parametrize(
    ("changes", "error_type"),
    [
        ({"GOOGLE_CLIENT_SECRET": "another"}, "ClientRefused"),
        ({"GOOGLE_CLIENT_ID": ""}, "NoKey"),
        ({"GOOGLE_CLIENT_SECRET": "a\nb"}, "NoKey"),
        ({"GOOGLE_BASE_URL": "ftp://x"}, "BadAddress"),
    ],
)
def test_a_client_that_is_refused_stops_the_service(opened: Opened, changes: dict[str, Any], error_type: str) -> None:
    failure = refused(lambda: account.mine(opened(**changes)))
    assert (failure.error_type, failure.error_class, failure.scope) == (error_type, PERMANENT, SERVICE)
    assert [one for one in changes.values() if one and one in failure.message] == []


def test_nothing_is_done_with_the_token_of_another_channel(google: FakeGoogle, opened: Opened) -> None:
    assert account.require(opened(), ANA).title == "Ana's Harbour"
    failure = refused(lambda: account.require(opened(google.grant("ben")), ANA))
    assert (failure.error_type, failure.error_class) == ("WrongAccount", PERMANENT)
    assert "UCben0bbbbbbbbbbbbbbbbbb (Ben's Lighthouse)" in failure.message
    assert ANA in failure.message
    assert "without a YouTube channel" in refused(lambda: account.require(opened(google.grant("carla")), ANA)).message
    assert refused(lambda: account.require(opened(), "")).error_type == "NoAccount"


def test_a_token_without_the_right_to_it_is_no_good(google: FakeGoogle, opened: Opened) -> None:
    refresh = google.oauth.grant(google.account("ana"), SCOPES[:1])
    failure = refused(lambda: account.mine(opened(refresh)))
    assert (failure.error_type, failure.error_class, failure.scope) == ("MissingPermission", PERMANENT, CHANNEL)
