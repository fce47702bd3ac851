"""Do the same to many files at once: libav works outside Python's lock, so threads are enough."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

MAX_WORKERS: Final = 8
"""Each holds a decoder, and more than a few seconds of sound."""

T = TypeVar("T")
R = TypeVar("R")


def each(function: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Return `function` of every item, in order; the first error ends it all, and so does a signal."""
    pool = ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, MAX_WORKERS))
    try:
        return list(pool.map(function, items))
    finally:
        pool.shutdown(cancel_futures=True)
