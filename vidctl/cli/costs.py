"""`vidctl costs` and `vidctl estimate`: what films cost, and what the rest of one will."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading
from vidctl.cli.options import Json, OneChannel, TaskId

if TYPE_CHECKING:
    from vidctl.engine.estimate import Estimate, Part, Room
    from vidctl.store.costs import By, Group, Totals
    from vidctl.store.tasks import Task

_GROUPS = "component, channel, week, month or film"


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def costs(
    channel: OneChannel = None,
    since: Annotated[str | None, typer.Option(metavar="WHEN", help="Only from then on: 2026-11-01, or 30d.")] = None,
    by: Annotated[
        str,
        typer.Option(
            metavar="WHAT",
            help=f"Put together by {_GROUPS}.",
            autocompletion=complete.one_of("component", "channel", "week", "month", "film"),
        ),
    ] = "component",
    as_json: Json = False,
) -> None:
    """Show what was spent, on what, and whether it is getting more.

    Example: vidctl costs --channel wild --since 30d --by week
    """
    from vidctl.cli.moments import ago
    from vidctl.cli.session import now, session
    from vidctl.store import channels
    from vidctl.store import costs as store

    moment, how = now(), _by(by)
    begin = None if since is None else ago(since, moment)
    with session("costs") as opened:
        if channel is not None:
            channels.get(opened.db, channel)
        groups = store.groups(opened.db, how, channel=channel, since=begin)
        totals = store.totals(opened.db, channel=channel, since=begin, now=moment)
    if as_json:
        from vidctl.cli.show import show

        data = {"channel": channel, "since": begin, "by": how, **_totals_json(totals)}
        show({**data, "groups": [_group_json(group) for group in groups]}, "", as_json=True)
    else:
        _print_costs(groups, totals, how, since)


def _by(said: str) -> "By":
    from vidctl.store.costs import By

    try:
        return By(said)
    except ValueError as exc:
        raise typer.BadParameter(f"{said!r} is none of {_GROUPS}", param_hint="--by") from exc


def _print_costs(groups: "list[Group]", totals: "Totals", by: "By", since: str | None) -> None:
    from vidctl.cli import words
    from vidctl.cli.show import say, table

    if sys.stdout.isatty():
        for sentence in _sentences(totals, since):
            say(sentence)
    if groups:
        rows = [
            (
                *(group.name, group.charges, group.films, words.money(group.usd)),
                *(_share(group, totals), words.money(group.listed_usd)),
            )
            for group in groups
        ]
        table((by, "charges", "films", "cost", "share", "by list price"), rows)


def _share(group: "Group", totals: "Totals") -> str:
    return f"{group.usd / totals.usd:.0%}" if totals.usd else ""


def _sentences(totals: "Totals", since: str | None) -> list[str]:
    """Return what matters first, each a line."""
    from vidctl.cli import words

    money = words.money
    said = [f"Spent: {money(totals.usd)}{' in that time' if since else ' in all'}."]
    if not since:
        said.append(
            f"This week {money(totals.this_week_usd)} (last week {money(totals.last_week_usd)}), "
            f"this month {money(totals.this_month_usd)} (last month {money(totals.last_month_usd)})."
        )
    if totals.finished_films:
        average = money(totals.finished_usd / totals.finished_films)
        said.append(f"A finished film cost {average} on average ({words.count(totals.finished_films, 'film')}).")
    if totals.set_aside_usd:
        said.append(f"Besides, {money(totals.set_aside_usd)} is set aside for orders whose charge is not known yet.")
    if totals.in_doubt:
        said.append(
            f"Besides, {money(totals.in_doubt_usd)} may have been charged: the answers to "
            f"{words.count(totals.in_doubt, 'order')} were lost; see: vidctl settle"
        )
    return said


def _totals_json(totals: "Totals") -> dict[str, Any]:
    named = {name: getattr(totals, name) for name in totals.__slots__}
    average = totals.finished_usd / totals.finished_films if totals.finished_films else None
    return {**named, "average_finished_usd": average}


def _group_json(group: "Group") -> dict[str, Any]:
    return {name: getattr(group, name) for name in group.__slots__}


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def estimate(
    task: TaskId,
    as_json: Json = False,
) -> None:
    """Say what the rest of a film will cost and why, and whether the budgets have room for it.

    Example: vidctl estimate 3f2a
    """
    from vidctl.cli.session import now, session
    from vidctl.cli.show import show
    from vidctl.cli.status import limits_of
    from vidctl.engine import estimate as engine
    from vidctl.store import tasks

    with session("estimate") as opened:
        film = tasks.find(opened.db, task)
        found = engine.of(opened.db, film, limits_of(opened), home=opened.settings.home, now=now())
    if as_json:
        show(_estimate_json(film, found), "", as_json=True)
    else:
        _print_estimate(film, found)


def _print_estimate(film: "Task", found: "Estimate") -> None:
    from vidctl.cli import words
    from vidctl.cli.show import line, say, table

    if found.parts:
        table(("step", "items", "model", "each", "cost"), [_row(part) for part in found.parts], title=film.title)
    say(line(_verdict(film, found)))
    for room in found.too_much_for:
        say(
            f"It does not fit into {room.cap.words}: {words.money(room.left_usd)} of {words.money(room.cap.usd)} is "
            f"left ({room.cap.field})."
        )


def _verdict(film: "Task", found: "Estimate") -> str:
    from vidctl.cli import words

    if found.free:
        return f"{film.title}: nothing; it is made on this machine (mode: preview)."
    so_far = f"{words.money(found.spent_usd)} is spent or set aside so far."
    if not found.parts:
        return f"{film.title}: nothing is left to buy. {so_far}"
    unknown = f" More that nobody knows: no price is known for {', '.join(found.unknown)}." if found.unknown else ""
    return f"{film.title}: about {words.money(found.usd)} for the rest; {so_far}{unknown}"


def _row(part: "Part") -> tuple[object, ...]:
    from vidctl.cli import words

    cost = "?" if part.usd is None else words.money(part.usd)
    return part.step, part.items, part.model, part.why, cost


def _estimate_json(film: "Task", found: "Estimate") -> dict[str, Any]:
    return {
        "id": film.id,
        "title": film.title,
        "free": found.free,
        "usd": found.usd,
        "unknown": found.unknown,
        "spent_usd": found.spent_usd,
        "parts": [{name: getattr(part, name) for name in part.__slots__} for part in found.parts],
        "budgets": [_room_json(room) for room in found.rooms],
    }


def _room_json(room: "Room") -> dict[str, Any]:
    return {
        "scope": room.cap.scope,
        "field": room.cap.field,
        "usd": room.cap.usd,
        "spent_usd": room.spent_usd,
        "left_usd": room.left_usd,
        "until": room.cap.until,
    }
