"""What the kernel says of a file's pages in memory: those that a power cut would forget."""

import ctypes
import os
import tempfile
from pathlib import Path

_CACHESTAT = 451
"""The number of the system call, the same on every architecture (Linux 6.5 and later)."""


def dirty_pages(path: Path) -> int:
    """Return how many pages of a file are not on the disk yet, nor on their way there.

    Raises:
        OSError: this kernel does not tell.
    """
    whole, counts = (ctypes.c_uint64 * 2)(0, 0), (ctypes.c_uint64 * 5)()
    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if libc.syscall(_CACHESTAT, descriptor, ctypes.byref(whole), ctypes.byref(counts), 0) != 0:
            raise OSError(ctypes.get_errno(), "cachestat")
    finally:
        os.close(descriptor)
    _, dirty, being_written, *_ = counts
    return int(dirty + being_written)


def kernel_tells_of_dirty_pages() -> bool:
    """Say whether a file that was just written is told from one that was flushed, where tests make theirs."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x" * 10_000)
        file.flush()
        try:
            before = dirty_pages(Path(file.name))
            os.fsync(file.fileno())
            return before > dirty_pages(Path(file.name)) == 0
        except OSError:
            return False
