"""One card, or one board, that cannot be worked on holds up no other: what is wrong with it is kept, to be told."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg

from vidctl.board.errors import NotAPage, NotionUnavailable
from vidctl.errors import Unavailable, VidctlError

DATABASE_GONE: Final = (psycopg.OperationalError, psycopg.InterfaceError)
"""What ends everything."""


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


def as_error(bug: Exception, what: str) -> Unavailable:
    """Return a bug as an error that can be told once, with all that is needed to find it."""
    lines = "".join(traceback.format_exception(bug)).rstrip()
    said = f"{what}, because of a bug: {type(bug).__name__}: {' '.join(str(bug).split())[:300]}"
    return Unavailable(said, hint=f"report it with these lines; everything else goes on\n{lines}")
