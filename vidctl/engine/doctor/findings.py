"""What a check says: one line, how bad it is, and what to do."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from vidctl.engine.doctor.ground import Ground
from vidctl.engine.redact import redacted
from vidctl.errors import ExitCode, VidctlError


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """It works, and sooner or later it will not; or people see less."""
    BROKEN = "broken"
    """Films do not go on because of it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, and its cure where it needs one."""

    level: Level
    what: str
    cure: str = ""


Check: TypeAlias = Callable[[Ground], Iterable[Finding]]


def ok(what: str) -> Finding:
    """Return that all is well."""
    return Finding(Level.OK, what)


def warning(what: str, cure: str) -> Finding:
    """Return what will be trouble."""
    return Finding(Level.WARNING, what, cure)


def broken(what: str, cure: str) -> Finding:
    """Return what is trouble."""
    return Finding(Level.BROKEN, what, cure)


def of_error(exc: VidctlError, about: str) -> Finding:
    """Return what an error says: a warning where a later try may do."""
    passes = exc.exit_code in {ExitCode.TRY_AGAIN, ExitCode.PAUSED}
    return Finding(Level.WARNING if passes else Level.BROKEN, f"{about}: {exc}", exc.hint)


def safe(finding: Finding, ground: Ground) -> Finding:
    """Return a finding as it may be shown: what it is about came from outside."""
    shown = [" ".join(redacted(text, ground.environment, longest=600).split()) for text in (finding.what, finding.cure)]
    return Finding(finding.level, *shown)
