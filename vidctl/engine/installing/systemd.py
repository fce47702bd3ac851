"""Units of systemd in their folder: written, replaced and removed, and only those that are vidctl's."""

import os
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from vidctl.domain.cron_jobs import JOBS, Job
from vidctl.engine.installing import units
from vidctl.engine.installing.place import Place
from vidctl.errors import BadInput, Misconfigured
from vidctl.storage.files import cannot_write, write_whole

_RUNS: Final = "run/systemd/system"
"""Below `/` where systemd is what runs this machine; its programs may be there without that."""
_PATIENCE_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Manager:
    """Who starts the units: the machine's systemd where root installs them, else this user's own."""

    folder: Path
    system: bool
    runs: bool

    def command(self, *words: str) -> list[str]:
        """Return a command of systemctl."""
        return ["systemctl", *([] if self.system else ["--user"]), *words]

    def ask(self, commands: Iterable[list[str]]) -> None:
        """Run commands, one after the other.

        Raises:
            Misconfigured: one of them fails; with what it said.
        """
        for command in commands:
            try:
                said = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
                problem = "" if said.returncode == 0 else said.stderr
            except (OSError, subprocess.SubprocessError) as exc:
                problem = str(exc)
            if problem:
                raise Misconfigured(
                    f"{' '.join(command)} failed: {' '.join(problem.split())[:300]}",
                    hint=f"the units are in {self.folder}; run that command by hand when it can work",
                )


@dataclass(slots=True)
class Change:
    """What is written and removed by name of its file, and the commands that make it count."""

    write: dict[str, str] = field(default_factory=dict)
    remove: list[str] = field(default_factory=list)
    commands: list[list[str]] = field(default_factory=list)


def manager_of(environment: Mapping[str, str], *, root: Path = Path("/")) -> Manager:
    """Return who starts units here, for the user that this is.

    Raises:
        Misconfigured: this user has no folder for units.
    """
    runs = (root / _RUNS).is_dir()
    if os.geteuid() == 0:
        return Manager(root / "etc/systemd/system", system=True, runs=runs)
    home = environment.get("HOME")
    own = environment.get("XDG_CONFIG_HOME") or (f"{home}/.config" if home else "")
    if not own:
        raise Misconfigured("there is no HOME for a user's units", hint="set HOME, or run this as root")
    return Manager(Path(own).absolute() / "systemd/user", system=False, runs=runs)


def installing(manager: Manager, place: Place, jobs: list[Job]) -> Change:
    """Return what has to change so that exactly these jobs have units; those that are as they should be stay.

    Raises:
        BadInput: a unit of that name is not this installation's.
    """
    wanted = units.units(place, jobs, system=manager.system)
    ours = _ours(manager, place.home)
    if others := [name for name in wanted if name not in ours and (manager.folder / name).exists()]:
        raise BadInput(
            f"{manager.folder / others[0]} is there already, and not of {place.home}",
            hint="remove it; or let that vidctl do so: vidctl install-cron --systemd --remove, with its VIDCTL_HOME",
        )
    change = Change(
        write={name: text for name, text in wanted.items() if ours.get(name) != text},
        remove=[name for name in ours if name not in wanted],
    )
    if timers := [name for name in change.remove if name.endswith(".timer")]:
        change.commands.append(manager.command("disable", "--now", *timers))
    if change.write or change.remove:
        change.commands.append(manager.command("daemon-reload"))
    change.commands.append(manager.command("enable", "--now", *(units.timer_of(job) for job in jobs)))
    return change


def removing(manager: Manager, home: Path) -> Change:
    """Return what takes all units of an installation away."""
    gone = list(_ours(manager, home))
    timers = [name for name in gone if name.endswith(".timer")]
    commands = [manager.command("disable", "--now", *timers)] if timers else []
    return Change(remove=gone, commands=[*commands, manager.command("daemon-reload")] if gone else [])


def carry_out(manager: Manager, change: Change) -> None:
    """Do it: a timer is disabled while its file is still there, and enabled once it is.

    Raises:
        CannotWrite: the folder cannot be written to.
        Misconfigured: systemd refuses.
    """
    disable = [one for one in change.commands if "disable" in one]
    for name, text in change.write.items():
        write_whole(manager.folder / name, text.encode("utf-8", "surrogateescape"))
    if manager.runs:
        manager.ask(disable)
    for name in change.remove:
        try:
            (manager.folder / name).unlink(missing_ok=True)
        except OSError as exc:
            raise cannot_write(manager.folder / name, exc) from exc
    if manager.runs:
        manager.ask(one for one in change.commands if one not in disable)


def _ours(manager: Manager, home: Path) -> dict[str, str]:
    """Return the units that this installation wrote."""
    names = [f"vidctl-{job.name}.{kind}" for job in JOBS for kind in ("service", "timer")]
    found = {}
    for name in names:
        path = manager.folder / name
        if path.is_file() and (text := path.read_bytes().decode("utf-8", "surrogateescape")).startswith(
            f"{units.mark_of(home)}\n"
        ):
            found[name] = text
    return found
