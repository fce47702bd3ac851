"""`vidctl add`: one new film on a local board."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def add(
    channel: Annotated[str, typer.Argument(help="The channel's id.", autocompletion=complete.channels)],
    title: Annotated[str | None, typer.Option(help="The film's title, up to 200 characters.")] = None,
    topic: Annotated[str | None, typer.Option(help="What it is about, in a sentence.")] = None,
    story_direction: Annotated[
        str | None, typer.Option(metavar="TEXT", help="How to tell it, up to 50,000 characters.")
    ] = None,
    story_direction_file: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same, from a file of text.")
    ] = None,
    edit: Annotated[
        bool, typer.Option("--edit", help="Write it in $EDITOR; also where title or topic are missing.")
    ] = False,
    priority: Annotated[
        str | None,
        typer.Option(
            metavar="high|normal|low",
            help="The channel's, unless given.",
            autocompletion=complete.priorities,
        ),
    ] = None,
    privacy: Annotated[
        str | None,
        typer.Option(
            metavar="PRIVACY",
            help="private, unlisted or public; else the channel's.",
            autocompletion=complete.privacies,
        ),
    ] = None,
    publish_at: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="When it becomes public, like 2026-12-24T18:00 (UTC); private until then."),
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            metavar="MODE",
            help="preview (free, here) or production (paid); else the channel's.",
            autocompletion=complete.modes,
        ),
    ] = None,
    queue: Annotated[bool, typer.Option("--queue", help="Have it made: the next tick takes it up.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Add a film to a channel, as a Draft.

    Example: vidctl add history --title "The Salt Road" --topic "How salt crossed the desert" --queue
    """
    from vidctl.cli import brief_form, words
    from vidctl.cli.session import now, operator, session, trial
    from vidctl.cli.show import line, tell
    from vidctl.domain import brief as rules
    from vidctl.domain.brief import Brief, checked
    from vidctl.engine import channel_files, intake

    if mode not in (None, "preview", "production"):
        raise typer.BadParameter("it is preview or production", param_hint="--mode")
    with session("add") as opened:
        files = channel_files.load(opened.settings.channel_configs)
        known = intake.local_channel(files, channel)
        story = _story(story_direction, story_direction_file)
        moment = rules.publish_at(publish_at, after=now()) if publish_at is not None else None
        brief = Brief(title or "", topic or "", story, priority or known.priority.value, privacy, publish_at=moment)
        if _wants_editor(title, topic, edit=edit):
            _require_kept(dry_run=dry_run)
            brief = brief_form.fill_in(brief, known, now(), opened.settings.home / "drafts" / f"film-{os.getpid()}.txt")
        brief = checked(brief)
        wanted = intake.Wanted(channel, brief, queued=queue, mode=mode)
        with trial(opened.db, dry_run=dry_run):
            (seen,) = intake.add(opened.db, files, [wanted], actor=operator(opened.settings), now=now())
    name = line(brief.title) if dry_run else seen.id
    short = "ID" if dry_run else str(seen.id)[:8]
    next_step = "the next tick takes it up" if queue else f"have it made with: vidctl queue {short}"
    waits = "" if known.is_active else " The channel is not active, so nothing is made until it is."
    at = f" It becomes public at {words.moment(brief.publish_at)}." if brief.publish_at else ""
    data = {
        "id": None if dry_run else seen.id,
        "channel_id": channel,
        "title": brief.title,
        "status": seen.status,
        "priority": brief.priority,
        "publish_at": brief.publish_at,
    }
    tell(data, f"{name} is {seen.status}: {next_step}.{waits}{at}", dry_run=dry_run, as_json=as_json)


def _require_kept(*, dry_run: bool) -> None:
    """Refuse to have somebody write in an editor what is thrown away then."""
    from vidctl.errors import BadInput

    if dry_run:
        raise BadInput(
            "a dry run adds nothing, so what you write in an editor would be lost",
            hint="give --title and --topic, without --edit",
        )


def _story(text: str | None, file: Path | None) -> str:
    from vidctl.engine.intake import read_story
    from vidctl.errors import BadInput

    if text is not None and file is not None:
        raise BadInput(
            "there are two story directions", hint="give --story-direction or --story-direction-file, not both"
        )
    return read_story(file) if file else text or ""


def _wants_editor(title: str | None, topic: str | None, *, edit: bool) -> bool:
    """Tell whether the user writes the film in an editor.

    Raises:
        BadInput: it would be needed, and there is no terminal.
    """
    from vidctl.errors import BadInput

    missing = [option for option, value in (("--title", title), ("--topic", topic)) if value is None]
    if edit or not missing:
        return edit
    if sys.stdin.isatty() and sys.stdout.isatty():
        return True
    raise BadInput(
        f"{' and '.join(missing)} must be given",
        hint="or leave them out on a terminal: an editor is opened",
    )
