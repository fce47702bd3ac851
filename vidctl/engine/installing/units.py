"""The jobs as units of systemd: a service and a timer for each. Only texts."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from vidctl.domain.cron_jobs import Job
from vidctl.engine.installing.place import Place

_SERVICE: Final = """\
{mark}
[Unit]
Description=vidctl: {often}, {name}
{network}
[Service]
Type=oneshot
WorkingDirectory={folder}
{environment}
ExecStart={command}
# A tick starts steps that outlive it, and perhaps the embedded database: they are not ended with it.
KillMode=process
"""
_TIMER: Final = """\
{mark}
[Unit]
Description=vidctl: {often}, {name}

[Timer]
OnCalendar={calendar}
AccuracySec={accuracy}
# What was missed while the machine was off is done once it is on.
Persistent=true

[Install]
WantedBy=timers.target
"""
_NETWORK: Final = "Wants=network-online.target\nAfter=network-online.target\n"


def mark_of(home: Path) -> str:
    """Return the first line of every unit of an installation: what has it may be replaced and removed."""
    return f"# vidctl of {home}: written by vidctl install-cron --systemd, which replaces it."


def units(place: Place, jobs: Iterable[Job], *, system: bool) -> dict[str, str]:
    """Return the units by the names of their files; a `system` unit can wait for the network."""
    found = {}
    for job in jobs:
        common = {"mark": mark_of(place.home), "often": job.often, "name": job.name}
        found[f"vidctl-{job.name}.service"] = _SERVICE.format(
            **common,
            network=_NETWORK if system else "",
            folder=_percents(str(place.folder)),
            environment="\n".join(
                f"Environment={_quoted(f'{name}={value}')}" for name, value in place.environment.items()
            ),
            command=_command(place, job),
        )
        found[timer_of(job)] = _TIMER.format(
            **common, calendar=job.calendar, accuracy="1s" if job.name == "tick" else "1min"
        )
    return found


def timer_of(job: Job) -> str:
    """Return the name of a job's timer."""
    return f"vidctl-{job.name}.timer"


def _command(place: Place, job: Job) -> str:
    """Return a command line: behind the program, and only there, systemd puts variables in the place of $NAME."""
    program, *words = place.program
    words += job.arguments(str(place.home))
    return " ".join([_quoted(program), *(_quoted(word.replace("$", "$$")) for word in words)])


def _quoted(text: str) -> str:
    return '"' + _percents(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _percents(text: str) -> str:
    """Return a text in which systemd finds no %h and no %i of its own."""
    return text.replace("%", "%%")
