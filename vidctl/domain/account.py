"""How a channel's account on YouTube is, and how what is known against its token is kept."""

from enum import StrEnum
from typing import Final


class State(StrEnum):
    """How a channel's account is."""

    GOOD = "good"
    EXPIRING = "expiring"
    """Good, and Google said when it ends."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    REFUSED = "refused"
    """Google knows the token, and lets it do nothing here."""
    WRONG_KEY = "wrong key"
    """There is a token, and no key that reads it."""
    NOT_ITS_OWN = "not its own"
    """The token is of somebody else than the database says."""
    UNKNOWN = "unknown"
    """Google could not be asked, or does not say."""
    NONE = "none"


_KEPT: Final = (State.REFUSED, State.NOT_ITS_OWN)
"""What a problem that is kept begins with, where it is one of these; any other means that the token was revoked."""


def problem(state: State, why: str) -> str:
    """Return what is kept of a token that cannot be used."""
    return f"{state}: {why}" if state in _KEPT else why


def told_by(problem: str) -> tuple[State, str]:
    """Return how the account is of which this problem was kept, and why."""
    state = next((one for one in _KEPT if problem.startswith(f"{one}: ")), State.REVOKED)
    return state, problem.removeprefix(f"{state}: ")


def mended_by(channel_id: str, problem: str) -> str:
    """Return the command that a person begins with; no other token mends it that Google lets this one do nothing."""
    refused = told_by(problem)[0] is State.REFUSED
    return "vidctl auth status" if refused else f"vidctl auth youtube --channel {channel_id}"
