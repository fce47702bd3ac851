"""`vidctl upload`: take approved films to YouTube now, or show exactly what would be sent."""

import subprocess
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidctl.cli.session import Session
    from vidctl.store.tasks import Task


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def upload(
    task: Annotated[
        str | None,
        typer.Argument(
            metavar="[TASK]",
            help="The film's id, or its first characters: also one that was put off; else all that are due.",
            autocompletion=complete.uploadable,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print exactly what would be sent, and send nothing.")
    ] = False,
    despite_duplicate: Annotated[
        bool, typer.Option("--despite-duplicate", help="You looked: it is no duplicate of the film that it is like.")
    ] = False,
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; by default you.")] = None,
    as_json: Json = False,
) -> None:
    """Publish approved films now instead of with the next tick; every check is made all the same.

    Example: vidctl upload 3f2a --dry-run
    """
    from vidctl.cli.rehearsal import rehearse
    from vidctl.cli.session import session

    if despite_duplicate and (task is None or dry_run):
        raise typer.BadParameter("say of which film, and without --dry-run", param_hint="--despite-duplicate")
    if reviewer is not None and not despite_duplicate:
        raise typer.BadParameter("it goes with --despite-duplicate alone", param_hint="--reviewer")
    with session("upload") as opened:
        films = _films(opened, task)
        if dry_run:
            rehearse(opened, films, named=task is not None, as_json=as_json)
            return
        if task is not None:
            _require_waiting(films[0])
        if despite_duplicate:
            _allow(opened, films[0], reviewer)
        if task is not None:
            _look_again(opened, films[0])
    _publish(films, as_json=as_json)


def _films(opened: "Session", prefix: str | None) -> "list[Task]":
    from vidctl.domain.status import Status
    from vidctl.store import reports, tasks

    if prefix is not None:
        return [tasks.find(opened.db, prefix)]
    found = reports.films(opened.db, statuses=[Status.APPROVED, Status.UPLOADING])
    return [tasks.get(opened.db, film.id) for film in found]


def _allow(opened: "Session", film: "Task", reviewer: str | None) -> None:
    """Write down who says that a film is no duplicate of which other, and send it on where it failed for that."""
    from vidctl.cli.session import now, operator
    from vidctl.domain.status import Status
    from vidctl.engine import decide, rehearsal
    from vidctl.errors import BadInput
    from vidctl.store import audit, tasks

    name = str(film.id)[:8]
    who = (operator(opened.settings) if reviewer is None else reviewer).strip()
    if not who:
        raise BadInput("a decision needs a name", hint="--reviewer NAME, or set VIDCTL_REVIEWER")
    like = rehearsal.like(opened.db, film, opened.settings.home)  # before others have to wait: it may take long
    if not like:
        raise BadInput(
            f"{film.title!r} is like no film that is on YouTube or on its way there",
            hint=f"nobody has to allow it: vidctl upload {name}; after an error, vidctl retry {name}",
        )
    with audit.deciding(opened.db):
        decide.allow_likeness(opened.db, film, actor=who, now=now(), notes=like)
        if tasks.get(opened.db, film.id).status is Status.UPLOAD_ERROR:
            decide.retry(opened.db, film, actor=who, now=now(), reason="it is no duplicate")


def _require_waiting(film: "Task") -> None:
    from vidctl.domain.status import Status
    from vidctl.errors import InvalidStateTransitionError

    if film.status is Status.PUBLISHED:
        hint = film.youtube_url or "nothing has to be done"
        raise InvalidStateTransitionError(f"{film.title!r} is published already", hint=hint)
    if film.status not in {Status.APPROVED, Status.UPLOADING, Status.UPLOAD_ERROR}:
        hint = "it is published once a person approved it: vidctl review"
        raise InvalidStateTransitionError(f"{film.title!r} waits for no upload: it is {film.status}", hint=hint)


def _look_again(opened: "Session", film: "Task") -> None:
    """Let a film that was put off be looked at now: what it waited for may have changed."""
    from vidctl.cli.session import now, operator
    from vidctl.domain.status import Status
    from vidctl.engine import decide
    from vidctl.store import marks

    is_put_off = film.next_attempt_at is not None and film.next_attempt_at > now()
    if is_put_off and film.status is Status.APPROVED:
        marks.look_again(opened.db, film.seen, now=now())
    elif is_put_off and film.status is Status.UPLOADING:
        decide.retry(opened.db, film, actor=operator(opened.settings), now=now(), reason="vidctl upload")


def _publish(films: "Sequence[Task]", *, as_json: bool) -> None:
    """Run the step of each film in a process of its own, as a tick does, and say where it is then."""
    from vidctl.cli.session import session
    from vidctl.cli.show import line, show
    from vidctl.domain.status import ERRORS, Status
    from vidctl.errors import ExitCode
    from vidctl.store import tasks

    for film in films:
        step = [sys.executable, "-m", "vidctl", "run-step", str(film.id)]
        subprocess.run(step, stdout=subprocess.DEVNULL, check=False)  # what came of it is said below, once
    with session("upload") as opened:
        after = [tasks.get(opened.db, film.id) for film in films]
        said = [_where(opened, one, film) for one, film in zip(after, films, strict=True)]
    data = [{"id": one.id, "title": one.title, "status": one.status, "url": one.youtube_url} for one in after]
    text = "\n".join(line(f"{str(one.id)[:8]}  {one.title}: {where}") for one, where in zip(after, said, strict=True))
    show({"dry_run": False, "films": data}, text or "No approved film waits for its upload.", as_json=as_json)
    if any(one.status in ERRORS for one in after):
        raise typer.Exit(ExitCode.FAILED)
    if any(one.status is not Status.PUBLISHED for one in after):
        raise typer.Exit(ExitCode.TRY_AGAIN)


def _where(opened: "Session", film: "Task", before: "Task") -> str:
    """Return where a film is, and why it is not published: what was said of that now, else what it waits for."""
    from vidctl.cli.outlook import next_move
    from vidctl.cli.session import now
    from vidctl.cli.status import board_of_one, files_of
    from vidctl.domain.status import ERRORS, Status

    if film.status is Status.PUBLISHED:
        return f"published, {film.youtube_url or 'nobody said where'}"
    last = film.error_log.rpartition("\n")[2]
    if film.status in ERRORS:
        return f"{film.status}; {last}; what to do: vidctl status {str(film.id)[:8]}"
    if film.error_log != before.error_log:
        return f"{film.status}; {last}"
    board = board_of_one(opened.db, film.id, now(), film.channel_id, files_of(opened))
    return f"{film.status}; {next_move(board, board.films[0])}"
