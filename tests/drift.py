"""Models and migrations agree: `python -m tests.drift` makes a new database by the migrations and compares."""

import shutil
import sys
import tempfile
from pathlib import Path

from vidctl.store import embedded
from vidctl.store.drift import differences
from vidctl.store.migrate import migrate


def main() -> int:
    root = Path(tempfile.mkdtemp(prefix="vidctl-drift-"))
    root.chmod(0o755)  # the server's user has to reach it when root runs this
    try:
        dsn = embedded.ensure_running(root / "home")
        migrate(dsn)
        found = differences(dsn)
    finally:
        embedded.erase(root / "home")
        shutil.rmtree(root)
    print("\n".join(found) or "no difference")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
