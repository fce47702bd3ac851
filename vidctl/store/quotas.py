"""What a Google project used of its quotas, each day of California."""

from datetime import date

from vidctl.store import Db


def use(db: Db, project: str, bucket: str, day: date, units: int) -> int:
    """Count a call, and return what the day's calls took out of the bucket with it."""
    row = db.execute(
        """insert into youtube_quota_usage as old (project, bucket, day, units_used) values (%s, %s, %s, %s)
           on conflict (project, bucket, day) do update set units_used = old.units_used + excluded.units_used
           returning units_used""",
        (project, bucket, day, units),
    ).fetchone()
    assert row is not None
    return int(row[0])


def used(db: Db, project: str, day: date) -> dict[str, int]:
    """Return what was used of each bucket on a day, by its name."""
    rows = db.execute(
        "select bucket, units_used from youtube_quota_usage where project = %s and day = %s", (project, day)
    )
    return dict(rows.fetchall())


def of_day(db: Db, day: date) -> dict[str, dict[str, int]]:
    """Return what was used of each bucket on a day, by project and name."""
    found: dict[str, dict[str, int]] = {}
    query = "select project, bucket, units_used from youtube_quota_usage where day = %s order by project, bucket"
    for project, bucket, units in db.execute(query, (day,)):
        found.setdefault(project, {})[bucket] = units
    return found
