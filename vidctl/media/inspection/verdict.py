"""What is said of an artifact that is not good enough: make it again, it may come out better."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from vidctl.contract import ErrorClass, Scope, ScriptError

Facts: TypeAlias = Mapping[str, Any]


class Length(NamedTuple):
    """How long a recording may play, in seconds."""

    shortest_s: float
    longest_s: float


def refused(path: Path, error_type: str, complaint: str) -> ScriptError:
    """Return the error for a bad file. A generator's next try may be good, so it is transient."""
    return ScriptError(
        f"{path.name}: {complaint}",
        hint="it has to be made again",
        error_class=ErrorClass.TRANSIENT,
        scope=Scope.ITEM,
        error_type=error_type,
    )


def require_counts(path: Path, facts: Facts, **wanted: int) -> None:
    """Refuse a document that has not as many of something as was asked for; 0 asks for nothing.

    Raises:
        ScriptError: a count differs.
    """
    for name, count in wanted.items():
        if count and facts.get(name) != count:
            raise refused(path, "WrongSize", f"it has {facts.get(name)} {name}, and {count} were asked for")
