"""What a shell offers when somebody presses Tab: films, channels, services, and words that an option takes.

It is quick, and silent whatever is wrong. No server is started for it, and no schema changed.
"""

import re
from collections.abc import Callable, Collection
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from vidctl.domain.status import Status
    from vidctl.store import Db

Offer = TypeVar("Offer")
Offers = list[tuple[str, str]]
"""What can be typed, and what a shell says beside it, if it says anything."""

_PLAIN: Final = " ,.-+/_"
_LONGEST: Final = 60
"""Characters: what is longer would be broken into two lines, which shells take for two offers."""


def films(incomplete: str) -> Offers:
    """Offer every film, what is published last."""
    from vidctl.domain.status import Status

    return _films(incomplete, list(Status))


def drafts(incomplete: str) -> Offers:
    """Offer what can be queued."""
    from vidctl.domain.status import Status

    return _films(incomplete, [Status.DRAFT])


def at_gates(incomplete: str) -> Offers:
    """Offer what may wait for an approval."""
    from vidctl.domain.status import GATES, OPTIONAL_GATES

    return _films(incomplete, [*GATES, *OPTIONAL_GATES])


def failed(incomplete: str) -> Offers:
    """Offer what has failed."""
    from vidctl.domain.status import ERRORS

    return _films(incomplete, ERRORS)


def uploadable(incomplete: str) -> Offers:
    """Offer what waits to be published."""
    from vidctl.domain.status import Status

    return _films(incomplete, [Status.APPROVED, Status.UPLOADING, Status.UPLOAD_ERROR])


def channels(incomplete: str) -> Offers:
    """Offer every channel that has a file."""
    from vidctl.settings import load

    with suppress(Exception):  # nothing is offered, and the command says what is wrong
        found = sorted(file.stem for file in load().channel_configs.glob("[!_.]*.yaml"))
        return [(name, "") for name in found if name.startswith(incomplete) and re.fullmatch(r"[\w-]+", name)]
    return []


def services(incomplete: str) -> Offers:
    """Offer what is paused."""
    from vidctl.store import completing

    found = _asked(lambda db: [(name, _plain(why)) for name, why in completing.pauses(db)])
    return [one for one in found if one[0].startswith(incomplete)]


def orders(incomplete: str) -> Offers:
    """Offer the orders that nobody knows the end of."""
    from vidctl.store import completing

    found = _asked(lambda db: [(str(one), _plain(f"{what} of {of}")) for one, what, of in completing.orders(db)])
    return [one for one in found if one[0].startswith(incomplete)]


def steps(incomplete: str) -> Offers:
    """Offer every step, and what shows a film on its page."""
    from vidctl.pipeline import STEPS

    return one_of(*(step.name for step in STEPS), "page")(incomplete)


def one_of(*words: str, before: Callable[[str], Offers] | None = None) -> Callable[[str], Offers]:
    """Return what offers these words, and what may be named before them."""

    def offered(incomplete: str) -> Offers:
        named = before(incomplete) if before else []
        return [*named, *((word, "") for word in words if word.startswith(incomplete))]

    return offered


def _films(incomplete: str, statuses: "Collection[Status]") -> Offers:
    from vidctl.store import completing

    if set(incomplete) - set("0123456789abcdef-"):
        return []
    found = _asked(lambda db: completing.films(db, incomplete, statuses))
    return [(name, _plain(f"{status}, {title}")) for name, title, status in found]


def _asked(look: "Callable[[Db], list[Offer]]") -> "list[Offer]":
    """Look at the database once; nothing is found where there is none, or anything else is wrong."""
    with suppress(Exception):  # the command itself says what it is
        from vidctl.settings import load
        from vidctl.store import completing, embedded

        settings = load()
        with closing(completing.connect(settings.external_database or embedded.dsn_of(settings.home))) as db:
            return look(db)
    return []


def _plain(text: str) -> str:
    """Return a text without anything that a shell or a terminal would obey: titles come from everywhere."""
    return " ".join("".join(one if _is_plain(one) else " " for one in text).split())[:_LONGEST]


def _is_plain(one: str) -> bool:
    return one.isalnum() or one in _PLAIN or (one.isprintable() and not one.isascii())


priorities: Final = one_of("high", "normal", "low")
privacies: Final = one_of("private", "unlisted", "public")
modes: Final = one_of("preview", "production")
