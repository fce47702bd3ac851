"""`vidctl history`: every move of a film, and what it was at any moment."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading
from vidctl.cli.options import Json, TaskId

if TYPE_CHECKING:
    from datetime import datetime

    from vidctl.store.details import Move
    from vidctl.store.tasks import Task


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def history(
    task: TaskId,
    at: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="Say what it was then: 2026-11-22T14:05, 2026-11-22, or 14:05 today (UTC)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show every move of a film: when, by whom, and why.

    Example: vidctl history 3f2a --at 14:05
    """
    from vidctl.cli.moments import moment_from
    from vidctl.cli.session import now, session
    from vidctl.store import details, tasks

    moment = moment_from(at, now()) if at is not None else None
    with session("history") as opened:
        found = tasks.find(opened.db, task)
        moves = details.moves(opened.db, found.id)
    if moment is None:
        _show_all(found, moves, as_json=as_json)
    else:
        _show_at(found, moves, moment, as_json=as_json)


def _show_all(task: "Task", moves: "list[Move]", *, as_json: bool) -> None:
    from vidctl.cli import words
    from vidctl.cli.show import show, table

    if as_json:
        described = {"id": task.id, "title": task.title, "created_at": task.created_at, "status": task.status}
        show(described | {"moves": [_move_json(move) for move in moves]}, "", as_json=True)
        return
    rows = [
        (words.moment(move.at), move.from_status, move.event, move.to_status, move.actor, move.reason) for move in moves
    ]
    added = (words.moment(task.created_at), "", "added", "Draft", "", "")
    columns: tuple[str, ...] = ("at", "from", "event", "to", "by", "why")
    shown: list[tuple[str, ...]] = [added, *rows]
    if sys.stdout.isatty():  # where it came from stands in the row above
        columns, shown = columns[:1] + columns[2:], [row[:1] + row[2:] for row in shown]
    table(columns, shown, title=task.title)


def _show_at(task: "Task", moves: "list[Move]", at: "datetime", *, as_json: bool) -> None:
    """Print what the film was at a moment.

    Raises:
        BadInput: it was not there yet.
    """
    from vidctl.cli import words
    from vidctl.cli.show import line, show
    from vidctl.domain.status import Status, phase_of
    from vidctl.errors import BadInput

    if at < task.created_at:
        added = words.moment(task.created_at)
        raise BadInput(f"{task.title!r} was not there at {words.moment(at)}", hint=f"it was added at {added}")
    last = next((move for move in reversed(moves) if move.at <= at), None)
    was = Status(last.to_status if last else Status.DRAFT)
    began = next((move.at for move in reversed(moves) if move.at <= at and move.from_status != move.to_status), None)
    since = began or task.created_at
    data = {"id": task.id, "title": task.title, "at": at, "status": was, "phase": phase_of(was), "since": since}
    sentence = f"{line(task.title)}: {was} at {words.moment(at)}, since {words.moment(since)}"
    show(data | {"last_move": _move_json(last) if last else None}, sentence, as_json=as_json)


def _move_json(move: "Move") -> dict[str, Any]:
    return {
        "at": move.at,
        "from": move.from_status,
        "event": move.event,
        "to": move.to_status,
        "by": move.actor,
        "why": move.reason,
        "version": move.version,
    }
