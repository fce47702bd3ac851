"""What the options of `vidctl audit` take: heads of the record, and ages. Pure."""

import calendar
import re
from datetime import datetime, timedelta
from typing import Final

from vidctl.errors import BadInput

_HEAD: Final = re.compile(r"(?:\d{1,18}:)?[0-9a-f]{64}")
_AGE: Final = re.compile(r"(\d{1,4})([ymd])", re.ASCII)
_MONTHS: Final = 12


def require_head(text: str) -> str:
    """Return a head as it is compared.

    Raises:
        BadInput: it is none.
    """
    head = text.strip().lower()
    if not _HEAD.fullmatch(head):
        raise BadInput(f"{text[:90]!r} is no head of the record", hint="copy it whole, NUMBER:HASH, out of the alert")
    return head


def ago(age: str, now: datetime) -> datetime:
    """Return when it was so long ago: years and months of the calendar, or days.

    Raises:
        BadInput: it is no age, or before all calendars.
    """
    match = _AGE.fullmatch(age.strip().lower())
    if match is None:
        raise BadInput(f"{age[:40]!r} is no age", hint="write it like 2y, 18m or 400d")
    number, unit = int(match[1]), match[2]
    if unit == "d":
        return now - timedelta(days=number)
    months = now.year * _MONTHS + now.month - 1 - number * (_MONTHS if unit == "y" else 1)
    year, month = divmod(months, _MONTHS)
    if year < 1:
        raise BadInput(f"{age[:40]!r} is before all calendars", hint="write it like 2y, 18m or 400d")
    return now.replace(year=year, month=month + 1, day=min(now.day, calendar.monthrange(year, month + 1)[1]))
