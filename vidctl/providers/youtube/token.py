"""A channel's access token: made of its refresh token, kept in memory alone, and renewed before it ends."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers import refusals
from vidctl.providers.http import Client, Reply
from vidctl.providers.untrusted import is_word, mapping, short, text, without
from vidctl.providers.youtube.kinds import BROKEN, NO_TOKEN, TOKEN, for_channel
from vidctl.providers.youtube.settings import REFRESH_TOKEN, Addresses, OAuthClient
from vidctl.providers.youtube.transport import Transport

RENEW_BEFORE: Final = timedelta(minutes=5)
USUAL_LIFE: Final = timedelta(hours=1)
_AT_ONCE: Final = datetime.min.replace(tzinfo=UTC)
_CLIENT: Final = ("invalid_client", "unauthorized_client", "invalid_request", "unsupported_grant_type")
_NONE: Final = "no access token was given"
_OVER: Final = ("invalid_grant", "invalid_rapt")


def refresh_token(channel: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return the channel's refresh token.

    Raises:
        ScriptError: there is none, or what is there can be none.
    """
    token = environment.get(REFRESH_TOKEN, "").strip()
    if not is_word(token):
        what = "holds what can be none" if token else "is not set"
        raise refusals.of(for_channel(NO_TOKEN, channel), f"{REFRESH_TOKEN} {what}")
    return token


def renewal(now: datetime, ends: datetime | None) -> datetime:
    """Return when a token has to be renewed that is given now: well before it ends, but not before each request."""
    life = USUAL_LIFE if ends is None else max(ends - now, timedelta())
    return now + life - min(RENEW_BEFORE, life / 2)


class Token:
    """What requests are authorized with. No way of printing it shows one of the two tokens."""

    def __init__(self, refresh: str, client: OAuthClient, where: Addresses, http: Client, *, channel: str) -> None:
        self._channel, self._request = channel, Transport(http)
        self._secrets = {"token": refresh, "secret": client.secret}
        self._renew_at = _AT_ONCE
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
        if datetime.now(UTC) >= self._renew_at:
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
        self._renew_at = _AT_ONCE
        try:
            self._own.refresh(self._request)  # type: ignore[no-untyped-call]
        except RefreshError as exc:
            raise self._refused(exc) from None  # whose words may hold anything
        except (ValueError, TypeError, AttributeError, OverflowError):  # of the library, which expects better
            raise refusals.of(BROKEN, _NONE) from None
        if not is_word(self._own.token):
            raise refusals.of(BROKEN, _NONE)
        now, ends = datetime.now(UTC), self._own.expiry and self._own.expiry.replace(tzinfo=UTC)
        self._renew_at = renewal(now, ends)
        minutes = (ends - now if ends else USUAL_LIFE) // timedelta(minutes=1)
        print(f"{now:%Y-%m-%dT%H:%M:%SZ} YouTube access token renewed, good for {minutes} min", file=sys.stderr)

    def _refused(self, exc: RefreshError) -> ScriptError:
        said: Mapping[str, Any] = mapping(exc.args[1] if len(exc.args) > 1 else None)
        error, words = (self._shown(said.get(name)) for name in ("error", "error_description"))
        if exc.retryable or not error:
            if "Reauthentication is needed" in str(exc):
                return _reauthorize(self._channel, "Google wants the account's owner to sign in again")
            return refusals.of(BROKEN, _NONE)
        if error in _OVER:
            return _reauthorize(self._channel, words)
        return ScriptError(
            f"Google refuses to give an access token: {error}: {words}",
            hint="GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET have to be those that the channel was authorized with",
            error_class=ErrorClass.PERMANENT,
            scope=Scope.SERVICE if error in _CLIENT else Scope.CHANNEL,
            error_type="ClientRefused",
        )

    def _shown(self, said: object) -> str:
        return short(without(text(said), self._secrets))


def _reauthorize(channel: str, words: str) -> ScriptError:
    required = replace(TOKEN, what=f"YouTube re-authorization required for {channel}")
    return refusals.of(for_channel(required, channel), words)
