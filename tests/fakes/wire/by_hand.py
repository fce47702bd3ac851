"""What the fakes' `python -m tests.fakes.NAME --port N [--faults SPEC.json] [--ledger FILE]` have in common."""

import argparse
import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.fakes.wire.server import Fake


def main(make: Callable[..., Fake], says: Callable[[Any], Sequence[str]], *, name: str, about: str) -> None:
    """Serve until stopped. `says` returns the settings that a client needs, as NAME=value."""
    options = argparse.ArgumentParser(prog=f"python -m tests.fakes.{name}", description=about)
    options.add_argument("--port", type=int, required=True, help="0 picks a free one")
    options.add_argument("--faults", type=Path, help="a JSON file with a list of faults")
    options.add_argument(
        "--ledger", type=Path, help="a file that gets a line of JSON for each sale; Notion's: for each request"
    )
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with make(port=chosen.port, ledger=chosen.ledger) as fake:
        for fault in json.loads(chosen.faults.read_text()) if chosen.faults else []:
            fake.fault(**fault)
        print(*says(fake), sep="\n", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
