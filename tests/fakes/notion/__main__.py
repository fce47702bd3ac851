"""Notion on loopback, started by hand.

    python -m tests.fakes.notion --port N [--faults SPEC.json] [--ledger FILE]

`--port 0` picks a free port. SPEC is a list of faults, `[{"kind": "503_saved", "method": "PATCH", "times": 2}, …]`,
see `faults`. The ledger gets one line of JSON for each request. Prints where it is and what a client needs.
"""

import argparse
import contextlib
import json
import signal
import sys
import threading
from pathlib import Path

from tests.fakes.notion.fake import FakeNotion


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.fakes.notion", description="Notion on loopback")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--faults", type=Path, help="a JSON file with a list of faults")
    options.add_argument("--ledger", type=Path, help="a file that gets one line of JSON for each request")
    options.add_argument("--token", default="ntn_test")
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # what was asked is answered, and the ledger whole
    with FakeNotion(port=chosen.port, ledger=chosen.ledger, token=chosen.token) as notion:
        for fault in json.loads(chosen.faults.read_text()) if chosen.faults else []:
            notion.fault(**fault)
        page = notion.parent_page("Studio", shared=True)
        print(f"NOTION_BASE_URL={notion.url}", f"NOTION_TOKEN={notion.token}", f"page={page}", sep="\n", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
