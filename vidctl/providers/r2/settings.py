"""Where the bucket is and who may use it, as the environment says."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from vidctl.contract import ErrorClass, Scope, ScriptError

_SECRETS: Final = ("R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", "R2_BUCKET")
_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
_KEY: Final = re.compile(r"[!-~]+")


@dataclass(frozen=True, slots=True)
class Settings:
    """One bucket; its keys are in no representation of it."""

    endpoint_url: str
    bucket: str
    key_id: str = field(repr=False)
    secret: str = field(repr=False)
    public_url: str = ""
    """Where everybody can read the bucket, if anybody can: its custom domain."""
    ca_file: str = ""
    """What certificates are checked against, as every other service's are; empty: what comes with boto3."""


def is_configured(environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether there is everything that a bucket needs."""
    return not _missing(environment)


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the bucket of this process.

    Raises:
        ScriptError: something is missing, or can be none; it names the variable, and never says what is in it.
    """
    if missing := _missing(environment):
        raise _refused("NoKey", f"there is no bucket to use: {', '.join(missing)} is not set", hint=_WHERE)
    if not _BUCKET.fullmatch(environment["R2_BUCKET"]):
        raise _unusable("R2_BUCKET", hint="it is the bucket's name alone: small letters, digits and -")
    for name in ("R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"):
        if not _KEY.fullmatch(environment[name]):
            raise _unusable(name, hint="copy it again: it has a blank, a line end or a letter that no key has")
    return Settings(
        endpoint_url=_endpoint(environment),
        bucket=environment["R2_BUCKET"],
        key_id=environment["R2_ACCESS_KEY_ID"],
        secret=environment["R2_SECRET_ACCESS_KEY"],
        public_url=_public(environment),
        ca_file=environment.get("SSL_CERT_FILE", ""),
    )


_WHERE: Final = "Cloudflare's dashboard makes them: R2, Manage API tokens, Object Read & Write; then set them in .env"


def _missing(environment: Mapping[str, str]) -> list[str]:
    """Return the names of what is not set; an endpoint says of itself whose account it is."""
    needed = _SECRETS if environment.get("R2_ENDPOINT_URL") else ("R2_ACCOUNT_ID", *_SECRETS)
    return [name for name in needed if not environment.get(name)]


def _endpoint(environment: Mapping[str, str]) -> str:
    if url := environment.get("R2_ENDPOINT_URL"):
        # Cloudflare's dashboard shows it with the bucket behind it, which would become the beginning of every key.
        if not _is_server(url) or urlsplit(url).path.strip("/"):
            raise _unusable("R2_ENDPOINT_URL", hint="it is https://ACCOUNT.r2.cloudflarestorage.com without the bucket")
        return url.rstrip("/")
    if not re.fullmatch(r"[A-Za-z0-9-]{1,63}", account := environment["R2_ACCOUNT_ID"]):
        raise _unusable("R2_ACCOUNT_ID", hint="it is the 32 letters and digits in the dashboard's address")
    return f"https://{account}.r2.cloudflarestorage.com"


def _public(environment: Mapping[str, str]) -> str:
    url = environment.get("R2_PUBLIC_URL", "")
    if url and not _is_server(url):
        raise _unusable("R2_PUBLIC_URL", hint="it is the bucket's custom domain, such as https://files.example.org")
    return url.rstrip("/")


def _is_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        named = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    return named and parts.scheme in {"http", "https"} and not (parts.query or parts.fragment or parts.username)


def _unusable(name: str, *, hint: str) -> ScriptError:
    return _refused("BadSetting", f"{name} cannot be used as it is", hint=hint)


def _refused(error_type: str, message: str, *, hint: str) -> ScriptError:
    return ScriptError(
        f"Cloudflare R2: {message}",
        hint=hint,
        error_type=error_type,
        error_class=ErrorClass.PERMANENT,
        scope=Scope.SERVICE,
    )
