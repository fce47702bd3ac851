"""Time zones by their names, on machines with and without a database of them."""

from datetime import UTC, tzinfo
from typing import Final

from vidctl.errors import Misconfigured

_KNOWN_TO_ALL: Final = "America/Los_Angeles"


def zone(name: str) -> tzinfo:
    """Return the time zone that a name such as Europe/Madrid stands for; UTC is there on every machine.

    Raises:
        Misconfigured: nobody knows it, or this machine knows none.
    """
    if name == "UTC":
        return UTC
    if (found := _found(name)) is not None:
        return found
    if _found(_KNOWN_TO_ALL) is None:
        raise Misconfigured(
            f"this machine has no time zones, so {name[:60]!r} means nothing to it",
            hint="install them (the system's package tzdata, or pip install tzdata), or write UTC",
        )
    raise Misconfigured(f"there is no time zone {name[:60]!r}", hint="write one as Europe/Madrid, or UTC")


def _found(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo  # most channels count in UTC, and a tick reads them all

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # a folder such as Europe; no name at all; not there
        return None
