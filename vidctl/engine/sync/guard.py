"""One card, or one board, that cannot be worked on holds up no other: what is wrong with it is kept, to be told."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg

from vidctl.board.client import Notion
from vidctl.board.errors import NotAPage, NoTimeLeft, NotionRateLimitError, NotionUnavailable
from vidctl.errors import Unavailable, VidctlError

DATABASE_GONE: Final = (psycopg.OperationalError, psycopg.InterfaceError)
"""What ends everything."""
IN_A_ROW: Final = 3
"""How many cards, one behind the other, Notion fails with before it is asked whether it is there at all."""
AT_MOST: Final = 12
"""How many it fails with before it counts as away, even if it says that it is there."""


@contextmanager
def one_of_many(wrong: list[VidctlError], what: str) -> Iterator[None]:
    """Do something with one of many; what is wrong with it alone goes into `wrong`. `what` is "the card … could not …".

    Raises:
        NotionUnavailable: Notion does not answer, or the time is over; that concerns all of them.
    """
    try:
        yield
    except NotAPage as odd:
        wrong.append(odd)
    except (NotionUnavailable, *DATABASE_GONE):
        raise
    except VidctlError as error:
        wrong.append(error)
    except Exception as bug:  # noqa: BLE001  # whatever it is
        wrong.append(as_error(bug, what))


@dataclass(slots=True)
class InTurn:
    """Cards that are worked on one behind the other, each with requests of its own to Notion."""

    notion: Notion
    wrong: list[VidctlError]
    """What a person has to put right."""
    late: list[VidctlError]
    """What Notion could not do for now with some of them; nobody need do anything: the next sync tries again."""
    failed: int = 0
    """How many in a row."""

    @contextmanager
    def card(self, what: str) -> Iterator[None]:
        """Work on the next card. `what` is "the card … could not …".

        Raises:
            NotionUnavailable: Notion is away, lets nobody ask, or the time is over; that concerns all of them.
        """
        try:
            with one_of_many(self.wrong, what):
                yield
        except (NoTimeLeft, NotionRateLimitError):
            raise
        except NotionUnavailable as trouble:
            self.notion.patient = False  # if it is an outage, the others find out at the price of a request each
            self.failed += 1
            if self.failed == AT_MOST or (self.failed == IN_A_ROW and not self.notion.is_there()):
                raise
            self.late.append(trouble)
        else:
            self.failed = 0


def as_error(bug: Exception, what: str) -> Unavailable:
    """Return a bug as an error that can be told once, with all that is needed to find it."""
    lines = "".join(traceback.format_exception(bug)).rstrip()
    said = f"{what}, because of a bug: {type(bug).__name__}: {' '.join(str(bug).split())[:300]}"
    return Unavailable(said, hint=f"report it with these lines; everything else goes on\n{lines}")
