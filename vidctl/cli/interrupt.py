"""Ctrl-C and its relatives: noted, and obeyed where nothing can be forgotten."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from vidctl.errors import VidctlError

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether somebody asked to stop; at the end of the block, stop.

    Python's own way, an exception between any two steps of the program, could forget a process that
    was begun a moment ago, and a second Ctrl-C could cut the tidying short.

    Raises:
        KeyboardInterrupt: somebody asked. An error after that is a consequence: Ctrl-C reaches our
            children too.
    """
    asked: list[int] = []

    def note(signum: int, _frame: FrameType | None) -> None:
        asked.append(signum)

    old = {signum: signal.getsignal(signum) for signum in _SIGNALS}
    for signum in (signum for signum, handler in old.items() if handler is not signal.SIG_IGN):
        signal.signal(signum, note)  # what nohup has switched off stays so
    try:
        yield lambda: bool(asked)
    except VidctlError:
        if not asked:
            raise
    finally:
        for signum, handler in old.items():
            # All that is left is to say so and end: the impatient, who ask again, change nothing.
            signal.signal(signum, signal.SIG_IGN if asked else handler)
    if asked:
        raise KeyboardInterrupt
