"""What a script's end means: a result, or a failure with its class and scope. Pure."""

from collections.abc import Mapping
from typing import Final

from vidctl.contract import ErrorClass, Failure, Result, Scope
from vidctl.engine.children import Ended
from vidctl.errors import ExitCode

_BY_STATUS: Final[Mapping[int, tuple[ErrorClass, Scope, str]]] = {
    ExitCode.BAD_DATA: (ErrorClass.PERMANENT, Scope.ITEM, "it refused the request"),
    ExitCode.CANNOT_WRITE: (ErrorClass.TRANSIENT, Scope.ITEM, "it cannot write its file"),
    ExitCode.PAUSED: (ErrorClass.QUOTA, Scope.SERVICE, "its service is used up"),
    ExitCode.TRY_AGAIN: (ErrorClass.TRANSIENT, Scope.ITEM, "it asks to be run again later"),
    ExitCode.KEY_REFUSED: (ErrorClass.PERMANENT, Scope.SERVICE, "its key was refused"),
    ExitCode.MISCONFIGURED: (ErrorClass.PERMANENT, Scope.SERVICE, "it is misconfigured"),
}
"""What an exit status says where the script printed no error of its own."""

_SAID_BY_THE_ENGINE: Final = frozenset({"Stopped", "TimedOut", "BrokenScript", "Killed", "ScriptFailed", "NoFile"})
_OF_ITSELF: Final = frozenset({"BadInput", "CannotWrite", "LostRace", "Misconfigured", "NotFound", "Unavailable"})
"""Errors by which a program tells of its own trouble, not of its work."""


def verdict(script: str, ended: Ended, said: Result | Failure | None, complaint: str | None) -> Result | Failure:
    """Return the result of a script's run, or why there is none.

    `said` is the last result or error that it printed, `complaint` what was wrong with its output.
    """
    if isinstance(said, Result) and ended.status == ExitCode.OK and not (ended.too_loud or complaint):
        return said  # also where it was told to end in the same moment
    if ended.stopped:
        return _failure("Stopped", ErrorClass.TRANSIENT, f"{script} was stopped", "it goes on with the next tick")
    if ended.timed_out:
        return _failure("TimedOut", ErrorClass.TRANSIENT, f"{script} took too long and was ended", _tail(ended))
    if ended.too_loud:
        return broken(f"{script} printed without end on standard output")
    if complaint is not None:
        return broken(f"{script}: {complaint}")
    if isinstance(said, Failure):
        return said
    if ended.status < 0:
        return _failure("Killed", ErrorClass.TRANSIENT, f"{script} was killed by signal {-ended.status}", _tail(ended))
    if ended.status == ExitCode.OK:
        return broken(f"{script} ended well but said nothing of a result")
    error_class, scope, why = _BY_STATUS.get(
        ended.status, (ErrorClass.PERMANENT, Scope.ITEM, f"it ended with status {ended.status}")
    )
    said_last = f": {tail}" if (tail := _last_line(ended)) else "; it said nothing on standard error"
    return Failure(
        "ScriptFailed",
        error_class,
        scope,
        f"{script}: {why}{said_last}",
        "what it said is in the film's log: vidctl logs TASK",
    )


def is_its_own_word(failure: Failure) -> bool:
    """Say whether a program judged its work, rather than itself, and rather than ending in a way that says nothing."""
    return failure.error_type not in _SAID_BY_THE_ENGINE | _OF_ITSELF


def is_a_dead_job(failure: Failure) -> bool:
    """Say whether a script's own word is that this very job can never give a result.

    A refused key, a missing program, a stray line of output say nothing of what was bought.
    """
    permanent = failure.error_class is ErrorClass.PERMANENT and failure.scope is Scope.ITEM
    return permanent and is_its_own_word(failure)


def broken(message: str) -> Failure:
    """Return the failure of a script that does not keep the contract: a person has to mend it."""
    return _failure("BrokenScript", ErrorClass.PERMANENT, message, "mend the script: see vidctl/contract.py")


def _failure(error_type: str, error_class: ErrorClass, message: str, hint: str) -> Failure:
    return Failure(error_type, error_class, Scope.ITEM, message, hint)


def _tail(ended: Ended) -> str:
    return _last_line(ended) or "it said nothing on standard error"


def _last_line(ended: Ended) -> str:
    lines = [line.strip() for line in ended.stderr.splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""
