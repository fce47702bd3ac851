"""An id of Notion's, however a person copied it. Pure."""

import re
from typing import Final

from vidctl.errors import BadInput

_ID: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def notion_id(text: str) -> str:
    """Return the id in an id or an address of Notion's, in its usual form.

    Raises:
        BadInput: there is none in it.
    """
    found = _ID.findall(_last_part(text))
    if not found:
        raise BadInput(
            f"{text[:80]!r} is no id of Notion's",
            hint="copy the link of the page or database: the id is the 32 letters and digits before any ?",
        )
    one = found[-1]
    return "-".join((one[:8], one[8:12], one[12:16], one[16:20], one[20:]))


def _last_part(address: str) -> str:
    """Return the part of an address with the id: a page's name stands before it, and what it shows after the `?`."""
    part = address.strip().lower().split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]
    return part[-32:] if "-" in part and len(part.rsplit("-", 1)[-1]) == 32 else part.replace("-", "")  # noqa: PLR2004
