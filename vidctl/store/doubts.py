"""What the journal says of an order whose answer was lost: what its account held, and what else it was charged for.

A reading of an account says something only if the effects of all other orders on it were either there already or
still to come. While an order is on its way, nobody knows whether it is in what is read; nor while a job is being made
that fails: its price is given back at some moment before that is told.

All of that goes by the numbers of the ledger. A reading has two: it was asked for after the first was given, and heard
before the second. How long ago something was, where an hour more or less decides nothing, goes by the clock.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from vidctl.store import Db
from vidctl.store.orders import Order, Reading

LONGEST_JOB: Final = timedelta(hours=1)
"""A job that was bought before that has ended, whether or not anybody asked."""
REMEMBERED: Final = timedelta(hours=1)
"""How old a reading may be that is taken for the one before an order: accounts are topped up, and others buy."""

# What was given up, or answered by an earlier version of vidctl, has no number: after so long it is over.
_ON_ITS_WAY: Final = """
    exists (select from orders other
             where other.service = %(service)s and other.id <> %(id)s and other.state <> 'refused'
               and other.asked_no < read.no
               and (coalesce(other.answered_no > read.since,
                             coalesce(other.answered_at, other.settled_at, 'infinity') > read.at - %(job)s)
                    or other.state = 'failed' and coalesce(other.charged_usd, 0) = 0
                       and other.answered_no < read.no
                       and coalesce(other.settled_no > read.since, other.settled_at > read.at - %(job)s)))
"""
_MAY_FAIL: Final = """
    exists (select from orders other
             where other.service = %(service)s and other.id <> %(id)s
               and (other.state = 'bought' and other.charged_usd is null or other.state = 'unwanted')
               and other.answered_no < read.no and other.answered_at > read.at - %(job)s)
"""


class Worth(StrEnum):
    """What a reading of an account says."""

    CLEAR = "clear"
    OPEN = "open"
    """A job is still being made that was bought before: if it fails, the reading says nothing."""
    BLURRED = "blurred"
    """Something else was on its way at that moment: it says nothing, and never will."""


@dataclass(frozen=True, slots=True)
class Others:
    """What other orders of a service did to its account between two moments, and what was seen of it before."""

    sold: Decimal
    returned: Decimal
    charges_at_once: bool


def before(db: Db, doubted: Order) -> Reading | None:
    """Return the last clear reading before an order in doubt, whichever order it was read for; None without one."""
    row = db.execute(
        f"""select usd, at, since, no
              from (select before_usd as usd, before_at as at, coalesce(before_since_no, 0) as since, before_no as no
                      from orders where service = %(service)s
                    union
                    select after_usd, after_at, coalesce(after_since_no, 0), after_no
                      from orders where service = %(service)s and id <> %(id)s) read
             where usd is not null and no < %(asked_no)s and at > %(asked)s - %(remembered)s
               and not {_ON_ITS_WAY} and not {_MAY_FAIL}
             order by no desc limit 1""",  # noqa: S608  # constants only
        {**_about(doubted), "asked_no": doubted.asked_no, "asked": doubted.asked_at, "remembered": REMEMBERED},
    ).fetchone()
    return Reading(*row) if row else None


def worth(db: Db, doubted: Order, read: Reading) -> Worth:
    """Return what a reading after an order in doubt says."""
    row = db.execute(
        f"""select {_ON_ITS_WAY}, {_MAY_FAIL}
              from (select %(at)s::timestamptz as at, %(since)s as since, %(no)s as no) read""",  # noqa: S608  # constants only
        {**_about(doubted), "at": read.at, "since": read.since, "no": read.no},
    ).fetchone()
    assert row is not None
    blurred, is_open = row
    return Worth.BLURRED if blurred else Worth.OPEN if is_open else Worth.CLEAR


def others(db: Db, doubted: Order, *, since: Reading, until: Reading) -> Others:
    """Return what is known of the other orders between two clear readings.

    Sold is what was asked and answered in between; returned, what failed. Charges at once: the last orders whose
    balance was read before and after differ by exactly their price.
    """
    row = db.execute(
        """select coalesce(sum(coalesce(charged_usd, reserved_usd)), 0),
                  coalesce(sum(reserved_usd) filter (where state = 'failed' and coalesce(charged_usd, 0) = 0
                                                       and settled_no < %(until)s), 0)
             from orders
            where service = %(service)s and id <> %(id)s and state in ('bought', 'made', 'unwanted', 'failed')
              and asked_no > %(since)s and answered_no < %(until)s""",
        {**_about(doubted), "since": since.no, "until": until.no},
    ).fetchone()
    seen = db.execute(
        """select count(*) >= 3 from (
               select before_usd - after_usd = reserved_usd as exact from orders
                where service = %s and after_usd is not null and before_usd is not null
                  and state in ('bought', 'made', 'unwanted', 'failed')
                order by id desc limit 20) last
            where exact""",
        (doubted.service,),
    ).fetchone()
    assert row is not None
    assert seen is not None
    return Others(row[0], row[1], seen[0])


def _about(doubted: Order) -> dict[str, object]:
    return {"service": doubted.service, "id": doubted.id, "job": LONGEST_JOB}
