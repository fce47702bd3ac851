"""Make the folders of a server where its user can reach them, without opening anybody else's."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vidctl.errors import CannotWrite, Misconfigured
from vidctl.store.embedded.places import LOCK, Place, digest
from vidctl.store.embedded.user import ServerUser


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failure to write below `folder` into an error that says so."""
    try:
        yield
    except OSError as exc:
        if exc.errno in {errno.EPERM, errno.EINVAL} and os.geteuid() == 0:
            raise Misconfigured(
                f"this root may not hand {folder} to another user, and PostgreSQL does not run as root",
                hint="run vidctl as an ordinary user, or give the container more users, or set DATABASE_URL",
            ) from exc
        raise CannotWrite(
            f"cannot keep the database in {folder}: {exc.strerror or exc}",
            hint="free disk space, or set VIDCTL_HOME to a folder that this user can write to",
        ) from exc


def settle(place: Place, user: ServerUser, shared: Path) -> None:
    """Make the server's folder, in `home` or, where `user` cannot reach that, in `shared` with a link to it.

    Raises:
        CannotWrite: a folder cannot be made.
        Misconfigured: an earlier call put it elsewhere, and it is not there any more.
    """
    with writing(place.folder):
        place.home.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(place.folder):
            if user.can_enter(place.home):
                _make(place.folder, user, first=LOCK)
            else:
                _make_in(shared, place, user)
    if not place.real.is_dir():
        raise Misconfigured(
            f"the database of {place.home} was in {place.real}, which is gone",
            hint=f"bring it back, or delete {place.folder} to begin with an empty one",
        )


def _make(folder: Path, user: ServerUser, *, first: str | None = None) -> None:
    """Make a folder that only the server's user and we can enter: it appears with these modes, never without.

    Processes that race for it name a `first` file in it: an empty folder would be replaced by a slower process's.
    """
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    aside.mkdir(mode=0o700)
    if first is not None:
        (aside / first).touch(mode=0o600)
    user.open_to_server(aside)
    try:
        aside.rename(folder)
    except OSError:  # another process was faster, and there is something in its folder already
        shutil.rmtree(aside)


def _make_in(shared: Path, place: Place, user: ServerUser) -> None:
    make_shared(shared)
    target = shared / f"postgres-{digest(place.folder)}"
    _make(target, user, first=LOCK)
    with suppress(FileExistsError):  # another process was faster, and came to the same result
        place.folder.symlink_to(target)


def make_shared(shared: Path) -> None:
    """Make the folder that everybody may pass through, if there is none yet."""
    if not shared.is_dir():
        shared.mkdir(parents=True, exist_ok=True)
        shared.chmod(0o755)


def make_socket_folder(place: Place, user: ServerUser) -> None:
    """Make the folder of the socket, which only the server's user and we can reach.

    Raises:
        Misconfigured: a stranger was there first.
    """
    if place.short_folder and not place.short_folder.exists():
        _make(place.short_folder, user)
    if place.squatted():
        raise Misconfigured(
            f"{place.short_folder}, where the database's socket has to be, belongs to another user",
            hint="have it deleted, or set VIDCTL_HOME to a shorter path",
        )
    user.make_private(place.server_socket_folder)
