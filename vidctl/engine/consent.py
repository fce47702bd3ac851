"""Have a person consent in a browser to where a channel's films go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import Meta

from vidctl.domain.channel import Channel
from vidctl.engine import errand, scripts
from vidctl.engine.quotas import Meter
from vidctl.errors import Misconfigured, VidctlError

SCRIPT: Final = "youtube_consent.py"
_GRACE_S: Final = 120.0
"""What it may take beside waiting for the person."""

_BROWSER: Final = (
    *("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"),
    *("XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "XDG_DATA_DIRS", "XDG_CONFIG_HOME", "DESKTOP_SESSION", "USER"),
)
"""What a browser needs of the environment to be found, and shown."""

_Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{10,64}\Z")]


@dataclass(frozen=True, slots=True)
class Consent:
    """What was consented to: films go to the YouTube channel `account`."""

    account: _Id
    title: str
    refresh_token: str = field(repr=False)
    expires_at: datetime | None = None
    takes_long: bool = True
    """Whether it may hold films of more than 15 minutes."""


@dataclass(frozen=True, slots=True)
class Way:
    """How the browser is found, and finds its way back."""

    port: int = 0
    bind: str = "127.0.0.1"
    opens_browser: bool = True
    wait_s: float = 600.0

    @property
    def options(self) -> list[str]:
        """What the program is told of it."""
        asked = [f"--port={self.port}", f"--bind={self.bind}", f"--wait-s={self.wait_s}"]
        return asked if self.opens_browser else [*asked, "--no-browser"]


def require_client(environment: Mapping[str, str]) -> None:
    """Refuse to begin where Google would not know who asks: the program says the same, once it is run.

    Raises:
        Misconfigured: which variable is not set.
    """
    for name in ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET"):
        if not environment.get(name, "").strip():
            raise Misconfigured(
                f"Google cannot be asked: {name} is not set",
                hint="a desktop client's id and secret are at console.cloud.google.com, APIs & Services, Credentials",
            )


def ask(channel: Channel, way: Way, environment: Mapping[str, str], meter: Meter, *, now: datetime) -> Consent | int:
    """Return what a person consented to; or the exit status of the program, which said itself why there is nothing.

    Raises:
        VidctlError: it ended without a word, or did not end.
    """
    told = scripts.environment(channel, SCRIPT, environment)
    told |= {name: environment[name] for name in _BROWSER if name in environment}
    argv = [*scripts.program(channel, SCRIPT), f"--channel={channel.channel_id}", *way.options]
    ran = errand.run(argv, told, timeout_s=way.wait_s + _GRACE_S, is_heard=True)
    if (status := errand.told_failure(ran)) is not None:
        return status
    said = errand.answer(ran, environment, lambda call: meter.count(call, now=now))
    try:
        return msgspec.convert(said, Consent)
    except msgspec.ValidationError as exc:
        raise VidctlError(f"{SCRIPT} said what is no consent: {exc}", hint="this is a bug; nothing was kept") from exc
