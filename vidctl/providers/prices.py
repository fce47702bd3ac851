"""The price list as a script sees it: the built-in one, with what the engine's configuration changed in it."""

import json
import os

from vidctl.domain.prices import VARIABLE, PriceList, price_list
from vidctl.errors import Misconfigured


def prices() -> PriceList:
    """Return the price list of this process.

    Raises:
        Misconfigured: the variable holds no such list.
    """
    try:
        return price_list(json.loads(os.environ.get(VARIABLE) or "{}"))
    except ValueError as exc:
        raise Misconfigured(f"{VARIABLE} is no JSON: {exc}", hint="leave it out, or copy the prices: section") from exc
