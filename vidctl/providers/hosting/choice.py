"""Which host a picture goes to, and to which next. No address is believed before the picture came back from it."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Final

from vidctl.contract import ErrorClass, ScriptError
from vidctl.providers.hosting import catbox, kie, r2
from vidctl.providers.hosting.picture import HostFailed, Picture
from vidctl.providers.http import AnswerLost, Client, NotSent
from vidctl.providers.kie.account import Account, address

LOOKS: Final = 3
"""A file that was just put somewhere may take a moment to be seen."""
PAUSE_S: Final = 1.0
TIMEOUT_S: Final = 30.0


class HostName(StrEnum):
    """The hosts, in the order in which they are tried."""

    R2 = "r2"
    KIE = "kie"
    CATBOX = "catbox"


@dataclass(frozen=True, slots=True)
class Host:
    """One place: `put` returns an address, or raises `HostFailed`."""

    name: str
    put: Callable[[Picture], str]


def hosts(account: Account, first: HostName | None = None) -> list[Host]:
    """Return the hosts to try, `first` before all others; R2 is one of them where it is wished for or set up.

    Raises:
        Misconfigured: an address cannot be used.
    """
    catbox_url = address("CATBOX_BASE_URL", catbox.BASE_URL)
    known = {
        HostName.R2: Host("R2", r2.put),
        HostName.KIE: Host("KIE's upload host", lambda picture: kie.put(picture, account)),
        HostName.CATBOX: Host("catbox.moe", lambda picture: catbox.put(picture, catbox_url)),
    }
    if first is not HostName.R2 and not r2.is_configured():
        del known[HostName.R2]
    return [known[name] for name in sorted(known, key=lambda name: name is not first)]


def hosted(picture: Picture, hosts: Sequence[Host], *, pause_s: float = PAUSE_S) -> str:
    """Return an address from which exactly this picture comes.

    Raises:
        ScriptError: no host has it: again later.
    """
    failures = []
    for host in hosts:
        try:
            url = host.put(picture)
            _require_same(url, picture, pause_s)
        except HostFailed as exc:
            failures.append(f"{host.name}: {exc}")
            print(f"warning: the picture could not be put on {failures[-1]}", file=sys.stderr)
        else:
            return url
    raise ScriptError(
        f"the picture could not be put where KIE can fetch it: {'; '.join(failures)}",
        hint="nothing was ordered; it is tried again later. Most reliable is a bucket of your own: set R2_… in .env",
        error_class=ErrorClass.TRANSIENT,
        error_type="NotHosted",
    )


def _require_same(url: str, picture: Picture, pause_s: float) -> None:
    """Look at an address as the service will, a few times; the address itself is in no message: it may be signed.

    Raises:
        HostFailed: something else comes from there.
    """
    why = ""
    with Client("https://localhost", timeout_s=TIMEOUT_S) as client:
        for look in range(LOOKS):
            time.sleep(pause_s if look else 0)
            if not (why := _difference(client, url, picture)):
                return
    raise HostFailed(f"it took the picture, but does not show it: {why}")


def _difference(client: Client, url: str, picture: Picture) -> str:
    try:
        reply = client.get(url)
    except (NotSent, AnswerLost) as exc:
        return str(exc)
    media_type = reply.headers.get("content-type", "nothing")
    if reply.status != HTTPStatus.OK:
        return f"HTTP {reply.status}"
    if not media_type.startswith("image/"):
        return f"it is {media_type}"
    if len(reply.content) != len(picture.content):
        return f"it has {len(reply.content):,} bytes, not {len(picture.content):,}"
    return "" if reply.content == picture.content else "its bytes are others"
