"""`vidctl settle`: what became of orders whose answers were lost."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.store import Db
    from vidctl.store.orders import Order
    from vidctl.store.tasks import Task


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def settle(
    order: Annotated[
        int | None,
        typer.Argument(
            metavar="ORDER", help="Its number; leave it out to see them all.", autocompletion=complete.orders
        ),
    ] = None,
    job: Annotated[str | None, typer.Option(metavar="ID", help="The provider has it as this job: fetch it.")] = None,
    bought: Annotated[bool, typer.Option("--bought", help="It was charged, and cannot be fetched.")] = False,
    usd: Annotated[
        float | None, typer.Option(min=0, max=1_000, metavar="USD", help="With --bought: what the bill says.")
    ] = None,
    not_bought: Annotated[bool, typer.Option("--not-bought", help="It was never taken: nothing was charged.")] = False,
    reviewer: Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; by default you.")] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Say what became of an order whose answer was lost: it is not sent again before somebody does.

    Example: vidctl settle 17 --job 281e5b0f39b9
    """
    said = [name for name, given in (("--job", job), ("--bought", bought), ("--not-bought", not_bought)) if given]
    if order is None:
        if said or reviewer is not None or dry_run:
            raise typer.BadParameter("which one? see: vidctl settle", param_hint="ORDER")
        _show_all(as_json=as_json)
        return
    if len(said) != 1:
        raise typer.BadParameter("say one of --job ID, --bought and --not-bought", param_hint="ORDER")
    if usd is not None and not bought:
        raise typer.BadParameter("it goes with --bought alone", param_hint="--usd")
    _settle(order, job, bought=bought, usd=usd, reviewer=reviewer, dry_run=dry_run, as_json=as_json)


def _show_all(*, as_json: bool) -> None:
    from vidctl.cli import words
    from vidctl.cli.session import session
    from vidctl.cli.show import say, show, table
    from vidctl.store import held, orders, tasks

    with session("settle") as opened:
        found = orders.in_doubt(opened.db)
        titles = {one.task_id: tasks.get(opened.db, one.task_id).title for one in found}
        holding = held.orders(opened.db)
    if as_json:
        listed = [{**_json(one, titles[one.task_id]), "film_waits": one.id in holding} for one in found]
        show({"orders": listed}, "", as_json=True)
    elif found:
        rows = [
            (
                *(one.id, str(one.task_id)[:8], titles[one.task_id], one.artifact, one.service),
                *(words.moment(one.asked_at), words.money(one.reserved_usd), _waits(one, holding)),
            )
            for one in found
        ]
        table(("order", "film", "title", "item", "service", "sent", "price", ""), rows)
    elif sys.stdout.isatty():
        say("No order is in doubt.")


def _waits(order: "Order", holding: set[int]) -> str:
    """Return whether somebody has to say something, or only may, for the books."""
    if order.id in holding:
        return "its film waits for your word"
    why = "of an earlier prompt" if order.state == "in doubt" else "made anew"
    return f"{why}; only the books want to know"


def _settle(
    number: int,
    job: str | None,
    *,
    bought: bool,
    usd: float | None,
    reviewer: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    from decimal import Decimal

    from vidctl.cli.session import now, operator, session, trial
    from vidctl.cli.show import line, tell
    from vidctl.domain.status import ERRORS
    from vidctl.engine import settle as engine
    from vidctl.store import held, tasks

    with session("settle") as opened, trial(opened.db, dry_run=dry_run):
        order, who = _doubted(opened.db, number), reviewer or operator(opened.settings)
        if job is not None:
            sentence = engine.found(opened.db, order, job, actor=who, now=now())
        elif bought:
            bill = None if usd is None else Decimal(str(usd))
            sentence = engine.was_bought(opened.db, order, actor=who, now=now(), usd=bill)
        else:
            sentence = engine.was_not_bought(opened.db, order, actor=who, now=now())
        film, others = tasks.get(opened.db, order.task_id), held.orders(opened.db, order.task_id)
    follows = _next(film, others) if film.status in ERRORS and not dry_run else ""
    said = line(f"{film.title}: {sentence}{follows}")
    tell({**_json(order, film.title), "by": who}, said, dry_run=dry_run, as_json=as_json)


def _next(film: "Task", others: set[int]) -> str:
    """Return what has to be run next for a film that failed."""
    if others:
        return f". It waits for your word on order {', '.join(map(str, sorted(others)))} too: vidctl settle"
    return f". Now: vidctl retry {str(film.id)[:8]}"


def _doubted(db: "Db", number: int) -> "Order":
    from vidctl.errors import NotFound
    from vidctl.store import orders

    for order in orders.in_doubt(db):
        if order.id == number:
            return order
    raise NotFound(f"no order {number} is in doubt", hint="see: vidctl settle")


def _json(order: "Order", title: str) -> dict[str, Any]:
    return {
        "order": order.id,
        "task_id": order.task_id,
        "title": title,
        "item": str(order.artifact),
        "service": order.service,
        "state": order.state,
        "sent_at": order.asked_at,
        "usd": order.reserved_usd,
    }
