"""What a script says is untrusted: no secret of ours, no control character and no endless text gets further."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from vidctl.contract import Failure, Message
from vidctl.masking import by_pattern, by_value, secrets_of
from vidctl.store.texts import storable

MAX_CHARACTERS: Final = 2_000
MAX_FACT_CHARACTERS: Final = 100_000


def redacted(text: str, environment: Mapping[str, str], *, longest: int = MAX_CHARACTERS) -> str:
    """Return text that may be kept and shown: no secret in it, printable, the end of it if it is long."""
    return _printable(by_pattern(by_value(text, secrets_of(environment))), longest)


def _printable(text: str, longest: int) -> str:
    end = text if len(text) <= longest else f"…{text[-longest:]}"
    return storable("".join(character if character.isprintable() or character in "\n\t" else " " for character in end))


def redacted_message(message: Message, environment: Mapping[str, str]) -> Message:
    """Return what a script said with every text in it as it may be kept.

    What only looks like a secret stays: a job's id, or an address that is signed, is what the next step works with.
    """
    fields = {name: getattr(message, name) for name in message.__slots__}
    return replace(message, **{name: _redacted(value, environment) for name, value in fields.items()})


def _redacted(value: Any, environment: Mapping[str, str]) -> Any:
    if type(value) is str:
        return _printable(by_value(value, secrets_of(environment)), MAX_FACT_CHARACTERS)
    if isinstance(value, Mapping):
        return {_redacted(key, environment): _redacted(item, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [_redacted(item, environment) for item in value]
    return value


def redacted_failure(failure: Failure, environment: Mapping[str, str]) -> Failure:
    """Return a failure whose every word may be kept and shown."""
    return replace(
        failure,
        error_type=redacted(failure.error_type, environment, longest=80),
        message=redacted(failure.message, environment),
        hint=redacted(failure.hint, environment),
    )
