"""When a step that could not finish is tried again, and when a person is asked instead."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vidctl.contract import ErrorClass, Failure

WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long after the first, second, third and fourth attempt the next one begins."""

MAX_ATTEMPTS: Final = len(WAITS) + 1

QUOTA_WAIT: Final = timedelta(hours=1)
"""How long a used-up service is left alone when it does not say until when."""


@dataclass(frozen=True, slots=True)
class Again:
    """Try again at `at`; `spends_attempt` is False where waiting is nobody's failure."""

    at: datetime
    spends_attempt: bool


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Only a person can go on from here."""

    exhausted: bool
    """Whether five attempts were spent, rather than the error being final by itself."""


def after(failure: Failure, *, attempt: int, now: datetime) -> Again | GiveUp:
    """Return what follows attempt number `attempt` (from 1) that ended in `failure`."""
    asked = timedelta(seconds=max(0.0, min(failure.retry_after_s or 0.0, 7 * 86_400.0)))
    if failure.error_class is ErrorClass.QUOTA:
        return Again(now + (asked or QUOTA_WAIT), spends_attempt=False)
    if failure.error_class is ErrorClass.PERMANENT:
        return GiveUp(exhausted=False)
    if attempt >= MAX_ATTEMPTS:
        return GiveUp(exhausted=True)
    return Again(now + max(WAITS[attempt - 1], asked), spends_attempt=True)


def worst(failures: list[Failure]) -> Failure:
    """Return the failure that decides what follows, of all that one run met.

    What only a person can mend comes first: it stays until she does, and would be bought again after each wait. Then
    a used-up service (waiting costs nothing and may cure the rest), then the longest wait.
    """
    rank = {ErrorClass.PERMANENT: 2, ErrorClass.QUOTA: 1, ErrorClass.TRANSIENT: 0}
    return max(failures, key=lambda failure: (rank[failure.error_class], failure.retry_after_s or 0.0))
