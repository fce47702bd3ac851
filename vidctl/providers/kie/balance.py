"""What the account has left: the only witness of an order whose answer was lost."""

import time
from decimal import Decimal
from typing import Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.providers.http import AnswerLost, NotSent
from vidctl.providers.kie import errors
from vidctl.providers.kie.answers import number
from vidctl.providers.kie.connection import Connection

PATH: Final = "/api/v1/chat/credit"
TIMEOUT_S: Final = 5.0
"""An answer that comes later says too little: what else was ordered meanwhile would be in it, or not."""
LOOKS: Final = 3


def left(kie: Connection, *, pause_s: float) -> Decimal:
    """Return how many credits are left. Asking is free, so it is asked again after `pause_s`, a few times.

    Raises:
        ScriptError: KIE does not say.
    """
    for _ in range(LOOKS - 1):
        try:
            return _left(kie)
        except ScriptError as exc:
            if exc.failure.error_class is not ErrorClass.TRANSIENT:
                raise
            time.sleep(pause_s)
    return _left(kie)


def _left(kie: Connection) -> Decimal:
    try:
        answer = kie.get(PATH, timeout_s=TIMEOUT_S)
    except (NotSent, AnswerLost) as exc:
        raise _unread(str(exc)) from exc
    if answer.is_good and (credits_ := number(answer.data)) is not None:
        return credits_
    raise errors.of_account(answer) or _unread(f"code {answer.code}, {answer.said}")


def _unread(why: str) -> ScriptError:
    return ScriptError(
        f"KIE does not say how many credits are left: {why}",
        hint="nothing was ordered; ask again later, and check the network and KIE_BASE_URL",
        error_class=ErrorClass.TRANSIENT,
        error_type="BalanceUnknown",
    )
