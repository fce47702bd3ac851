"""Where what is in the object store can be seen: at its public address, or at one that is signed for a week."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from vidctl.contract import Failure, Result, from_line
from vidctl.domain.channel import Channel
from vidctl.domain.work import Artifact
from vidctl.engine import errand, scripts
from vidctl.engine.redact import redacted
from vidctl.errors import BadInput, Unavailable
from vidctl.store.exhibits import Wanted

SCRIPT: Final = "sign_files.py"
TIMEOUT_S: Final = 120.0
SIGNED_FOR: Final = timedelta(days=7)
"""How long an address opens that is signed: no store signs for longer."""


def links_of(items: Sequence[Wanted], channel: Channel, environment: Mapping[str, str]) -> dict[Artifact, str]:
    """Return an address for each item that is in the object store.

    Raises:
        Unavailable: none can be had now.
    """
    stored = [item for item in items if item.key is not None]
    public = {item.artifact: item.url for item in stored if item.url is not None}
    private = {str(item.key): item.artifact for item in stored if item.url is None}
    return public | (_signed(private, channel, environment) if private else {})


def is_signed(url: str) -> bool:
    """Tell whether an address opens only for a while."""
    return "?" in url


def _signed(keys: Mapping[str, Artifact], channel: Channel, environment: Mapping[str, str]) -> dict[Artifact, str]:
    argv = [*scripts.program(channel, SCRIPT), *(f"--key={key}" for key in keys)]
    given = scripts.environment(channel, SCRIPT, environment)
    ran = errand.run(argv, given, timeout_s=TIMEOUT_S, again="a later tick tries again")
    signed, why = dict[Artifact, str](), f"it ended with status {ran.returncode}"
    for line in ran.stdout.splitlines():
        try:
            message = from_line(line)
        except BadInput:
            continue
        if isinstance(message, Result) and message.url and message.path in keys:
            signed[keys[message.path]] = message.url
        elif isinstance(message, Failure):
            why = redacted(message.message, given)
    if len(signed) < len(keys):
        raise Unavailable(f"files in the bucket have no address: {why}", hint="check the R2_ settings")
    return signed
