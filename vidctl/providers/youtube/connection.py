"""A connection to YouTube as one channel: each call is counted, authorized, sent and judged."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from vidctl.contract import Quota, ScriptError
from vidctl.domain.pacific import day_of
from vidctl.domain.quota import cost
from vidctl.providers import refusals
from vidctl.providers.http import AnswerLost, Client, NotSent, Reply
from vidctl.providers.untrusted import mapping
from vidctl.providers.youtube import errors, kinds
from vidctl.providers.youtube.patience import USUAL, Patience
from vidctl.providers.youtube.requests import Call, Requests
from vidctl.providers.youtube.settings import addresses, oauth_client
from vidctl.providers.youtube.token import Token, refresh_token
from vidctl.script import say

TIMEOUT_S: Final = 60.0
_HAS_NO_CHANNEL: Final = "youtubeSignupRequired"
"""What alone comes with the status of a token that is over, and is the same with any other token."""


@dataclass(frozen=True, slots=True)
class Connection:
    """`requests` builds what `ask` sends; `channel` is what we call the channel, for hints."""

    http: Client
    token: Token
    requests: Requests
    root: str
    channel: str
    patience: Patience

    def ask(self, call: Call, about: str) -> Mapping[str, Any]:
        """Return the document that a call is answered with; `about` is what it is for, in words.

        What fails and may pass is tried again: so nothing but what can be repeated is to be asked by it.

        Raises:
            ScriptError: YouTube refused, or did not answer.
        """
        return mapping(self.patience(lambda _: self.once(call, about)).json)

    def once(self, call: Call, about: str) -> Reply:
        """Return the answer to a call that is sent once.

        Raises:
            ScriptError: it is none of success, or there is none.
        """
        self.token.ready()  # without which the call, which is counted before it is sent, is none
        bucket, units = cost(call.method, day_of(datetime.now(UTC)))
        say(Quota(bucket, units))
        reply = self.send(call.verb, call.url, about, headers=call.headers, content=call.content)
        if HTTPStatus.OK <= reply.status < HTTPStatus.MULTIPLE_CHOICES:
            return reply
        raise self.refusal(reply, about)

    def refusal(self, reply: Reply, about: str) -> ScriptError:
        """Return the error that an answer stands for."""
        return errors.refusal(reply, about, now=datetime.now(UTC), channel=self.channel)

    def send(
        self,
        verb: str,
        url: str,
        about: str,
        *,
        headers: Mapping[str, str],
        content: bytes | Callable[[], Iterable[bytes]] = b"",
        **limits: float,
    ) -> Reply:
        """Return whatever a request is answered with; with a new access token, where it was refused for that.

        Raises:
            ScriptError: there is no answer.
        """

        def sent() -> Reply:
            signed = {**headers, "Authorization": self.token.header}
            body = content if isinstance(content, bytes) else content()
            return self._answered(about, verb, url, headers=signed, content=body, **limits)

        reply = sent()
        if reply.status == HTTPStatus.UNAUTHORIZED and _HAS_NO_CHANNEL not in errors.reasons_of(reply):
            self.token.renew()
            reply = sent()
        return self.token.hidden(reply)

    def _answered(self, about: str, verb: str, url: str, **request: Any) -> Reply:
        try:
            return self.http.send(verb, url, **request)
        except NotSent as exc:
            raise refusals.of(kinds.NOT_REACHED, f"{about}: {exc}") from exc
        except AnswerLost as exc:
            raise refusals.of(kinds.LOST, f"{about}: {exc}") from exc


@contextmanager
def connected(
    channel: str, patience: Patience = USUAL, environment: Mapping[str, str] = os.environ
) -> Iterator[Connection]:
    """Open a connection as the channel whose refresh token is in the environment.

    Raises:
        ScriptError: something is missing there, or can be none.
    """
    where, client, refresh = addresses(environment), oauth_client(environment), refresh_token(channel, environment)
    with Client(where.api, timeout_s=TIMEOUT_S) as http:
        token = Token(refresh, client, where, http, channel=channel)
        yield Connection(http, token, Requests(where.api), where.api, channel, patience)
