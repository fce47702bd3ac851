"""From a job to the command that does it: which program, which options, which secrets."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from vidctl.contract import LISTENING
from vidctl.domain.channel import Channel, is_free
from vidctl.domain.prices import VARIABLE as PRICES
from vidctl.domain.script_names import ERRANDS
from vidctl.domain.work import Artifact, Job
from vidctl.errors import Misconfigured
from vidctl.places import shipped

_GEMINI: Final = ("GEMINI_API_KEY", "GEMINI_BASE_URL", "GEMINI_TIMEOUT_S")
_ELEVENLABS: Final = ("ELEVENLABS_API_KEY", "ELEVENLABS_BASE_URL", "ELEVENLABS_TIMEOUT_S")
_KIE: Final = ("KIE_API_KEY", "KIE_BASE_URL", "KIE_UPLOAD_BASE_URL", "KIE_POLL_S", "KIE_WAIT_S")
_R2: Final = (
    *("R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"),
    *("R2_BUCKET", "R2_ENDPOINT_URL", "R2_PUBLIC_URL"),
)
_YOUTUBE: Final = ("YOUTUBE_WAIT_S", "YOUTUBE_CHUNK_BYTES", "YOUTUBE_PAUSE_S")
_GOOGLE: Final = ("GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "GOOGLE_BASE_URL")

NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "generate_story.py": _GEMINI,
    "generate_asset.py": _GEMINI,
    "generate_video.py": (*_KIE, "CATBOX_BASE_URL", *_R2),
    "generate_audio.py": _ELEVENLABS,
    "generate_sound_effects.py": _ELEVENLABS,
    "read_balance.py": ("KIE_API_KEY", "KIE_BASE_URL", *_ELEVENLABS),
    "store_file.py": _R2,
    "fetch_file.py": _R2,
    "sign_files.py": _R2,
    "check_files.py": _R2,
    "upload_video.py": (*_GOOGLE, "YOUTUBE_REFRESH_TOKEN", "FERNET_KEY", *_YOUTUBE),
    "check_youtube.py": (*_GOOGLE, "YOUTUBE_REFRESH_TOKEN"),
    "youtube_consent.py": _GOOGLE,
    "check_service.py": ("GEMINI_API_KEY", "GEMINI_BASE_URL", *_R2),
    "send_alert.py": ("DISCORD_WEBHOOK_URL", "VIDCTL_ALERT_URLS"),
}
"""The secrets of each paid script, and where its services are: nothing else reaches it."""

BALANCE: Final = "read_balance.py"
"""Says what an account has left; no channel replaces it, for it is about a service and not about films."""

PLAIN: Final = (
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "PATH",
    "PYTHONPATH",
    "TMPDIR",
    "TZ",
    "SSL_CERT_FILE",
    "HTTPS_PROXY",
    "NO_PROXY",
    "VIDCTL_FFMPEG",
)
"""What every script may see of the environment."""

ONE_THREAD: Final[Mapping[str, str]] = {"OPENBLAS_NUM_THREADS": "1"}
"""What our scripts are told: else numpy starts a thread per core for linear algebra, of which they do next to none, and
their spinning costs more than half of what importing it does."""


def program(channel: Channel, name: str) -> list[str]:
    """Return the command that runs a script: the channel's own, else the one of its mode.

    Raises:
        Misconfigured: this version has no such script for the channel's mode.
    """
    if own := channel.scripts.get(name):
        return [sys.executable, own] if own.endswith(".py") else [own]
    folder = shipped("scripts")
    for place in [folder / "preview" / name] * is_free(channel, name) + [folder / name]:
        if place.is_file():
            return [sys.executable, str(place)]
    raise Misconfigured(
        f"there is no {name} for channel {channel.channel_id} in {channel.mode} mode",
        hint="set mode: preview in its file, or name your own program in its scripts: section",
    )


def environment(
    channel: Channel, name: str, whole: Mapping[str, str], *, prices: Mapping[str, object] | None = None
) -> dict[str, str]:
    """Return the environment of a script: what it gets to see of ours, and what we tell it.

    `prices` is what the configuration changes in the price list.
    """
    free = is_free(channel, name) and name not in channel.scripts and name not in ERRANDS
    secret = () if free else NEEDS.get(name, ())
    if name in channel.scripts:
        secret = tuple(key for key in secret if key != "FERNET_KEY")  # which opens the tokens of all channels
    told = {LISTENING: "1", **({} if name in channel.scripts else ONE_THREAD)}
    if prices and secret:
        told[PRICES] = json.dumps(prices, default=str)
    return {**told, **{key: whole[key] for key in (*PLAIN, *secret) if key in whole}}


def service_of(channel: Channel, service: str, script: str) -> str | None:
    """Return what to leave alone when a script says that its service is in trouble; None: only itself.

    A channel's own program is no reason to stop the other channels.
    """
    if script in channel.scripts and script in NEEDS:
        return of_channel(channel, service)
    return service if script in NEEDS and not is_free(channel, script) else None


def of_channel(channel: Channel, service: str) -> str:
    """Return the name of what one channel has of a service: its account there, or a program of its own."""
    return f"{channel.channel_id}:{service}"


def services_of(channel: Channel, service: str) -> list[str]:
    """Return every name by which a pause of a step's service may be meant."""
    return [of_channel(channel, service), *([service] if channel.mode != "preview" else [])]


def options(job: Job, path_of: Callable[[Artifact], Path]) -> list[str]:
    """Return the options for a job's arguments and inputs.

    Each is one word, `--name=value`, so that a value that begins with a dash stays a value.
    """
    words = [f"--{name}={value}" for name, value in (*job.args.items(), *job.how.items())]
    words += [f"--{name}={path_of(artifact)}" for name, artifacts in job.inputs.items() for artifact in artifacts]
    return words


def as_written_in(document: Path, path: Path) -> str:
    """Return a path as a document names it: relative to the document."""
    return os.path.relpath(path, document.parent)
