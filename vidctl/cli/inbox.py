"""`vidctl inbox`: only what needs a person now."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import EVERY_DAY, app

if TYPE_CHECKING:
    from vidctl.cli.outlook import Board
    from vidctl.store.reports import Film


@app.command(rich_help_panel=EVERY_DAY)
def inbox(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show only what needs a person now, the most expensive wait first, each with the command to run.

    Prints nothing in a pipe when nothing needs anybody, so cron mails it only when something does.

    Example: vidctl inbox
    """
    from vidctl.cli.session import now, session
    from vidctl.cli.show import show
    from vidctl.cli.status import board_of
    from vidctl.domain.status import ERRORS, GATES, OPTIONAL_GATES, Phase

    with session("inbox") as opened:
        board = board_of(opened.db, now(), statuses=[*GATES, *OPTIONAL_GATES, *ERRORS])
    yours = [film for film in board.films if film.phase in {Phase.REVIEW, Phase.ERROR}]
    films = sorted(yours, key=lambda film: (-film.cost_usd, film.status_since, film.id))
    if as_json:
        show({"items": [_item(board, film) for film in films]}, "", as_json=True)
    elif not films:
        show({}, "Nothing needs you." if sys.stdout.isatty() else "", as_json=False)
    else:
        _print(board, films)


def _item(board: "Board", film: "Film") -> dict[str, Any]:
    from vidctl.cli.outlook import commands

    return {
        "id": film.id,
        "title": film.title,
        "channel_id": film.channel_id,
        "status": film.status,
        "phase": film.phase,
        "cost_usd": film.cost_usd,
        "waiting_since": film.status_since,
        "why": _why(film),
        "commands": commands(board, film),
    }


def _why(film: "Film") -> str:
    """Return the last line of the error log of a film that failed, or what one asks at a gate that few have."""
    from vidctl.domain.status import ERRORS

    entries = film.error_log.splitlines()
    return entries[-1] if film.status in ERRORS and entries else film.asks or ""


def _print(board: "Board", films: "list[Film]") -> None:
    from vidctl.cli import words
    from vidctl.cli.outlook import commands
    from vidctl.cli.show import table

    terminal = sys.stdout.isatty()
    rows = [
        (
            board.short(film) if terminal else film.id,
            film.title,
            f"{film.status}\n{_why(film)}" if terminal and _why(film) else film.status,
            words.since(film.status_since, board.now),
            words.money(film.cost_usd),
            commands(board, film)[0],
        )
        for film in films
    ]
    table(("id", "film", "status", "since", "spent", "run"), rows)
