"""`vidctl promote`: from an animatic to the real film."""

from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import Json, TaskId

if TYPE_CHECKING:
    from vidctl.engine.estimate import Estimate
    from vidctl.engine.rework import Edited
    from vidctl.store.tasks import Task


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def promote(
    task: TaskId,
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; by default you.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be bought, and for how much.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Have a film that was made for free made again by the paid services, of the same storyboard.

    Its gates ask again, and its budget holds. What was made for free stays among
    its takes.

    Example: vidctl promote 3f2a --dry-run
    """
    from vidctl.cli.cards import show_on_cards
    from vidctl.cli.session import author_of, session
    from vidctl.cli.status import limits_of
    from vidctl.engine import estimate
    from vidctl.engine import promote as engine
    from vidctl.store import tasks

    with session("promote") as opened:
        film, author = tasks.find(opened.db, task), author_of(opened.settings, reviewer)
        costs = estimate.of_promotion(opened.db, film, limits_of(opened), home=author.home, now=author.now)
        done = engine.promote(opened.db, film, author, dry_run=dry_run)
        if not dry_run:
            show_on_cards(opened, [film.id])
    _report(film, done, costs, dry_run=dry_run, as_json=as_json)


def _report(film: "Task", done: "Edited", costs: "Estimate", *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli import words
    from vidctl.cli.show import line, tell

    data = {
        "id": film.id,
        "was": film.status,
        "status": done.seen.status,
        "step": done.step.name if done.step else None,
        "remade": [str(artifact) for artifact in done.remade],
        "usd": costs.usd,
        "unknown": costs.unknown,
    }
    goes = "it stays Draft" if done.step is None else f"{film.status} → {done.seen.status}, with the next tick"
    price = f"about {words.money(costs.usd)}" + (" and more that nobody knows" if costs.unknown else "")
    sentence = f"{film.title}: {goes}. Bought anew, of the same storyboard: {price} (vidctl estimate)."
    rooms = [f" It does not fit into {room.cap.words} ({room.cap.field})." for room in costs.too_much_for]
    tell(data, line(sentence + "".join(rooms)), dry_run=dry_run, as_json=as_json)
