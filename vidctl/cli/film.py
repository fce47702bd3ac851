"""One film in full: `vidctl status TASK`."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vidctl.cli import words
from vidctl.cli.outlook import Board, attempt_of, next_move, step_of
from vidctl.cli.show import line, lines, show

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.store.details import Decided, Error, File
    from vidctl.store.reports import Film
    from vidctl.store.tasks import Task

LAST_ERRORS = 5


@dataclass(frozen=True, slots=True)
class Full:
    """Everything that is known of one film."""

    board: Board
    task: "Task"
    folder: Path
    files: "list[File]"
    errors: "list[Error]"
    decisions: "list[Decided]"

    @property
    def film(self) -> "Film":
        """The film as boards show it."""
        return self.board.films[0]


def show_film(opened: "Session", prefix: str, *, as_json: bool) -> None:
    """Print one film in full.

    Raises:
        NotFound, BadInput: no film's id begins so, or several do.
    """
    full = _read(opened, prefix)
    show(film_json(full) if as_json else {}, "" if as_json else "\n".join(film_lines(full)), as_json=as_json)


def _read(opened: "Session", prefix: str) -> Full:
    from vidctl.cli.session import now
    from vidctl.cli.status import board_of_one, files_of
    from vidctl.storage.local import folder
    from vidctl.store import details, tasks

    db, home = opened.db, opened.settings.home
    task = tasks.find(db, prefix)
    return Full(
        board=board_of_one(db, task.id, now(), task.channel_id, files_of(opened)),
        task=task,
        folder=folder(home, task.channel_id, str(task.id)).root,
        files=details.files(db, task.id),
        errors=details.errors(db, task.id, last=LAST_ERRORS),
        decisions=details.decisions(db, task.id),
    )


def film_json(full: Full) -> dict[str, Any]:
    """Return the board's object with this one film in it, in full."""
    from dataclasses import asdict

    from vidctl.cli import render

    task = full.task
    more = {
        "topic": task.topic,
        "story_direction": task.story_direction,
        "privacy": task.privacy,
        "publish_at": task.publish_at,
        "failed_step": task.failed_step,
        "error_log": task.error_log.splitlines(),
        "review_notes": task.review_notes,
        "folder": full.folder,
        "artifacts": [asdict(file) | {"path": _place(full, file)} for file in full.files],
        "errors": [_error_json(error) for error in full.errors],
        "decisions": [asdict(decision) for decision in full.decisions],
    }
    whole = render.board_json(full.board)
    return whole | {"tasks": [whole["tasks"][0] | more]}


def _error_json(error: "Error") -> dict[str, Any]:
    """Return an error without the page that its script may have said: `vidctl logs` shows that."""
    from dataclasses import asdict

    fields = asdict(error)
    del fields["stderr"]
    return fields


def film_lines(full: Full) -> list[str]:
    """Return everything about a film as lines for people."""
    return [
        line(full.task.title),
        *(f"  {name:<10} {value}" for name, value in _facts(full) if value),
        *_section("Files", _file_lines(full)),
        *_section("Decisions", _decision_lines(full)),
        *_section("Review notes", lines(full.task.review_notes).splitlines()),
        *_section("Last errors", _error_lines(full)),
        *_section("Error log", lines(full.task.error_log).splitlines()),
    ]


def _facts(full: Full) -> list[tuple[str, str]]:
    film, now = full.film, full.board.now
    progress = f"{film.progress_done} of {film.progress_total}" if film.progress_total else ""
    return [
        ("id", str(film.id)),
        ("channel", film.channel_id),
        ("topic", line(full.task.topic)),
        ("status", f"{film.status} for {words.since(film.status_since, now)}"),
        ("step", step_of(film) or ""),
        ("progress", progress),
        ("asks", line(film.asks or "")),
        ("attempt", attempt_of(film, now)),
        ("next", line(next_move(full.board, film))),
        ("priority", film.priority),
        ("public at", words.moment(full.task.publish_at) if full.task.publish_at else ""),
        ("cost", words.money(film.cost_usd)),
        ("video", film.youtube_url or ""),
        ("added", words.moment(film.created_at)),
        ("folder", str(full.folder)),
    ]


def _file_lines(full: Full) -> list[str]:
    """Return one line for each kind: how many there are, and where in the film's folder."""
    found = []
    for kind, group in groupby(full.files, key=lambda file: file.kind):
        files = list(group)
        done = [file for file in files if file.state == "done"]
        open_ones = [f"{file.artifact} is {file.state}" for file in files if file.state != "done"]
        here = [file for file in done if file.removed_at is None]
        places = sorted({file.path if len(files) == 1 else f"{Path(file.path).parent}/" for file in here})
        places += [f"cleaned up: {words.moment(gone)}"] if (gone := _removed_at(done)) else []
        count = f"{len(done)} of {len(files)}" if open_ones else str(len(done))
        found.append(f"{kind.replace('_', ' '):<14} {count:<9} {', '.join(places)}".rstrip())
        found += [f"{'':<24} {words.listed(open_ones)}"] if open_ones else []
        several = [f"{file.takes} of {file.artifact}" for file in files if file.takes > 1]
        found += [f"{'':<24} takes kept: {words.listed(several)}"] if several else []
    return found


def _removed_at(files: "list[File]") -> datetime | None:
    """Return when the last of these files was cleaned up."""
    return max((file.removed_at for file in files if file.removed_at is not None), default=None)


def _decision_lines(full: Full) -> list[str]:
    return [
        f"{words.moment(one.at)}  {one.gate} {one.action} by {line(one.reviewer_id)}"
        + (f": {line(one.notes)}" if one.notes else "")
        for one in full.decisions
    ]


def _error_lines(full: Full) -> list[str]:
    found = []
    for error in full.errors:
        what = f"{error.step}, {error.item}" if error.item else error.step
        found.append(
            f"{words.moment(error.at)}  {what}, attempt {error.attempt} ({error.error_class}): {line(error.message)}"
        )
        found += [f"{'':<25}hint: {line(error.hint)}"] if error.hint else []
    return [*found, f"all of it, and what scripts said: vidctl logs {str(full.task.id)[:8]}"] if found else []


def _section(title: str, body: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"  {text}" for text in body)] if body else []


def _place(full: Full, file: "File") -> str:
    return str(full.folder / file.path) if file.path and file.removed_at is None else ""
