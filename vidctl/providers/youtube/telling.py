"""How far an upload is: said every half minute, however slowly it goes, and at its end."""

import sys
import threading
from types import TracebackType
from typing import Final, Self

from vidctl.contract import Progress
from vidctl.script import say

EVERY_S: Final = 30.0
_MB: Final = 1_000_000


class Telling:
    """Says `done` of `total` bytes until its block ends."""

    def __init__(self, total: int, *, every_s: float = EVERY_S) -> None:
        self.done = 0
        self._total, self._every_s = total, every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self.tell()

    def tell(self) -> None:
        """Say it now: to the engine, and to people."""
        say(Progress(self.done, self._total))
        share = f"{100 * self.done / self._total:.0f}%"
        print(f"uploaded {self.done / _MB:.1f} of {self._total / _MB:.1f} MB ({share})", file=sys.stderr, flush=True)

    def _run(self) -> None:
        while not self._over.wait(self._every_s):
            self.tell()
