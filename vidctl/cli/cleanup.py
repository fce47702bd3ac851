"""`vidctl cleanup`: what nobody works with any more leaves this machine, and the database."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import CRON, app
from vidctl.cli.kinds import Writing

if TYPE_CHECKING:
    from vidctl.engine.cleanup.inventory import File
    from vidctl.engine.cleanup.old_files import Orphan
    from vidctl.engine.cleanup.run import Cleaned, Report

_MOST = 20
"""Films and folders that are named one by one; of more their number is told."""


@app.command(rich_help_panel=CRON, cls=Writing)
def cleanup(
    orphans: Annotated[
        bool, typer.Option("--orphans", help="Remove folders too that belong to no film of this database.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Remove what nobody needs any more: files of films published a week ago, old logs, and old rows.

    Never an only copy: a file goes when the bucket, or the page of its card,
    says that it is there, or when it can be made again for nothing. What else
    may go, a channel's file says: `cleanup: {after_days: 7, keep: film}`.
    Evidence stays, and so does all that is known of a film. Each machine
    cleans up its own disk; broken off, the next run goes on.

    Example: vidctl cleanup --dry-run
    """
    from dataclasses import replace

    from vidctl.cli.session import context_of, session
    from vidctl.cli.show import say, show
    from vidctl.engine import channel_files
    from vidctl.engine.cleanup.run import Cleanup

    with session("cleanup") as opened:
        files = channel_files.load(opened.settings.channel_configs)
        context = replace(context_of(opened.settings), limits=files.limits)
        report = Cleanup(opened.db, context, files, dry_run=dry_run, orphans=orphans).run()
    if as_json:
        show(_as_json(report, dry_run=dry_run), "", as_json=True)
        return
    for sentence in _sentences(report, dry_run=dry_run):
        say(sentence)


def _sentences(report: "Report", *, dry_run: bool) -> Iterator[str]:
    """Yield what was done, then what was not and why; nothing where there was nothing to do and nobody looks."""
    if report.elsewhere:
        yield "Another vidctl cleanup is at work in this folder: it does it all."
        return
    done = list(_done(report))
    verb = "Would be removed" if dry_run else "Removed"
    if done:
        yield f"{verb}:"
        yield from (f"  {line}" for line in done)
    elif sys.stdout.isatty():
        yield "There is nothing to clean up."
    if done or sys.stdout.isatty():
        yield from _stays(report)
    yield from _troubles(report)


def _done(report: "Report") -> Iterator[str]:
    from vidctl.cli import words

    films = [film for film in report.films if film.gone]
    gone = [file for film in films for file in film.gone]
    if gone:
        yield f"{_amount(len(gone), _freed(gone))} of {words.count(len(films), 'published film')}"
        for kind, files in _by_kind(gone).items():
            yield f"  {kind:<14} {_amount(len(files), _freed(files))}"
    for what, swept in (("of logs", report.logs), ("that were never put in place", report.temporary)):
        if swept.files:
            yield f"{_amount(swept.files, swept.size_bytes)} {what}"
    for orphan in (one for one in report.orphans if one.removed):
        yield f"{_amount(orphan.swept.files, orphan.swept.size_bytes)} in {_plain(orphan.path)}"
    for table, number in report.rows.items():
        yield f"{number:,} old {_called(table)}"


def _stays(report: "Report") -> Iterator[str]:
    """Yield what stays although no film on its way needs it."""
    from vidctl.engine.cleanup.films import NOWHERE_ELSE

    reasons = Counter[str]()
    sizes = Counter[str]()
    for film in report.films:
        for file, why in film.stay:
            reasons[why] += 1
            sizes[why] += file.freed_bytes
    for why, number in reasons.items():
        more = " (cleanup: {keep: …} in a channel's file decides otherwise)" if why == NOWHERE_ELSE else ""
        yield f"Kept: {_amount(number, sizes[why])}, {why}{more}."


def _troubles(report: "Report") -> Iterator[str]:
    left = [film for film in report.films if film.left]
    yield from _first(left, "films are left alone too", _left)
    yield from _first([one for one in report.orphans if not one.removed], "folders are no film's either", _strange)
    for film in report.films:
        for path, why in film.failed:
            yield f"Not removed: {_plain(path)} of {_named(film)}: {_plain(why)}"
    yield from (f"Not removed: {_plain(problem)}" for problem in report.problems)


def _first(items: "list[Any]", more: str, sentence: Any) -> Iterator[str]:
    yield from map(sentence, items[:_MOST])
    if len(items) > _MOST:
        yield f"{len(items) - _MOST:,} {more}: see --json"


def _left(film: "Cleaned") -> str:
    return f"Left alone: {_named(film)}: {_plain(film.left)}"


def _strange(orphan: "Orphan") -> str:
    amount = _amount(orphan.swept.files, orphan.swept.size_bytes)
    return f"No film's: {_plain(orphan.path)} ({amount}); --orphans removes it once nobody touches it for two days"


def _named(film: "Cleaned") -> str:
    return f"{str(film.stand.id)[:8]} {_plain(film.stand.title)}"


def _plain(value: object) -> str:
    from vidctl.cli.show import line

    return line(value)


def _amount(files: int, size_bytes: int) -> str:
    from vidctl.cli import words

    return f"{words.count(files, 'file')}, {words.size(size_bytes)}"


def _freed(files: "Iterable[File]") -> int:
    return sum(file.freed_bytes for file in files)


def _by_kind(files: "Iterable[File]") -> "dict[str, list[File]]":
    found: dict[str, list[File]] = {}
    for file in sorted(files, key=_kind):
        found.setdefault(_kind(file), []).append(file)
    return found


def _kind(file: "File") -> str:
    """Return what a file is, as people call it."""
    from vidctl.engine.cleanup.inventory import Role

    if file.artifact is None:
        return str(file.role)
    return "earlier takes" if file.role is Role.TAKE else file.artifact.kind.replace("_", " ")


def _called(table: str) -> str:
    from vidctl.store.cleanup import OLD

    return next(old.what for old in OLD if old.table == table)


def _as_json(report: "Report", *, dry_run: bool) -> dict[str, Any]:
    gone = [file for film in report.films for file in film.gone]
    return {
        "dry_run": dry_run,
        "done_elsewhere": report.elsewhere,
        "cleaned_films": sum(bool(film.gone) for film in report.films),
        "files": len(gone),
        "freed_bytes": _freed(gone),
        "by_kind": {
            kind: {"files": len(files), "freed_bytes": _freed(files)} for kind, files in _by_kind(gone).items()
        },
        "films": [_film_json(film) for film in report.films],
        "logs": {"files": report.logs.files, "size_bytes": report.logs.size_bytes},
        "temporary": {"files": report.temporary.files, "size_bytes": report.temporary.size_bytes},
        "orphans": [
            {"path": one.path, "files": one.swept.files, "size_bytes": one.swept.size_bytes, "removed": one.removed}
            for one in report.orphans
        ],
        "rows": report.rows,
        "problems": report.problems,
    }


def _film_json(film: "Cleaned") -> dict[str, Any]:
    return {
        "id": film.stand.id,
        "channel_id": film.stand.channel_id,
        "title": film.stand.title,
        "removed": [file.path for file in film.gone],
        "freed_bytes": _freed(film.gone),
        "kept": [{"path": file.path, "why": why} for file, why in film.stay],
        "failed": [{"path": path, "why": why} for path, why in film.failed],
        "left_alone": film.left or None,
    }
