"""The database: whether it answers, keeps locks, has this version's schema, and who hangs in it."""

from collections.abc import Generator, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Final

from vidctl.domain.health import LATE
from vidctl.engine.doctor.findings import Finding, broken, ok, warning
from vidctl.engine.doctor.ground import Ground
from vidctl.errors import VidctlError
from vidctl.store import sessions
from vidctl.store.connection import connect, prove_session_locks
from vidctl.store.migrate import head, revision_of

_SKEW: Final = timedelta(seconds=5)
_HUNG: Final = timedelta(minutes=1)
_LONG: Final = timedelta(hours=6)
"""A step may wait for hours for a slow provider; who holds a film for longer may hang."""


def server(ground: Ground) -> Iterator[Finding]:
    """Yield whether there is a database that can be used, and of which schema it is. Nothing is started here."""
    settings = ground.settings
    dsn = settings.external_database or (yield from _embedded(ground))
    if dsn is None:
        return
    try:
        with closing(connect(dsn, application_name="vidctl doctor")) as db:
            version, at = db.info.parameter_status("server_version"), revision_of(db)
        if settings.external_database:
            prove_session_locks(dsn)
    except VidctlError as exc:
        yield broken(str(exc), exc.hint)
        return
    kind = "at DATABASE_URL, whose locks hold" if settings.external_database else "embedded"
    yield ok(f"PostgreSQL {version}, {kind}")
    known = head()
    if at == known:
        ground.dsn = dsn
        yield ok(f"schema {at}, which this vidctl knows")
    elif at is None or at < known:
        cure = "the next command brings it up to date: vidctl db migrate, or: vidctl doctor --fix"
        yield warning(f"the database is at schema {at or 'nothing'}, and this vidctl is of schema {known}", cure)
    else:
        cure = "install the newer vidctl on this machine too, or use another DATABASE_URL"
        yield broken(f"the database is at schema {at}, and this vidctl knows only up to {known}", cure)


def _embedded(ground: Ground) -> Generator[Finding, None, str | None]:
    """Yield how the embedded server is, and return its URL where it runs."""
    from vidctl.store import embedded

    try:
        known = embedded.status(ground.settings.home)
    except VidctlError as exc:
        yield broken(str(exc), exc.hint)
        return None
    if known.state == "running":
        return known.dsn
    if known.state == "starting":
        yield broken(
            "the embedded database server is starting, or recovers", f"wait; its log tells how far: {known.log}"
        )
    else:
        yield warning(
            f"the embedded database server is {known.state}",
            ground.or_mend_env("the next command starts it: vidctl db start, or: vidctl doctor --fix"),
        )
    return None


def clock(ground: Ground) -> Iterator[Finding]:
    """Yield whether this machine and the database agree on what time it is."""
    with ground.database() as db:
        if db is None:
            return
        before, theirs, after = ground.clock(), sessions.clock(db), ground.clock()
    ahead = before + (after - before) / 2 - theirs
    yield from of_clock(ahead.total_seconds(), "the database server's")


def of_clock(ahead_s: float, whose: str) -> Iterator[Finding]:
    """Yield how far this machine's clock is off another one."""
    if abs(ahead_s) <= _SKEW.total_seconds():
        yield ok(f"the clock agrees with {whose}")
    else:
        off = f"{abs(ahead_s):,.0f} s {'ahead of' if ahead_s > 0 else 'behind'}"
        cure = "set the clock of whichever is wrong by NTP (systemd-timesyncd, chrony): waits and quotas count by it"
        yield warning(f"the clock of this machine is {off} {whose}", cure)


def locks(ground: Ground) -> Iterator[Finding]:
    """Yield who works here, and who hangs: their locks keep others from going on."""
    with ground.database() as db:
        if db is None:
            return
        found = sessions.all_of(db)
    now = ground.clock()
    hung = [one for one in found if one.idle_since is not None and now - one.idle_since > _HUNG]
    for one in hung:
        yield warning(f"{_name(one)} hangs in a transaction since {_since(one.idle_since)}", _end(one))
    for one in found:
        if one in hung:
            continue
        if one.ticks and now - one.began > LATE:
            yield warning(
                f"{_name(one)} holds the lock of ticks since {_since(one.began)}: no other tick works", _end(one)
            )
        elif one.films and now - one.began > _LONG:
            yield warning(f"{_name(one)} holds a film since {_since(one.began)}", f"if it hangs: {_end(one)}")
    at_work = sum(one.films for one in found)
    yield ok(f"{at_work} {'film is' if at_work == 1 else 'films are'} being worked on, in {len(found)} sessions")


def _name(one: sessions.Session) -> str:
    return f"session {one.pid} ({one.name or 'without a name'})"


def _since(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _end(one: sessions.Session) -> str:
    return f"end its process, or: {one.ended_by}"
