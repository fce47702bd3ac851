"""What the environment says: read once, in `cli`, and handed down."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidctl.errors import Misconfigured

SECRETS: Final = (
    "NOTION_TOKEN",
    "GEMINI_API_KEY",
    "KIE_API_KEY",
    "ELEVENLABS_API_KEY",
    "GOOGLE_CLIENT_ID",
    "GOOGLE_CLIENT_SECRET",
    "YOUTUBE_REFRESH_TOKEN",
    "FERNET_KEY",
    "R2_ACCOUNT_ID",
    "R2_ACCESS_KEY_ID",
    "R2_SECRET_ACCESS_KEY",
    "R2_BUCKET",
    "DISCORD_WEBHOOK_URL",
    "VIDCTL_BACKUP_PASSPHRASE",
    "VIDCTL_HEARTBEAT_URL",
    "VIDCTL_ALERT_URLS",
)
"""What no log, argument list, column or error may show."""

DESTINATIONS: Final = ("DISCORD_WEBHOOK_URL", "VIDCTL_ALERT_URLS")
"""Where alerts go: each holds one address, or several between blanks."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and the environment (with `.env`) that scripts are given their part of."""

    home: Path
    channel_configs: Path
    external_database: str | None
    environment: Mapping[str, str]


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of this process; `.env` fills in what the environment does not say.

    Looked for in the current folder, then in VIDCTL_HOME.

    Raises:
        Misconfigured: `.env` cannot be read, or the current folder is gone.
    """
    _require_folder()
    whole = {**_dotenv(Path(".env")), **(os.environ if environment is None else environment)}
    home = _home(whole)
    return _settings(home, {**_dotenv(home / ".env"), **whole})


def _settings(home: Path, whole: Mapping[str, str]) -> Settings:
    return Settings(
        home=home,
        channel_configs=Path(whole.get("VIDCTL_CHANNEL_CONFIGS") or "channel_configs").absolute(),
        external_database=whole.get("DATABASE_URL") or None,
        environment=whole,
    )


def without_dotenv(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings as the environment alone says them: for whoever looks why `load` fails."""
    whole = dict(os.environ if environment is None else environment)
    return _settings(_home(whole), whole)


def machine_of(environment: Mapping[str, str]) -> str:
    """Return what this machine is called; in containers, whose host name is another one each time, VIDCTL_HOST says."""
    if name := environment.get("VIDCTL_HOST"):
        return name
    import socket

    return socket.gethostname()


def _home(environment: Mapping[str, str]) -> Path:
    if home := environment.get("VIDCTL_HOME"):
        return Path(home).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("vidctl", appauthor=False)


def _dotenv(path: Path) -> dict[str, str]:
    """Return what a `.env` file sets; {} where there is none."""
    if not path.is_file():
        return {}
    from dotenv import dotenv_values

    try:
        _refuse_what_is_half_written(path)
        return {name: value for name, value in dotenv_values(path).items() if value is not None}
    except (OSError, UnicodeDecodeError) as exc:
        raise Misconfigured(f"cannot read {path.absolute()}: {exc}", hint="see .env.example for its form") from exc


def _refuse_what_is_half_written(path: Path) -> None:
    """Refuse a line that says nothing: passed over, it would send work to another database, or without its keys.

    Raises:
        Misconfigured: which line; not what is in it, which may be secret.
    """
    from dotenv.parser import parse_stream

    with path.open(encoding="utf-8") as file:
        for binding in parse_stream(file):
            if binding.error:
                raise Misconfigured(
                    f"{path.absolute()}:{binding.original.line}: this is no NAME=value",
                    hint="mend that line (is a quote left open?); see .env.example for its form",
                )


def _require_folder() -> None:
    try:
        Path.cwd()
    except FileNotFoundError as exc:
        raise Misconfigured(
            "the current folder does not exist any more", hint="cd to one that does: names in settings count from there"
        ) from exc
