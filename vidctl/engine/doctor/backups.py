"""Whether there is a backup, and whether there will be another one."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from vidctl.domain.limits import Limits
from vidctl.domain.moments import clock
from vidctl.engine.doctor.findings import Finding, ok, warning
from vidctl.engine.doctor.ground import Ground
from vidctl.store import backups

PASSPHRASE: Final = "VIDCTL_BACKUP_PASSPHRASE"  # noqa: S105  # its name


def made(ground: Ground) -> Iterator[Finding]:
    """Yield when the last backup was made, and what is missing for the next ones."""
    with ground.database() as db:
        if db is None:
            return
        last, is_needed = backups.last(db), backups.is_anything_to_lose(db)
    limits = ground.files.limits if ground.files else Limits()
    days, now = limits.alerts.backup_after_days, ground.clock()
    if last is None:
        if is_needed and days:
            yield warning("no backup was ever made: a disk that dies takes everything with it", _cure(ground))
        else:
            yield ok("no backup was made yet")
        return
    what = f"the last backup is of {clock(last.made_at, now)}, made on {last.host}"
    if days and now - last.made_at > timedelta(days=days):
        yield warning(what, _cure(ground))
    else:
        yield ok(what)


def _cure(ground: Ground) -> str:
    """Return what is missing for a backup each night."""
    job = "vidctl install-cron; at once: vidctl backup FOLDER --keep 14"
    return job if ground.environment.get(PASSPHRASE) else f"set {PASSPHRASE} in .env, then: {job}"
