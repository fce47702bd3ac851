"""`vidctl services`: what rests and why, and what is used of YouTube's quotas."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidctl.cli import complete
from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import Json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidctl.engine.quotas import Usage
    from vidctl.store import Db
    from vidctl.store.services import Pause

_QUOTAS: Final = ("Google project", "YouTube quota", "used today", "limit", "share", "renewed at")
_NAMES: Final = 2
"""The first columns are no numbers."""
_WIDEST_PROJECT: Final = 16
"""Characters on a terminal: the first column is never cut by the table, and the numbers need the room."""


@app.command(rich_help_panel=EVERY_DAY, cls=Writing)
def services(
    resume: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Lift the pause of this service now.", autocompletion=complete.services),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --resume: only say what would be done.")] = False,
    as_json: Json = False,
) -> None:
    """Show the services that are paused (a used-up quota, a refused key), why, and until when.

    And what is used today of YouTube's quotas, which all channels of a
    Google project share. They are renewed at midnight in California.

    Example: vidctl services --resume kie
    """
    from vidctl.cli.session import now, session, trial
    from vidctl.cli.status import files_of
    from vidctl.cli.status import paused as paused_now
    from vidctl.domain.limits import Limits
    from vidctl.engine import quotas

    if dry_run and resume is None:
        raise typer.BadParameter("it goes with --resume alone", param_hint="--dry-run")
    with session("services") as opened, trial(opened.db, dry_run=dry_run):
        if resume is not None:
            was = _resume(opened.db, resume)
        files = files_of(opened)
        paused = paused_now(opened.db, now(), files)
        used = quotas.today(opened.db, files.limits if files else Limits(), now=now())
    if resume is not None:
        from vidctl.cli.render import pause_json
        from vidctl.cli.show import line, tell

        data = {"resumed": resume, "services": [pause_json(pause) for pause in paused]}
        said = f"{resume} is used again from the next tick on. It was paused because: {line(was)}"
        tell(data, said, dry_run=dry_run, as_json=as_json)
    else:
        _print(paused, used, as_json=as_json)


def _resume(db: "Db", service: str) -> str:
    """Lift a pause and return its reason.

    Raises:
        NotFound: the service is not paused.
    """
    from vidctl.cli.session import now
    from vidctl.errors import NotFound
    from vidctl.store import services as store

    reasons = {pause.service: pause.reason for pause in store.paused(db, now=now())}
    if service not in reasons or not store.resume(db, service):
        paused = ", ".join(reasons) or "nothing"
        raise NotFound(f"no service {service!r} is paused", hint=f"paused now: {paused}")
    return reasons[service]


def _print(paused: "list[Pause]", used: "list[Usage]", *, as_json: bool) -> None:
    from vidctl.cli import words
    from vidctl.cli.render import pause_json
    from vidctl.cli.session import now
    from vidctl.cli.show import show, table

    if as_json:
        data = {
            "services": [pause_json(pause) for pause in paused],
            "youtube_quotas": [_usage_json(one) for one in used],
        }
        show(data, "", as_json=True)
        return
    if paused:
        table(("service", "paused until", "why"), [(p.service, words.moment(p.paused_until), p.reason) for p in paused])
    elif sys.stdout.isatty():
        show({}, "No service is paused.", as_json=False)
    if used and sys.stdout.isatty():
        header, *rows = _aligned([_QUOTAS[:-1], *(_short(_usage_row(one)[:-1]) for one in used)])
        table(header, rows, title=f"YouTube's quotas today, renewed at {words.clock(used[0].renews_at, now())}")
    elif used:
        table(_QUOTAS, map(_usage_row, used))


def _usage_json(one: "Usage") -> dict[str, Any]:
    return {
        "project": one.project,
        "bucket": one.bucket,
        "used": one.used,
        "limit": one.limit,
        "percent": one.percent,
        "renews_at": one.renews_at,
    }


def _usage_row(one: "Usage") -> tuple[str, ...]:
    from vidctl.cli import words

    limit = "" if one.limit is None else f"{one.limit:,}"
    share = "" if one.percent is None else f"{one.percent}%"
    return one.project, one.bucket, f"{one.used:,}", limit, share, words.moment(one.renews_at)


def _short(row: tuple[str, ...]) -> tuple[str, ...]:
    project, *others = row
    return (project if len(project) <= _WIDEST_PROJECT else f"{project[: _WIDEST_PROJECT - 1]}…", *others)


def _aligned(rows: "Sequence[Sequence[str]]") -> list[list[str]]:
    """Return the rows with their numbers ending below each other."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [[*row[:_NAMES], *map(str.rjust, row[_NAMES:], widths[_NAMES:])] for row in rows]
