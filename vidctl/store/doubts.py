"""What the journal says of an order whose answer was lost: what its account held, and what else it was charged for.

A reading of an account says something only if the effects of all other orders on it were either there already or
still to come. While an order is on its way, nobody knows whether it is in what is read; nor while a job is being made
that fails: its price is given back at some moment before that is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from vidctl.store import Db
from vidctl.store.orders import Order

HEARD_LATE: Final = timedelta(seconds=6)
"""How old a reading may be when it is heard: whoever asks for it waits for so long, at the most."""
LONGEST_JOB: Final = timedelta(hours=1)
"""A job that was bought before that has ended, whether or not anybody asked."""
REMEMBERED: Final = timedelta(hours=1)
"""How old a reading may be that is taken for the one before an order: accounts are topped up, and others buy."""

_ON_ITS_WAY: Final = """
    exists (select from orders other
             where other.service = %(service)s and other.id <> %(id)s and other.state <> 'refused'
               and (other.asked_at <= read.at and coalesce(other.answered_at, 'infinity') >= read.at - %(late)s
                    or other.state = 'failed' and coalesce(other.charged_usd, 0) = 0
                       and other.answered_at <= read.at and other.settled_at >= read.at - %(late)s))
"""
_MAY_FAIL: Final = """
    exists (select from orders other
             where other.service = %(service)s and other.id <> %(id)s and other.state = 'bought'
               and other.charged_usd is null
               and other.answered_at <= read.at and other.answered_at > read.at - %(job)s)
"""


class Worth(StrEnum):
    """What a reading of an account says."""

    CLEAR = "clear"
    OPEN = "open"
    """A job is still being made that was bought before: if it fails, the reading says nothing."""
    BLURRED = "blurred"
    """Something else was on its way at that moment: it says nothing, and never will."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What an account held, and when that was heard."""

    usd: Decimal
    at: datetime


@dataclass(frozen=True, slots=True)
class Others:
    """What other orders of a service did to its account between two moments, and what was seen of it before."""

    sold: Decimal
    returned: Decimal
    charges_at_once: bool


def before(db: Db, doubted: Order) -> Reading | None:
    """Return the last clear reading before an order in doubt, whichever order it was read for; None without one."""
    row = db.execute(
        f"""select usd, at from (select before_usd as usd, before_at as at from orders where service = %(service)s
                                 union
                                 select after_usd, after_at from orders
                                  where service = %(service)s and id <> %(id)s) read
             where usd is not null and at <= %(asked)s and at > %(asked)s - %(remembered)s
               and not {_ON_ITS_WAY} and not {_MAY_FAIL}
             order by at desc limit 1""",  # noqa: S608  # constants only
        {**_about(doubted), "asked": doubted.asked_at, "remembered": REMEMBERED},
    ).fetchone()
    return Reading(*row) if row else None


def worth(db: Db, doubted: Order, at: datetime) -> Worth:
    """Return what a reading at a moment after an order in doubt says."""
    row = db.execute(
        f"select {_ON_ITS_WAY}, {_MAY_FAIL} from (select %(at)s::timestamptz as at) read",  # noqa: S608  # constants only
        {**_about(doubted), "at": at},
    ).fetchone()
    assert row is not None
    blurred, is_open = row
    return Worth.BLURRED if blurred else Worth.OPEN if is_open else Worth.CLEAR


def others(db: Db, doubted: Order, *, since: datetime, until: datetime) -> Others:
    """Return what is known of the other orders between two clear readings.

    Sold is what was asked and answered in between; returned, what failed. Charges at once: the last orders whose
    balance was read before and after differ by exactly their price.
    """
    row = db.execute(
        """select coalesce(sum(coalesce(charged_usd, reserved_usd)), 0),
                  coalesce(sum(reserved_usd) filter (where state = 'failed' and coalesce(charged_usd, 0) = 0
                                                       and settled_at <= %(until)s), 0)
             from orders
            where service = %(service)s and id <> %(id)s and state in ('bought', 'made', 'failed')
              and asked_at >= %(since)s and answered_at <= %(until)s""",
        {**_about(doubted), "since": since, "until": until},
    ).fetchone()
    seen = db.execute(
        """select count(*) >= 3 from (
               select before_usd - after_usd = reserved_usd as exact from orders
                where service = %s and after_usd is not null and before_usd is not null
                  and state in ('bought', 'made', 'failed')
                order by id desc limit 20) last
            where exact""",
        (doubted.service,),
    ).fetchone()
    assert row is not None
    assert seen is not None
    return Others(row[0], row[1], seen[0])


def _about(doubted: Order) -> dict[str, object]:
    return {"service": doubted.service, "id": doubted.id, "late": HEARD_LATE, "job": LONGEST_JOB}
