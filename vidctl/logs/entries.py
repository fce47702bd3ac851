"""How an entry is made and where it goes. Imports structlog, so it is imported with the first entry.

Every entry has the fields of `ALWAYS`, in this order, whatever is known of them.
"""

import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any, Final

from vidctl import logs
from vidctl.logs import stream
from vidctl.masking import masked


def _import_structlog() -> Any:
    """Return structlog, imported without Rich, which it wants for tracebacks alone: that halves the time it takes."""
    if "structlog" in sys.modules or "rich" in sys.modules:
        import structlog

        return structlog
    sys.modules["rich"] = None  # type: ignore[assignment]  # as if it were not installed
    try:
        import structlog
    finally:
        del sys.modules["rich"]
    return structlog


structlog = _import_structlog()

ALWAYS: Final = ("timestamp", "level", "message", "correlation_id", "channel_id", "step", "attempt", "host")
MAX_CHARACTERS: Final = 8_000
"""Of one text; the end of a longer one is kept."""

Fields = MutableMapping[str, Any]


def write(level: str, message: str, fields: Mapping[str, Any]) -> None:
    """Write one entry, wherever entries of this process go."""
    getattr(_LOGGER, level)(message, **fields)


@contextmanager
def bound(fields: Mapping[str, Any]) -> Iterator[None]:
    """Let every entry within have these fields."""
    with structlog.contextvars.bound_contextvars(**fields):
        yield


def _whole(_logger: Any, _name: str, fields: Fields) -> Fields:
    """Return an entry with all that every entry has."""
    fields.setdefault("host", f"{logs.machine or socket.gethostname()}:{os.getpid()}")
    first = {name: fields.pop(name, None) for name in ALWAYS}
    return {**first, **{name: value for name, value in fields.items() if value != ""}}


def _safe(_logger: Any, _name: str, fields: Fields) -> Fields:
    """Return an entry in which no secret can be read."""
    return {name: _cleared(value) for name, value in fields.items()}


def _cleared(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(_cleared(str(key))): _cleared(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_cleared(item) for item in value]
    text = masked(str(value), logs.secrets)
    return text if len(text) <= MAX_CHARACTERS else f"…{text[-MAX_CHARACTERS:]}"


class _Out:
    """Where an entry ends: in the process's file, on standard error or a container's output, or in both."""

    def write(self, **entry: Any) -> None:
        """Write an entry; where that cannot be done, nobody is told."""
        with suppress(OSError, ValueError):
            if logs.book is not None:
                logs.book.write(_json(entry))
        if (file := stream.stream()) is not None:
            with suppress(OSError):
                stream.write(file, _in_words(entry) if os.isatty(file) else _json(entry), entry)
        elif logs.is_aloud:
            with suppress(OSError, ValueError):
                print(_in_words(entry) if sys.stderr.isatty() else _json(entry), file=sys.stderr, flush=True)

    debug = info = warning = error = critical = write


def _json(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, default=str)


def _in_words(entry: dict[str, Any]) -> str:
    """Return an entry as people read it: without what is the same in all of them, and nothing a terminal obeys."""
    shown = {name: _printable(value) for name, value in entry.items() if name in {"timestamp", "level"} or value}
    for name in ("correlation_id", "host", "task_id"):
        shown.pop(name, None)
    shown["timestamp"] = str(entry["timestamp"])[11:19]
    return str(_WORDS(None, "", {"event": shown.pop("message", ""), **shown}))


def _printable(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "".join(one if one.isprintable() or one == "\n" else " " for one in value)


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.EventRenamer("message"),
        _whole,
        _safe,
    ],
    wrapper_class=structlog.make_filtering_bound_logger("debug"),
    logger_factory=_Out,
    cache_logger_on_first_use=True,
)
_LOGGER: Final = structlog.get_logger()
_WORDS: Final = structlog.dev.ConsoleRenderer(0, colors="NO_COLOR" not in os.environ, sort_keys=False)
