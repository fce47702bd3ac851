"""The part of a tick that sees to alerts: what waits too long is looked for now and then, and what is due is sent.

To look at the disk costs nothing; with a destination there is a question to the database too. The sending is done by a
process that outlives the tick.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from vidctl.domain.limits import Limits
from vidctl.engine import room
from vidctl.engine.channel_files import Problem
from vidctl.engine.context import Context
from vidctl.errors import CannotWrite, Unavailable, VidctlError
from vidctl.settings import DESTINATIONS
from vidctl.store import Db, backups, notices, outbox, waiting

SILENT_AFTER: Final = timedelta(minutes=5)
_LOOK: Final = "; see whether the machine was off, whether cron runs (crontab -l), and what ticks said: vidctl logs"


def look(db: Db, limits: Limits, *, before: datetime | None, now: datetime) -> None:
    """Have people told of ticks that did not come, and once an hour of what waits for days, or does not come.

    `before` is when the tick before this one ended; of the very first there is nothing to say.
    """
    if before is None:
        return
    if now - before > SILENT_AFTER:
        _say_silence(db, before, now)
    if _hour(before) != _hour(now):
        _look_for_what_waits(db, limits, now)
        _look_for_a_backup(db, limits, now)


def say_idle(db: Db, troubles: Sequence[VidctlError | Problem], *, now: datetime) -> None:
    """Have people told why films are not begun: of each trouble once, however many hosts are in it."""
    for one in troubles:
        outbox.alert(db, "not begun", str(one), hint=one.hint, now=now, quiet=notices.AGAIN_AFTER)


def send_due(db: Db, dsn: str, context: Context) -> list[VidctlError]:
    """Begin to send what is due, if anything is; return what is wrong with the destinations, and with the disk."""
    full = room.trouble(context)
    if full is not None:
        outbox.alert(db, room.KIND, str(full), hint=full.hint, now=context.clock(), quiet=notices.AGAIN_AFTER)
    troubles: list[VidctlError] = [full] if full else []
    if any(context.environment.get(name) for name in DESTINATIONS):
        troubles += _send(db, dsn, context)
    return troubles


def _send(db: Db, dsn: str, context: Context) -> list[VidctlError]:
    from vidctl.engine.alerting.destinations import destinations
    from vidctl.store import alerts

    ids = [one.id for one in destinations(context.environment)]
    standing = alerts.standing(db, context.machine, ids, now=context.clock())
    if not standing.is_known:
        alerts.set_up(db, context.machine, ids, now=context.clock())
        alerts.settle(db, now=context.clock())  # another machine may be gone, or have one less
    if standing.is_due:
        with suppress(VidctlError):  # no room for a process: the next tick tries again
            _begin(db, dsn, context)
    return [
        Unavailable(f"alerts do not reach {name}: {problem}", hint=f"{hint}; then: vidctl alert --test")
        for name, problem, hint in standing.troubles
    ]


def _begin(db: Db, dsn: str, context: Context) -> None:
    from vidctl.engine.alerting import deliver
    from vidctl.engine.dispatch import detach, opened
    from vidctl.logs.book import ALERTS, FOLDER, Book

    place = context.home / FOLDER / ALERTS
    try:
        book = opened(Book(place, shared=True), place)
    except CannotWrite:  # of a full or broken disk people have to hear above all
        book = opened(Book(Path(os.devnull), shared=True), place)
    detach(db, partial(deliver.run, dsn, context), book, "alerts", context.environment)


def _say_silence(db: Db, before: datetime, now: datetime) -> None:
    """Have people told that no tick came to its end, and why, where ticks ran and said so."""
    since, until = (at.astimezone(UTC) for at in (before, now))
    span = f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M} UTC ({_length(now - before)})"
    why = notices.last_alerted(db, "not begun", after=before + SILENT_AFTER)
    outbox.alert(
        db,
        "no tick",
        f"no tick came to its end on any host {span}" + (f": {why}" if why else ""),
        hint="films stood still meanwhile and go on now" + ("" if why else _LOOK),
        now=now,
    )


def _look_for_what_waits(db: Db, limits: Limits, now: datetime) -> None:
    patience = timedelta(days=limits.alerts.gate_after_days)
    gates, doubts = waiting.at_gates(db, until=now - patience), waiting.in_doubt(db, until=now - patience)
    outbox.alert_of_each(db, "waiting", [_gate(film) for film in gates], now=now, quiet=patience)
    outbox.alert_of_each(db, "in doubt", [_doubt(film) for film in doubts], now=now, quiet=patience)


def _look_for_a_backup(db: Db, limits: Limits, now: datetime) -> None:
    """Have people told where backups were made again and again, and come no more."""
    patience, last = timedelta(days=limits.alerts.backup_after_days), backups.last(db)
    if last is None or not last.is_regular or not patience or now - last.made_at <= patience:
        return
    outbox.alert(
        db,
        "backup",
        f"the last backup is of {last.made_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC, made on {last.host}: none since",
        hint="see whether its job is there (crontab -l), and what that says: vidctl backup FOLDER --keep 14; "
        "whoever wants none: limits: {alerts: {backup_after_days: 0}} in _defaults.yaml",
        now=now,
        quiet=patience,
    )


def _gate(film: waiting.Film) -> tuple[UUID, str, str]:
    return film.id, f"it waits at {film.status} since {_day(film.since)}", f"vidctl review approve {_short(film)}"


def _doubt(film: waiting.Film) -> tuple[UUID, str, str]:
    sentence = f"an answer to an order was lost on {_day(film.since)}, and nobody said what became of it"
    return film.id, sentence, f"vidctl settle, then vidctl retry {_short(film)}"


def _short(film: waiting.Film) -> str:
    return str(film.id)[:8]


def _length(passed: timedelta) -> str:
    minutes = int(passed.total_seconds()) // 60
    days, hours = minutes // 1440, minutes // 60 % 24
    parts = [(days, "d"), (hours, "h"), (minutes % 60, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def _hour(at: datetime) -> Sequence[int]:
    return at.astimezone(UTC).timetuple()[:4]


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"
