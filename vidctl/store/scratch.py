"""A database for a while: a server of its own in a folder that goes away, quick because nothing in it has to last."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from psycopg import sql

from vidctl.store import embedded
from vidctl.store.connection import connect
from vidctl.store.migrate import migrate

_NOT_LASTING: Final = ("fsync", "full_page_writes", "synchronous_commit")


@contextmanager
def database() -> Iterator[tuple[Path, str]]:
    """Yield an empty folder and the URL of an empty database at the schema of this version; both are gone afterwards.

    Raises:
        VidctlError: no server can be started here.
    """
    folder = Path(tempfile.mkdtemp(prefix="vidctl-scratch-"))
    folder.chmod(0o755)  # the server's user has to reach it where root starts it
    server = folder / "server"
    try:
        dsn = embedded.ensure_running(server)
        with closing(connect(dsn, application_name="vidctl scratch")) as db:
            for setting in _NOT_LASTING:
                db.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
            db.execute("select pg_reload_conf()")
        migrate(dsn)
        yield folder, dsn
    finally:
        embedded.erase(server)
        shutil.rmtree(folder, ignore_errors=True)
