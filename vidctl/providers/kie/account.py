"""The account at KIE: which key, which addresses, what it has left and what things cost there."""

import os
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.domain.prices import KIE_CREDIT, MICRO, PriceList
from vidctl.errors import Misconfigured
from vidctl.providers.http import is_web_address
from vidctl.providers.kie.connection import Connection, connected
from vidctl.providers.prices import prices

KEY: Final = "KIE_API_KEY"
API: Final = "https://api.kie.ai"
UPLOADS: Final = "https://kieai.redpandaai.co"


@dataclass(frozen=True, slots=True)
class Account:
    """Who asks whom. `api` and `uploads` are base URLs; the key is shown by nothing."""

    key: str = field(repr=False)
    api: str
    uploads: str
    prices: PriceList

    def connected(self, base_url: str | None = None) -> AbstractContextManager[Connection]:
        """Open new connections to a host that may see the key: the API's if no other is named."""
        return connected(base_url or self.api, self.key)

    def credits_usd(self, credits_: Decimal) -> Decimal | None:
        """Return what so many credits cost; None where the price list does not say."""
        rate = self.prices.rate(KIE_CREDIT, _today())
        return (credits_ * rate.credit).quantize(MICRO) if rate and rate.credit else None

    def clip_usd(self, model: str, seconds: int) -> Decimal | None:
        """Return what a clip of 5 or 10 seconds costs; None where the price list does not say."""
        return self.prices.usd(model, {f"clip_{seconds}s": Decimal(1)}, _today()) or None


def account() -> Account:
    """Return the account that the environment names.

    Raises:
        ScriptError: there is no key, what is there cannot be one, or an address or the price list cannot be used.
            It is about the service, never about an item: a job that was bought is not given up for it.
    """
    key = _key()
    try:
        return Account(key, address("KIE_BASE_URL", API), address("KIE_UPLOAD_BASE_URL", UPLOADS), prices())
    except Misconfigured as exc:
        raise ScriptError(str(exc), hint=exc.hint, scope=Scope.SERVICE, error_type="Misconfigured") from exc


def address(variable: str, usual: str) -> str:
    """Return a base URL: the one that an environment variable names, else the usual one.

    Raises:
        Misconfigured: it is no URL.
    """
    url = os.environ.get(variable, "").strip() or usual
    # A look at the whole of it: what the HTTP library chokes on would be no error of ours.
    if not re.fullmatch(r"https?://[!-~]+", url) or not is_web_address(url, like=url):
        raise Misconfigured(f"{variable} is no web address", hint=f"leave it out to use {usual}")
    return url.rstrip("/")


def _today() -> date:
    return datetime.now(UTC).date()


def _key() -> str:
    key = os.environ.get(KEY, "").strip()
    # What cannot stand in a header would come back in an error of the HTTP library, and be seen.
    if key and key.isascii() and key.isprintable() and " " not in key:
        return key
    raise ScriptError(
        f"KIE cannot be asked: {KEY} {'holds what is no key' if key else 'is not set'}",
        hint=f"put the key from kie.ai/api-key into {KEY}, in .env or in the environment",
        error_class=ErrorClass.PERMANENT,
        scope=Scope.SERVICE,
        error_type="NoKey",
    )
