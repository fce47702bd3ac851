"""Send one message to one destination by a process of its own, which knows that address and no other secret."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Final, TypeAlias

from vidctl.contract import ErrorClass, Failure, Scope, from_line
from vidctl.domain.alerting import Message
from vidctl.engine import errand
from vidctl.engine.alerting.destinations import Destination
from vidctl.engine.redact import redacted, redacted_failure
from vidctl.engine.scripts import PLAIN
from vidctl.errors import BadInput, ExitCode, VidctlError
from vidctl.places import shipped

SCRIPT: Final = "send_alert.py"
TIMEOUT_S: Final = 90.0

Send: TypeAlias = Callable[[Destination, Message, Mapping[str, str]], Failure | None]
"""How a message gets to a destination; returns why it did not."""


def send(destination: Destination, message: Message, environment: Mapping[str, str]) -> Failure | None:
    """Send a message; return why it was not taken. Nothing is raised: whoever tells of troubles must make none."""
    message = replace(
        message, title=redacted(message.title, environment), body=redacted(message.body, environment)
    )  # what it tells came from services and boards
    own = {name: environment[name] for name in PLAIN if name in environment} | {destination.variable: destination.url}
    try:
        argv = [sys.executable, str(shipped("scripts") / SCRIPT)]
        ran = errand.run(argv, own, timeout_s=TIMEOUT_S, told=json.dumps(asdict(message)))
    except (VidctlError, OSError) as trouble:
        return _failure("NotSent", str(trouble))
    if ran.returncode == ExitCode.OK:
        return None
    said = [failure for line in ran.stdout.splitlines() if (failure := _said(line))]
    last = errand.last_line(ran) or "it said nothing"
    failure = said[-1] if said else _failure("NoWord", f"{SCRIPT} ended with status {ran.returncode}: {last}")
    return redacted_failure(failure, {**environment, **own})


def _said(line: str) -> Failure | None:
    try:
        message = from_line(line)
    except BadInput:
        return None
    return message if isinstance(message, Failure) else None


def _failure(error_type: str, sentence: str) -> Failure:
    return Failure(error_type, ErrorClass.TRANSIENT, Scope.ITEM, sentence, "alerts are sent again by themselves")
