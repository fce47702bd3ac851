"""`vidctl storyboard`: read what a film will be, and change it before it is paid for."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading, Writing
from vidctl.cli.options import DryRun, Json, TaskId

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.domain.storyboard import Panel, Scene, Storyboard
    from vidctl.engine.rework import Edited
    from vidctl.store.tasks import Task

storyboard = typer.Typer(help="Read a film's storyboard, and change it.", no_args_is_help=True)
app.add_typer(storyboard, name="storyboard", rich_help_panel=EVERY_DAY)


@storyboard.command(cls=Reading)
def show(
    task: TaskId,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the document itself, as `edit --file` takes it.")
    ] = False,
) -> None:
    """Show a film's storyboard: its images and its scenes.

    Example: vidctl storyboard show 3f2a
    """
    from vidctl.cli.session import session
    from vidctl.cli.show import say
    from vidctl.domain.storyboard import parse
    from vidctl.engine.edit import path_of
    from vidctl.store import tasks

    with session("storyboard show") as opened:
        path, _ = path_of(opened.db, tasks.find(opened.db, task), opened.settings.home)
    if as_json:
        import json

        from vidctl.cli.show import to_json

        say(to_json(json.loads(path.read_bytes()), pretty=sys.stdout.isatty()))
    else:
        say("\n".join(board_lines(parse(path.read_bytes()))))


@storyboard.command(cls=Writing)
def edit(
    task: TaskId,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="Take this document instead of opening $EDITOR; - is stdin.")
    ] = None,
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who changes it; by default you.")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Change a film's storyboard in $EDITOR, or take it from a file.

    What the change concerns is made again, and nothing else. A document that
    cannot be used changes nothing, and is kept. So is what you write in a dry run.

    Example: vidctl storyboard edit 3f2a
    """
    from vidctl.cli.cards import show_on_cards
    from vidctl.cli.session import author_of, operator, session
    from vidctl.engine.edit import edit_storyboard
    from vidctl.store import tasks

    with session("storyboard edit") as opened:
        found = tasks.find(opened.db, task)
        who = reviewer or operator(opened.settings)  # who has no name is told before an editor opens
        if file is not None:
            done = edit_storyboard(opened.db, found, _read(file), author_of(opened.settings, who), dry_run=dry_run)
        else:
            done = _edit_by_hand(opened, found, who, dry_run=dry_run)
        _report(found, done, dry_run=dry_run, as_json=as_json)
        if not dry_run:
            show_on_cards(opened, [found.id])


def _read(file: str) -> bytes:
    from vidctl.errors import NotFound

    try:
        return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as exc:
        raise NotFound(f"cannot read {file}: {exc.strerror}", hint="name a file that you may read") from exc


def _edit_by_hand(opened: "Session", task: "Task", who: str, *, dry_run: bool) -> "Edited":
    """Open a copy in the person's editor; what they typed is kept until it is taken over.

    Raises:
        VidctlError: it cannot be taken over; the hint names the file with their text.
    """
    from vidctl.cli import drafts
    from vidctl.cli.session import author_of
    from vidctl.engine.edit import edit_storyboard, path_of
    from vidctl.engine.rework import require_editable
    from vidctl.errors import VidctlError

    require_editable(task)
    path, made = path_of(opened.db, task, opened.settings.home)
    draft = opened.settings.home / "drafts" / f"storyboard-{task.id}.json"
    data = drafts.edited(path.read_bytes(), draft)
    author = author_of(opened.settings, who)
    kept = f"your text is kept: vidctl storyboard edit {str(task.id)[:8]} --file {draft}"
    try:
        done = edit_storyboard(opened.db, task, data, author, based_on=made.sha256, dry_run=dry_run)
    except VidctlError as error:
        error.hint = f"{error.hint}; {kept}"
        raise
    if dry_run and done.changed:
        print(kept, file=sys.stderr)
    else:
        draft.unlink(missing_ok=True)
    return done


def _report(task: "Task", done: "Edited", *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli.show import line, tell

    remade = [str(artifact) for artifact in done.remade]
    data = {
        "id": task.id,
        "changed": done.changed,
        "was": task.status,
        "status": done.seen.status,
        "step": done.step.name if done.step else None,
        "remade": remade,
    }
    tell(data, line(f"{task.title}: {_consequence(task, done, remade)}"), dry_run=dry_run, as_json=as_json)


def _consequence(task: "Task", done: "Edited", remade: list[str]) -> str:
    """Return what an edit leads to, as a sentence."""
    from vidctl.cli import words

    if not done.changed:
        return "the storyboard is as it was."
    again = f"Will be made again: {words.listed(remade)}." if remade else "Nothing that is made is out of date."
    if done.step is None:
        return f"storyboard changed. It stays {task.status}. {again}"
    return f"storyboard changed. {task.status} → {done.seen.status}, with the next tick. {again}"


def board_lines(board: "Storyboard") -> list[str]:
    """Return a storyboard as lines for people."""
    from vidctl.cli.show import line

    images = [
        f"  {at:>3} {asset.kind:<11} {asset.name:<24} {line(asset.prompt)}" for at, asset in enumerate(board.assets, 1)
    ]
    scenes = [text for scene in board.scenes for text in _scene_lines(scene)]
    head = [line(board.title), line(board.summary), f"Style: {line(board.style)}"]
    return [*filter(None, head), "", "Images:", *images, "", "Scenes:", *scenes]


def _scene_lines(scene: "Scene") -> list[str]:
    from vidctl.cli.show import line

    picture = " | ".join(_panel(panel) for panel in scene.composite.panels)
    return [
        f"  {scene.number:>3} {picture}",
        f"      motion  {line(scene.motion)}",
        f"      sound   {line(scene.sound)}",
        f"      words   {line(scene.narration) or '(silent)'}",
    ]


def _panel(panel: "Panel") -> str:
    within = ", ".join([*panel.characters, *panel.props])
    return f"{panel.environment} with {within}" if within else panel.environment
