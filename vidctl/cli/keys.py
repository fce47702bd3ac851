"""One key pressed on a terminal, without Enter."""

import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A key that may be pressed; `file` is None where stdin is no terminal."""

    letter: str
    file: int | None

    def within(self, wait_s: float) -> bool:
        """Wait that long, and say whether the key was pressed meanwhile; other keys are ignored."""
        until = time.monotonic() + wait_s
        while (left_s := until - time.monotonic()) > 0:
            if self.file is None:
                time.sleep(left_s)
            elif select.select([self.file], [], [], left_s)[0]:
                typed = os.read(self.file, 64)
                if not typed or self.letter.encode() in typed.lower():
                    return True
        return False


@contextmanager
def pressed(letter: str) -> Iterator[Key]:
    """Read keys one by one during the block, unseen; the terminal is put back as it was."""
    if not sys.stdin.isatty():
        yield Key(letter, None)
        return
    import termios
    import tty

    file = sys.stdin.fileno()
    before = termios.tcgetattr(file)
    tty.setcbreak(file)
    try:
        yield Key(letter, file)
    finally:
        termios.tcsetattr(file, termios.TCSADRAIN, before)
