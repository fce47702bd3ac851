"""Start the server of a place, however its last one ended and whoever else is starting it too."""

import subprocess
import time
from pathlib import Path
from typing import Final

from vidctl.errors import Unavailable
from vidctl.store.embedded.binaries import Binaries, runnable_by
from vidctl.store.embedded.cluster import failure, log_tail, make_cluster, refuse_other_version
from vidctl.store.embedded.liveness import end_ghosts, end_orphans, held, postmaster, processes
from vidctl.store.embedded.places import PORT, SOCKET_NAME, Place, answers
from vidctl.store.embedded.settle import make_socket_folder, settle, writing
from vidctl.store.embedded.user import ServerUser, server_user

WAIT_S: Final = 60.0
"""How long recovery after a crash may take before a caller is told to come again."""
_ORPHANS_AFTER_S: Final = 1.0
_LOOK_EVERY_S: Final = 0.02
_MAX_STARTS: Final = 3
"""A server may be killed while it starts, by somebody who means something else by it."""

_SETTINGS: Final = {
    # A socket in a private folder is the only way in.
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    # One small product on one machine: 200 short visits at once, few processes, little memory.
    "max_connections": "200",
    "shared_buffers": "32MB",
    "io_method": "sync",
    "jit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    # No transaction is open while a script or an HTTP call runs. A session may be idle for as long as it
    # likes: it holds the lock of a task that takes hours.
    "idle_in_transaction_session_timeout": "5min",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A file for each day of the week, begun anew when its day comes round.
    "logging_collector": "on",
    "log_filename": "server-%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_checkpoints": "off",
}


def start(place: Place, shared: Path) -> None:
    """Return when the server of `place` answers, whoever started it.

    Raises:
        Unavailable, CannotWrite, Misconfigured: as `ensure_running`.
    """
    user = server_user(place)
    settle(place, user, shared)
    began, starts = time.monotonic(), 0
    while not answers(place):
        with held(place) as lock:
            if lock is not None:
                if starts == _MAX_STARTS:
                    raise failure(f"the database server of {place.home} does not start", log_tail(place))
                starts += 1
                _launch(place, user, shared, lock)
        waited_s = time.monotonic() - began
        if waited_s > WAIT_S:
            raise _still_not(place)
        if waited_s > _ORPHANS_AFTER_S:
            end_orphans(place)
        time.sleep(_LOOK_EVERY_S)


def _still_not(place: Place) -> Unavailable:
    pid = postmaster(place)
    return Unavailable(
        f"the database server of {place.home} (process {pid}) does not answer after {WAIT_S:.0f} s",
        hint=f"it may still be recovering ({place.log} tells): try again later, or end it with: vidctl db stop",
    )


def _launch(place: Place, user: ServerUser, shared: Path, lock: int) -> None:
    """Start a server and give it the lock. The caller holds that, so none of ours is alive."""
    _refuse_a_stranger(place)
    end_ghosts(place)
    with writing(place.real):
        binaries = runnable_by(user, shared)
        if not place.data.exists():
            make_cluster(place, user, binaries, lock)
        refuse_other_version(place, binaries)
        _prepare(place, user)
        _spawn(place, user, binaries, lock)


def _refuse_a_stranger(place: Place) -> None:
    """Two servers on one database would destroy it, and one that we did not start does not hold our lock.

    Raises:
        Unavailable: there is one.
    """
    if pids := processes(place):
        raise Unavailable(
            f"a PostgreSQL server that vidctl did not start is using {place.data} (process {pids[0]})",
            hint="end it with pg_ctl stop; vidctl then starts its own",
        )


def _prepare(place: Place, user: ServerUser) -> None:
    """Remove what a dead server left; without this a reused process id would keep the next one from starting."""
    user.make_private(place.log)
    if not user.is_me:  # root may have copied all of it back, from a backup
        user.open_to_server(place.real)
        for folder in (place.data, place.log):
            user.give_all(folder)
    make_socket_folder(place, user)
    (place.data / "postmaster.pid").unlink(missing_ok=True)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (place.server_socket_folder / name).unlink(missing_ok=True)


def _spawn(place: Place, user: ServerUser, binaries: Binaries, lock: int) -> None:
    """Start the server in a session of its own, as a child of nobody who could end it or fail to reap it."""
    settings = _SETTINGS | {
        "unix_socket_directories": '"{}"'.format(str(place.server_socket_folder).replace('"', '""')),
        "log_directory": str(place.log),
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [str(binaries.folder / "postgres"), "-D", str(place.data), *options]
    with place.first_words.open("w") as log:
        # The shell ends at once and leaves the server to the system.
        user.run(
            ["/bin/sh", "-c", '"$@" &', "sh", *command],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock],
        )
