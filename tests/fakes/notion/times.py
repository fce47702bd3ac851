"""Times as the API writes and reads them."""

import re
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from tests.fakes.notion.errors import Json, invalid, invalid_body, only

_DAY = re.compile(r"\d{4}-\d\d-\d\d")


@cache
def stamp(at: datetime) -> str:
    """Return a time in the form of `created_time` and its like."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def is_day(text: str) -> bool:
    """Whether this is a date without a time of day."""
    return _DAY.fullmatch(text) is not None


def moment(text: object, where: str) -> datetime:
    """Return a date or a time as a time; a date begins at midnight UTC, and so does a time without a zone."""
    if isinstance(text, datetime):
        return text
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        raise invalid_body(where, "a valid ISO 8601 date string", text) from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def day(text: object, where: str) -> date:
    """Return the day, in UTC, of a date or a time."""
    return moment(text, where).astimezone(UTC).date()


def parse_date(value: object, where: str) -> Json | None:
    """Return the value of a date property as it is kept: a time of day has minutes, no seconds."""
    if value is None:
        return None
    if not isinstance(value, dict):
        raise invalid_body(where, "an object or null", value)
    only(value, "start", "end", "time_zone", where=where)
    zone = _zone(value.get("time_zone"), f"{where}.time_zone")
    start = _kept(value.get("start"), f"{where}.start", zone)
    end = None if value.get("end") is None else _kept(value["end"], f"{where}.end", zone)
    if end is not None and moment(end, where) < moment(start, where):
        raise invalid("Invalid date end value: the end must not be before the start.")
    return {"start": start, "end": end, "time_zone": value.get("time_zone")}


def _zone(name: object, where: str) -> ZoneInfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(str(name))
    except (OSError, ValueError, KeyError):
        raise invalid_body(where, "a valid time zone", name) from None


def _kept(text: object, where: str, zone: ZoneInfo | None) -> str:
    if not isinstance(text, str):
        raise invalid_body(where, "a string", text)
    if is_day(text):
        moment(text, where)  # it may be the 31st of February
        return text
    at = moment(text, where)
    if zone is not None and datetime.fromisoformat(text).tzinfo is None:
        at = datetime.fromisoformat(text).replace(tzinfo=zone)
    return at.replace(second=0, microsecond=0).isoformat(timespec="milliseconds")
