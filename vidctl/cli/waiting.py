"""What waits at a gate: where to look at it, and how much there is of it."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidctl.cli import words
from vidctl.cli.outlook import Board, commands
from vidctl.cli.show import line, say, table
from vidctl.domain.status import GATES, OPTIONAL_GATES, Status
from vidctl.domain.work import GATE_KINDS, Kind

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.store.details import File
    from vidctl.store.reports import Film

_LOOK_AT = {
    Status.ASSETS_READY: (Kind.CONTACT_SHEET,),
    Status.COMPOSITES_READY: (Kind.ANIMATIC,),
    Status.VIDEO_READY: (Kind.FILMSTRIP,),
    Status.AUDIO_READY: (Kind.NARRATION, Kind.SFX),
    Status.FINAL_REVIEW: (Kind.FILM, Kind.THUMBNAIL),
}
"""What shows at one glance what is approved at each gate; of several files, their folder."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One film at a gate."""

    board: Board
    film: "Film"
    counts: dict[Kind, int]
    look_at: tuple[Path, ...]


def at_gates(opened: "Session", prefix: str | None) -> list[Waiting]:
    """Return the films that wait at a gate, those that wait longest first; or one, which must.

    Raises:
        NotFound, BadInput: no film's id begins so, or several do.
        InvalidStateTransitionError: the film waits at no gate.
    """
    from vidctl.cli.session import now
    from vidctl.cli.status import board_of
    from vidctl.store import tasks

    db = opened.db
    task = tasks.find(db, prefix) if prefix is not None else None
    if task is not None and not task.at_gate:
        from vidctl.errors import InvalidStateTransitionError

        raise InvalidStateTransitionError(
            f"{task.title!r} waits at no gate: it is {task.status}", hint="vidctl inbox shows what waits for you"
        )
    board = board_of(db, now(), statuses=(*GATES, *OPTIONAL_GATES), task_id=task and task.id)
    waiting = sorted((film for film in board.films if film.at_gate), key=lambda film: film.status_since)
    return [_waiting(opened, board, film) for film in waiting]


def _waiting(opened: "Session", board: Board, film: "Film") -> Waiting:
    from vidctl.storage.local import folder
    from vidctl.store import details

    root = folder(opened.settings.home, film.channel_id, str(film.id)).root
    done = [file for file in details.files(opened.db, film.id) if file.state == "done"]
    counts = Counter(file.kind for file in done)
    return Waiting(
        board,
        film,
        {kind: counts[kind] for kind in GATE_KINDS[film.status] if counts[kind] or kind is not Kind.THUMBNAIL},
        tuple(place for kind in _LOOK_AT[film.status] for place in _places(root, [f for f in done if f.kind is kind])),
    )


def _places(root: Path, files: "Sequence[File]") -> list[Path]:
    """Return the one file, or the folders of several."""
    if len(files) == 1:
        return [root / files[0].path]
    return sorted({(root / file.path).parent for file in files})


def as_json(item: Waiting) -> dict[str, Any]:
    """Return what `review --json` says of one film."""
    film = item.film
    return {
        "id": film.id,
        "title": film.title,
        "channel_id": film.channel_id,
        "status": film.status,
        "waiting_since": film.status_since,
        "cost_usd": film.cost_usd,
        "counts": item.counts,
        "asks": film.asks or "",
        "look_at": item.look_at,
        "commands": commands(item.board, film),
    }


def print_all(items: Sequence[Waiting]) -> None:
    """Print films with where to look and what to run; nothing in a pipe where none waits."""
    if not sys.stdout.isatty():
        if items:
            table(("id", "title", "status", "since", "spent", "what", "look at"), (_row(item) for item in items))
        return
    for item in items:
        say(_paragraph(item))
    if not items:
        say("Nothing waits for review.")


def _row(item: Waiting) -> tuple[object, ...]:
    film = item.film
    waited = words.since(film.status_since, item.board.now)
    return (
        film.id,
        film.title,
        film.status,
        waited,
        words.money(film.cost_usd),
        _amount(item),
        " ".join(map(str, item.look_at)),
    )


def _paragraph(item: Waiting) -> str:
    film, short = item.film, item.board.short(item.film)
    waited = words.since(film.status_since, item.board.now)
    return "\n".join(
        [
            f"{short}  {line(film.title)} ({film.channel_id})",
            f"      {film.status} for {waited} · {_amount(item)} · {words.money(film.cost_usd)} so far",
            *([f"      {line(film.asks)}"] if film.asks else []),
            *(f"      look at  {path}" for path in item.look_at),
            *(f"      {command}" for command in commands(item.board, film)),
            "",
        ]
    )


def _amount(item: Waiting) -> str:
    """Return how much there is: "18 narrations, 18 sfx"."""
    return ", ".join(
        f"{number} {kind}" if kind is Kind.SFX else words.count(number, str(kind))
        for kind, number in item.counts.items()
    )


def open_all(items: Sequence[Waiting]) -> None:
    """Open what there is to look at with the desktop's own program; where there is none, the paths are printed."""
    for path in [path for item in items for path in item.look_at]:
        if (program := _opener()) is None:
            print(f"no desktop here to open it: {path}", file=sys.stderr)
        else:
            subprocess.Popen(
                [program, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )


def _opener() -> str | None:
    """Return the program that opens a file as a double click would, if there is a desktop."""
    if sys.platform == "darwin":
        return shutil.which("open")
    desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return shutil.which("xdg-open") if desktop else None
