"""A new channel's file: what was asked for, and the rest as comments to take out."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidctl.engine import channel_files
from vidctl.engine.channel_files import Loaded
from vidctl.errors import BadInput, CannotWrite, Misconfigured
from vidctl.storage.beside import put_new

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")

_TEMPLATE: Final = """\
# One YouTube channel. Read anew by every tick; check it with: vidctl channel check
# Every field with its meaning: vidctl channel schema. What is not said here is as in _defaults.yaml.

channel_id: {channel_id}
channel_name: {channel_name}
{board}
{mode}
{priority}
{default_privacy}
{voice_id}

# is_active: false          # its films wait until this is true again
# max_concurrent: 3         # films of this channel worked on at once
# style: "watercolour"      # joins every picture's prompt
# tags: [history, desert]   # of its films on YouTube
# youtube:                  # what is said of them there, and how many go up a day; see _defaults.yaml
#   title: "{{title}} | {{channel_name}}"
#   uploads_a_day: 3
#   timezone: Europe/Madrid

# emoji: "🧂"                # the icon of its cards in Notion
# color: orange             # of its name there: gray, brown, orange, yellow, green, blue, purple, pink or red
# banner_url: "https://example.com/salt.jpg"  # the cover of its cards: a picture that anybody can see

# branding:                 # put before and after each film; paths relative to this file
#   intro_video: intro.mp4
#   outro_video: outro.mp4

# review_gates:             # auto lets a gate pass by itself; the last one always waits for a person
#   assets: auto
#   animatic: manual        # shown as an animatic, with a quote, before its clips are bought; auto by default
#   video: manual
#   audio: manual

# story: {{assets: 22, scenes: 18, clip_seconds: 10, tail_seconds: 0.6}}

# scripts:                  # your own program in place of one of scripts/
#   generate_audio.py: my_voice.py

# timeouts_s:               # after so many seconds a script is ended and tried again later; 600 for most of them
#   generate_video.py: 1200
"""

_EXAMPLES: Final = {
    "mode": "preview           # preview: free scripts on this machine; production: the paid services",
    "priority": "normal        # of its new films: high, normal or low",
    "default_privacy": "private  # of its films on YouTube: private, unlisted or public",
    "voice_id": "ID            # at the provider of voices; the default voice speaks without it",
}
"""What stands in the file, as a comment, where nothing was asked for."""

_BOARDS: Final = "# local: planned with vidctl add; notion: on a board that vidctl notion setup makes or completes"
"""True whichever it is, since `vidctl notion setup` changes the one into the other and leaves comments alone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for of a new channel; None and absent options are left to the defaults."""

    channel_id: str
    name: str
    notion_database_id: str | None
    options: Mapping[str, str | None]


def write(folder: Path, wanted: Wanted, *, dry_run: bool = False) -> tuple[Path, Loaded]:
    """Write a channel's file and return its path, and what reading it gives; `dry_run` only says so.

    Raises:
        BadInput: the id is none, is taken, or something asked for is refused; then nothing is written.
        CannotWrite: the folder cannot be written to.
    """
    require_id(wanted.channel_id)
    path = folder / f"{wanted.channel_id}.yaml"
    _require_new(path)
    text = _text(wanted)
    data = _encoded(text)
    loaded = channel_files.check_new(path, text)
    if loaded.problems:
        problem = loaded.problems[0]
        raise BadInput(f"the channel was not added: {problem.message}", hint=problem.hint)
    if not dry_run:
        _write_new(path, data)
    return path, loaded


def require_id(channel_id: str) -> None:
    """Refuse what cannot be a channel's id.

    Raises:
        BadInput: it names a file, and this cannot.
    """
    if not _ID.fullmatch(channel_id):
        raise BadInput(
            f"{channel_id!r} cannot be a channel's id: it names the file",
            hint="use letters, digits, - and _, and begin with a letter or a digit",
        )


def _require_new(path: Path) -> None:
    with suppress(OSError):  # where nothing can be looked at nothing can be written either: that says why
        if path.exists() or path.is_symlink():
            raise BadInput(f"{path} is there already", hint="edit it, or choose another id")
        if path.parent.exists() and not path.parent.is_dir():
            raise Misconfigured(f"{path.parent} is no folder", hint="set VIDCTL_CHANNEL_CONFIGS to a folder")


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as exc:
        raise BadInput("the name is not UTF-8 text", hint="write it in UTF-8") from exc


def _write_new(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not put_new(path, data):  # somebody else was faster
            _require_new(path)
    except OSError as exc:
        raise CannotWrite(f"cannot write {path}: {exc.strerror or exc}", hint="make its folder writable") from exc


def _text(wanted: Wanted) -> str:
    given = {name: value for name, value in wanted.options.items() if value is not None}
    asked = {name: f"{name}: {_quoted(value)}" for name, value in given.items()}
    lines = {name: f"# {name}: {example}" for name, example in _EXAMPLES.items()} | asked
    board = f"board: local                {_BOARDS}"
    if wanted.notion_database_id is not None:
        board = f"board: notion               {_BOARDS}\nnotion_database_id: {_quoted(wanted.notion_database_id)}"
    return _TEMPLATE.format(channel_id=wanted.channel_id, channel_name=_quoted(wanted.name), board=board, **lines)


def _quoted(text: str) -> str:
    """Return a text as YAML reads it back unchanged: JSON's strings are YAML's."""
    return json.dumps(text, ensure_ascii=False)
