"""Google's page of consent, for an installed app: the browser goes there, and comes back to this machine."""

# mypy: disable-error-code="import-untyped"
# google-auth-oauthlib and what it stands on come without types.

import os
import sys
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers.untrusted import is_word, mapping, short, text, without
from vidctl.providers.youtube.listener import Listener
from vidctl.providers.youtube.settings import Addresses, OAuthClient

SCOPES: Final = tuple(
    f"https://www.googleapis.com/auth/{name}" for name in ("youtube.upload", "youtube", "youtube.force-ssl")
)
_ANSWER_S: Final = 60.0
_LONGEST_S: Final = 10 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Granted:
    """What a person's consent gave; `expires_at` where Google said that it ends, as that of a project in testing."""

    refresh_token: str = field(repr=False)
    expires_at: datetime | None


def consent(client: OAuthClient, where: Addresses, listener: Listener, *, opens: bool, wait_s: float) -> Granted:
    """Send a person's browser to Google, wait for it to come back, and fetch the token that was consented to.

    Raises:
        ScriptError: nobody consented, not to everything, or Google gave no token.
    """
    os.environ["OAUTHLIB_RELAX_TOKEN_SCOPE"] = "1"  # noqa: S105  # what is missing is told in our words
    if where.tokens.startswith("http://"):
        os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    flow = _flow(client, where, listener.url)
    # Google remembers who consented: only a page that is asked for anew gives a token that can be kept.
    url, state = flow.authorization_url(access_type="offline", prompt="select_account consent")
    listener.expect(state)
    _send_there(url, opens=opens, wait_s=wait_s)
    return _granted(_tokens(flow, _code(listener.wait(wait_s), wait_s)))


def _flow(client: OAuthClient, where: Addresses, back: str) -> Any:
    from google_auth_oauthlib.flow import InstalledAppFlow

    about = {"client_id": client.client_id, "client_secret": client.secret}
    installed = {**about, "auth_uri": where.consent, "token_uri": where.tokens}
    return InstalledAppFlow.from_client_config({"installed": installed}, SCOPES, redirect_uri=back)


def _send_there(url: str, *, opens: bool, wait_s: float) -> None:
    """Open a browser, or have a person do it."""
    what = "If no browser opens, open this" if opens else "Open this"
    print(
        f"{what} in a browser, and choose the YouTube channel that the films shall go to:\n\n{url}\n\n"
        f"It is waited for {_span(wait_s)}; Ctrl-C leaves everything as it was.",
        file=sys.stderr,
        flush=True,
    )
    if opens:
        with _apart_from_our_output():
            webbrowser.open(url)


@contextmanager
def _apart_from_our_output() -> Iterator[None]:
    """Have what is started in the block print to standard error: it may say something, and outlive this program."""
    sys.stdout.flush()
    ours = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(ours, 1)
        os.close(ours)


def _span(wait_s: float) -> str:
    return f"{wait_s:g} s" if wait_s < 120 else f"{wait_s / 60:.0f} minutes"  # noqa: PLR2004  # two minutes


def _code(told: Mapping[str, str] | None, wait_s: float) -> str:
    """Return what tokens are fetched with, from what the browser came back with."""
    if told is None:
        raise ScriptError(
            f"nobody consented within {_span(wait_s)}",
            hint="nothing was changed; on a machine without a browser use --no-browser, and ssh -L for the way back",
            error_type="NoConsent",
            error_class=ErrorClass.TRANSIENT,
        )
    if "error" in told or not told.get("code"):
        said = short(told.get("error", "no code"))
        raise _not_given(f"consent was not given: {said}", "nothing was changed; to consent after all, run it again")
    return told["code"]


def _tokens(flow: Any, code: str) -> Mapping[str, Any]:
    from oauthlib.oauth2 import OAuth2Error
    from requests import RequestException

    if authorities := os.environ.get("SSL_CERT_FILE"):
        flow.oauth2session.verify = authorities
    try:
        return mapping(flow.fetch_token(code=code, timeout=_ANSWER_S))
    except OAuth2Error as exc:
        secrets = {"code": code, "secret": flow.client_config["client_secret"]}
        error, words = (short(without(text(said), secrets)) for said in (exc.error, exc.description))
        raise _not_given(
            f"Google gives no token: {error}: {words}",
            "GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET have to be those of one desktop client",
            scope=Scope.SERVICE if error in {"invalid_client", "unauthorized_client"} else Scope.ITEM,
        ) from None  # whose words may hold anything
    except RequestException as exc:
        raise ScriptError(
            f"Google's address for tokens cannot be reached ({type(exc).__name__})",
            hint="nothing was changed; see whether the network is there, and run it again",
            error_type="NotReached",
            error_class=ErrorClass.TRANSIENT,
        ) from None
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):  # of libraries that expect better
        raise ScriptError(
            "Google gives no token: something that is no answer of Google's came back",
            hint="nothing was changed; run it again; if it stays so, look at the proxy, or at GOOGLE_BASE_URL",
            error_type="Unreadable",
            error_class=ErrorClass.TRANSIENT,
        ) from None


def _granted(tokens: Mapping[str, Any]) -> Granted:
    scopes = tokens.get("scope")
    given = scopes.split() if isinstance(scopes, str) else scopes if isinstance(scopes, list) else []
    if missing := [one.rpartition("/")[2] for one in SCOPES if one not in given]:
        raise _not_given(
            f"not everything was consented to: {', '.join(missing)} is missing",
            "nothing was changed; run it again, and tick every box on Google's page",
        )
    refresh = tokens.get("refresh_token")
    if not isinstance(refresh, str) or not is_word(refresh):
        hint = "take the app's access away at myaccount.google.com/connections, and run it again"
        raise _not_given("Google gave no refresh token", hint)
    return Granted(refresh, _end(tokens.get("refresh_token_expires_in")))


def _end(left_s: object) -> datetime | None:
    """Return when a token ends that is good for so many seconds; None where that is no such number."""
    if not isinstance(left_s, int) or not 0 < left_s < _LONGEST_S:
        return None
    return datetime.now(UTC) + timedelta(seconds=left_s)


def _not_given(message: str, hint: str, *, scope: Scope = Scope.ITEM) -> ScriptError:
    return ScriptError(message, hint=hint, error_type="NoConsent", error_class=ErrorClass.PERMANENT, scope=scope)
