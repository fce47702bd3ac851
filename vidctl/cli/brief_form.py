"""A film's brief as a small form in the person's editor, read back exactly."""

import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from vidctl.domain.brief import PRIORITIES, PRIVACIES, Brief, checked, publish_at
from vidctl.domain.channel import Channel
from vidctl.errors import BadInput

_BELOW: Final = "---- story direction: everything below this line, as long as you like ----"
_FORM: Final = """\
# A film for channel {channel}. Lines that begin with # are left out. Save and close when done;
# without a title and a topic, nothing is added.
Title: {brief.title}
Topic: {brief.topic}
Priority: {brief.priority}
Privacy: {privacy}
Publish at: {publish_at}
# Priority: {priorities}. Privacy: {privacies}.
# Publish at: when it becomes public, like 2026-12-24T18:00 (UTC), or nothing.
{below}
{brief.story_direction}
"""
_FIELD: Final = re.compile(r"(title|topic|priority|privacy|publish at)[ \t]*:[ \t]*(.*)", re.IGNORECASE)


def form(brief: Brief, channel: Channel) -> str:
    """Return the form with what is known of a film."""
    return _FORM.format(
        channel=channel.channel_id,
        brief=brief,
        privacy=brief.privacy or channel.default_privacy,
        publish_at=brief.publish_at.isoformat() if brief.publish_at else "",
        priorities=", ".join(PRIORITIES),
        privacies=", ".join(PRIVACIES),
        below=_BELOW,
    )


def read(text: str, brief: Brief, now: datetime) -> Brief:
    """Return `brief` with what a filled-in form says; a title or topic may go on over several lines.

    Raises:
        BadInput: the moment at which the film becomes public is none, or over.
    """
    head, _, story = text.partition(_BELOW)
    fields: dict[str, list[str]] = {}
    current: list[str] = []
    for line in head.splitlines():
        if line.startswith("#"):
            continue
        if match := _FIELD.match(line):
            current = fields.setdefault(match[1].lower(), [])
            current.append(match[2])
        else:
            current.append(line)
    given = {name: "\n".join(lines).strip() for name, lines in fields.items()}
    for name in ("priority", "privacy"):
        if not given.get(name):
            given.pop(name, None)
    said = given.pop("publish at", "")
    at = publish_at(said, after=now) if said else None
    return replace(brief, **given, publish_at=at, story_direction=story.strip("\n"))


def fill_in(brief: Brief, channel: Channel, now: datetime, draft: Path) -> Brief:
    """Return the brief as written in the editor; what cannot be used is offered for correction.

    Raises:
        BadInput: it cannot be used; what was written is kept in `draft`.
        typer.Abort: the form was left without a title and a topic.
    """
    import typer

    from vidctl.cli import drafts

    data = form(brief, channel).encode("utf-8", "replace")
    while True:
        data = drafts.edited(data, draft, instead="give --title and --topic")
        try:
            filled = read(data.decode("utf-8-sig").replace("\r\n", "\n"), brief, now)
            if filled.title or filled.topic:
                filled = checked(filled)
        except UnicodeDecodeError as exc:
            raise BadInput(f"{draft} is not UTF-8 text", hint="save it as UTF-8") from exc
        except BadInput as exc:
            if typer.confirm(f"{exc}. Edit it again?", default=True, err=True):
                continue
            raise BadInput(str(exc), hint=f"what you wrote is in {draft}") from exc
        draft.unlink()
        if not filled.title:
            print("The form was left empty.", file=sys.stderr)
            raise typer.Abort
        return filled
