"""`vidctl health`: for monitors, and for a first look."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vidctl.domain.health import Look, Reason, State, Vitals

STATUSES: Final = {"healthy": 0, "degraded": 1, "unhealthy": 2}
"""How the command ends: what monitors (Nagios and its kin) take for all is well, a warning, and critical."""


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def health(
    limit_s: Annotated[
        float | None,
        typer.Option("--limit", metavar="SECONDS", min=0.05, max=60, help="How long the database may take [0.25]."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, whatever is wrong.")] = False,
) -> None:
    """Say within half a second whether vidctl does its work, and if not, why and what to do.

    Ends with 0 where it is healthy, 1 where it is degraded (no tick for five
    minutes, a paused service, alerts that are not delivered, backups that come
    no more, a disk that is nearly full, a database that is slow), and 2 where it
    is unhealthy: there is no database that it can use. These three are for
    monitors; the other commands end otherwise.
    Nothing is started, migrated or mended.

    Example: vidctl health --json
    """
    from vidctl.cli.show import lines, show
    from vidctl.domain.health import judge

    look = _look(limit_s)
    state, reasons = judge(look)
    said = "\n".join(_sentences(look, state, reasons))
    show(_as_json(look, state, reasons) if as_json else {}, lines(said), as_json=as_json)
    raise typer.Exit(STATUSES[state])


def _look(limit_s: float | None) -> "Look":
    from vidctl.cli.session import now
    from vidctl.domain.health import Look
    from vidctl.engine import health as engine
    from vidctl.errors import Misconfigured
    from vidctl.settings import load

    try:
        return engine.look(load(), now, limit_s=limit_s or engine.limit_s())
    except Misconfigured as exc:
        return Look(now(), None, (str(exc), exc.hint))


def _as_json(look: "Look", state: "State", reasons: "Sequence[Reason]") -> dict[str, Any]:
    """Return the same names whatever is wrong; what is not known is null."""
    from vidctl.domain.health import machine_of

    seen = look.vitals
    by = seen.last_tick_by if seen else None
    return {
        "status": state,
        "checked_at": look.now,
        "database": "connected" if seen else "slow" if look.is_let_in else "error",
        "database_s": look.took_s,
        "schema": seen and seen.schema,
        "last_tick_at": seen and seen.last_tick_at,
        "last_tick_host": by and machine_of(by),
        "running_steps": seen and seen.running,
        "queue_depth": seen and seen.waiting,
        "oldest_waiting_since": seen and seen.oldest_waiting_since,
        "undelivered_alerts": seen and seen.undelivered,
        "last_backup_at": seen and seen.last_backup_at,
        "paused_services": seen and [{"service": r.service, "until": r.until, "why": r.why} for r in seen.rests],
        "free_bytes": look.free_bytes,
        "reasons": [{"status": one.state, "what": one.what, "cure": one.cure} for one in reasons],
    }


def _sentences(look: "Look", state: "State", reasons: "Sequence[Reason]") -> "Iterator[str]":
    from vidctl.cli.show import folded, line

    arrow = "→" if sys.stdout.isatty() else "cure:"
    yield str(state)
    for one in reasons:
        yield folded(line(one.what), indent="  ", below="  ")
        yield folded(f"{arrow} {line(one.cure)}", indent="    ", below="      ")
    if look.vitals:
        yield from _numbers(look.vitals, look)


def _numbers(seen: "Vitals", look: "Look") -> "Iterator[str]":
    from vidctl.cli import words
    from vidctl.domain.health import machine_of

    if seen.last_tick_at is None:
        yield "No tick has come to its end yet."
    else:
        yield f"Last tick {words.since(seen.last_tick_at, look.now)} ago, on {machine_of(seen.last_tick_by)}."
    waiting = words.count(seen.waiting, "film")
    since = seen.oldest_waiting_since
    oldest = f", the first one for {words.since(since, look.now)}" if since else ""
    at_work = words.count(seen.running, "step")
    yield f"{at_work} at work, {waiting} waiting{oldest}; {words.count(seen.undelivered, 'alert')} not delivered."
    if seen.last_backup_at:
        yield f"Last backup {words.since(seen.last_backup_at, look.now)} ago."
