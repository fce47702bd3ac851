"""Programs that run outside of a film's steps, one at a time: how they are started, and what they say."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any, Final

from vidctl.contract import Failure, Quota, Scope, from_line
from vidctl.engine.redact import redacted
from vidctl.errors import (
    BadInput,
    CannotWrite,
    ExitCode,
    KeyRefused,
    Misconfigured,
    NotFound,
    Unavailable,
    VidctlError,
)

Ran = subprocess.CompletedProcess[str]


class Paused(VidctlError):
    """A service is not to be asked before its quota is reset."""

    exit_code = ExitCode.PAUSED


_KINDS: Final = (BadInput, NotFound, KeyRefused, Misconfigured, CannotWrite, Unavailable, Paused)
_BY_STATUS: Final = {int(kind.exit_code): kind for kind in _KINDS}


def run(
    argv: Sequence[str],
    environment: Mapping[str, str],
    *,
    timeout_s: float,
    is_heard: bool = False,
    told: str = "",
    again: str = "nothing was changed; run the command again",
) -> Ran:
    """Run a program to its end, `told` on its standard input; where it `is_heard`, a person sees what it says.

    `again` is what to do where it takes too long.

    Raises:
        Unavailable: it did not end in time.
    """
    try:
        return subprocess.run(
            argv,
            env=dict(environment),
            input=told,
            stdout=subprocess.PIPE,
            stderr=None if is_heard else subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired as exc:
        sentence = f"{_name(argv)} did not end in {timeout_s:.0f} s"
        raise Unavailable(sentence, hint=again) from exc


def answer(ran: Ran, environment: Mapping[str, str], count: Callable[[Quota], None]) -> dict[str, Any]:
    """Return the one JSON object that a program answered with; `count` is told what it took of a quota.

    Raises:
        VidctlError: it failed, or said nothing; of the kind that its exit status stands for.
    """
    found, failure = _said(ran.stdout, count)
    if ran.returncode == ExitCode.OK and found is not None:
        return found
    kind = _BY_STATUS.get(_status(ran, failure), VidctlError)
    if failure is not None:
        raise kind(redacted(failure.message, environment), hint=redacted(failure.hint, environment))
    last = redacted(last_line(ran) or "it said nothing", environment)
    sentence = f"{_name(ran.args)} ended with status {ran.returncode}: {last}"
    raise kind(sentence, hint="nothing was changed; run it by hand to see more")


def last_line(ran: Ran) -> str:
    """Return the last that a program said to people; empty where it said nothing."""
    return next((line for line in reversed((ran.stderr or "").splitlines()) if line.strip()), "")


def told_failure(ran: Ran) -> int | None:
    """Return the exit status of a program that failed and said so itself; None for any other."""
    failure = _said(ran.stdout, lambda _: None)[1]
    return _status(ran, failure) if ran.returncode != ExitCode.OK and failure is not None else None


def _status(ran: Ran, failure: Failure | None) -> int:
    """Return the status that a command ends with: what no channel can have until it is mended is configuration."""
    is_setting = failure is not None and failure.scope is Scope.SERVICE and ran.returncode == ExitCode.BAD_DATA
    return ExitCode.MISCONFIGURED if is_setting else ran.returncode


def _said(printed: str, count: Callable[[Quota], None]) -> tuple[dict[str, Any] | None, Failure | None]:
    """Return the last object and the last failure that a program printed, whatever else is there."""
    found: dict[str, Any] | None = None
    failure: Failure | None = None
    for line in printed.splitlines():
        said = _message(line)
        if isinstance(said, Quota):
            count(said)
        elif isinstance(said, Failure):
            failure = said
        elif isinstance(said, dict):
            found = said
    return found, failure


def _message(line: str) -> object:
    try:
        said = json.loads(line)
        return from_line(line) if isinstance(said, dict) and "event" in said else said
    except (ValueError, RecursionError, BadInput):
        return None


def _name(argv: Sequence[str]) -> str:
    """Return the name of a program, whether or not Python runs it."""
    return PurePath(argv[1] if argv[0] == sys.executable else argv[0]).name
