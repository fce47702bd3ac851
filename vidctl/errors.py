"""Every error that vidctl raises on purpose, and the exit status each one ends in.

An error is one class for each thing a caller does differently (wait, give up, ask a person), not
for each thing that can break. What is not a `VidctlError` is a bug and is allowed to crash.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """Exit statuses of `vidctl` and of every script; the numbers are those of sysexits.h."""

    OK = 0
    FAILED = 1
    USAGE = 2
    BAD_DATA = 65
    NO_INPUT = 66
    PAUSED = 69
    BUG = 70
    CANNOT_WRITE = 73
    TRY_AGAIN = 75
    KEY_REFUSED = 77
    MISCONFIGURED = 78
    INTERRUPTED = 130


class VidctlError(Exception):
    """Something a person, or a later try, can put right. Anything else is a bug: let it crash.

    `hint` is required: if you cannot write one, you have not found the cause yet.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class BadInput(VidctlError):
    """What a person, a file or a script handed in cannot be used as it is."""

    exit_code = ExitCode.BAD_DATA


class NotFound(VidctlError):
    """There is no such task, channel or file."""

    exit_code = ExitCode.NO_INPUT


class Misconfigured(VidctlError):
    """The installation (a setting, a channel file, a missing program) has to be changed first."""

    exit_code = ExitCode.MISCONFIGURED


class KeyRefused(VidctlError):
    """A service does not know the key that it was given, or not any more."""

    exit_code = ExitCode.KEY_REFUSED


class CannotWrite(VidctlError):
    """The disk is full, or a folder may not be written to."""

    exit_code = ExitCode.CANNOT_WRITE


class Unavailable(VidctlError):
    """A server that is needed does not answer now: the same call may work later."""

    exit_code = ExitCode.TRY_AGAIN


class LostRace(VidctlError):
    """Somebody else moved the task first, so nothing was written."""

    exit_code = ExitCode.TRY_AGAIN


class InvalidStateTransitionError(VidctlError):
    """The task's status does not allow this."""

    exit_code = ExitCode.BAD_DATA
