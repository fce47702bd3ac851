"""Ask a service whether the key that it is given is good; or anybody what time it is. Asking is free.

By hand: GEMINI_API_KEY=... python scripts/check_service.py --service gemini
"""

import json
import os
import time
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Annotated, Any

from typer import Option

from vidctl.contract import ErrorClass, ScriptError
from vidctl.providers.gemini import client as gemini
from vidctl.providers.http import AnswerLost, Client, NotSent
from vidctl.providers.r2 import client as r2
from vidctl.providers.r2.settings import read_settings
from vidctl.script import tool

TIMEOUT_S = 12.0
ONCE = r2.Patience(attempts=2, connect_s=5, read_s=5)


class Service(StrEnum):
    """What can be asked."""

    GEMINI = "gemini"
    R2 = "r2"
    CLOCK = "clock"


def of_gemini() -> dict[str, Any]:
    """Return how many models the key may use."""
    with gemini.connected(timeout_s=TIMEOUT_S) as service:
        return {"says": f"{len(service.models())} models may be used"}


def of_r2() -> dict[str, Any]:
    """Return that the bucket is there."""
    bucket = r2.opened(read_settings(), ONCE)
    r2.require_there(bucket)
    return {"says": "the bucket is there"}


def of_clock() -> dict[str, Any]:
    """Return how many seconds this machine's clock is ahead of the one of a server of Google's; it needs no key."""
    address = os.environ.get(gemini.ADDRESS) or gemini.BASE_URL
    try:
        with Client(address, timeout_s=TIMEOUT_S) as http:
            began = time.time()
            date = http.get("").headers.get("date", "")
            return {"ahead_s": (began + time.time()) / 2 - parsedate_to_datetime(date).timestamp()}
    except (NotSent, AnswerLost, ValueError) as exc:
        raise ScriptError(
            f"nobody outside says what time it is: {exc}",
            hint="check the network (HTTPS_PROXY)",
            error_class=ErrorClass.TRANSIENT,
        ) from exc


ASK = {Service.GEMINI: of_gemini, Service.R2: of_r2, Service.CLOCK: of_clock}


@tool
def check_service(service: Annotated[Service, Option(help="what to ask")]) -> None:
    """Ask a service whether a key is good."""
    print(json.dumps(ASK[service]()), flush=True)
