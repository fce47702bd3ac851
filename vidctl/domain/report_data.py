"""A report as data: what `vidctl report --json` prints, and what is kept of each week. Pure."""

from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from vidctl.domain.report import (
    RECOVERY_TARGET,
    SUCCESS_TARGET,
    TIME_TARGET_S,
    ChannelLine,
    Films,
    FilmTimes,
    Known,
    Recovery,
    Report,
    Spread,
    StepTimes,
    Sum,
    Ticks,
    Trouble,
    Week,
    change,
)

_PARTS: Final = ("machines", "queue", "people")


def data(report: Report) -> dict[str, Any]:
    """Return a report as JSON can hold it: money as numbers, lengths of time in seconds, shares from 0 to 1."""
    period = report.period
    return {
        "period": {"name": period.name, "since": period.begin.isoformat(), "until": period.end.isoformat()},
        "channel": report.channel,
        "films": {**films(report.films), "target": SUCCESS_TARGET / 100},
        "recovery": {**recovery(report.recovery), "target": RECOVERY_TARGET / 100},
        "time": {**times(report.times), "target_s": TIME_TARGET_S},
        "cost": {
            "usd": float(report.usd),
            "before_usd": float(report.before_usd),
            "change": change(report.usd, report.before_usd),
            "film_usd": _film_usd(report.times),
        },
        "steps": [_step(step) for step in report.steps],
        "failures": [asdict(trouble) for trouble in report.troubles],
        "channels": [_channel(line) for line in report.channels],
        "components": [_sum(one) for one in report.components],
        "weeks": [_week(week) for week in report.weeks],
        "quotas": [asdict(use) for use in report.quotas],
        "budgets": [
            {"what": use.words, "field": use.field, "usd": float(use.usd), "spent_usd": float(use.spent_usd)}
            for use in report.budgets
        ],
        "ticks": asdict(report.ticks),
        "known_since": {name: at and at.isoformat() for name, at in asdict(report.known).items()},
    }


def films(found: Films) -> dict[str, Any]:
    """Return how many films came to an end."""
    return {**asdict(found), "success": found.success}


def recovery(found: Recovery) -> dict[str, Any]:
    """Return what cured itself."""
    return {**asdict(found), "rate": found.rate, "mean_retries": found.mean_retries}


def times(found: FilmTimes | None) -> dict[str, Any]:
    """Return how long films took; each part is null where none was published."""
    return {part: asdict(getattr(found, part)) if found else None for part in _PARTS}


def recovery_of(kept: dict[str, Any]) -> Recovery:
    """Return what was kept of a week's recoveries."""
    return Recovery(**{name: kept["recovery"][name] for name in Recovery.__slots__})


def week_of(sunday: date, kept: dict[str, Any]) -> Week:
    """Return what was kept of a week, as the trend shows it."""
    counts, cost = kept["films"], kept["cost"]
    return Week(
        sunday,
        Films(**{name: counts[name] for name in Films.__slots__}),
        recovery_of(kept),
        _times_of(kept["time"], cost["film_usd"]),
        Decimal(str(cost["usd"])),
    )


def _times_of(parts: dict[str, Any], film_usd: float | None) -> FilmTimes | None:
    if film_usd is None:
        return None
    machines, queue, people = (Spread(**parts[part]) for part in _PARTS)
    return FilmTimes(machines, queue, people, Decimal(str(film_usd)))


def troubles_of(kept: dict[str, Any]) -> list[Trouble]:
    """Return what was kept of a week's failures."""
    return [Trouble(**one) for one in kept["failures"]]


def ticks_of(kept: dict[str, Any]) -> Ticks:
    """Return what was kept of a week's ticks."""
    return Ticks(**kept["ticks"])


def known_of(kept: dict[str, Any]) -> Known:
    """Return from when on a week's failures and ticks were known when it was kept."""
    since = kept.get("known_since", {})
    return Known(**{name: at and datetime.fromisoformat(at) for name, at in since.items()})


def _film_usd(found: FilmTimes | None) -> float | None:
    return float(found.film_usd) if found else None


def _step(step: StepTimes) -> dict[str, Any]:
    spread = asdict(step.times) if step.times else {"median_s": None, "p90_s": None}
    return {"step": step.step, "finished": step.finished, "given_up": step.given_up, **spread}


def _channel(line: ChannelLine) -> dict[str, Any]:
    return {
        "channel_id": line.channel_id,
        **films(line.films),
        "time": times(line.times),
        "usd": float(line.usd),
        "before_usd": float(line.before_usd),
        "film_usd": _film_usd(line.times),
    }


def _sum(one: Sum) -> dict[str, Any]:
    return {"component": one.name, "usd": float(one.usd), "before_usd": float(one.before_usd)}


def _week(week: Week) -> dict[str, Any]:
    return {
        "sunday": week.sunday.isoformat(),
        **films(week.films),
        "recovery": recovery(week.recovery),
        "time": times(week.times),
        "usd": float(week.usd),
    }
