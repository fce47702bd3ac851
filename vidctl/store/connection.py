"""Connect to PostgreSQL, and refuse a server on which vidctl's locks would not hold.

A connection is a session, and a session's advisory locks are how vidctl knows who is alive. So both ends
must notice soon when the other has gone, and nothing in between may swap the session for another one.
"""

import secrets
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg
from psycopg import conninfo, errors, pq
from psycopg.rows import TupleRow

from vidctl.errors import Misconfigured, Unavailable, VidctlError

Connection = psycopg.Connection[TupleRow]

LOST: Final = (psycopg.OperationalError, psycopg.InternalError)
"""What says that a server is gone, has ended our session, or only reads: nothing can be written until it is back."""

OLDEST_VERSION: Final = 140_000
"""PostgreSQL 14: `client_connection_check_interval` begins there."""

_CLIENT_DEFAULTS: Final = {
    "connect_timeout": "10",
    "keepalives": "1",
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
}
"""What the client asks of its own socket (seconds); the URL may say otherwise."""

# Set by a statement, not in the start-up packet: a session-mode pooler refuses that, and could pass it on to nobody.
_SERVER_KEEPALIVES: Final = """
    select set_config('tcp_keepalives_idle', '30', false),
           set_config('tcp_keepalives_interval', '10', false),
           set_config('tcp_keepalives_count', '3', false)
"""
# Without it a killed client's locks stay until the statement that its backend is in has ended.
_CHECK_CLIENT: Final = "set client_connection_check_interval = '5s'"

_LATER: Final = ("too many", "remaining connection slots", "starting up", "shutting down", "recovery mode")
"""Refusals that pass: the server is up, and has no place or no time for us now."""

_LOOKS: Final = 5
"""How often the session is compared: a pooler that hands out two backends in turn or at random is caught too."""


def connect(dsn: str, *, application_name: str) -> Connection:
    """Return an autocommit connection. `application_name` is what `pg_stat_activity` shows of its locks' holder.

    For a transaction use psycopg's own `with db.transaction():`.

    Raises:
        Unavailable: the server is down, starting, or has no connection left.
        Misconfigured: the URL, the user, the password or the database is wrong, or the server is too old.
    """
    wanted = _read(dsn)
    try:
        db = psycopg.connect(**(_CLIENT_DEFAULTS | wanted), autocommit=True, application_name=application_name[:63])
    except psycopg.OperationalError as exc:
        raise _refused(dsn, exc) from exc
    try:
        _prepare(db)
    except BaseException:
        db.close()
        raise
    return db


def _prepare(db: Connection) -> None:
    """Make the server notice soon when this client has gone."""
    if db.info.server_version < OLDEST_VERSION:
        raise Misconfigured(
            f"the server at {_place(db.info.get_parameters())} is PostgreSQL {db.info.server_version // 10_000}",
            hint="vidctl needs PostgreSQL 14 or newer: upgrade it, or set DATABASE_URL to another",
        )
    if not db.info.host.startswith("/"):
        db.execute(_SERVER_KEEPALIVES)
    with suppress(errors.InvalidParameterValue):  # the server's own system cannot do it
        db.execute(_CHECK_CLIENT)


def _read(dsn: str) -> dict[str, Any]:
    """Return the URL's parts.

    Raises:
        Misconfigured: it is none. Its text is not repeated: what cannot be read may be the password.
    """
    try:
        wanted = conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        raise _unreadable() from None
    if _cut_in_the_password(wanted):
        raise _unreadable()
    return wanted


def _cut_in_the_password(wanted: dict[str, Any]) -> bool:
    """Tell whether a password that is not percent-encoded put its own pieces where other parts should be."""
    ports = str(wanted.get("port", "")).replace(",", "")
    name = str(wanted.get("dbname", ""))
    return "@" in str(wanted.get("host", "")) or ("@" in name and "/" in name) or not (ports + "0").isdigit()


def _unreadable() -> Misconfigured:
    return Misconfigured(
        "DATABASE_URL is not a PostgreSQL URL that can be read",
        hint="write postgresql://USER:PASSWORD@HOST:5432/DATABASE, with / @ : # ? % in a password percent-encoded",
    )


