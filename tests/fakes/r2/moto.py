"""moto's server in a process of its own: imported, it would hook itself into the boto3 of the tests."""

import re
import subprocess
import sys
import tempfile
import time
from typing import Self

STARTS_WITHIN_S = 30


class Moto:
    """An S3 that checks no key. `url` is where it is."""

    def __init__(self) -> None:
        self._said = tempfile.TemporaryFile("w+")  # noqa: SIM115  # closed with the process
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=self._said)
        self.url = self._found()

    def _found(self) -> str:
        until = time.monotonic() + STARTS_WITHIN_S
        while time.monotonic() < until and self._process.poll() is None:
            self._said.seek(0)
            if found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", self._said.read()):
                return found[1]
            time.sleep(0.02)
        self._said.seek(0)
        said = self._said.read()
        self.close()
        raise RuntimeError(f"moto did not start: {said}")

    def close(self) -> None:
        """Stop it, and forget what it keeps."""
        self._process.terminate()
        self._process.wait(10)
        self._said.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
