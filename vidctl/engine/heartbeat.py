"""Tell a monitor elsewhere (healthchecks.io and its kin) that a tick began, and how it ended: cron itself may be dead.

A child does it, which lives for as long as its tick and a few seconds longer: so whatever the monitor does, no tick
waits for it, fails or says a word because of it. There is one such child of a VIDCTL_HOME at a time. The address is
a secret: whoever has it can say that all is well.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import SplitResult, urlsplit

from vidctl.errors import ExitCode
from vidctl.settings import Settings

if TYPE_CHECKING:
    import socket

VARIABLE: Final = "VIDCTL_HEARTBEAT_URL"
LIMIT_S: Final = 5.0
"""How long one ping may take."""
_LOCK: Final = "heartbeat.lock"
_KILLED: Final = "fail"


@contextmanager
def beating(settings: Settings) -> Iterator[None]:
    """Tell the monitor, if there is one, that the block begins, and the exit status that it ends with."""
    ear = _begin(settings.environment.get(VARIABLE, ""), settings.home)
    status: int = ExitCode.BUG
    try:
        yield
        status = ExitCode.OK
    except BaseException as exc:
        status = getattr(exc, "exit_code", ExitCode.BUG)  # of our errors, and of whoever ends a command
        raise
    finally:
        if ear is not None:
            with suppress(OSError):
                ear.send(bytes([status & 0xFF]))
            ear.close()


def address(url: str) -> SplitResult | None:
    """Return the parts of an address that can be asked for; None where it is none."""
    try:
        parts = urlsplit(url.strip())
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if good and url.strip().isprintable() and " " not in url.strip() else None


def _begin(url: str, home: Path) -> "socket.socket | None":
    """Start the child; return where it hears how the tick ended. None where there is none."""
    where = address(url)
    if where is None or (lock := _locked(home)) is None:
        return None
    import socket

    # A socket, since the steps that a tick starts close those: a killed tick is known by the end of it.
    ours, theirs = socket.socketpair()
    try:
        pid = os.fork()
    except OSError:
        pid = -1
    if pid == 0:
        ours.close()
        _live_and_end(where, theirs)
    theirs.close()
    os.close(lock)  # the child holds it
    return ours if pid > 0 else None


def _locked(home: Path) -> int | None:
    """Return a lock file that is held; None where another child has it, or none can be written."""
    import fcntl

    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock


def _live_and_end(where: SplitResult, tick: "socket.socket") -> NoReturn:
    """Be the child: it says nothing to anybody but the monitor, and never goes on as the tick."""
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):  # cron reads what a job prints until nobody can print any more
            os.dup2(nothing, standard)
        _ping(where, "start")
        said = tick.recv(1)
        _ping(where, _ending(said))
    finally:
        os._exit(ExitCode.OK)


def _ending(said: bytes) -> str:
    """Return what follows the address: nothing where all went well."""
    if not said:
        return _KILLED
    return str(said[0]) if said[0] else ""


def _ping(where: SplitResult, what: str) -> None:
    """Ask for the address. Not for longer than `LIMIT_S`: a name server that hangs heeds no time-out."""
    from threading import Thread

    asking = Thread(target=_ask, args=(_with(where, what),), daemon=True)
    asking.start()
    asking.join(LIMIT_S)


def _with(where: SplitResult, what: str) -> str:
    path = where.path.rstrip("/") if what else where.path
    return where._replace(path=f"{path}/{what}" if what else path, fragment="").geturl()


def _ask(url: str) -> None:
    from urllib.request import Request, urlopen

    with suppress(Exception), urlopen(Request(url, headers={"User-Agent": "vidctl"}), timeout=LIMIT_S) as answer:  # noqa: S310  # it is http(s): see `address`
        answer.read(1)
