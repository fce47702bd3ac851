"""Orders: what is bought of the paid services, from the intent to the file. Pure.

    asked ──► bought ──► made ──► bought (its file is gone, and fetched once more)
      │         ├──────► unwanted ──► bought (it is asked for again)
      │         └──────► failed
      ├─────► refused
      ├─────► in doubt ──► bought | failed | refused
      └─────► lost ──────► failed | refused

An order is *asked* from the moment before it is sent until there is an answer: that row is the intent, and from then
on its price counts against every budget. Whoever finds an order that was asked by nobody alive has found one whose
answer was lost: it is *in doubt*. A person, or the account's balance, says what became of it.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class OrderState(StrEnum):
    """How far one order is."""

    ASKED = "asked"
    """Its price is set aside, and it is being sent."""
    BOUGHT = "bought"
    """Taken by the provider: its job id is known, or its charge."""
    IN_DOUBT = "in doubt"
    MADE = "made"
    """Its file is recorded."""
    UNWANTED = "unwanted"
    """Taken and booked, and the film asks for something else by now: it is fetched if that changes again."""
    FAILED = "failed"
    """Taken, and it came to nothing."""
    REFUSED = "refused"
    """Not taken: nothing was bought."""
    LOST = "lost"
    """It may have been taken, but what it made can never be fetched."""


OPEN: Final = (OrderState.ASKED, OrderState.BOUGHT, OrderState.IN_DOUBT)
"""States of which more is to come; there is one such order for the same thing at the most."""


class Word(StrEnum):
    """What a balance says of an order whose answer was lost."""

    NOT_TAKEN = "not taken"
    NOBODY_KNOWS = "nobody knows"
    NOT_PROVEN = "not proven"
    """It looks like it was not taken, but nobody has seen yet that orders are charged when they are taken."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What is known of an account around an order in doubt, in US dollars.

    `before` and `after` are its balance at two moments, one before the order was sent and one after. `sold` is what
    other orders of ours were charged between the two, `returned` what may have been given back for orders that came
    to nothing about then. `charges_at_once` says that charges were seen in the moment in which orders were taken.
    """

    before: Decimal
    after: Decimal
    sold: Decimal
    returned: Decimal
    charges_at_once: bool


def word_of(witness: Witness) -> Word:
    """Return what became of the order, as far as the balance tells.

    Only a balance that is explained to the cent by the other orders says that this one was not taken: anything
    else may be it, another program's order, or a top-up, and the price list may be out of date.
    """
    if witness.before - witness.after != witness.sold - witness.returned:
        return Word.NOBODY_KNOWS
    return Word.NOT_TAKEN if witness.charges_at_once else Word.NOT_PROVEN
