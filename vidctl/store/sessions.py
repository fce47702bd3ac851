"""Who is connected: what processes call themselves when they open their connection."""

from typing import Final

from vidctl.store import Db

_PIDS: Final = """
    select distinct split_part(application_name, ' ', 3) from pg_stat_activity
     where application_name like %s and datname = current_database()
"""


def pids_of(db: Db, command: str) -> list[int]:
    """Return the processes, of every host, that run `vidctl COMMAND` on this database.

    By the name they gave: `vidctl COMMAND PID …`. One that puts no number there is left out.
    """
    rows = db.execute(_PIDS, (f"vidctl {command} %",)).fetchall()
    return [int(pid) for (pid,) in rows if pid.isascii() and pid.isdigit()]


def end(db: Db, backend_pid: int) -> None:
    """End a session, whatever it does, and return once the server has forgotten it, and its locks."""
    db.execute("select pg_terminate_backend(%s, 10000)", (backend_pid,))
