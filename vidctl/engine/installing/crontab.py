"""The lines of vidctl in a crontab: between two lines that are its own, so that nothing else is touched. Only texts."""

import re
import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from vidctl.domain.cron_jobs import TICK, Job
from vidctl.engine.installing.place import Place
from vidctl.errors import Misconfigured

LOG: Final = "cron-YYYY-MM.log"
"""What jobs print: one file a month, since `vidctl cleanup` removes logs that nothing was written to for long."""


def block(place: Place, jobs: Iterable[Job], *, mail: bool) -> str:
    """Return the lines of these jobs, with the first and the last that mark them; each says all that it needs itself.

    For what a crontab sets in lines of its own holds for every job below, whoever's that is.
    """
    first, last = _marks(place.home)
    return "\n".join([first, *(line(place, job, mail=mail) for job in jobs), last, ""])


def line(place: Place, job: Job, *, mail: bool) -> str:
    """Return the line of a job. `env`, since not every SHELL= of a crontab knows NAME=value before a command."""
    settings = [f"{name}={_quoted(value)}" for name, value in place.environment.items()]
    command = [_quoted(word) for word in (*place.program, *job.arguments(str(place.home)))]
    words = " ".join([*(["env", *settings] if settings else []), *command])
    return f"{job.when}  cd {_quoted(place.folder)} && {words}{_end(place, job, mail=mail)}"


def _end(place: Place, job: Job, *, mail: bool) -> str:
    if mail:
        return " > /dev/null" if job.is_told else ""
    return rf" >> {_quoted(place.home / 'logs')}/cron-$(date +\%Y-\%m).log 2>&1"


def _quoted(value: object) -> str:
    r"""Return a word as cron and the shell pass it on: cron ends the command at a bare %, also between quotes.

    Outside of quotes `\%` is right whoever takes the backslash away: cron, or the shell where cron does not.
    """
    return r"\%".join(shlex.quote(part) if part else "" for part in str(value).split("%"))


def put_in(crontab: str, place: Place, lines: str) -> str:
    """Return a crontab with these lines in the place of the ones that this installation had, or at its end.

    Raises:
        Misconfigured: somebody took half of those away.
    """
    begin, end = _where(crontab, place.home)
    before, after = crontab[:begin], crontab[end:]
    if before and not before.endswith("\n"):  # cron drops a last line without an end
        before += "\n"
    return before + lines + after


def take_out(crontab: str, home: Path) -> str:
    """Return a crontab without the lines of this installation.

    Raises:
        Misconfigured: as `put_in`.
    """
    begin, end = _where(crontab, home)
    return crontab[:begin] + crontab[end:]


def ticks_besides(crontab: str, home: Path) -> bool:
    """Say whether other lines start ticks as well."""
    return bool(TICK.search(take_out(crontab, home)))


def _marks(home: Path) -> tuple[str, str]:
    return (
        f"# >>> vidctl of {home}: lines of vidctl install-cron, which replaces them. Change them by running it again.",
        f"# <<< vidctl of {home}",
    )


def _where(crontab: str, home: Path) -> tuple[int, int]:
    """Return where the lines of this installation begin and end; the end of the crontab, twice, where it has none."""
    first, last = _marks(home)
    found = [(at.start(), at[0].strip()) for at in re.finditer(r".+\n?", crontab)]
    begins, ends = ([at for at, text in found if text == mark] for mark in (first, last))
    if not begins and not ends:
        return len(crontab), len(crontab)
    if len(begins) != 1 or len(ends) != 1 or begins > ends:
        raise Misconfigured(
            "the crontab has vidctl's first or last line alone, or more than once, so nobody can tell what is between",
            hint=f"crontab -e, take away what is left of '# >>> vidctl of {home}' to '# <<<', and run this again",
        )
    return begins[0], ends[0] + len(last) + crontab[ends[0] + len(last) :].startswith("\n")
