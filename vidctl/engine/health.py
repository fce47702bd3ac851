"""Look at an installation for whoever watches it: quickly, whatever the database does, and without mending anything."""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NoReturn, TypeAlias

import msgspec

from vidctl.domain.health import Look, Vitals
from vidctl.engine.room import free_bytes
from vidctl.errors import ExitCode, Misconfigured, Unavailable, VidctlError
from vidctl.settings import DESTINATIONS, Settings
from vidctl.store import Db, vitals

LIMIT_S: Final = 0.25
"""How long the database is waited for: starting Python takes about as long, and half a second is what there is."""
_BUSIEST: Final = 4.0
_NIGHTLY: Final = timedelta(days=1)
"""No backup is missed before."""
_MOST_BYTES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class _Told:
    """What the child says: what it saw, or what kept it from seeing anything.

    First, in a line of its own, only that it is let in.
    """

    vitals: Vitals | None = None
    trouble: tuple[str, str] | None = None
    let_in: bool = False
    took_s: float | None = None


def limit_s() -> float:
    """Return for how many seconds the database is waited for: longer where more is to be done than there are cores.

    There the answer comes as much later as this question does, and says nothing of the database.
    """
    try:
        waiting = os.getloadavg()[0] / (os.cpu_count() or 1)
    except OSError:  # some systems do not count it
        waiting = 1.0
    return LIMIT_S * min(max(1.0, waiting), _BUSIEST)


Tell: TypeAlias = Callable[[_Told], object]
"""How the child says something."""


def look(settings: Settings, clock: Callable[[], datetime], *, limit_s: float = LIMIT_S) -> Look:
    """Return what there is to judge. The database has `limit_s` seconds to answer.

    It is asked by a child that is ended then: nothing else ends the wait for a name server, or for a server that
    takes the connection and says nothing. The embedded server is not started, and nothing is migrated.
    """
    import psycopg  # noqa: F401  # before the clock runs, and once for both

    told = _in_time(lambda tell: _asked(settings, clock(), tell), limit_s)
    return Look(
        clock(),
        told.vitals,
        told.trouble,
        is_let_in=told.let_in,
        took_s=told.took_s,
        can_alert=any(settings.environment.get(name) for name in DESTINATIONS),
        free_bytes=free_bytes(settings.home),
    )


def _in_time(ask: Callable[[Tell], None], limit_s: float) -> _Told:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        _tell(theirs, ask)
    os.close(theirs)
    try:
        return _heard(ours, limit_s)
    finally:
        os.close(ours)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _tell(pipe: int, ask: Callable[[Tell], None]) -> NoReturn:
    """Be the child: say what there is to say, and end without running anything of the parent's."""
    status: int = ExitCode.BUG
    try:
        for signal_ in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signal_, signal.SIG_DFL)
        ask(lambda told: os.write(pipe, msgspec.json.encode(told) + b"\n"))
        status = ExitCode.OK
    finally:
        os._exit(status)


def _heard(pipe: int, limit_s: float) -> _Told:
    """Return what the child finds; where that is not in time, how far it came."""
    said, told, until = b"", _Told(), time.monotonic() + limit_s
    while select.select([pipe], [], [], max(0.0, until - time.monotonic()))[0]:
        part = os.read(pipe, _MOST_BYTES)
        if not part:
            return _Told(trouble=("the look at the database broke off", "vidctl doctor says more"))
        said += part
        told = _last(said) or told
        if told.vitals or told.trouble:
            return told
    return _late(limit_s, told)


def _last(said: bytes) -> _Told | None:
    """Return the last whole line of what a child said."""
    whole = said.rpartition(b"\n")[0].rpartition(b"\n")[2]
    with suppress(msgspec.MsgspecError):
        return msgspec.json.decode(whole, type=_Told)
    return None


def _late(limit_s: float, told: _Told) -> _Told:
    cure = "vidctl doctor waits longer; where the database is only far away: vidctl health --limit SECONDS"
    if told.let_in:
        what = f"the database is slow: it let us in, and did not answer within {limit_s:.2g} s"
        return replace(told, trouble=(what, cure))
    return _Told(trouble=(f"the database did not answer within {limit_s:.2g} s", cure))


def _asked(settings: Settings, now: datetime, tell: Tell) -> None:
    """Tell that the database lets us in, and then what it says."""
    import psycopg

    from vidctl.store.connection import connect

    began = time.monotonic()
    try:
        dsn = settings.external_database or _embedded(settings.home)
        with closing(connect(dsn, application_name="vidctl health")) as db:
            tell(_Told(let_in=True))
            found = _vitals(db, settings, now)
            tell(_Told(found, let_in=True, took_s=round(time.monotonic() - began, 3)))
    except VidctlError as exc:
        tell(_Told(trouble=(str(exc), exc.hint)))
    except psycopg.Error as exc:
        said = " ".join(str(exc).split())[:300]
        cure = "vidctl doctor says more"
        tell(_Told(trouble=(f"the database does not answer as vidctl's does: {said}", cure)))


def _embedded(home: Path) -> str:
    """Return the URL of the embedded server, which runs.

    Raises:
        Unavailable: it does not.
    """
    from vidctl.store import embedded

    known = embedded.status(home)
    if known.state == "running":
        return known.dsn
    if known.state == "absent":
        hint = "the first tick makes it; where there should be one, run vidctl in the folder that its .env is in"
        raise Unavailable(f"there is no database below {home} yet", hint=hint)
    hint = "it goes on by itself; its log tells how far it is" if known.state == "starting" else "vidctl db start"
    raise Unavailable(f"the embedded database server is {known.state}", hint=hint)


def _vitals(db: Db, settings: Settings, now: datetime) -> Vitals:
    """Return what the tables say.

    Raises:
        Misconfigured: they are of another version.
    """
    from vidctl.store.migrate import head, revision_of

    at, known = revision_of(db), head()
    if at != known:
        newer = at is not None and at > known
        raise Misconfigured(
            f"the database is at schema {at or 'nothing'}, and this vidctl is of schema {known}",
            hint="install the newer vidctl on this machine too"
            if newer
            else "the next tick does it: vidctl db migrate",
        )
    seen, found = vitals.read(db, known), vitals.rests(db, now=now)
    seen = replace(seen, hindrances=vitals.hindrances(db, now=now))
    late = seen.backs_up and seen.last_backup_at is not None and now - seen.last_backup_at > _NIGHTLY
    if not late and not any(map(vitals.is_budget, found)):
        return replace(seen, rests=found)
    return _by_files(db, replace(seen, rests=found), settings, now)


def _by_files(db: Db, seen: Vitals, settings: Settings, now: datetime) -> Vitals:
    """Return what the files have a say in: which budgets hold, and when a backup is missed. They take time to read."""
    from vidctl.domain.limits import Limits
    from vidctl.engine import budget_stops, channel_files

    try:
        files = channel_files.load(settings.channel_configs)
    except Misconfigured:
        return replace(seen, backup_after_days=Limits().alerts.backup_after_days)
    holding = budget_stops.holding(db, files, now=now)
    rests = [rest for rest in seen.rests if not vitals.is_budget(rest) or rest.service in holding]
    return replace(seen, rests=rests, backup_after_days=files.limits.alerts.backup_after_days)
