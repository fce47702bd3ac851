"""The PostgreSQL that vidctl starts by itself when no `DATABASE_URL` is set.

The server's programs come from a wheel; everything it writes is in `HOME/postgres`, except where
`places` says otherwise. It listens on a socket in a private folder, is started on first use and
stays for the next tick: `stop` ends it, a crash or `kill -9` costs nothing that was committed.

Only the way to a server that already runs is here, because every tick takes it: no lock, no
subprocess. What starts, stops and looks at a server is imported when that is needed.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from vidctl.store.embedded.places import SHARED, Place, answers

if TYPE_CHECKING:
    from vidctl.store.embedded.control import Status

__all__ = ["dsn_of", "ensure_running", "erase", "status", "stop"]


def dsn_of(home: Path) -> str:
    """Return the URL of the server of `home`, whether or not it runs. Reads and writes nothing."""
    return Place.of(home).dsn


def ensure_running(home: Path, *, shared: Path = SHARED) -> str:
    """Return the URL of the server of `home`; start it first if it does not answer.

    Any number of processes may call this at once. `shared` is where root keeps what the server's
    user could not reach below `home`.

    Raises:
        Unavailable: it is still recovering after a minute, or something else uses its data.
        CannotWrite: the disk is full, or `home` cannot be written to.
        Misconfigured: it cannot run here; the message has the last lines of its log.
    """
    place = Place.of(home)
    if not answers(place):
        from vidctl.store.embedded.launch import start

        start(place, shared)
    return place.dsn


def status(home: Path) -> "Status":
    """Return what is known of the server of `home`; starts and writes nothing."""
    from vidctl.store.embedded.control import status_of

    return status_of(Place.of(home))


def stop(home: Path) -> bool:
    """End the server of `home` and wait until its last process is gone; return whether it ran.

    Open transactions are rolled back, the data stays.

    Raises:
        Unavailable: it has not ended after a minute.
        Misconfigured: it belongs to another user.
    """
    from vidctl.store.embedded.control import stop_server

    return stop_server(Place.of(home))


def erase(home: Path) -> None:
    """End the server of `home` and delete its data, for good."""
    from vidctl.store.embedded.control import erase_server

    erase_server(Place.of(home))
