"""`vidctl schedule`: when films become public that have no card to say so."""

from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.store.tasks import Task

NEVER = "never"


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def schedule(
    arguments: Annotated[
        list[str],
        typer.Argument(
            metavar="TASK... WHEN|never",
            help="Films, then the moment.",
            autocompletion=complete.one_of("never", before=complete.films),
        ),
    ],
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Change when films become public, until they are uploaded; they are private before.

    WHEN is like 2026-12-24T18:00 (UTC), 2026-12-24T18:00+01:00, or 2026-12-24
    for its midnight; never: they have their privacy as soon as they are up.

    Example: vidctl schedule 3f2a 2026-12-24T18:00
    """
    from vidctl.cli.session import now, session, trial
    from vidctl.cli.show import tell
    from vidctl.domain import brief
    from vidctl.engine import scheduling
    from vidctl.errors import BadInput
    from vidctl.store import tasks

    *prefixes, said = arguments
    if not prefixes:
        raise BadInput("say which films, then when", hint=f"vidctl schedule TASK... 2026-12-24T18:00, or {NEVER}")
    at = None if said.strip().casefold() == NEVER else brief.publish_at(said, after=now())
    with session("schedule") as opened:
        films = list({film.id: film for film in (tasks.find(opened.db, prefix) for prefix in prefixes)}.values())
        with trial(opened.db, dry_run=dry_run):
            scheduling.schedule(opened.db, films, at)
            films = [tasks.get(opened.db, film.id) for film in films]
    data = [{"id": film.id, "title": film.title, "publish_at": film.publish_at} for film in films]
    tell({"tasks": data}, "\n".join(map(_line, films)), dry_run=dry_run, as_json=as_json)


def _line(film: "Task") -> str:
    from vidctl.cli import words
    from vidctl.cli.show import line

    when = f"public at {words.moment(film.publish_at)}" if film.publish_at else "no moment of its own"
    return f"{film.id}  {when}  {line(film.title)}"
