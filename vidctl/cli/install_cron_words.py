"""What `vidctl install-cron` did, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from vidctl.cli.show import line
from vidctl.domain.cron_jobs import Job
from vidctl.engine.installing.crontab import LOG
from vidctl.engine.installing.place import Place


@dataclass(slots=True)
class Done:
    """What is different now, or would be."""

    where: str
    lines: list[str]
    changed: bool = False
    kept: Path | None = None
    """The crontab as it was."""
    ticks_besides: bool = False
    trouble: str = ""
    """Why nothing is started all the same."""
    commands: list[str] = field(default_factory=list)
    """What is left to run by hand."""


def sentences(
    done: Done, place: Place | None, jobs: list[Job], *, worker: bool, mail: bool, dry_run: bool
) -> Iterator[str]:
    """Yield it for a person."""
    if dry_run:
        yield from (*map(line, done.lines), *([""] if done.lines else []))
    yield f"{_verb(done, place, dry_run=dry_run)} {line(done.where)}{':' if place else '.'}"
    yield from (f"  {job.name:<8} {job.often}" for job in jobs)
    if place and not worker and "backup" not in {job.name for job in jobs}:
        yield "No backup: set VIDCTL_BACKUP_PASSPHRASE in .env, and run this again."
    if place and not mail and not done.where.startswith("/"):
        yield f"What they print: {line(place.home / 'logs' / LOG)}"
    if done.kept:
        yield f"The crontab as it was: {line(done.kept)}"
    if done.trouble:
        yield done.trouble
    if done.ticks_besides:
        yield "Other lines there start vidctl tick as well. That harms nothing; crontab -e takes them away."
    if done.commands:
        yield "Now run:"
        yield from (f"  {line(command)}" for command in done.commands)


def _verb(done: Done, place: Place | None, *, dry_run: bool) -> str:
    if not done.changed:
        return "Already in" if place else "Nothing of this vidctl is in"
    if dry_run:
        return "Would go into" if place else "All jobs of this vidctl would go out of"
    return "Now in" if place else "All jobs of this vidctl are out of"
