"""A database for a while: a server of its own in a folder that goes away, quick because nothing in it has to last."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from psycopg import sql

from vidctl.errors import VidctlError
from vidctl.store import embedded
from vidctl.store.connection import connect
from vidctl.store.migrate import migrate

_NOT_LASTING: Final = ("fsync", "full_page_writes", "synchronous_commit")
_NAME: Final = "vidctl-scratch-"
_OWNER: Final = "in_use.lock"
"""Held for as long as somebody uses a folder: one that is free was left by a process that was killed."""


@contextmanager
def database() -> Iterator[tuple[Path, str]]:
    """Yield an empty folder and the URL of an empty database at the schema of this version; both are gone afterwards.

    What others left that were killed goes with it.

    Raises:
        VidctlError: no server can be started here.
    """
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=_NAME))
    folder.chmod(0o755)  # the server's user has to reach it where root starts it
    with FileLock(folder / _OWNER):
        try:
            yield folder, _begun(folder)
        finally:
            _remove(folder)


def _begun(folder: Path) -> str:
    dsn = embedded.ensure_running(folder / "server")
    with closing(connect(dsn, application_name="vidctl scratch")) as db:
        for setting in _NOT_LASTING:
            db.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
        db.execute("select pg_reload_conf()")
    migrate(dsn)
    return dsn


def sweep() -> None:
    """Remove what nobody uses any more: a killed process ends no server."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_NAME}*"):
        lock = FileLock(folder / _OWNER, timeout=0)
        try:
            if _is_ours(folder) and (folder / _OWNER).exists():
                with lock:
                    _remove(folder)
        except (Timeout, OSError, VidctlError):
            continue  # it is used, or its server does not end: the next one tries again


def _is_ours(folder: Path) -> bool:
    """Say whether this user made a folder: anybody can lay one there, with links in it to what is not to be removed."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _remove(folder: Path) -> None:
    embedded.erase(folder / "server")
    shutil.rmtree(folder, ignore_errors=True)
