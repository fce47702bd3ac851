"""A channel's access token: made of its refresh token, kept in memory alone, and renewed before it ends."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport import Request, Response
from google.oauth2.credentials import Credentials

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers import refusals
from vidctl.providers.http import AnswerLost, Client, NotSent, Reply
from vidctl.providers.untrusted import mapping, short, text
from vidctl.providers.youtube.kinds import BROKEN, NOT_REACHED, TOKEN, for_channel
from vidctl.providers.youtube.settings import REFRESH_TOKEN, Addresses, OAuthClient

RENEW_BEFORE: Final = timedelta(minutes=5)
_CLIENT: Final = ("invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type")
_OVER: Final = ("invalid_grant", "invalid_rapt")


def refresh_token(channel: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the channel's refresh token.

    Raises:
        ScriptError: there is none: nobody has authorized the channel.
    """
    token = environment.get(REFRESH_TOKEN, "").strip()
    if not (token and token.isascii() and token.isprintable() and " " not in token):
        raise _reauthorize(channel, f"{REFRESH_TOKEN} {'holds what can be none' if token else 'is not set'}")
    return token


class Token:
    """What requests are authorized with. No way of printing it shows one of the two tokens."""

    def __init__(self, refresh: str, client: OAuthClient, where: Addresses, http: Client, *, channel: str) -> None:
        self._channel, self._request = channel, _Transport(http)
        self._own = Credentials(  # type: ignore[no-untyped-call]
            None,
            refresh_token=refresh,
            token_uri=where.tokens,
            client_id=client.client_id,
            client_secret=client.secret,
        )

    def ready(self) -> None:
        """See to it that there is an access token that is good for a while.

        Raises:
            ScriptError: it had to be renewed, and could not be.
        """
        if self._own.token is None or self._good_for() < RENEW_BEFORE:
            self.renew()

    @property
    def header(self) -> str:
        """What stands behind `Authorization`.

        Raises:
            ScriptError: the token had to be renewed, and could not be.
        """
        self.ready()
        return f"Bearer {self._own.token}"

    def hidden(self, reply: Reply) -> Reply:
        """Return an answer that can be shown: services like to repeat what they refuse."""
        token = str(self._own.token or "").encode()
        return Reply(reply.status, reply.headers, reply.content.replace(token, b"[token]")) if token else reply

    def renew(self) -> None:
        """Get a new access token.

        Raises:
            ScriptError: the channel has to be authorized again, the client is refused, or Google cannot be reached.
        """
        try:
            self._own.refresh(self._request)  # type: ignore[no-untyped-call]
        except RefreshError as exc:
            raise self._refused(exc) from None  # whose words may hold anything
        except TransportError as exc:
            raise refusals.of(NOT_REACHED, f"no access token: {exc}") from exc
        minutes = self._good_for().total_seconds() // 60
        now = datetime.now(UTC)
        print(f"{now:%Y-%m-%dT%H:%M:%SZ} YouTube access token renewed, good for {minutes:.0f} min", file=sys.stderr)

    def _good_for(self) -> timedelta:
        expiry: datetime | None = self._own.expiry  # in UTC, without saying so
        return timedelta() if expiry is None else expiry.replace(tzinfo=UTC) - datetime.now(UTC)

    def _refused(self, exc: RefreshError) -> ScriptError:
        said: Mapping[str, Any] = mapping(exc.args[1] if len(exc.args) > 1 else None)
        error, words = text(said.get("error")), short(text(said.get("error_description")))
        if exc.retryable or not error:
            if "Reauthentication is needed" in str(exc):
                return _reauthorize(self._channel, "Google wants the account's owner to sign in again")
            return refusals.of(BROKEN, "no access token was given")
        if error in _OVER:
            return _reauthorize(self._channel, words)
        return ScriptError(
            f"Google refuses to give an access token: {error}: {words}",
            hint="GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET have to be those that the channel was authorized with",
            error_class=ErrorClass.PERMANENT,
            scope=Scope.SERVICE if error in _CLIENT else Scope.CHANNEL,
            error_type="ClientRefused",
        )


def _reauthorize(channel: str, words: str) -> ScriptError:
    required = replace(TOKEN, what=f"YouTube re-authorization required for {channel}")
    return refusals.of(for_channel(required, channel), words)


class _Transport(Request):
    """What Google's library sends its requests with: our client."""

    def __init__(self, http: Client) -> None:
        self._http = http

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> "_Answer":
        try:
            return _Answer(self._http.send(method, url, headers=headers or {}, content=body or b"", timeout_s=timeout))
        except (NotSent, AnswerLost) as exc:
            raise TransportError(str(exc)) from exc  # type: ignore[no-untyped-call]


class _Answer(Response):
    def __init__(self, reply: Reply) -> None:
        self._reply = reply

    @property
    def status(self) -> int:
        return self._reply.status

    @property
    def headers(self) -> Mapping[str, str]:
        return self._reply.headers

    @property
    def data(self) -> bytes:
        return self._reply.content
