"""`vidctl inbox`: only what needs a person now."""

import sys
from typing import TYPE_CHECKING, Any

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading
from vidctl.cli.options import Json

if TYPE_CHECKING:
    from vidctl.cli.outlook import Board
    from vidctl.engine.unauthorised import Unauthorised
    from vidctl.store.reports import Film


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def inbox(
    as_json: Json = False,
) -> None:
    """Show only what needs a person now, the most expensive wait first, each with the command to run.

    Below them, each channel that has to be authorised on YouTube before its
    approved films can go there.

    Prints nothing in a pipe when nothing needs anybody, so cron mails it only when something does.

    Example: vidctl inbox
    """
    from vidctl.cli.session import now, session
    from vidctl.cli.show import show
    from vidctl.cli.status import board_of
    from vidctl.domain.status import ERRORS, GATES, OPTIONAL_GATES, Phase
    from vidctl.engine import unauthorised

    with session("inbox") as opened:
        board = board_of(opened.db, now(), statuses=[*GATES, *OPTIONAL_GATES, *ERRORS])
        channels = unauthorised.waited_for(opened.db, now=now())
    yours = [film for film in board.films if film.phase in {Phase.REVIEW, Phase.ERROR}]
    films = sorted(yours, key=lambda film: (-film.cost_usd, film.status_since, film.id))
    if as_json:
        data = {"items": [_item(board, film) for film in films], "channels": [_channel_item(one) for one in channels]}
        show(data, "", as_json=True)
    elif not films and not channels:
        show({}, "Nothing needs you." if sys.stdout.isatty() else "", as_json=False)
    if films and not as_json:
        _print(board, films)
    if channels and not as_json:
        _print_channels(board, channels)


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


def _channel_item(one: "Unauthorised") -> dict[str, Any]:
    return {
        "channel_id": one.channel_id,
        "why": one.why,
        "films": one.films,
        "waiting_since": one.since,
        "commands": [one.command],
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


def _print_channels(board: "Board", channels: "list[Unauthorised]") -> None:
    """Print a table in a pipe; on a terminal the commands in lines of their own, as long as they are."""
    from vidctl.cli import words
    from vidctl.cli.show import line, say, table

    rows = [
        (one.channel_id, one.why, words.count(one.films, "film"), words.since(one.since, board.now), one.command)
        for one in channels
    ]
    if not sys.stdout.isatty():
        table(("channel", "why", "waiting", "since", "run"), rows)
        return
    for channel_id, why, films, since, command in rows:
        verb = "waits" if films == "1 film" else "wait"
        say(f"{channel_id}  {films} {verb} for {since}: {line(why)}\n      {command}\n")
