"""`vidctl import`: many films at once, from a file."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import Json

if TYPE_CHECKING:
    from vidctl.engine.film_list import Listed

_MOST_HINTS: Final = 5


@app.command(name="import", rich_help_panel=EVERY_DAY, cls=Writing)
def import_films(
    file: Annotated[Path, typer.Argument(help="CSV, or a YAML list.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only check the file.")] = False,
    as_json: Json = False,
) -> None:
    """Add all films of a file, or none: every bad row is reported with its line.

    Columns: channel_id,title,topic,story_direction,priority,status; the last
    three may be left out. The status is Draft (if none is given) or Queued.

    Example: vidctl import films.csv --dry-run
    """
    from vidctl.cli.session import now, operator, session, trial
    from vidctl.cli.show import show
    from vidctl.engine import channel_files, film_list, intake

    with session("import") as opened:
        files = channel_files.load(opened.settings.channel_configs)
        listed = film_list.read(file, files)
        _refuse_problems(listed, file)
        who = operator(opened.settings)
        with trial(opened.db, dry_run=dry_run):
            added = intake.add(opened.db, files, listed.films, actor=who, now=now())
    counts = Counter(film.status.value for film in listed.films)
    data = {
        "added": 0 if dry_run else len(added),
        "dry_run": dry_run,
        "films": len(listed.films),
        "statuses": counts,
        "ids": [] if dry_run else [seen.id for seen in added],
    }
    show(data, _sentence(counts, file, dry_run=dry_run), as_json=as_json)


def _refuse_problems(listed: "Listed", file: Path) -> None:
    """Report every bad row.

    Raises:
        BadInput: there is one.
    """
    from vidctl.cli.show import line
    from vidctl.cli.words import count
    from vidctl.errors import BadInput

    if not listed.problems:
        return
    for problem in listed.problems:
        print(line(problem), file=sys.stderr)
    rows = count(len({problem.line for problem in listed.problems}), "row")
    hints = list(dict.fromkeys(problem.hint for problem in listed.problems))
    raise BadInput(f"{rows} of {file} cannot be imported, so nothing was", hint="; ".join(hints[:_MOST_HINTS]))


def _sentence(counts: Counter[str], file: Path, *, dry_run: bool) -> str:
    from vidctl.cli.words import count

    if not counts:
        return f"There is no film in {file}."
    films = " and ".join(f"{number:,} {status}" for status, number in sorted(counts.items()))
    would = "would be" if dry_run else "were" if counts.total() > 1 else "was"
    return f"{count(counts.total(), 'film')} {would} added: {films}."
