"""The services: whether each key is good, by a request that costs nothing, and what time it is outside."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from vidctl.engine.doctor import errands
from vidctl.engine.doctor.database import of_clock
from vidctl.engine.doctor.findings import Check, Finding, broken, of_error, ok, warning
from vidctl.engine.doctor.ground import Ground
from vidctl.engine.scripts import BALANCE
from vidctl.errors import VidctlError

SCRIPT: Final = "check_service.py"


def _gemini(ground: Ground) -> str:
    return f"Gemini: {errands.asked(ground, SCRIPT, '--service=gemini').get('says')}"


def _r2(ground: Ground) -> str:
    return f"Cloudflare R2: {errands.asked(ground, SCRIPT, '--service=r2').get('says')}"


def _balance(service: str, ground: Ground) -> str:
    return errands.last_words(ground, BALANCE, f"--service={service}")


def _paid(ground: Ground) -> list[str]:
    """Return the channels whose films are bought."""
    return [one.channel_id for one in ground.files.channels if one.mode != "preview"] if ground.files else []


def _stored(ground: Ground) -> list[str]:
    """Return the channels whose files are kept in the bucket."""
    return [one.channel_id for one in ground.files.channels if one.storage_strategy == "r2"] if ground.files else []


def key(
    name: str, variable: str, ask: Callable[[Ground], str], needed_by: Callable[[Ground], list[str]], ground: Ground
) -> Iterator[Finding]:
    """Yield whether a service takes its key; where no channel needs one, that there need not be any."""
    channels = needed_by(ground)
    if not ground.environment.get(variable):
        if channels:
            yield broken(f"{name}: {variable} is not set, and {channels[0]} needs it", f"put {variable} into .env")
        else:
            yield ok(f"{name}: no channel needs it")
        return
    try:
        yield ok(ask(ground))
    except VidctlError as exc:
        yield of_error(exc, name) if channels else warning(f"{name}: {exc}", exc.hint)


def clock(ground: Ground) -> Iterator[Finding]:
    """Yield whether this machine's clock agrees with one outside."""
    try:
        ahead = errands.asked(ground, SCRIPT, "--service=clock").get("ahead_s")
    except VidctlError as exc:
        yield warning(str(exc), exc.hint)
        return
    if isinstance(ahead, int | float):
        yield from of_clock(float(ahead), "one outside")


CHECKS: Final[tuple[Check, ...]] = (
    partial(key, "Gemini", "GEMINI_API_KEY", _gemini, _paid),
    partial(key, "KIE", "KIE_API_KEY", partial(_balance, "kie"), _paid),
    partial(key, "ElevenLabs", "ELEVENLABS_API_KEY", partial(_balance, "elevenlabs"), _paid),
    partial(key, "Cloudflare R2", "R2_BUCKET", _r2, _stored),
    clock,
)
