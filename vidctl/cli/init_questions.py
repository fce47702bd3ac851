"""What `vidctl init` asks: only what it needs, and only what is not known yet."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from vidctl.cli.asking import Asker
from vidctl.engine.channel_template import Wanted
from vidctl.engine.installing import checks, ground
from vidctl.engine.installing.ground import Found
from vidctl.engine.installing.writing import Plan
from vidctl.errors import Misconfigured

if TYPE_CHECKING:
    from vidctl.settings import Settings


@dataclass(frozen=True, slots=True)
class Given:
    """What the command's options say already."""

    home: str | None
    mode: str | None
    channel: str | None
    name: str | None
    board: str | None


@dataclass(frozen=True, slots=True)
class _Key:
    variable: str
    about: str
    after: str = ""
    """The variable without which this one is for nothing."""


_PAID: Final = (
    _Key("GEMINI_API_KEY", "Google Gemini makes storyboards and pictures. Its key: aistudio.google.com/apikey"),
    _Key("KIE_API_KEY", "KIE makes clips from pictures. Its key: kie.ai/api-key"),
    _Key("ELEVENLABS_API_KEY", "ElevenLabs speaks and makes sounds. Its key: elevenlabs.io/app/settings/api-keys"),
    _Key(
        "GOOGLE_CLIENT_ID",
        "YouTube is where films go, through an OAuth client of the type desktop app: console.cloud.google.com, "
        "APIs & Services, Credentials",
    ),
    _Key("GOOGLE_CLIENT_SECRET", "", after="GOOGLE_CLIENT_ID"),
)
_NOTION: Final = _Key(
    "NOTION_TOKEN", "The secret of an internal integration that may see the board: notion.so/profile/integrations"
)
_DISCORD: Final = (
    "Where vidctl tells you what needs you: the webhook of a Discord channel (Edit Channel > Integrations > Webhooks)"
)
_SEALING: Final = (
    "What nightly backups are sealed with, 12 characters at least. Keep it elsewhere too: without it none can be opened"
)


def ask(asker: Asker, found: Found, settings: "Settings", given: Given) -> Plan:
    """Return what is missing; nothing is written before the last answer.

    Raises:
        VidctlError: what an option or the environment says cannot be used.
        typer.Abort: the terminal was closed.
    """
    asker.heading("Places")
    answers: dict[str, str] = {}
    home = _home(asker, found, settings, given)
    _database(asker, found, home, answers)
    asker.heading("Films")
    mode = _mode(asker, found, given)
    channel, board = _channel(asker, found, given, mode)
    keys = [*(_PAID if mode == "production" else ()), *([_NOTION] if board == "notion" else [])]
    if keys:
        asker.heading("Keys: not shown as you type; Enter leaves one for later")
    for key in keys:
        if not key.after or answers.get(key.after) or found.get(key.after):
            _secret(asker, found, answers, key.variable, checks.key, key.about)
    asker.heading("Alerts and backups: not shown either; Enter leaves one for later")
    _secret(asker, found, answers, "DISCORD_WEBHOOK_URL", checks.webhook, _DISCORD)
    _secret(asker, found, answers, "VIDCTL_BACKUP_PASSPHRASE", checks.passphrase, _SEALING, twice=True)
    places = {"VIDCTL_HOME": str(home), "VIDCTL_CHANNEL_CONFIGS": str(settings.channel_configs)}
    missing = {name: value for name, value in places.items() if not found.written.get(name)}
    return Plan(home, settings.channel_configs, found.dotenv, {**missing, **found.only_outside, **answers}, channel)


def _home(asker: Asker, found: Found, settings: "Settings", given: Given) -> Path:
    """Return VIDCTL_HOME; one that is set is not asked for."""
    if found.get("VIDCTL_HOME"):
        if given.home and checks.folder(given.home) != settings.home:
            raise Misconfigured(
                f"VIDCTL_HOME is {settings.home} already, and not {given.home}",
                hint="leave --home out; or change VIDCTL_HOME first, where it is set",
            )
        asker.note(f"VIDCTL_HOME is {settings.home}")
        return checks.folder(str(settings.home))
    if given.home:
        return checks.folder(given.home)
    about = "The folder for films, the database and logs. Some gigabytes for each film until it is cleaned up"
    chosen = asker.ask("Folder (VIDCTL_HOME)", checks.folder, default=_short(settings.home), about=about)
    assert chosen is not None
    return chosen


def _short(path: Path) -> str:
    """Return a path as people write it at home."""
    home = Path("~").expanduser()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _database(asker: Asker, found: Found, home: Path, answers: dict[str, str]) -> None:
    if url := found.get("DATABASE_URL"):
        checks.database(url)
        asker.note("DATABASE_URL is set, and can be used")
    elif not ground.has_own_database(home):
        about = (
            "The database: Enter for the PostgreSQL that comes with vidctl; or the URL of another one, "
            "postgresql://USER:PASSWORD@HOST:5432/DATABASE, which is not shown as you type"
        )
        if chosen := asker.ask("DATABASE_URL", checks.database, secret=True, about=about):
            answers["DATABASE_URL"] = chosen


def _mode(asker: Asker, found: Found, given: Given) -> str:
    if given.mode:
        return checks.one_of("preview", "production")(given.mode)
    if found.has_channel_files:
        return "production" if any(channel.mode != "preview" for channel in found.channels) else "preview"
    about = "preview: drawn and spoken on this machine, free. production: by paid services. Each channel can change it"
    default = "preview"
    return (
        asker.ask("preview or production", checks.one_of("preview", "production"), default=default, about=about)
        or default
    )


def _channel(asker: Asker, found: Found, given: Given, mode: str) -> tuple[Wanted | None, str]:
    """Return the first channel, if there is none yet and one is wanted, and the board that channels are planned on."""
    if found.has_channel_files and not given.channel:
        number = len(found.channels)
        asker.note(
            f"{number} channel{'' if number == 1 else 's'}: {', '.join(one.channel_id for one in found.channels)}"
        )
        return None, "notion" if any(channel.board == "notion" for channel in found.channels) else "local"
    about = "The first channel: a short id, which names its file (letters, digits, - and _). Enter leaves it for later"
    channel_id = _chosen(asker, given.channel, "Channel's id", checks.channel_id, about=about)
    if not channel_id or any(channel.channel_id == channel_id for channel in found.channels):
        return None, given.board or "local"
    name = _chosen(asker, given.name, "Its name, as people know it", checks.name, default=channel_id)
    about = "Where you plan its films and approve them: local, with vidctl's own commands; or on a board in Notion"
    words = checks.one_of("local", "notion")
    board = _chosen(asker, given.board, "local or notion", words, default="local", about=about) or "local"
    return Wanted(channel_id, name or channel_id, None, {"mode": mode}), board


def _chosen(
    asker: Asker, given: str | None, question: str, check: Callable[[str], str], *, default: str = "", about: str = ""
) -> str | None:
    """Return what an option says; else the answer."""
    return check(given) if given is not None else asker.ask(question, check, default=default, about=about)


def _secret(
    asker: Asker,
    found: Found,
    answers: dict[str, str],
    variable: str,
    check: Callable[[str], str],
    about: str,
    *,
    twice: bool = False,
) -> None:
    if found.get(variable):
        asker.note(f"{variable} is set")
        return
    while answer := asker.ask(variable, check, secret=True, about=about):
        if not twice or asker.typed_again("The same again", answer):
            answers[variable] = answer
            return
        asker.note("That was something else. Once more:")
