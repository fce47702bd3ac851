"""What a job that cron starts has to be told, since cron gives it next to nothing: where vidctl is, and its folders."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidctl.engine.scripts import NEEDS
from vidctl.errors import Misconfigured
from vidctl.settings import SECRETS, Settings, load

_PLAIN_PATH: Final = ("/usr/local/bin", "/usr/bin", "/bin")
READ: Final = frozenset({*SECRETS, "DATABASE_URL", *(name for names in NEEDS.values() for name in names)})


@dataclass(frozen=True, slots=True)
class Place:
    """Where jobs run: the program, the folder that they start in, and their environment, in which nothing is secret."""

    program: tuple[str, ...]
    folder: Path
    home: Path
    environment: Mapping[str, str]
    has: frozenset[str]
    """The settings that `.env` will give them."""


def place_of(settings: Settings, outside: Mapping[str, str] | None = None) -> Place:
    """Return where the jobs of this installation run; `outside` is the environment without `.env`.

    Raises:
        Misconfigured: they would not have what only this shell's environment says, or a path is no line of text.
    """
    here = os.environ if outside is None else outside
    dotenv = load({"VIDCTL_HOME": str(settings.home)})
    _refuse_what_is_only_here(here, dotenv)
    folder = Path.cwd() if Path(".env").is_file() else settings.home
    place = Place(
        program=program(),
        folder=folder,
        home=settings.home,
        environment=_environment(settings, here),
        has=frozenset(name for name, value in dotenv.environment.items() if value),
    )
    _refuse_what_is_no_line(place)
    return place


def program() -> tuple[str, ...]:
    """Return the command of the environment that runs now, by its absolute path; the folder of `cd` may change."""
    beside = Path(sys.executable).with_name("vidctl")
    return (str(beside),) if os.access(beside, os.X_OK) else (sys.executable, "-m", "vidctl")


def _environment(settings: Settings, here: Mapping[str, str]) -> dict[str, str]:
    found = {
        "PATH": _path(here.get("PATH", os.defpath)),
        "VIDCTL_HOME": str(settings.home),
        "VIDCTL_CHANNEL_CONFIGS": str(settings.channel_configs),
    }
    if ffmpeg := here.get("VIDCTL_FFMPEG"):
        found["VIDCTL_FFMPEG"] = str(Path(ffmpeg).absolute())
    if host := here.get("VIDCTL_HOST"):
        found["VIDCTL_HOST"] = host
    return found


def _path(path: str) -> str:
    """Return the folders of every machine, after that of the ffmpeg that is found now."""
    ffmpeg = shutil.which("ffmpeg", path=path)
    own = [str(Path(ffmpeg).absolute().parent)] if ffmpeg else []
    return ":".join(dict.fromkeys([*(one for one in own if one not in _PLAIN_PATH), *_PLAIN_PATH]))


def _refuse_what_is_only_here(here: Mapping[str, str], dotenv: Settings) -> None:
    """Refuse to install what would run without its keys, or on another database, without a word."""
    known = dotenv.environment
    missing = sorted(name for name in READ if here.get(name) and known.get(name) != here[name])
    if missing:
        what = ", ".join(missing[:4]) + (f" and {len(missing) - 4} more" if len(missing) > 4 else "")  # noqa: PLR2004
        raise Misconfigured(
            f"only this shell says {what}: the jobs would not have it, for nothing secret goes into a crontab",
            hint="put it into .env, which vidctl init does for you; or unset it here, where .env says something else",
        )


def _refuse_what_is_no_line(place: Place) -> None:
    for text in (*place.program, str(place.folder), *place.environment.values()):
        if not text.isprintable():
            raise Misconfigured(
                f"{text!r} cannot stand in a line of a crontab: there are control characters in it",
                hint="use folders with plain names",
            )
