"""Where Google is, and which OAuth client asks it, as the environment says."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers.http import is_web_address
from vidctl.providers.untrusted import is_word

BASE_URL: Final = "GOOGLE_BASE_URL"
CLIENT_ID: Final = "GOOGLE_CLIENT_ID"
CLIENT_SECRET: Final = "GOOGLE_CLIENT_SECRET"  # noqa: S105  # the name of one
REFRESH_TOKEN: Final = "YOUTUBE_REFRESH_TOKEN"  # noqa: S105  # the name of one

_CONSENT: Final = "https://accounts.google.com"
_TOKENS: Final = "https://oauth2.googleapis.com"
_API: Final = "https://youtube.googleapis.com"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where people consent, where tokens come from, and the root of the API and of its uploads, without a slash."""

    consent: str = f"{_CONSENT}/o/oauth2/auth"
    tokens: str = f"{_TOKENS}/token"
    api: str = _API


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """The client of a Google project that all channels share; no way of printing it shows its secret."""

    client_id: str
    secret: str = field(repr=False)


def addresses(environment: Mapping[str, str] = os.environ) -> Addresses:
    """Return where Google is: at one address altogether, where the environment names one.

    Raises:
        ScriptError: that is no address.
    """
    url = environment.get(BASE_URL, "").strip().rstrip("/")
    if not url:
        return Addresses()
    if not re.fullmatch(r"https?://[!-~]+", url) or not is_web_address(url, like=url):
        raise _refused("BadAddress", f"{BASE_URL} is no web address", hint="leave it out, unless this is a test")
    return Addresses(f"{url}/o/oauth2/auth", f"{url}/token", url)


def oauth_client(environment: Mapping[str, str] = os.environ) -> OAuthClient:
    """Return the OAuth client that the environment names.

    Raises:
        ScriptError: it is missing, or what is there can be none.
    """
    return OAuthClient(_word(environment, CLIENT_ID), _word(environment, CLIENT_SECRET))


def _word(environment: Mapping[str, str], name: str) -> str:
    word = environment.get(name, "").strip()
    if not is_word(word):
        what = "holds what can be none" if word else "is not set"
        hint = "a desktop client's id and secret are at console.cloud.google.com, APIs & Services, Credentials"
        raise _refused("NoKey", f"Google cannot be asked: {name} {what}", hint=hint)
    return word


def _refused(error_type: str, message: str, *, hint: str) -> ScriptError:
    return ScriptError(message, hint=hint, error_type=error_type, error_class=ErrorClass.PERMANENT, scope=Scope.SERVICE)
