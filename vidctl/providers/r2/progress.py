"""How far a transfer is, said once for each few megabytes."""

import threading
from typing import Final

from vidctl.contract import Progress
from vidctl.script import say

EVERY_BYTES: Final = 8 * 1024 * 1024


class Heard:
    """What boto3 calls, from many threads, with the bytes that went; fewer than none where it begins anew.

    Nothing is said of a transfer that is over in one step.
    """

    def __init__(self, total: int) -> None:
        self._lock, self._total, self._done, self._said = threading.Lock(), total, 0, 0

    def __call__(self, count: int) -> None:
        """Count bytes, and say how far it is where that is worth a line."""
        with self._lock:
            self._done += count
            if self._total > EVERY_BYTES and self._done >= min(self._said + EVERY_BYTES, self._total):
                self._said = self._done
                say(Progress(self._done, self._total))
