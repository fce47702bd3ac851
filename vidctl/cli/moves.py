"""What a person does to films that are on their way: queue, hold, retry, prioritize."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.store.tasks import Seen, Task

_IDS = "Ids of films, or their first characters."
Drafts = Annotated[list[str], typer.Argument(metavar="TASK...", help=_IDS, autocompletion=complete.drafts)]
Tasks = Annotated[list[str], typer.Argument(metavar="TASK...", help=_IDS, autocompletion=complete.films)]


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def queue(tasks: Drafts, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Have films in Draft made: the next tick takes them up.

    All of them or, where one cannot be queued, none.

    Example: vidctl queue 3f2a 91bc
    """
    from vidctl.engine import decide

    with _chosen("queue", tasks) as (opened, films):
        _decide(opened, films, decide.queue, dry_run=dry_run, as_json=as_json)


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def hold(tasks: Tasks, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Take films back to Draft; a step at work stops after the items in flight.

    Nothing that is made is lost: queue goes on where they were.

    Example: vidctl hold 3f2a
    """
    from vidctl.engine import decide

    with _chosen("hold", tasks) as (opened, films):
        _decide(opened, films, decide.hold, dry_run=dry_run, as_json=as_json)


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def retry(
    tasks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TASK]...", help="As with the other commands.", autocompletion=complete.failed),
    ] = None,
    all_errors: Annotated[bool, typer.Option("--all-errors", help="Every film that has failed.")] = False,
    channel: Annotated[
        str | None,
        typer.Option(metavar="ID", help="With --all-errors: of this channel alone.", autocompletion=complete.channels),
    ] = None,
    new_upload: Annotated[
        bool, typer.Option("--new-upload", help="Upload anew: you looked, and the film is not on the channel.")
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Send failed films back to the step they failed in; what is made already stays.

    A film that waits for its next try by itself tries at once. One that stopped because a file that was paid for is
    gone buys that again, if it is named and the file is not back.

    Example: vidctl retry --all-errors --channel history
    """
    from vidctl.engine import decide
    from vidctl.errors import BadInput

    if all_errors == bool(tasks) or (channel and not all_errors) or (new_upload and all_errors):
        raise BadInput("say which films to retry", hint="either TASK... or --all-errors [--channel ID]")
    with _failed(channel) if all_errors else _chosen("retry", tasks or []) as (opened, films):
        decision = decide.upload_anew if new_upload else partial(decide.retry, buys_again=not all_errors)
        _decide(opened, films, decision, dry_run=dry_run, as_json=as_json)


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def prioritize(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="TASK... high|normal|low",
            help="Films, then how urgent.",
            autocompletion=complete.one_of("high", "normal", "low", before=complete.films),
        ),
    ],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Change how urgent films are; it counts from their next step on.

    Example: vidctl prioritize 3f2a 91bc high
    """
    from vidctl.cli.cards import show_on_cards
    from vidctl.cli.session import trial
    from vidctl.cli.show import tell
    from vidctl.domain.brief import PRIORITIES
    from vidctl.errors import BadInput
    from vidctl.store import marks

    *prefixes, priority = arguments
    if priority not in PRIORITIES or not prefixes:
        raise BadInput("say which films, then how urgent they are", hint="vidctl prioritize TASK... high|normal|low")
    with _chosen("prioritize", prefixes) as (opened, films):
        with trial(opened.db, dry_run=dry_run):
            for film in films:
                marks.set_priority(opened.db, film.id, priority)
        data = [{"id": film.id, "title": film.title, "was": film.priority, "priority": priority} for film in films]
        lines = [_line(film, film.priority, priority) for film in films]
        tell({"tasks": data}, "\n".join(lines), dry_run=dry_run, as_json=as_json)
        if not dry_run:
            show_on_cards(opened, [film.id for film in films])


@contextmanager
def _chosen(doing: str, prefixes: Sequence[str]) -> "Iterator[tuple[Session, list[Task]]]":
    """Open a session and find the films that are named, each once."""
    from vidctl.cli.session import session
    from vidctl.store import tasks

    with session(doing) as opened:
        found = [tasks.find(opened.db, prefix) for prefix in prefixes]
        yield opened, list({film.id: film for film in found}.values())


@contextmanager
def _failed(channel_id: str | None) -> "Iterator[tuple[Session, list[Task]]]":
    """Open a session and find every film that has failed.

    Raises:
        NotFound: there is no such channel.
    """
    from vidctl.cli.session import session
    from vidctl.domain.status import ERRORS
    from vidctl.store import channels, reports, tasks

    with session("retry") as opened:
        if channel_id is not None:
            channels.get(opened.db, channel_id)
        failed = reports.films(opened.db, statuses=ERRORS, channel_id=channel_id)
        yield opened, [tasks.get(opened.db, film.id) for film in failed]


def _decide(
    opened: "Session", films: "Sequence[Task]", decision: "Callable[..., Seen]", *, dry_run: bool, as_json: bool
) -> None:
    """Move all films or none, and report each.

    Raises:
        InvalidStateTransitionError, BadInput, LostRace: one of them cannot be moved; it is named.
    """
    from vidctl.cli.cards import show_on_cards
    from vidctl.cli.session import now, operator, trial
    from vidctl.cli.show import tell

    moves = {}
    with trial(opened.db, dry_run=dry_run):
        for film in sorted(films, key=lambda film: film.id):  # two who move the same films do not deadlock
            with _naming(film, of=len(films)):
                moves[film.id] = decision(opened.db, film, actor=operator(opened.settings), now=now())
    moved = [moves[film.id] for film in films]
    data = [
        {"id": film.id, "title": film.title, "was": film.status, "status": seen.status}
        for film, seen in zip(films, moved, strict=True)
    ]
    lines = [_line(film, film.status, seen.status) for film, seen in zip(films, moved, strict=True)]
    tell({"tasks": data}, "\n".join(lines), dry_run=dry_run, as_json=as_json)
    if not dry_run:
        show_on_cards(opened, list(moves))


@contextmanager
def _naming(film: "Task", *, of: int) -> Iterator[None]:
    """Say in an error which film it is about, and that no other was changed either."""
    from vidctl.cli.show import line
    from vidctl.errors import VidctlError

    try:
        yield
    except VidctlError as exc:
        rest = "; none of the films was changed" if of > 1 else ""
        raise type(exc)(
            f"{f'{str(film.id)[:8]} {line(film.title)}'.rstrip()}: {exc}", hint=f"{exc.hint}{rest}"
        ) from exc


def _line(film: "Task", was: str, now_is: str) -> str:
    from vidctl.cli.show import line

    return f"{film.id}  {was} → {now_is}  {line(film.title)}"
