"""Which user the server runs as: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidctl.errors import Misconfigured
from vidctl.store.embedded.places import Place

PRIVATE_GROUP: Final = 65_521
"""A group that nobody is in but the servers that root starts (systemd and Debian leave 65520-65533 unused).

Folders that this group alone may enter keep every other process of the user `nobody` out.
"""
UNPRIVILEGED: Final = ("nobody", "daemon")


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The user and group of the server's processes; `is_me` when that is who runs this."""

    uid: int
    gid: int
    is_me: bool

    def run(self, command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, knowing none of our environment (there are keys in it).

        Raises:
            OSError: this user cannot reach or run it.
        """
        if not self.is_me:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            check=False,
            cwd="/",
            umask=0o077,
            env=environment,
            **options,
        )

    def can_enter(self, folder: Path) -> bool:
        """Tell whether this user can reach a folder. Asks the system: modes are not the whole story."""
        return (
            self.is_me
            or self.run(["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)], stderr=subprocess.DEVNULL).returncode == 0
        )

    def give(self, path: Path) -> None:
        """Make a file or folder of ours this user's own."""
        if not self.is_me:
            os.chown(path, self.uid, self.gid)

    def give_all(self, folder: Path) -> None:
        """Make a folder of ours, with everything in it, this user's own, unless it is that already."""
        foreign = (path for path in (folder, *folder.rglob("*")) if path.lstat().st_uid != self.uid)
        for path in foreign:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def open_to_server(self, folder: Path) -> None:
        """Let this user enter a folder of ours, and nobody else besides us."""
        if self.gid == PRIVATE_GROUP:
            os.chown(folder, -1, self.gid)
            folder.chmod(0o710)
        else:
            self.give(folder)
            folder.chmod(0o700)

    def make_private(self, folder: Path) -> None:
        """Make a folder that this user can write to and nobody else can see into."""
        folder.mkdir(mode=0o700, exist_ok=True)
        self.give(folder)
        folder.chmod(0o700)


def server_user(place: Place) -> ServerUser:
    """Return who the server of `place` runs as: us, or when we are root the owner of its data or of `home`.

    Where that is root too, it is an unprivileged user.

    Raises:
        Misconfigured: we are root, and the system has no unprivileged user.
    """
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid(), is_me=True)
    unprivileged = _unprivileged()
    owner = _owner(place.data if place.data.exists() else place.home)
    if owner is None or owner.pw_uid == unprivileged.pw_uid:
        return ServerUser(unprivileged.pw_uid, PRIVATE_GROUP, is_me=False)
    return ServerUser(owner.pw_uid, owner.pw_gid, is_me=False)


def _owner(path: Path) -> pwd.struct_passwd | None:
    """Return the user that owns a path, if that is not root and the system knows its name (initdb asks for it)."""
    try:
        uid = path.stat().st_uid
        return pwd.getpwuid(uid) if uid else None
    except (FileNotFoundError, NotADirectoryError, KeyError):
        return None


def _unprivileged() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Misconfigured(
        "PostgreSQL does not run as root, and this system has no user 'nobody' to run it as",
        hint="run vidctl as a normal user, or set DATABASE_URL to a PostgreSQL 14 or newer",
    )
