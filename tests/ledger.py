"""The ledger's numbers for orders that tests write by hand, with moments that have not come yet or are long past."""

from datetime import datetime, timedelta
from decimal import Decimal

from vidctl.store import Db
from vidctl.store.orders import Reading

ASKED_BEFORE = timedelta(seconds=6)
"""How long before it was heard a reading was asked for."""


def number(moment: datetime) -> int:
    """Return the number that is given at a moment."""
    return round(moment.timestamp() * 1_000_000)


def heard(usd: Decimal, at: datetime) -> Reading:
    """Return what an account held, as it was heard at a moment."""
    return Reading(usd, at, number(at - ASKED_BEFORE), number(at))


def number_by_time(db: Db) -> None:
    """Number whatever happened to all orders by its moment; what happens from now on comes after it."""
    db.execute(
        """update orders set asked_no = 1000000 * extract(epoch from asked_at),
                             answered_no = 1000000 * extract(epoch from answered_at),
                             settled_no = 1000000 * extract(epoch from settled_at),
                             before_since_no = 1000000 * extract(epoch from before_at - %(asked_before)s),
                             before_no = 1000000 * extract(epoch from before_at),
                             after_since_no = 1000000 * extract(epoch from after_at - %(asked_before)s),
                             after_no = 1000000 * extract(epoch from after_at)""",
        {"asked_before": ASKED_BEFORE},
    )
    db.execute(
        """select setval('ledger', 1 + max(greatest(asked_no, answered_no, settled_no, before_no, after_no)))
             from orders having count(*) > 0"""
    )