def _refused(dsn: str, exc: psycopg.OperationalError) -> VidctlError:
    """Return the error for a connection that was not made, by what the server says to a second knock."""
    knock = pq.PGconn.ping(conninfo.make_conninfo("", **(_CLIENT_DEFAULTS | _read(dsn))).encode())
    place = _place(_read(dsn))
    if knock == pq.Ping.NO_ATTEMPT:
        return _unreadable()
    said = " ".join(str(exc).split())
    if knock == pq.Ping.OK and not any(word in said for word in _LATER):
        return Misconfigured(
            f"the database server at {place} refuses: {said}",
            hint="correct the user, the password or the database's name in DATABASE_URL",
        )
    return Unavailable(
        f"no connection to the database at {place}: {said}",
        hint="see whether the server runs and can be reached from here; vidctl goes on when it does",
    )


def _place(wanted: dict[str, Any]) -> str:
    """Return where a server is, as a person writes it, without anything secret."""
    name = wanted.get("dbname") or wanted.get("user") or ""
    return f"{wanted.get('host', 'localhost')}:{wanted.get('port', 5432)}/{name}"


def prove_session_locks(dsn: str) -> None:
    """Take a lock on one connection and see that it holds against another. About ten short statements.

    A proxy that pools transactions gives two clients the same session in turn: both get the same lock, and
    no error tells. The key is drawn at random, so any number of processes may do this at once.

    Raises:
        Misconfigured: locks do not hold on this URL.
        Unavailable: as `connect`.
    """
    with (
        closing(connect(dsn, application_name="vidctl: lock test")) as one,
        closing(connect(dsn, application_name="vidctl: lock test")) as other,
    ):
        try:
            held = _locks_hold(one, other, key=secrets.randbits(63))
        except psycopg.OperationalError as exc:
            raise Unavailable(
                f"the database at {_place(_read(dsn))} hung up during the lock test: {exc}", hint="try again later"
            ) from exc
    if not held:
        raise _pooled(_read(dsn))


def _locks_hold(one: Connection, other: Connection, *, key: int) -> bool:
    session = _ask(one, "select pg_backend_pid()")
    mine = _ask(one, "select pg_try_advisory_lock(%s)", key)
    theirs = _ask(other, "select pg_try_advisory_lock(%s)", key)
    if theirs:
        _ask(other, "select pg_advisory_unlock(%s)", key)
    same = all(_ask(one, "select pg_backend_pid()") == session for _ in range(_LOOKS))
    freed = _ask(one, "select pg_advisory_unlock(%s)", key)
    return bool(mine and not theirs and same and freed)


def _ask(db: Connection, query: LiteralString, *arguments: object) -> Any:
    row = db.execute(query, arguments).fetchone()
    assert row is not None
    return row[0]


def _pooled(wanted: dict[str, Any]) -> Misconfigured:
    """Return the error that names the cure, as exactly as host and port give the provider away."""
    host, port = str(wanted.get("host", "")), str(wanted.get("port", ""))
    cure = "use the direct URL of the database, or a pooler in session mode (pool_mode=session)"
    if "-pooler" in host:
        cure = f"use the direct URL: the same host without -pooler, {host.replace('-pooler', '', 1)}"
    elif port == "6543":
        cure = "port 6543 is the transaction pooler: use port 5432 (session mode) or the direct host"
    return Misconfigured(
        f"locks do not hold on the database at {_place(wanted)}: a proxy in front of it pools transactions",
        hint=f"{cure}; set DATABASE_URL to it",
    )


def database_of(database_url: str | None, home: Path) -> str:
    """Return the URL to connect to: the one that is set, proved now, or that of the embedded server, running.

    Proved each time, since a proxy may be put behind the same URL on any day: it costs milliseconds,
    and what it keeps away (two processes with one lock) shows no error.

    Raises:
        Misconfigured, Unavailable, CannotWrite: there is no database that can be used.
    """
    if database_url:
        prove_session_locks(database_url)
        return database_url
    from vidctl.store import embedded

    return embedded.ensure_running(home)
