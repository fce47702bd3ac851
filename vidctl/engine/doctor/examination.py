"""All checks, in groups; those that ask somebody outside run at the same time."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from vidctl.engine.doctor import backups, channels, cron, database, machine, services, telling
from vidctl.engine.doctor.findings import Check, Finding, Level, safe
from vidctl.engine.doctor.ground import Ground
from vidctl.errors import VidctlError

_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one part of an installation."""

    name: str
    findings: Sequence[Finding]


_HERE: Final[tuple[tuple[str, tuple[Check, ...]], ...]] = (
    ("Machine", (machine.python, machine.ffmpeg, machine.home, machine.disks, machine.env_files)),
    ("Database", (database.server, database.clock, database.locks)),
    ("Channels", (channels.files,)),
    ("Cron", (cron.ticking, backups.made)),
    ("Alerts", (telling.alerts, telling.beat)),
)
_OUTSIDE: Final[tuple[Check, ...]] = (*services.CHECKS, channels.notion, channels.youtube)


def examine(ground: Ground, *, offline: bool = False) -> Iterator[Group]:
    """Yield what is found, group by group; `offline`, nobody outside this machine and its database is asked."""
    for name, checks in _HERE:
        yield Group(name, [finding for check in checks for finding in _looked(check, ground)])
    if offline:
        yield Group("Services, as they are known here", _looked(channels.youtube_as_known, ground))
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        found = pool.map(lambda check: _looked(check, ground), _OUTSIDE)
        yield Group("Services", [finding for part in found for finding in part])


def _looked(check: Check, ground: Ground) -> list[Finding]:
    """Return what a check finds; one that fails itself has found something too."""
    found: list[Finding] = []
    try:
        found.extend(check(ground))
    except VidctlError as exc:
        found.append(Finding(Level.BROKEN, str(exc), exc.hint))
    except Exception as exc:  # noqa: BLE001  # whatever it is, the other checks go on
        name = getattr(check, "__name__", "a check")
        said = f"the check {name!r} itself failed: {type(exc).__name__}: {exc}"
        found.append(Finding(Level.WARNING, said, "look at that by hand, and report it as a bug"))
    return [safe(finding, ground) for finding in found]
