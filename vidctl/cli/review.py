"""`vidctl review`: what waits at gates, and what a person decides there."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.groups import ListByDefault
from vidctl.cli.kinds import Reading, Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.domain.status import Status
    from vidctl.store.tasks import Seen, Task

review = typer.Typer(
    cls=ListByDefault, help="See what waits at the gates (vidctl review [TASK]), and approve or reject it."
)
app.add_typer(review, name="review", rich_help_panel=EVERY_DAY)

Tasks = Annotated[
    list[str],
    typer.Argument(metavar="TASK…", help="Ids of films, or their first characters.", autocompletion=complete.at_gates),
]
Reviewer = Annotated[str | None, typer.Option(metavar="NAME", help="Who decides; by default you.")]

_ERRORS = {"assets": "Asset Error", "video": "Video Error", "audio": "Audio Error"}


@review.command("list", cls=Reading)
def list_(
    task: Annotated[
        str | None, typer.Argument(metavar="[TASK]", help="Only this film.", autocompletion=complete.at_gates)
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the sheet, the filmstrip or the film.")] = False,
    as_json: Json = False,
) -> None:
    """Show what waits at the gates: where to look, and how much there is.

    Example: vidctl review 3f2a --open
    """
    from vidctl.cli import waiting
    from vidctl.cli.session import session
    from vidctl.cli.show import show

    with session("review") as opened:
        found = waiting.at_gates(opened, task)
    if as_json:
        show({"items": [waiting.as_json(item) for item in found]}, "", as_json=True)
    else:
        waiting.print_all(found)
    if open_:
        waiting.open_all(found)


@review.command(cls=Writing)
def approve(
    tasks: Tasks,
    notes: Annotated[str, typer.Option(metavar="TEXT", help="Kept with the approval.")] = "",
    reviewer: Reviewer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Let films pass the gate they wait at: all of them, or none.

    The approval holds for exactly the files that are there now.

    Example: vidctl review approve 3f2a 91c0
    """
    from vidctl.cli.session import now
    from vidctl.engine import decide

    def decision(opened: "Session", task: "Task") -> "Seen":
        return decide.approve(opened.db, task, actor=_who(opened, reviewer), now=now(), notes=notes)

    def sentence(task: "Task", seen: "Seen") -> str:
        return f"{_moved(task, seen)} {_next(seen.status)}"

    _decide(tasks, decision, sentence, dry_run=dry_run, as_json=as_json)


@review.command(cls=Writing)
def reject(
    tasks: Tasks,
    notes: Annotated[
        str, typer.Option(metavar="TEXT", help='What to make again, and how: "clip 3: slower pan; clips 7-9".')
    ],
    to: Annotated[
        str | None,
        typer.Option(
            metavar="STAGE",
            help="The stage it goes back to: assets, video or audio.",
            autocompletion=complete.one_of("assets", "video", "audio"),
        ),
    ] = None,
    reviewer: Reviewer = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Send films back from the gate they wait at: all of them, or none.

    Only what the notes name is made again, and only after: vidctl retry.

    Example: vidctl review reject 3f2a --notes "clip 3: slower pan"
    """
    from vidctl.cli.session import now
    from vidctl.domain.review import rejections
    from vidctl.engine import decide
    from vidctl.errors import BadInput

    stage = _stage(to)
    if not notes.strip():
        raise BadInput(
            "a rejection without a word helps nobody", hint='say what is wrong: --notes "clip 3: slower pan"'
        )
    named = [str(item.artifact) for item in rejections(notes)]

    def decision(opened: "Session", task: "Task") -> "Seen":
        who, home = _who(opened, reviewer), opened.settings.home
        return decide.reject(opened.db, task, actor=who, notes=notes, now=now(), to=stage, home=home)

    def sentence(task: "Task", seen: "Seen") -> str:
        from vidctl.cli import words

        again = f"{words.listed(named)} and what depends on it will be made again" if named else _NOTHING_NAMED
        return f"{_moved(task, seen)} {again[0].upper()}{again[1:]}, after: vidctl retry {str(task.id)[:8]}"

    _decide(tasks, decision, sentence, dry_run=dry_run, as_json=as_json, remade=named)


_NOTHING_NAMED = 'the notes name no item (like "clip 3: …"), so nothing is thrown away; the step is looked at again'


def _stage(name: str | None) -> "Status | None":
    from vidctl.domain.status import Status

    if name is None:
        return None
    if name not in _ERRORS:
        raise typer.BadParameter(f"{name!r} is none of assets, video, audio", param_hint="--to")
    return Status(_ERRORS[name])


def _decide(
    prefixes: list[str],
    decision: "Callable[[Session, Task], Seen]",
    sentence: "Callable[[Task, Seen], str]",
    *,
    dry_run: bool,
    as_json: bool,
    remade: list[str] | None = None,
) -> None:
    """Decide about all films in one transaction, and report each."""
    from vidctl.cli.cards import show_on_cards
    from vidctl.cli.session import session, trial
    from vidctl.cli.show import line, tell
    from vidctl.store import tasks

    with session("review") as opened:
        found = {task.id: task for task in [tasks.find(opened.db, prefix) for prefix in prefixes]}
        with trial(opened.db, dry_run=dry_run):
            moves = {task_id: decision(opened, task) for task_id, task in sorted(found.items())}  # no deadlocks
        moved = [(task, moves[task.id]) for task in found.values()]
        results = [_result(task, seen, remade) for task, seen in moved]
        text = "\n".join(line(sentence(task, seen)) for task, seen in moved)
        tell({"tasks": results}, text, dry_run=dry_run, as_json=as_json)
        if not dry_run:
            show_on_cards(opened, list(found))


def _result(task: "Task", seen: "Seen", remade: list[str] | None) -> dict[str, Any]:
    result = {"id": task.id, "title": task.title, "was": task.status, "status": seen.status}
    return result if remade is None else result | {"remade": remade}


def _who(opened: "Session", reviewer: str | None) -> str:
    from vidctl.cli.session import operator
    from vidctl.errors import BadInput

    name = (operator(opened.settings) if reviewer is None else reviewer).strip()
    if not name:
        raise BadInput("a decision needs a name", hint="--reviewer NAME, or set VIDCTL_REVIEWER")
    return name


def _moved(task: "Task", seen: "Seen") -> str:
    return f"{task.title}: {task.status} → {seen.status}."


def _next(status: "Status") -> str:
    """Return what happens to a film that passed a gate."""
    from vidctl.domain.status import Status
    from vidctl.pipeline import step_at

    if status is Status.APPROVED:
        return "The next tick publishes it."
    step = step_at(status)
    assert step is not None
    return f"Next: {step.name}, with the next tick."
