"""Wait for a job that was bought. It is never given up: what does not end in time is looked at by a later run."""

import time
from typing import Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.providers.kie.connection import Connection
from vidctl.providers.kie.ordering import Patience
from vidctl.providers.kie.records import NotSeen, Record, look

REFUSALS: Final = 3
"""So many in a row, and the key really is refused."""
LONGEST_PAUSE_S: Final = 30.0
AGAIN_S: Final = 60.0
_SLOWER: Final = ((120.0, 4.0), (30.0, 2.0))
"""After so many seconds, the pauses are so many times as long: most clips take two to five minutes."""


def ended(kie: Connection, job_id: str, patience: Patience, *, resumed: bool) -> Record:
    """Return a job as it ended, well or badly.

    Raises:
        ScriptError: it goes on and is to be looked at later; it was never there; the key may not look at it.
    """
    began = time.monotonic()
    refusals, seen = 0, False
    while True:
        found = look(kie, job_id)
        passed_s = time.monotonic() - began
        if isinstance(found, Record):
            seen = True
            if found.has_ended:
                return found
        elif found.unknown and resumed and not seen and passed_s >= patience.grace_s:
            raise _unknown(job_id, found.why)
        refusals = refusals + 1 if isinstance(found, NotSeen) and found.refusal else 0
        if isinstance(found, NotSeen) and found.refusal and refusals >= REFUSALS:
            raise found.refusal
        pause_s = _pause_s(passed_s, patience)
        if passed_s + pause_s > patience.wait_s:
            raise _still_being_made(job_id, found, patience)
        time.sleep(pause_s)


def _pause_s(passed_s: float, patience: Patience) -> float:
    times = next((times for after_s, times in _SLOWER if passed_s >= after_s), 1.0)
    return max(patience.poll_s, min(patience.poll_s * times, LONGEST_PAUSE_S))


def _still_being_made(job_id: str, found: Record | NotSeen, patience: Patience) -> ScriptError:
    last = f"it could not be looked at: {found.why}" if isinstance(found, NotSeen) else f"it is {found.state!r}"
    return ScriptError(
        f"KIE has not finished job {job_id} after {patience.wait_s:g} s ({last})",
        hint="nothing: the next run goes on with the same job, and orders nothing",
        error_class=ErrorClass.TRANSIENT,
        error_type="StillBeingMade",
        retry_after_s=AGAIN_S,
    )


def _unknown(job_id: str, why: str) -> ScriptError:
    return ScriptError(
        f"KIE knows no job {job_id}: {why}",
        hint="it keeps them for two months: is KIE_API_KEY that of another account? If it is gone, reject the clip",
        error_class=ErrorClass.TRANSIENT,
        error_type="JobUnknown",
    )
