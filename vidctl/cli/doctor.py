"""`vidctl doctor`: everything that can be wrong with an installation, each thing with its cure."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidctl.cli.app import SET_UP, app
from vidctl.cli.kinds import Writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from vidctl.engine.doctor.examination import Group
    from vidctl.engine.doctor.findings import Finding
    from vidctl.engine.doctor.ground import Ground

_STYLES: Final = {"ok": "green", "warning": "bold yellow", "broken": "bold red"}
_MARGIN: Final = 10


@app.command(rich_help_panel=SET_UP, cls=Writing)
def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="First put right what needs nobody's word.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --fix: only say what it would do.")] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Ask nobody but the database.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Look at everything that can be wrong with an installation, and say how each thing is cured.

    Python, ffmpeg, disks, the database and its locks, channel files, cron,
    backups, alerts, the clock, and every key by a request that costs nothing.
    With --fix it makes missing folders, closes .env to others, starts the
    embedded database and brings its schema up to date; it never spends, deletes
    or asks. Ends with 1 where something is broken.

    Example: vidctl doctor --offline
    """
    from vidctl.engine.doctor import examination, mending
    from vidctl.engine.doctor.examination import Group
    from vidctl.engine.doctor.findings import safe

    if dry_run and not fix:
        raise typer.BadParameter("only --fix changes anything", param_hint="--dry-run")
    ground = _ground()
    groups: list[Group] = []
    if fix and (mended := [safe(one, ground) for one in mending.mend(ground, dry_run=dry_run)]):
        groups.append(Group("To be mended" if dry_run else "Mended", mended))
    groups = _shown([*groups], examination.examine(ground, offline=offline), as_json=as_json)
    levels = [finding.level for group in groups for finding in group.findings]
    if as_json:
        from vidctl.cli.show import show

        data = {"ok": "broken" not in levels, "groups": [_as_json(group) for group in groups], "dry_run": dry_run}
        show(data, "", as_json=True)
    elif sys.stdout.isatty():
        _sum_up(levels.count("broken"), levels.count("warning"))  # type: ignore[arg-type]  # a level is its text
    if "broken" in levels:
        raise typer.Exit(1)


def _ground() -> "Ground":
    from vidctl.cli.session import now
    from vidctl.engine.doctor.ground import Ground
    from vidctl.errors import Misconfigured
    from vidctl.settings import load, without_dotenv

    try:
        return Ground(load(), now)
    except Misconfigured as exc:
        try:
            return Ground(without_dotenv(), now, exc)
        except FileNotFoundError:  # the current folder is gone: there is no place to look from
            raise exc from None


def _shown(first: "Sequence[Group]", then: "Iterator[Group]", *, as_json: bool) -> "list[Group]":
    """Print groups as they are found, but for JSON; return all."""
    from itertools import chain

    groups = []
    for group in chain(first, then):
        groups.append(group)
        if not as_json:
            _print(group)
    return groups


def _print(group: "Group") -> None:
    """Print a group: plain lines in a pipe."""
    from vidctl.cli.show import console, line, say

    if not sys.stdout.isatty():
        for one in group.findings:
            say("\t".join(map(line, (one.level, group.name, one.what, one.cure))))
        return
    from rich.padding import Padding
    from rich.text import Text

    shown = console()
    shown.print(Text(group.name, style="bold"))
    for one in group.findings:
        shown.print(Padding(_lines(one), (0, 0, 0, 2)))


def _lines(one: "Finding") -> Any:
    """Return a finding in its columns, its cure below it; words are wrapped below words."""
    from rich.table import Table
    from rich.text import Text

    from vidctl.cli.show import line

    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=_MARGIN - 2, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(one.level, style=_STYLES[one.level]), Text(line(one.what)))
    if one.cure:
        grid.add_row("", Text(f"→ {line(one.cure)}", style="cyan"))
    return grid


def _sum_up(broken: int, warnings: int) -> None:
    from vidctl.cli import words
    from vidctl.cli.show import say

    if not broken and not warnings:
        say("\nAll is well.")
        return
    parts: Iterable[str] = filter(
        None, [f"{broken} broken" if broken else "", words.count(warnings, "warning") if warnings else ""]
    )
    say(f"\n{', '.join(parts)}. Each arrow says what to do.")


def _as_json(group: "Group") -> dict[str, Any]:
    return {
        "name": group.name,
        "findings": [{"level": one.level, "what": one.what, "cure": one.cure or None} for one in group.findings],
    }
