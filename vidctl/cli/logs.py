"""`vidctl logs`: what happened, to one film or in the ticks, from all files in order."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from vidctl.cli.session import Session
    from vidctl.logs.reading import Entry, Reader
    from vidctl.store import Db
    from vidctl.store.tasks import Task

POLL_S: Final = 0.3
LAST_ERRORS: Final = 200
"""How many failures of a film are looked for that other machines wrote down."""
LEVELS: Final = "debug, info, warning, error or critical"


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def logs(
    task: Annotated[
        str | None,
        typer.Argument(
            metavar="[TASK]",
            help="The film's id, or its first characters; else the ticks.",
            autocompletion=complete.films,
        ),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on until the film stands still, or Ctrl-C.")
    ] = False,
    step: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this step: clips, assembly, page …", autocompletion=complete.steps),
    ] = None,
    level: Annotated[str, typer.Option(metavar="LEVEL", help=f"At least so bad: {LEVELS}.")] = "info",
    since: Annotated[str | None, typer.Option(metavar="WHEN", help="Only from then on: 20m, 2h, 7d, 14:05.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print each entry as one JSON object in a line.")] = False,
) -> None:
    """Show what happened to a film, or in the ticks, with what scripts said to people.

    A film's entries come from all runs of its steps on this machine; of other
    machines its failures are shown, which are in the database. The keys of this
    installation are masked, and whatever looks like one.

    Example: vidctl logs 3f2a --level warning
    """
    from vidctl.cli.moments import ago
    from vidctl.cli.session import now

    shown = Shown(_level(level), _step(step), ago(since, now()) if since else None, as_json=as_json)
    with suppress(KeyboardInterrupt):
        if task is None:
            _of_ticks(shown, follow=follow)
        else:
            _of_film(task, shown, follow=follow)


def _level(said: str) -> int:
    from vidctl.logs import LEVELS as KNOWN

    if said not in KNOWN:
        raise typer.BadParameter(f"{said!r} is none of {LEVELS}", param_hint="--level")
    return KNOWN.index(said)


def _step(said: str | None) -> str | None:
    from vidctl.cli.words import listed
    from vidctl.pipeline import STEPS

    names = [*(step.name for step in STEPS), "page"]
    if said is not None and said not in names:
        raise typer.BadParameter(f"{said!r} is no step: {listed(names, most=9)}", param_hint="--step")
    return said


@dataclass(slots=True)
class Shown:
    """Which entries are shown, and how."""

    least: int
    step: str | None
    since: datetime | None
    as_json: bool
    day: str = ""
    """The one that was shown last, on a terminal."""
    any: bool = False

    def show(self, entries: "list[Entry]") -> None:
        """Print those entries that are wanted."""
        for entry in entries:
            if self._is_wanted(entry):
                self.any = True
                self._print(entry)

    def _is_wanted(self, entry: "Entry") -> bool:
        from vidctl.logs import LEVELS as KNOWN

        level = KNOWN.index(entry.level) if entry.level in KNOWN else len(KNOWN)
        of_step = self.step is None or entry.fields.get("step") == self.step
        return level >= self.least and of_step and (self.since is None or entry.at >= self.since)

    def _print(self, entry: "Entry") -> None:
        from vidctl.cli import log_lines
        from vidctl.cli.show import console, say, to_json

        if self.as_json:
            say(to_json(entry.fields))
        elif sys.stdout.isatty():
            if self.day != (day := f"{entry.at:%A, %Y-%m-%d} (UTC)"):
                self.day = day
                say(day)
            console().print(log_lines.coloured(entry), soft_wrap=True)
        else:
            for one in log_lines.plain(entry):
                say(one)


def _of_ticks(shown: Shown, *, follow: bool) -> None:
    """Show what ticks logged; the database may be down."""
    from vidctl.logs import reading
    from vidctl.masking import secrets_of
    from vidctl.settings import load

    settings = load()
    reader = reading.Reader(secrets_of(settings.environment))
    _go(shown, reader, lambda: reading.of_ticks(settings.home), (lambda: False) if follow else None)
    if not shown.any:
        _note("ticks of this machine logged nothing of this kind: one that finds nothing to do logs nothing")


def _of_film(prefix: str, shown: Shown, *, follow: bool) -> None:
    from vidctl.cli.session import session
    from vidctl.logs import reading
    from vidctl.masking import secrets_of
    from vidctl.store import tasks

    with session("logs") as opened:
        film = tasks.find(opened.db, prefix)
        home = opened.settings.home
        reader = reading.Reader(secrets_of(opened.settings.environment))
        here = reader.new(reading.of_film(home, film.id))
        shown.show(sorted([*here, *_written(opened, film, here)], key=lambda entry: entry.at))
        if not shown.any:
            _note(f"of {film.title!r} nothing of this kind is logged on this machine")
        _tell_of_others(opened, film, here)
        if follow:
            _go(shown, reader, lambda: reading.of_film(home, film.id), lambda: _stands(opened.db, film.id))


def _go(shown: Shown, reader: "Reader", files: "Callable[[], list[Path]]", is_over: Callable[[], bool] | None) -> None:
    """Show what is new; and go on until it `is_over`, if it is to go on at all."""
    while True:
        over = is_over is None or is_over()  # asked first: what came before the end is shown
        shown.show(reader.new(files()))
        if over:
            return
        time.sleep(POLL_S)


def _stands(db: "Db", task_id: "UUID") -> bool:
    """Say whether nothing will happen to a film before a person does something."""
    from vidctl.domain.status import ENGINE_WAITS
    from vidctl.store import tasks

    film = tasks.get(db, task_id)
    rests = film.status not in ENGINE_WAITS or film.paused_at is not None or film.asks is not None
    return rests and film.claimed_by is None


def _written(opened: "Session", film: "Task", here: "list[Entry]") -> "list[Entry]":
    """Return as entries the failures of a film that are not in the files of this machine."""
    from vidctl.engine.journal import entries_of
    from vidctl.logs.reading import Entry
    from vidctl.store import details
    from vidctl.store.failures import Where

    known = {(entry.fields.get("host"), entry.fields.get("error_message")) for entry in here}
    errors = reversed(details.errors(opened.db, film.id, last=LAST_ERRORS))
    absent = [one for one in errors if (one.host, one.message) not in known]
    found = []
    for one in absent:
        about: dict[str, object] = {"correlation_id": str(film.id), "channel_id": film.channel_id, "step": one.step}
        about |= {"attempt": one.attempt, "host": one.host}
        where = Where(film.id, one.step, one.attempt, one.host)
        for message, level, more in entries_of(where, one.artifact, one.failure, one.stderr):
            first = {"timestamp": one.at.isoformat(), "level": level, "message": message}
            found.append(Entry(one.at, {**first, **about, **more}))
    return found


def _tell_of_others(opened: "Session", film: "Task", here: "list[Entry]") -> None:
    """Say which other machines worked on a film: the rest of its log is there."""
    from vidctl.settings import machine_of
    from vidctl.store import details

    known = {str(entry.fields.get("host")).rpartition(":")[0] for entry in here}
    known.add(machine_of(opened.settings.environment))
    others = {host.rpartition(":")[0] for host in details.hosts(opened.db, film.id)} - known
    for host in sorted(others):
        _note(f"{host} worked on this film too; what its steps logged is there: vidctl logs {str(film.id)[:8]}")


def _note(sentence: str) -> None:
    from vidctl.cli.show import line

    print(f"note: {line(sentence)}", file=sys.stderr)
