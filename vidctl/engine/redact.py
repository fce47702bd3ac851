"""What a script says is untrusted: no secret of ours, no control character and no endless text gets further."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vidctl.contract import Failure
from vidctl.settings import SECRETS
from vidctl.store.failures import clean

MAX_CHARACTERS: Final = 2_000
SHORTEST_SECRET: Final = 6
"""A shorter value is no key, and would black out ordinary words."""


def redacted(text: str, environment: Mapping[str, str], *, longest: int = MAX_CHARACTERS) -> str:
    """Return text that may be kept and shown: secrets by name only, printable, the end of it if it is long."""
    for name in SECRETS:
        value = environment.get(name, "")
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, f"[{name}]")
    shown = "".join(character if character.isprintable() or character in "\n\t" else " " for character in text)
    return clean(shown if len(shown) <= longest else f"…{shown[-longest:]}")


def redacted_failure(failure: Failure, environment: Mapping[str, str]) -> Failure:
    """Return a failure whose every word may be kept and shown."""
    return replace(
        failure,
        error_type=redacted(failure.error_type, environment, longest=80),
        message=redacted(failure.message, environment),
        hint=redacted(failure.hint, environment),
    )
