"""`vidctl status`: the board, one film in full, and the board live."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app, complain
from vidctl.cli.kinds import Reading
from vidctl.cli.options import Json, OneChannel
from vidctl.domain.status import Phase

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from vidctl.cli.outlook import Board
    from vidctl.cli.session import Session
    from vidctl.domain.limits import Limits
    from vidctl.engine.channel_files import Loaded
    from vidctl.store import Db
    from vidctl.store.services import Pause

REFRESH_S = 1.0


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def status(
    task: Annotated[
        str | None,
        typer.Argument(
            metavar="[TASK]",
            help="Show this film in full: its id, or the first characters.",
            autocompletion=complete.films,
        ),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Look again every second; q ends it.")] = False,
    as_json: Json = False,
    channel: OneChannel = None,
    phase: Annotated[Phase | None, typer.Option(help="Only films in this phase.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Published films too.")] = False,
) -> None:
    """Show every film: where it is, since when, what it cost, and what moves it on.

    Example: vidctl status --phase review
    """
    from vidctl.cli.session import session

    _check(task, channel, watch=watch, as_json=as_json)
    with session("status") as opened:
        if task is not None:
            from vidctl.cli.film import show_film

            show_film(opened, task, as_json=as_json)
        elif watch:
            _watch(opened, channel, phase, everything=everything)
        else:
            _print(_read(opened, files_of(opened), channel, phase, everything=everything), as_json=as_json)


def _check(task: str | None, channel: str | None, *, watch: bool, as_json: bool) -> None:
    """Refuse options that contradict each other.

    Raises:
        typer.BadParameter: which ones, and what to do instead.
    """
    if watch and (as_json or task is not None):
        raise typer.BadParameter(
            "it shows the whole board on a terminal: leave TASK and --json out", param_hint="--watch"
        )
    if watch and not sys.stdout.isatty():
        raise typer.BadParameter("this is no terminal; take vidctl status --json instead", param_hint="--watch")
    if task is not None and channel is not None:
        raise typer.BadParameter("TASK names one film already", param_hint="--channel")


def limits_of(opened: "Session") -> "Limits":
    """Return the shared limits; for what is wrong with the files see `files_of`."""
    from vidctl.domain.limits import Limits

    files = files_of(opened)
    return files.limits if files else Limits()


def files_of(opened: "Session") -> "Loaded | None":
    """Return what the channel files say; what is wrong with them is said on stderr and stops nothing here."""
    from vidctl.engine import channel_files
    from vidctl.errors import Misconfigured

    try:
        loaded = channel_files.load(opened.settings.channel_configs)
    except Misconfigured as exc:
        complain(exc, exc.hint)
        return None
    for problem in loaded.problems:
        complain(problem, problem.hint)
    return loaded


def paused(db: "Db", now: "datetime", files: "Loaded | None") -> "list[Pause]":
    """Return what is paused now; of budgets only those that hold as the files set them."""
    from vidctl.engine import budget_stops
    from vidctl.store import services

    return services.paused(db, now=now, stops=budget_stops.holding(db, files, now=now) if files else None)


def _read(
    opened: "Session", files: "Loaded | None", channel: str | None, phase: Phase | None, *, everything: bool
) -> "Board":
    from dataclasses import replace

    from vidctl.cli.session import now
    from vidctl.domain.status import OPTIONAL_GATES, Status, phase_of
    from vidctl.store import channels

    if channel is not None:
        channels.get(opened.db, channel)
    statuses = [
        status
        for status in Status
        if (phase is None or phase_of(status) is phase or status in OPTIONAL_GATES)
        and (everything or phase is Phase.DONE or status is not Status.PUBLISHED)
    ]
    board = board_of(opened.db, now(), files, statuses=statuses, channel_id=channel)
    board = replace(board, no_files=files is None)
    return board if phase is None else replace(board, films=[film for film in board.films if film.phase is phase])


def board_of(db: "Db", now: "datetime", files: "Loaded | None" = None, **which: Any) -> "Board":
    """Return the board as it is now; `which` are the options of `reports.films`."""
    from vidctl.cli.outlook import Board
    from vidctl.domain.limits import Limits
    from vidctl.store import reports, ticks

    return Board(
        now=now,
        films=reports.films(db, **which),
        channels=reports.channels(db, which.get("channel_id")),
        pauses=paused(db, now, files),
        last_tick=ticks.last(db),
        id_length=reports.id_length(db),
        limits=files.limits if files else Limits(),
        busy_steps=reports.busy_steps(db),
    )


def board_of_one(db: "Db", task_id: "UUID", now: "datetime", channel_id: str, files: "Loaded | None") -> "Board":
    """Return the board with one film alone, whatever its status, and its channel."""
    from vidctl.domain.status import Status

    return board_of(db, now, files, statuses=list(Status), task_id=task_id, channel_id=channel_id)


def _print(board: "Board", *, as_json: bool) -> None:
    from vidctl.cli import render
    from vidctl.cli.show import console, show, table

    if as_json:
        show(render.board_json(board), "", as_json=True)
    elif sys.stdout.isatty():
        console().print(render.board_view(board))
    else:
        for columns, rows in render.plain_tables(board):
            table(columns, rows)


def _watch(opened: "Session", channel: str | None, phase: Phase | None, *, everything: bool) -> None:
    """Show the board until somebody presses q or Ctrl-C, read anew every second."""
    from rich.live import Live

    from vidctl.cli import render
    from vidctl.cli.keys import pressed
    from vidctl.cli.show import console

    files = files_of(opened)
    try:
        with pressed("q") as key, Live(console=console(), auto_refresh=False, screen=False) as live:
            while True:
                live.update(
                    render.board_view(_read(opened, files, channel, phase, everything=everything)), refresh=True
                )
                if key.within(REFRESH_S):
                    return
    except KeyboardInterrupt:
        return
