"""What the journal says of an order whose answer was lost: the other orders that its account was charged for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from vidctl.store import Db
from vidctl.store.orders import Order


@dataclass(frozen=True, slots=True)
class Others:
    """What other orders of a service did to its account between two moments, and what was seen of it before."""

    sold: Decimal
    returned: Decimal
    charges_at_once: bool


def others(db: Db, doubted: Order, *, until: datetime) -> Others:
    """Return what is known of the other orders between the balance before an order in doubt and `until`.

    Sold is what was asked and answered in between; returned, what failed then or shortly after (whoever waits for a
    job hears of its end a little late). Charges at once: the last orders whose balance was read before and after
    differ by exactly their price.
    """
    row = db.execute(
        """select coalesce(sum(coalesce(charged_usd, reserved_usd))
                           filter (where asked_at >= %(since)s and answered_at <= %(until)s
                                     and state in ('bought', 'made', 'failed')), 0),
                  coalesce(sum(reserved_usd) filter (where state = 'failed' and coalesce(charged_usd, 0) = 0
                                                       and settled_at >= %(since)s
                                                       and settled_at <= %(until)s + interval '2 minutes'), 0)
             from orders
            where service = %(service)s and id <> %(id)s and asked_at <= %(until)s
              and (settled_at is null or settled_at >= %(since)s)""",
        {"since": doubted.before_at, "until": until, "service": doubted.service, "id": doubted.id},
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
