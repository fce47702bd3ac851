"""Programs that the doctor runs: what they find out is free, and each has its time limit."""

from collections.abc import Mapping
from typing import Any, Final

from vidctl.contract import Quota
from vidctl.domain.channel import Channel, from_fields
from vidctl.engine import errand, scripts
from vidctl.engine.doctor.ground import Ground
from vidctl.errors import ExitCode

PATIENCE_S: Final = 20.0
_ABOUT: Final = {"channel_id": "doctor", "channel_name": "doctor", "board": "local", "mode": "production"}


def nobody() -> Channel:
    """Return the channel of programs that are about none."""
    return from_fields(_ABOUT)


def ran(ground: Ground, script: str, *options: str) -> tuple[errand.Ran, Mapping[str, str]]:
    """Run a program to its end; return that, and the environment that it was given.

    Raises:
        Unavailable: it did not end in time.
    """
    channel, limits = nobody(), ground.files.limits if ground.files else None
    given = scripts.environment(channel, script, ground.environment, prices=limits.prices if limits else None)
    return errand.run([*scripts.program(channel, script), *options], given, timeout_s=PATIENCE_S), given


def asked(ground: Ground, script: str, *options: str) -> dict[str, Any]:
    """Return what a program answers.

    Raises:
        VidctlError: it failed, in its own words.
    """
    ended, given = ran(ground, script, *options)
    return errand.answer(ended, given, _not_counted)


def last_words(ground: Ground, script: str, *options: str) -> str:
    """Return what a program that answers nothing else says to people.

    Raises:
        VidctlError: it failed, in its own words.
    """
    ended, given = ran(ground, script, *options)
    if ended.returncode != ExitCode.OK:
        errand.answer(ended, given, _not_counted)
    return errand.last_line(ended) or "it answers"


def _not_counted(_: Quota) -> None:
    """Nothing that is asked here takes of a quota."""
