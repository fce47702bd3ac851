"""The server: which address leads where, and who may ask."""

import time
from collections.abc import Callable
from typing import Any

from tests.fakes.google import accounts, errors, oauth
from tests.fakes.google.accounts import Account, Channel
from tests.fakes.google.discovery import Method, method_of
from tests.fakes.google.errors import TROUBLES, Refused
from tests.fakes.google.oauth import CONSENTS, REVOKE, SCOPES, TOKEN, Desk
from tests.fakes.google.quota import Quota
from tests.fakes.wire.faults import Fault
from tests.fakes.wire.server import Answer, Call, Fake, answer


class FakeGoogle(Fake):
    """Google: OAuth, YouTube's Data API and its uploads at one address.

    `oauth` says who consents and what was granted, `accounts` who there is. `clock` returns seconds. Besides the
    kinds of every fake, faults can be the reasons in `errors.TROUBLES`.
    """

    service = "google"

    def __init__(
        self,
        *,
        client_id: str = "123456789012-fake.apps.googleusercontent.com",
        client_secret: str = "GOCSPX-secret-of-the-fake",
        clock: Callable[[], float] = time.time,
        **more: Any,
    ) -> None:
        self.client_id, self.client_secret, self.clock = client_id, client_secret, clock
        self.accounts = accounts.usual()
        self.oauth = Desk({client_id: client_secret}, clock, self.accounts[0])
        self.quota = Quota()
        super().__init__(**more)

    def account(self, email: str) -> Account:
        """Return a person by the beginning of the address."""
        return next(one for one in self.accounts if one.email.startswith(email))

    def grant(self, email: str = "ana", scopes: tuple[str, ...] = SCOPES) -> str:
        """Return a refresh token, as if a person had consented on the page."""
        return self.oauth.grant(self.account(email), scopes)

    def troubles(self) -> tuple[str, ...]:
        return tuple(TROUBLES)

    def trouble(self, fault: Fault, call: Call) -> Answer | None:  # noqa: ARG002  # the base class names it
        return TROUBLES[fault.kind]

    def answer(self, call: Call) -> Answer:
        if call.path in (*CONSENTS, TOKEN, REVOKE):
            return self.oauth.answer(call)
        try:
            return self._api(call)
        except Refused as exc:
            return exc.answer

    def _api(self, call: Call) -> Answer:
        method = method_of(call.method, call.path)
        if method is None:
            return Answer(404, b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>", "text/html; charset=UTF-8")
        account = self._signed_in(call, method)
        self.quota.take(method.name)
        method.check_query(call.query)
        match method.name:
            case "channels.list":
                return self._channels(account, call)
            case other:
                raise errors.refused(501, "notImplemented", f"the fake has no {other}", "youtube.api")

    def _signed_in(self, call: Call, method: Method) -> Account:
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            raise errors.no_login()
        grant = self.oauth.bearer(token)
        if grant is None:
            raise errors.not_signed_in()
        if not method.scopes & set(grant.scopes):
            raise errors.no_scope()
        return grant.account

    def _channels(self, account: Account, call: Call) -> Answer:
        mine = call.query.get("mine") == ["true"]
        ids = {one for value in call.query.get("id", []) for one in value.split(",")}
        if not mine and not ids:
            raise errors.refused(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        there = [account.channel] if mine else [one.channel for one in self.accounts]
        found: list[Channel] = [one for one in there if one is not None and (mine or one.channel_id in ids)]
        items = [one.resource(parts(call)) for one in found]
        return listing("youtube#channelListResponse", items, always=False)


def parts(call: Call) -> set[str]:
    """Return which parts a request asks for."""
    return {one.strip() for value in call.query.get("part", []) for one in value.split(",")}


def listing(kind: str, items: list[dict[str, Any]], *, always: bool = True, **more: Any) -> Answer:
    """Return a list as the API gives it; some leave `items` out where there are none."""
    body = {"kind": kind, "etag": "an-etag", "pageInfo": {"totalResults": len(items), "resultsPerPage": 5}, **more}
    return answer({**body, "items": items} if items or always else body)


__all__ = ["FakeGoogle", "listing", "oauth", "parts"]
