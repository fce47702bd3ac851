"""Google's OAuth: the page that asks for consent, and the endpoint that gives tokens for it."""

import base64
import hashlib
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from tests.fakes.google.accounts import Account
from tests.fakes.wire.server import Answer, Call, answer

CONSENT, TOKEN, REVOKE = "/o/oauth2/auth", "/token", "/revoke"
CONSENTS = (CONSENT, "/o/oauth2/v2/auth")
SCOPES = (
    "https://www.googleapis.com/auth/youtube.upload",
    "https://www.googleapis.com/auth/youtube",
    "https://www.googleapis.com/auth/youtube.force-ssl",
    "https://www.googleapis.com/auth/youtube.readonly",
)
TESTING_S = 604_799
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass
class Grant:
    """What an account allowed a client; its refresh token, as long as it is good."""

    account: Account
    client_id: str
    scopes: tuple[str, ...]
    good_until: float | None = None
    revoked: bool = False


@dataclass
class Code:
    """What the page of consent gave the client to fetch its tokens with, once."""

    grant: Grant
    redirect_uri: str
    challenge: str
    method: str
    offline: bool
    used: bool = False


@dataclass
class Access:
    """A bearer of this may do what was granted, for about an hour."""

    grant: Grant
    good_until: float


@dataclass
class Desk:
    """Who may do what. `consents` is the account that says yes on the next page; None refuses.

    `testing`: the project's consent screen is in testing, so refresh tokens end after seven days. `token_s` is how
    long access tokens are good. `clock` returns seconds.
    """

    clients: dict[str, str]
    clock: Callable[[], float]
    consents: Account | None = None
    unticked: tuple[str, ...] = ()
    """Scopes whose boxes the person does not tick."""
    testing: bool = False
    token_s: int = 3_599
    grants: dict[str, Grant] = field(default_factory=dict)
    codes: dict[str, Code] = field(default_factory=dict)
    access: dict[str, Access] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def grant(self, account: Account, scopes: tuple[str, ...] = SCOPES, *, client_id: str = "") -> str:
        """Let a client act for an account without a page, and return its refresh token."""
        return self._keep(Grant(account, client_id or next(iter(self.clients)), scopes))

    def revoke(self, account: Account) -> None:
        """Take back all that an account allowed."""
        with self._lock:
            for one in self.grants.values():
                one.revoked = one.revoked or one.account is account

    def bearer(self, token: str) -> Grant | None:
        """Return what an access token allows; None if it is none, or not any more."""
        known = self.access.get(token)
        return known.grant if known and known.good_until > self.clock() and not known.grant.revoked else None

    def answer(self, call: Call) -> Answer:
        with self._lock:
            if call.path in CONSENTS and call.method == "GET":
                return self._page({name: values[0] for name, values in call.query.items()})
            form = {name: values[0] for name, values in parse_qs(call.content.decode("utf-8", "replace")).items()}
            if call.path == REVOKE:
                return self._revoked(form.get("token") or "".join(call.query.get("token", [])))
            return self._tokens({**form, **_basic(call.headers.get("authorization", ""))})

    def _page(self, asked: dict[str, str]) -> Answer:
        if asked.get("client_id") not in self.clients:
            return _page(401, "Error 401: invalid_client", "The OAuth client was not found.")
        redirect_uri = asked.get("redirect_uri", "")
        if urlsplit(redirect_uri).hostname not in LOOPBACK or urlsplit(redirect_uri).scheme != "http":
            return _page(400, "Error 400: redirect_uri_mismatch", "It is not that of an installed app.")
        if asked.get("response_type") != "code" or not asked.get("scope"):
            return _page(400, "Error 400: invalid_request", "Required parameter is missing: response_type or scope")
        scopes = tuple(asked["scope"].split())
        if unknown := [scope for scope in scopes if scope not in SCOPES]:
            return _page(400, "Error 400: invalid_scope", f"Some requested scopes were invalid. {unknown}")
        kept = {"state": asked["state"]} if "state" in asked else {}
        if self.consents is None:
            return _redirect(redirect_uri, {**kept, "error": "access_denied"})
        known = any(one.account is self.consents and one.client_id == asked["client_id"] for one in self._live())
        code = f"4/0A{secrets.token_urlsafe(24)}"
        self.codes[code] = Code(
            Grant(self.consents, asked["client_id"], tuple(one for one in scopes if one not in self.unticked)),
            redirect_uri,
            asked.get("code_challenge", ""),
            asked.get("code_challenge_method", "plain"),
            # Who consented once gets no second refresh token, unless the page is asked for all the same.
            offline=asked.get("access_type") == "offline" and (not known or "consent" in asked.get("prompt", "")),
        )
        return _redirect(redirect_uri, {**kept, "code": code, "scope": " ".join(self.codes[code].grant.scopes)})

    def _tokens(self, form: dict[str, str]) -> Answer:
        client_id = form.get("client_id", "")
        if client_id not in self.clients:
            return refused("invalid_client", "The OAuth client was not found.", 401)
        if form.get("client_secret") != self.clients[client_id]:
            return refused("invalid_client", "The provided client secret is invalid.", 401)
        match form.get("grant_type"):
            case "authorization_code":
                return self._by_code(form)
            case "refresh_token":
                return self._refreshed(form)
            case other:
                return refused("unsupported_grant_type", f"Invalid grant_type: {other or ''}")

    def _by_code(self, form: dict[str, str]) -> Answer:
        code = self.codes.get(form.get("code", ""))
        if code is None or code.used or code.grant.client_id != form["client_id"]:
            return refused("invalid_grant", "Malformed auth code.")
        if form.get("redirect_uri") != code.redirect_uri:
            return refused("redirect_uri_mismatch", "Bad Request")
        if code.challenge and not form.get("code_verifier"):
            return refused("invalid_grant", "Missing code verifier.")
        if code.challenge and _challenge(form["code_verifier"], code.method) != code.challenge:
            return refused("invalid_grant", "Invalid code verifier.")
        code.used = True
        more: dict[str, object] = {}
        if code.offline:
            more["refresh_token"] = self._keep(code.grant)
            if self.testing:
                more["refresh_token_expires_in"] = TESTING_S
        return self._access(code.grant, **more)

    def _refreshed(self, form: dict[str, str]) -> Answer:
        grant = self.grants.get(form.get("refresh_token", ""))
        over = grant is not None and grant.good_until is not None and grant.good_until <= self.clock()
        if grant is None or grant.revoked or over or grant.client_id != form["client_id"]:
            return refused("invalid_grant", "Token has been expired or revoked." if grant else "Bad Request")
        more: dict[str, object] = {}
        if grant.good_until is not None:
            more["refresh_token_expires_in"] = int(grant.good_until - self.clock())
        return self._access(grant, **more)

    def _access(self, grant: Grant, **more: object) -> Answer:
        token = f"ya29.{secrets.token_urlsafe(40)}"
        self.access[token] = Access(grant, self.clock() + self.token_s)
        said = {"access_token": token, "expires_in": self.token_s, "scope": " ".join(grant.scopes)}
        return answer({**said, "token_type": "Bearer", **more})

    def _keep(self, grant: Grant) -> str:
        with self._lock:
            if self.testing:
                grant.good_until = self.clock() + TESTING_S
            token = f"1//0{secrets.token_urlsafe(48)}"
            self.grants[token] = grant
            return token

    def _live(self) -> list[Grant]:
        return [one for one in self.grants.values() if not one.revoked]

    def _revoked(self, token: str) -> Answer:
        grant = self.grants.get(token) or (self.access[token].grant if token in self.access else None)
        if grant is None or grant.revoked:
            return refused("invalid_token", "Token expired or revoked")
        grant.revoked = True
        return answer({})


def refused(error: str, description: str, status: int = 400) -> Answer:
    """Return a refusal as the token endpoint writes it, which is not as the other APIs do."""
    return answer({"error": error, "error_description": description}, status)


def _basic(authorization: str) -> dict[str, str]:
    """Return the client that names itself in a header and not in the form: Google takes both."""
    kind, _, packed = authorization.partition(" ")
    if kind != "Basic":
        return {}
    name, _, secret = base64.b64decode(packed).decode().partition(":")
    return {"client_id": unquote(name), "client_secret": unquote(secret)}


def _challenge(verifier: str, method: str) -> str:
    if method != "S256":
        return verifier
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _redirect(uri: str, said: dict[str, str]) -> Answer:
    return Answer(302, b"", "text/html; charset=utf-8", {"Location": f"{uri}?{urlencode(said)}"})


def _page(status: int, title: str, words: str) -> Answer:
    page = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{words}</p></body></html>"
    return Answer(status, page.encode(), "text/html; charset=utf-8")
