"""How the fields of a settings file become a struct, and what several of them may be. Pure."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_type_hints

import msgspec
from msgspec import Meta

from vidctl.errors import Misconfigured

Parallel = Annotated[int, Meta(ge=1, le=1000)]
Usd = Annotated[float, Meta(ge=0, le=1_000_000)]

SEE_SCHEMA: Final = "vidctl channel schema prints every field with its meaning"

T = TypeVar("T")


def convert(fields: Mapping[str, Any], type_: type[T]) -> T:
    """Return the struct that these fields describe.

    Raises:
        Misconfigured: a field is missing, unknown or wrong; the message ends in its path `$.…`.
    """
    try:
        return msgspec.convert(fields, type_)
    except msgspec.ValidationError as exc:
        raise wrong(str(exc)) from exc


def wrong(complaint: str) -> Misconfigured:
    """Return the error that says what is wrong with a settings file."""
    return Misconfigured(complaint, hint=SEE_SCHEMA)


def known(fields: Mapping[str, Any], type_: Any) -> dict[str, Any]:
    """Return only those fields that a struct has, in its sections too."""
    hints = _hints(type_)
    return {
        name: known(value, hints[name])
        if isinstance(value, dict) and hasattr(hints[name], "__struct_fields__")
        else value
        for name, value in fields.items()
        if name in hints
    }


@cache
def _hints(type_: Any) -> dict[str, Any]:
    return get_type_hints(type_)
