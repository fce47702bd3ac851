"""`vidctl takes`: every take of a film's items, and how to bring an older one back."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import Json, TaskId

if TYPE_CHECKING:
    from vidctl.domain.takes import Take
    from vidctl.domain.work import Artifact
    from vidctl.engine.rework import Edited
    from vidctl.storage.local import Folder
    from vidctl.store import Db
    from vidctl.store.tasks import Task


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def takes(
    task: TaskId,
    use: Annotated[
        str | None, typer.Option(metavar="TAKES", help='Bring back: "clip 3 take 1", or several, parted by ";".')
    ] = None,
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who brings it back; by default you.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --use: only say what would be done.")] = False,
    as_json: Json = False,
) -> None:
    """Show the takes of what was made more than once, or bring an older one back.

    Example: vidctl takes 3f2a --use "clip 3 take 1"
    """
    if use is None:
        if dry_run or reviewer is not None:
            raise typer.BadParameter("it goes with --use alone", param_hint="--dry-run" if dry_run else "--reviewer")
        _show_all(task, as_json=as_json)
    else:
        _use(task, use, reviewer, dry_run=dry_run, as_json=as_json)


def _show_all(prefix: str, *, as_json: bool) -> None:
    from vidctl.cli.session import session
    from vidctl.cli.show import say, show, table
    from vidctl.storage.local import folder
    from vidctl.store import tasks

    with session("takes") as opened:
        task = tasks.find(opened.db, prefix)
        items = _several(opened.db, task)
    place = folder(opened.settings.home, task.channel_id, str(task.id))
    if as_json:
        described = [_item_json(place, state, found) for state, found in items]
        show({"id": task.id, "title": task.title, "items": described}, "", as_json=True)
    elif items:
        rows = [_row(place, state, take) for state, found in items for take in found]
        table(("take", "is", "made", "size", "price", "asked for", "path"), rows, title=task.title)
    elif sys.stdout.isatty():
        say("There is one take of everything.")


def _several(db: "Db", task: "Task") -> "list[tuple[str, list[Take]]]":
    """Return the takes of each item that has more than one, with the state that the item is in."""
    from itertools import groupby

    from vidctl.store import details
    from vidctl.store import takes as kept

    states = {file.artifact: file.state for file in details.files(db, task.id)}
    groups = [
        (artifact, list(found))
        for artifact, found in groupby(kept.of_film(db, task.id), key=lambda take: take.artifact)
    ]
    return [(states.get(artifact, ""), found) for artifact, found in groups if len(found) > 1]


def _is(place: "Folder", state: str, take: "Take") -> str:
    """Return what a take is: in use, rejected, kept, or gone."""
    from vidctl.engine.choosing import file_of
    from vidctl.errors import NotFound

    try:
        file_of(place, take)
    except NotFound:
        return "gone"
    if not take.in_use:
        return "kept"
    return "rejected" if state == "rejected" else "in use"


def _row(place: "Folder", state: str, take: "Take") -> tuple[str, ...]:
    from vidctl.cli import words

    return (
        str(take),
        _is(place, state, take),
        words.moment(take.made_at),
        words.size(take.size_bytes),
        words.money(take.cost_usd),
        " · ".join(filter(None, [take.prompt, take.note])),
        take.place if take.in_use else take.path,
    )


def _item_json(place: "Folder", state: str, found: "Sequence[Take]") -> dict[str, Any]:
    artifact = found[0].artifact
    takes_ = [_take_json(place, state, take) for take in found]
    return {"item": str(artifact), "kind": artifact.kind, "index": artifact.index, "takes": takes_}


def _take_json(place: "Folder", state: str, take: "Take") -> dict[str, Any]:
    return {
        "number": take.number,
        "in_use": take.in_use,
        "is": _is(place, state, take),
        "made_at": take.made_at,
        "replaced_at": take.replaced_at,
        "size_bytes": take.size_bytes,
        "sha256": take.sha256,
        "cost_usd": take.cost_usd,
        "prompt": take.prompt,
        "note": take.note,
        "facts": take.facts,
        "path": place.path(take.place if take.in_use else take.path),
    }


def _use(prefix: str, said: str, reviewer: str | None, *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli.cards import show_on_cards
    from vidctl.cli.session import author_of, session
    from vidctl.domain.takes import choices
    from vidctl.engine.bring_back import bring_back
    from vidctl.store import tasks

    chosen = choices(said)
    with session("takes") as opened:
        task = tasks.find(opened.db, prefix)
        done = bring_back(opened.db, task, chosen, author_of(opened.settings, reviewer), dry_run=dry_run)
        _report(task, chosen, done, dry_run=dry_run, as_json=as_json)
        if not dry_run:
            show_on_cards(opened, [task.id])


def _report(task: "Task", chosen: "dict[Artifact, int]", done: "Edited", *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli.show import line, tell

    named = [f"{artifact} take {number}" for artifact, number in chosen.items()]
    data = {
        "id": task.id,
        "takes": named,
        "changed": done.changed,
        "was": task.status,
        "status": done.seen.status,
        "step": done.step.name if done.step else None,
        "remade": [str(artifact) for artifact in done.remade],
    }
    tell(data, line(f"{task.title}: {_consequence(task, named, done)}"), dry_run=dry_run, as_json=as_json)


def _consequence(task: "Task", named: list[str], done: "Edited") -> str:
    """Return what a take that is brought back leads to, as a sentence."""
    from vidctl.cli import words

    used = f"{words.listed(named)} {'is' if len(named) == 1 else 'are'} in use"
    if not done.changed:
        return f"{used} already."
    remade = words.listed([str(artifact) for artifact in done.remade])
    again = f"Will be made again: {remade}." if remade else "Nothing has to be made again."
    if done.step is None:
        return f"{used}. It stays {task.status}. {again}"
    return f"{used}. {task.status} → {done.seen.status}, with the next tick. {again}"
