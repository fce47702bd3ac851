"""Advisory locks: who is alive, who works on what, and how many at once.

A session's lock is freed by the server when its process dies, so nothing here needs a heartbeat or
a timeout. Tasks use the one-number form of the key (the first half of their id); everything else
uses the two-number form, and the two forms never collide.
"""

import time
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg

HUNG_S: Final = 5.0
"""Who holds a lock of a transaction and says nothing for so long hangs: the server ends its session."""
PATIENCE_S: Final = 10.0
"""How long such a lock is waited for: longer than one that hangs can hold it."""

SLOTS: Final = 1000
"""Slot keys are `owner * SLOTS + slot`: no limit may be larger."""

_WITHIN: Final = """
    select count(*) <= %s from pg_locks
     where locktype = 'advisory' and granted and objsubid = 2
       and classid::bigint = %s and %s = objid::bigint / %s
       and database = (select oid from pg_database where datname = current_database())
"""

_OWNERS: Final = 2_000_000
_BASE: Final = 0x76696400  # "vid": whoever shares the database sees whose locks these are


@dataclass(frozen=True, slots=True)
class Key:
    """The two numbers of a lock that is not a task's."""

    group: int
    number: int = 0


TICK: Final = Key(_BASE + 1)
MIGRATE: Final = Key(_BASE + 2)
AUDIT: Final = Key(_BASE + 3)
CHANNEL_SLOTS: Final = _BASE + 4
STEP_SLOTS: Final = _BASE + 5
SYNC: Final = Key(_BASE + 6)
CARDS: Final = _BASE + 7
PAGES: Final = _BASE + 8
MONEY: Final = Key(_BASE + 9)
SERVICE_SLOTS: Final = _BASE + 10
PUBLISHING: Final = Key(_BASE + 11)
"""Who may publish is decided for one film after the other: two that are alike are never let go at once."""
ALERTS: Final = Key(_BASE + 12)
TICKS_HERE: Final = _BASE + 13
"""One tick of a machine at a time, at work or waiting for that of another; its number is `number_of` its name."""
HOST_SLOTS: Final = _BASE + 20
"""How many steps a machine works on; its number is `number_of` its name."""


def number_of(name: str) -> int:
    """Return the number by which the slots of a service or a machine are known."""
    return zlib.crc32(name.encode()) % _OWNERS


def task_key(task_id: UUID) -> int:
    """Return the lock key of a task; `pick` computes the same number in SQL."""
    return int.from_bytes(task_id.bytes[:8], "big", signed=True)


def card(page_id: str) -> Key:
    """Return the key of a card's lock."""
    return Key(CARDS, zlib.crc32(page_id.encode()) & 0x7FFFFFFF)


def page_of(task_id: UUID) -> Key:
    """Return the key of what a film's page shows."""
    return Key(PAGES, int.from_bytes(task_id.bytes[:4], "big", signed=True))


def unlock(db: psycopg.Connection[Any], key: Key) -> None:
    """Let go of a lock of this session, if the server is still there."""
    if not db.closed:
        db.execute("select pg_advisory_unlock(%s, %s)", (key.group, key.number))


def release_all(db: psycopg.Connection[Any]) -> None:
    """Give back every lock of this session, as its end would."""
    db.execute("select pg_advisory_unlock_all()")


def try_task(db: psycopg.Connection[Any], task_id: UUID) -> bool:
    """Take a task's lock for this session; False when another process works on it."""
    return _true(db, "select pg_try_advisory_lock(%s)", task_key(task_id))


def try_lock(db: psycopg.Connection[Any], key: Key) -> bool:
    """Take a lock for this session; False when it is held elsewhere."""
    return _true(db, "select pg_try_advisory_lock(%s, %s)", key.group, key.number)


def wait_for(db: psycopg.Connection[Any], key: Key, *, seconds: float) -> bool:
    """Take a lock for this session, in turn with those who wait for it; False when it was not to be had in time."""
    if try_lock(db, key):
        return True
    try:
        with db.transaction():
            _set(db, "lock_timeout", seconds)
            db.execute("select pg_advisory_lock(%s, %s)", (key.group, key.number))  # of the session: it outlives this
    except psycopg.errors.LockNotAvailable:
        return False
    return True


def try_slot(db: psycopg.Connection[Any], group: int, owner: int, limit: int) -> bool:
    """Take one of the `limit` slots of `owner` for this session; False when as many are taken already.

    Counted as well as taken: a slot beyond a limit that was lowered meanwhile may still be held.
    """
    for slot in range(min(limit, SLOTS)):
        key = Key(group, owner * SLOTS + slot)
        if try_lock(db, key):
            if _true(db, _WITHIN, limit, group, owner, SLOTS):
                return True
            unlock(db, key)
            return False
    return False


def within_this_transaction(db: psycopg.Connection[Any], key: Key) -> None:
    """Wait for a lock that is freed by the end of the transaction, and by the end of a process that hangs in it.

    Raises:
        psycopg.errors.LockNotAvailable: it was not to be had for `PATIENCE_S`, or something that the transaction
            waits for later.
    """
    end_if_hung(db, after_s=HUNG_S)
    _set(db, "lock_timeout", PATIENCE_S)
    db.execute("select pg_advisory_xact_lock(%s, %s)", (key.group, key.number))


def end_if_hung(db: psycopg.Connection[Any], *, after_s: float) -> None:
    """Have the server end this session if it leaves the present transaction alone for so long."""
    _set(db, "idle_in_transaction_session_timeout", after_s)


def _set(db: psycopg.Connection[Any], name: str, limit_s: float) -> None:
    """Set one of the server's limits for the present transaction."""
    db.execute("select set_config(%s, %s, true)", (name, f"{limit_s * 1000:.0f}"))


def take_slot(db: psycopg.Connection[Any], group: int, owner: int, limit: int, *, held: Collection[int]) -> int | None:
    """Take one more of the `limit` slots of `owner` for this session, which has `held` some; None when all are taken.

    A session may take a lock that it has once more, so those that it holds are passed over.
    """
    if not _true(db, _WITHIN, limit - 1, group, owner, SLOTS):
        return None
    for slot in range(min(limit, SLOTS)):
        key = Key(group, owner * SLOTS + slot)
        if slot not in held and try_lock(db, key):
            if _true(db, _WITHIN, limit, group, owner, SLOTS):
                return slot
            unlock(db, key)
            return None
    return None


def free_slot(db: psycopg.Connection[Any], group: int, owner: int, slot: int) -> None:
    """Let go of a slot."""
    unlock(db, Key(group, owner * SLOTS + slot))


@contextmanager
def waiting(db: psycopg.Connection[Any], key: Key) -> Iterator[None]:
    """Hold a lock during the block, waiting for it as long as it takes."""
    db.execute("select pg_advisory_lock(%s, %s)", (key.group, key.number))
    try:
        yield
    finally:
        unlock(db, key)


@contextmanager
def trying_task(db: psycopg.Connection[Any], task_id: UUID, *, patience_s: float = 1.0) -> Iterator[bool]:
    """Hold a task's lock during the block; yields False when another process works on it for longer than `patience_s`.

    The server takes a moment to free the lock of a process that has just ended.
    """
    until = time.monotonic() + patience_s
    while not (held := try_task(db, task_id)) and time.monotonic() < until:
        time.sleep(0.02)
    try:
        yield held
    finally:
        if held and not db.closed:
            db.execute("select pg_advisory_unlock(%s)", (task_key(task_id),))


def _true(db: psycopg.Connection[Any], query: Any, *params: int) -> bool:
    row = db.execute(query, params).fetchone()
    return bool(row and row[0])
