"""The program `crontab`, the only way to this user's crontab on every system."""

import os
import re
import subprocess
from typing import Final

from vidctl.errors import CannotWrite, Misconfigured, Unavailable

_PATIENCE_S: Final = 20.0
_NONE: Final = re.compile(r"no crontab for|can't open '[^']*': No such file")
"""What it says where there is none yet: cronie and Debian's; BusyBox's."""


class NoCrontab(Misconfigured):
    """This machine has no such program."""


def read() -> str:
    """Return this user's crontab; "" where there is none yet. Bytes that no text has survive `write`.

    Raises:
        NoCrontab: there is no such program.
        Misconfigured: this user may not have a crontab. Nothing is taken for an empty one that may not be.
        Unavailable: it does not answer.
    """
    said = _run("-l")
    if said.returncode == 0:
        return _text(said.stdout)
    if _NONE.search(_text(said.stderr)):
        return ""
    raise Misconfigured(
        f"this user's crontab cannot be read: {_in_a_line(said.stderr)}",
        hint="let this user have one (cron.allow, cron.deny); or use timers: vidctl install-cron --systemd",
    )


def write(crontab: str) -> None:
    """Make this text the user's crontab: all of it, or it stays as it was.

    Raises:
        NoCrontab, Unavailable: as `read`.
        CannotWrite: it is refused.
    """
    said = _run("-", data=crontab.encode("utf-8", "surrogateescape"))
    if said.returncode != 0:
        raise CannotWrite(
            f"the crontab was not taken, and is as it was: {_in_a_line(said.stderr)}",
            hint="mend the line that it names with crontab -e, then run this again",
        )


def _run(argument: str, *, data: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    environment = {**os.environ, "LC_ALL": "C"}  # its words are read
    try:
        return subprocess.run(
            ["crontab", argument], input=data, capture_output=True, env=environment, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as exc:
        raise Unavailable(f"crontab {argument} says nothing for {_PATIENCE_S:.0f} s", hint="try again later") from exc
    except OSError as exc:
        raise NoCrontab(
            "there is no program crontab on this machine",
            hint="timers of systemd do the same: vidctl install-cron --systemd; or install cron; or have your own "
            "scheduler run the commands of vidctl install-cron --dry-run",
        ) from exc


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _in_a_line(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:300] or "it does not say why"
