"""Where everything of one embedded server is. Every tick reads this: it imports next to nothing.

    HOME/postgres/        the server's folder: only its owner and the server can enter it
        data/             the database
        run/              the socket
        log/, start.log   what the server says, a week of it
        lock              held by whoever starts the server, then by the server until its last process ends

Two things can be elsewhere. Root may not run a PostgreSQL server, so an unprivileged user does; where
that user cannot reach `HOME` (root's own home is closed to it), the folder is `SHARED/postgres-HASH` and
`HOME/postgres` is a link to it. A folder in place always counts, so a database never moves by itself.
And a socket's path is limited to about a hundred bytes: where it would be longer, it is in a short folder
below `/tmp`, named by a hash of the real one.
"""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from psycopg import pq

SHARED: Final = Path("/var/lib/vidctl")
"""Where root keeps what the server's user has to reach: durable, unlike a temporary folder."""

# Not tempfile.gettempdir(): cron and a shell must find the same folder, whatever their TMPDIR is.
SHORT: Final = Path("/tmp")  # noqa: S108  # the folder below it is checked before it is used
PORT: Final = 5432
"""A part of the socket's name, no more: the server listens on no network."""
SOCKET_NAME: Final = f".s.PGSQL.{PORT}"
LOCK: Final = "lock"
MAX_SOCKET_PATH_BYTES: Final = 107 if sys.platform == "linux" else 103
PING_TIMEOUT_S: Final = 5


def digest(path: Path) -> str:
    """Return a short name that stands for a path."""
    from hashlib import sha256

    return sha256(os.fsencode(path)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one server. `folder` is `HOME/postgres`, as a client sees it."""

    folder: Path

    @classmethod
    def of(cls, home: Path) -> "Place":
        """Return the place of `home`: the same one, however `home` is spelled."""
        return cls(Path(os.path.realpath(home)) / "postgres")

    @property
    def home(self) -> Path:
        """The folder that the whole installation is in."""
        return self.folder.parent

    @property
    def real(self) -> Path:
        """The server's folder without any link in it: the server's user may be unable to follow one."""
        return Path(os.path.realpath(self.folder))

    @property
    def data(self) -> Path:
        """The database cluster."""
        return self.real / "data"

    @property
    def log(self) -> Path:
        """The folder of the server's log files."""
        return self.real / "log"

    @property
    def first_words(self) -> Path:
        """The file of what the server says before it opens its log."""
        return self.real / "start.log"

    @property
    def lock(self) -> Path:
        """The file that is locked for as long as any process of the server lives."""
        return self.real / LOCK

    @property
    def short_folder(self) -> Path | None:
        """The folder below `/tmp` that has the socket, or None where the socket is in `folder`."""
        path = os.fsencode(self.folder / "run" / SOCKET_NAME)
        # libpq takes a comma for the end of one host and the start of the next.
        if len(path) <= MAX_SOCKET_PATH_BYTES and b"," not in path:
            return None
        return SHORT / f"vidctl-{digest(self.folder)}"

    @property
    def dsn(self) -> str:
        """The URL of the server. It names even the port, which PGPORT would fill in otherwise."""
        folder = (self.short_folder or self.folder) / "run"
        return f"postgresql://postgres@/postgres?host={quote(os.fsencode(folder), safe='')}&port={PORT}"

    @property
    def server_socket_folder(self) -> Path:
        """The folder of the socket, as the server sees it."""
        return (self.short_folder or self.real) / "run"

    def squatted(self) -> bool:
        """Tell whether the short folder belongs to a stranger: anybody can make a folder below `/tmp`."""
        if self.short_folder is None:
            return False
        try:
            owner = os.lstat(self.short_folder).st_uid
        except FileNotFoundError:
            return False
        return owner not in (os.geteuid(), _owner_of(self.folder))


def _owner_of(folder: Path) -> int | None:
    try:
        return folder.stat().st_uid
    except OSError:
        return None


def answers(place: Place) -> bool:
    """Tell whether the server takes connections now. One that is still recovering does not."""
    if place.squatted():
        return False
    dsn = f"{place.dsn}&connect_timeout={PING_TIMEOUT_S}"
    return pq.PGconn.ping(dsn.encode()) == pq.Ping.OK
