"""The price list as a script sees it: the built-in one, with what the engine's configuration changed in it."""

import json
import os
from typing import Final

from vidctl.domain.prices import PriceList, price_list
from vidctl.errors import Misconfigured

VARIABLE: Final = "VIDCTL_PRICES"
"""The environment variable that holds the `prices:` section as JSON."""


def prices() -> PriceList:
    """Return the price list of this process.

    Raises:
        Misconfigured: the variable holds no such list.
    """
    try:
        return price_list(json.loads(os.environ.get(VARIABLE) or "{}"))
    except ValueError as exc:
        raise Misconfigured(f"{VARIABLE} is no JSON: {exc}", hint="leave it out, or copy the prices: section") from exc
