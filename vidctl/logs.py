"""One line an event on standard error: JSON where a program reads it, words where a person does."""

import json
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any


def log(event: str, **fields: Any) -> None:
    """Write one event with its fields; durations are in seconds, and no field may hold a secret.

    Where nothing can be written (the disk is full, the terminal gone) the work goes on without it.
    """
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    if sys.stderr.isatty():
        words = " ".join(f"{name}={value}" for name, value in fields.items())
        line = f"{now[11:19]} {event} {words}"
    else:
        line = json.dumps({"timestamp": now, "event": event, **fields}, default=str)
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)
