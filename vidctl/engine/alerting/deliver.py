"""Deliver what is due: one process at a time over all hosts, each destination on its own, until it is there.

An alert is kept as delivered right after it was taken. Who is killed in between sends it once more: nobody can close
that moment, and none is lost.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from itertools import groupby
from typing import Final

from vidctl.contract import ErrorClass, Failure
from vidctl.domain.alerting import REST, Alert, compose, urgency, wait_after
from vidctl.domain.status import ENGINE_WAITS
from vidctl.engine import room
from vidctl.engine.alerting.destinations import Destination, destinations
from vidctl.engine.alerting.sending import Send, send
from vidctl.engine.context import Context
from vidctl.errors import ExitCode, Unavailable
from vidctl.logs import log
from vidctl.pipeline import step_at
from vidctl.store import Db, alerts, locks, outbox
from vidctl.store.connection import LOST, connect

WAITS: Final = [(str(status), step.service) for status in sorted(ENGINE_WAITS) if (step := step_at(status))]
"""Where films wait for the engine, and the service that goes on with them."""


def run(dsn: str, context: Context) -> ExitCode:
    """Deliver in this process, which does nothing else."""
    with closing(connect(dsn, application_name="vidctl alerts")) as db:
        deliver(db, context)
    return ExitCode.OK


def deliver(db: Db, context: Context, by: Send = send) -> None:
    """Send each destination what it is to get now; nothing, where another process is at it.

    Raises:
        Unavailable: the database went away; what was sent and could not be kept is sent once more.
    """
    try:
        if locks.try_lock(db, locks.ALERTS):
            try:
                _everywhere(db, context, by)
            finally:
                locks.unlock(db, locks.ALERTS)
    except LOST as exc:
        raise Unavailable("the database went away", hint="the next tick sends what waits") from exc


def _everywhere(db: Db, context: Context, by: Send) -> None:
    known = destinations(context.environment)
    alerts.set_up(db, context.machine, [one.id for one in known], now=context.clock())
    alerts.settle(db, now=context.clock())  # one of them may have been taken out
    if room.trouble(context) is None:
        outbox.withdraw(db, room.KIND, room.sentence(context))
    for destination in known:
        _to(db, destination, context, by)


def _to(db: Db, destination: Destination, context: Context, by: Send) -> None:
    """Send a destination one message of each kind; after the first that it does not take it is left alone."""
    alerts.know(db, destination.id, destination.name)
    for some in _by_kind(alerts.due(db, destination.id, WAITS, now=context.clock())):
        failure = by(destination, compose(some), context.environment)
        ids, facts = [one.id for one in some], {"destination": destination.name, "kind": some[0].kind}
        if failure is not None:
            log("alert not delivered", **facts, alerts=len(ids), error=failure.message)
            _refused(db, destination, ids, failure, context)
            return
        alerts.delivered(db, destination.id, ids, now=context.clock())
        log("alert delivered", **facts, alerts=len(ids))


def _by_kind(due: Sequence[Alert]) -> Iterator[list[Alert]]:
    ordered = sorted(due, key=lambda one: (urgency(one.kind), one.kind))  # stable: the oldest of a kind first
    for _, some in groupby(ordered, key=lambda one: one.kind):
        yield list(some)


def _refused(db: Db, destination: Destination, ids: Sequence[int], failure: Failure, context: Context) -> None:
    before = alerts.destinations(db, [destination.id])[destination.id].failures
    for_good = failure.error_class is ErrorClass.PERMANENT
    wait: timedelta = REST if for_good else wait_after(before + 1, failure.retry_after_s)
    alerts.refused(
        db,
        destination.id,
        ids,
        problem=failure.message,
        hint=failure.hint,
        until=context.clock() + wait,
        for_good=for_good,
    )
