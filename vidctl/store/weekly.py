"""The numbers of each week, kept for good: what they were counted from may be deleted by its age."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from psycopg.types.json import Jsonb

from vidctl.store import Db


def keep(db: Db, sunday: date, metrics: dict[str, Any], *, now: datetime) -> bool:
    """Keep the numbers of a week; False where they are kept already."""
    kept = db.execute(
        "insert into weekly_metrics (week, metrics, created_at) values (%s, %s, %s) on conflict do nothing",
        (sunday, Jsonb(metrics), now),
    )
    return kept.rowcount > 0


def weeks(db: Db) -> set[date]:
    """Return the Sundays of all weeks whose numbers are kept."""
    return {sunday for (sunday,) in db.execute("select week from weekly_metrics")}


def kept(db: Db, sundays: Collection[date]) -> dict[date, dict[str, Any]]:
    """Return the numbers of those weeks that are kept."""
    rows = db.execute("select week, metrics from weekly_metrics where week = any(%s)", (list(sundays),))
    return dict(rows.fetchall())
