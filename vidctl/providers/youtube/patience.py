"""How often, and after which pauses, a request is tried again in the same run."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from vidctl.contract import ErrorClass, ScriptError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """`tries` in a row without any progress, with pauses that double from `pause_s`.

    Who asks to be left alone for more than `longest_s` is left alone by the run as a whole.
    """

    pause_s: float = 1.0
    tries: int = 6
    longest_s: float = 60.0

    def __call__(self, work: Callable[[int], T]) -> T:
        """Do the work, which is told how often it was tried already, until it is done.

        Raises:
            ScriptError: it cannot be done now, or ever.
        """
        for attempt in Retrying(
            retry=retry_if_exception(self._passes),
            wait=self._wait_s,
            stop=stop_after_attempt(self.tries),
            before_sleep=_say,
            reraise=True,
        ):
            with attempt:
                return work(attempt.retry_state.attempt_number - 1)
        raise AssertionError("it returns, or raises")

    def _passes(self, error: BaseException) -> bool:
        if not isinstance(error, ScriptError) or error.failure.error_class is not ErrorClass.TRANSIENT:
            return False
        return (error.failure.retry_after_s or 0) <= self.longest_s

    def _wait_s(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked_s = (error.failure.retry_after_s if isinstance(error, ScriptError) else None) or 0.0
        doubled_s: float = self.pause_s * 2 ** (state.attempt_number - 1)
        return max(asked_s, min(doubled_s, self.longest_s))


USUAL: Final = Patience()


def _say(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    wait_s = state.next_action.sleep if state.next_action else 0
    print(f"{error}; it is tried again in {wait_s:.0f} s", file=sys.stderr)
