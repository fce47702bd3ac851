"""The board as JSON, as plain lines and as tables. Pure: nothing is read or printed here."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from vidctl.cli import words
from vidctl.cli.outlook import Board, attempt_of, next_move, step_of
from vidctl.cli.show import line
from vidctl.domain.status import Phase
from vidctl.store.reports import ChannelLoad, Film
from vidctl.store.services import Pause

if TYPE_CHECKING:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

STYLES: Final = {
    Phase.WAITING: "",
    Phase.WORKING: "cyan",
    Phase.REVIEW: "bold yellow",
    Phase.DONE: "green",
    Phase.ERROR: "bold red",
}

FILM_COLUMNS: Final = ("id", "channel", "title", "status", "since", "progress", "attempt", "cost", "next")
CHANNEL_COLUMNS: Final = ("channel", "waiting", "running", "capacity", "review", "errors", "drafts")


def film_json(board: Board, film: Film) -> dict[str, Any]:
    """Return what `status --json` says of one film."""
    return {
        "id": film.id,
        "title": film.title,
        "channel_id": film.channel_id,
        "status": film.status,
        "phase": film.phase,
        "step": step_of(film),
        "progress": {"done": film.progress_done, "total": film.progress_total},
        "attempt": film.attempt,
        "next_attempt_at": film.next_attempt_at,
        "cost_usd": film.cost_usd,
        "updated_at": film.updated_at,
        "status_since": film.status_since,
        "created_at": film.created_at,
        "priority": film.priority,
        "running": film.running,
        "next": next_move(board, film),
        "youtube_url": film.youtube_url,
    }


def board_json(board: Board) -> dict[str, Any]:
    """Return the object that `status --json` prints."""
    return {
        "tasks": [film_json(board, film) for film in board.films],
        "channels": [channel_json(channel) for channel in board.channels],
        "services": [pause_json(pause) for pause in board.pauses],
        "last_tick_at": board.last_tick,
    }


def channel_json(channel: ChannelLoad) -> dict[str, Any]:
    """Return how much is to do in a channel."""
    return {name: getattr(channel, name) for name in ChannelLoad.__slots__}


def pause_json(pause: Pause) -> dict[str, Any]:
    """Return a paused service."""
    return {"service": pause.service, "paused_until": pause.paused_until, "reason": pause.reason}


def progress_of(film: Film) -> str:
    """Return "11/18" where a step has begun, else ""."""
    return f"{film.progress_done}/{film.progress_total}" if film.progress_total else ""


def film_row(board: Board, film: Film) -> tuple[str, ...]:
    """Return one film as the cells of a plain line; the id is whole."""
    return (
        str(film.id),
        film.channel_id,
        film.title,
        film.status,
        words.since(film.status_since, board.now),
        progress_of(film),
        attempt_of(film, board.now),
        words.money(film.cost_usd),
        next_move(board, film),
    )


def channel_row(channel: ChannelLoad) -> tuple[object, ...]:
    """Return one channel as the cells of a plain line."""
    counts = (channel.waiting, channel.running, channel.capacity, channel.review, channel.errors, channel.drafts)
    return (channel.channel_id, *counts)


def plain_tables(board: Board) -> Iterator[tuple[Sequence[str], Sequence[Sequence[object]]]]:
    """Yield header and rows of the films, the channels and the paused services, where there are any."""
    if board.films:
        yield FILM_COLUMNS, [film_row(board, film) for film in board.films]
    if board.channels:
        yield CHANNEL_COLUMNS, [channel_row(channel) for channel in board.channels]
    if board.pauses:
        yield (
            ("service", "paused until", "why"),
            [(pause.service, words.moment(pause.paused_until), pause.reason) for pause in board.pauses],
        )


def footer(board: Board) -> list[str]:
    """Return the sentences below a board: paused services, and when vidctl last looked."""
    sentences = [
        f"{pause.service} is paused until {words.clock(pause.paused_until, board.now)}: {line(pause.reason)}"
        for pause in board.pauses
    ]
    if board.last_tick is None:
        return [*sentences, "No tick has run yet: films move on when cron runs vidctl tick."]
    return [*sentences, f"Last tick {words.since(board.last_tick, board.now)} ago."]


def board_view(board: Board) -> "Group":
    """Return the board as tables for a terminal of any width from 80 columns."""
    from rich.console import Group
    from rich.text import Text

    tables = [_channels(board.channels)] if board.channels else []
    below: list[Table | Text] = [Text(sentence, style="dim") for sentence in footer(board)]
    if board.films:
        tables.append(_films(board))
    else:
        below.insert(0, Text("No film to show here. All of them: vidctl status --all; a new one: vidctl add"))
    return Group(*tables, *below)


def _films(board: Board) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    many = len({film.channel_id for film in board.films}) > 1
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("id", no_wrap=True)
    table.add_column("film", ratio=3, min_width=12)
    table.add_column("status", max_width=22)
    table.add_column("since", justify="right", no_wrap=True)
    table.add_column("cost", justify="right", no_wrap=True)
    table.add_column("what moves it on", ratio=3, min_width=20)
    for film in board.films:
        title = Text(line(film.title), overflow="ellipsis", no_wrap=True)
        name = Text("\n", no_wrap=True).join([title, Text(film.channel_id, style="dim")]) if many else title
        table.add_row(
            Text(board.short(film), style="bold"),
            name,
            _status(film),
            words.since(film.status_since, board.now),
            words.money(film.cost_usd),
            _outlook(board, film),
        )
    return table


def _status(film: Film) -> "Text":
    """Return a status with its progress."""
    from rich.text import Text

    status = Text(film.status, style=STYLES[film.phase])
    if progress := progress_of(film):
        status.append(f" {progress}", style="default not bold")
    return status


def _outlook(board: Board, film: Film) -> "Text":
    """Return what moves a film on; a service's own words are below the table."""
    from rich.text import Text

    attempt, move = attempt_of(film, board.now), next_move(board, film, why=False)
    waits = film.next_attempt_at is not None and film.next_attempt_at > board.now and film.channel_is_active
    said = attempt if waits else " · ".join(filter(None, [move, attempt]))
    return Text(line(said), style="" if film.phase in {Phase.REVIEW, Phase.ERROR} else "dim")


def _channels(channels: Sequence[ChannelLoad]) -> "Table":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("channel", no_wrap=True)
    for name in ("waiting", "in work", "your turn", "errors", "drafts"):
        table.add_column(name, justify="right")
    for channel in channels:
        table.add_row(
            Text(channel.channel_id, style="" if channel.is_active else "dim strike"),
            _number(channel.waiting, ""),
            Text(f"{channel.running} of {channel.capacity}", style="cyan" if channel.running else "dim"),
            _number(channel.review, "bold yellow"),
            _number(channel.errors, "bold red"),
            _number(channel.drafts, ""),
        )
    return table


def _number(number: int, style: str) -> "Text":
    from rich.text import Text

    return Text(str(number), style=style if number else "dim")
