"""Look at a server, end it, delete it."""

import os
import shutil
import signal
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from vidctl.errors import Misconfigured, Unavailable
from vidctl.store.embedded.liveness import end_orphans, is_free, postmaster
from vidctl.store.embedded.places import Place, answers

STOP_WAIT_S: Final = 60.0
_LOOK_EVERY_S: Final = 0.05


class State(StrEnum):
    """What a server is doing."""

    ABSENT = "absent"
    """It was never started: there is no database yet."""
    STOPPED = "stopped"
    STARTING = "starting"
    """It lives, and takes no connections: it starts, recovers or stops."""
    RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a server. `pid` is that of its first process; `data` and `log` are folders."""

    state: State
    pid: int | None
    dsn: str
    data: Path
    log: Path


def status_of(place: Place) -> Status:
    """Return what is known of the server of `place`."""
    return Status(_state(place), postmaster(place), place.dsn, place.data, place.log)


def _state(place: Place) -> State:
    if answers(place):
        return State.RUNNING
    if not is_free(place):
        return State.STARTING
    return State.STOPPED if place.data.exists() else State.ABSENT


def stop_server(place: Place) -> bool:
    """End the server and wait until none of its processes is left; return whether one was there.

    Raises:
        Unavailable: it has not ended after a minute.
        Misconfigured: it belongs to another user.
    """
    began, ran = time.monotonic(), False
    while (pid := postmaster(place)) is not None or not is_free(place):
        ran = True
        _ask_to_end(place, pid)
        if time.monotonic() - began > STOP_WAIT_S:
            raise Unavailable(
                f"the database server of {place.home} (process {pid}) has not ended after {STOP_WAIT_S:.0f} s",
                hint=f"its log tells why: {place.log}",
            )
        time.sleep(_LOOK_EVERY_S)
    return ran


def _ask_to_end(place: Place, pid: int | None) -> None:
    """Ask for a fast shutdown: transactions are rolled back, everything committed is written."""
    try:
        if pid is None:
            end_orphans(place)
        else:
            os.kill(pid, signal.SIGINT)
    except ProcessLookupError:
        pass
    except PermissionError as exc:
        raise Misconfigured(
            f"the database server of {place.home} (process {pid}) belongs to another user",
            hint="stop it as that user, or as root",
        ) from exc


def erase_server(place: Place) -> None:
    """End the server and delete everything of it."""
    stop_server(place)
    if place.real.exists():
        shutil.rmtree(place.real)
    if place.folder.is_symlink():
        place.folder.unlink()
    if place.short_folder and place.short_folder.exists() and not place.squatted():
        shutil.rmtree(place.short_folder)
