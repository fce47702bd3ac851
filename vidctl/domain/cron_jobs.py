"""The jobs that something has to start, and when.

The only list of them: `vidctl install-cron`, its units for systemd and `crontab.example` are made of it. Pure.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

KEPT_BACKUPS: Final = 14
TICK: Final = re.compile(r"^(?!\s*#).*\bvidctl\b.*\btick\b", re.MULTILINE)
"""A line of a crontab that starts ticks, whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Job:
    """One command and its times, in the machine's own zone: `when` as cron reads it, `calendar` as systemd does."""

    name: str
    when: str
    calendar: str
    words: tuple[str, ...]
    often: str
    why: str
    overlap: str
    everywhere: bool = False
    """Whether each machine needs it where several work on one database."""
    is_told: bool = False
    """Whether it says what it did although all is well."""
    needs: str = ""
    """The setting without which it can only fail."""

    def arguments(self, home: str) -> list[str]:
        """Return the arguments of `vidctl`, for this VIDCTL_HOME."""
        return [word.replace("{home}", home) for word in self.words]


JOBS: Final = (
    Job(
        name="tick",
        when="* * * * *",
        calendar="*-*-* *:*:00",
        words=("tick",),
        often="every minute",
        why="Every minute: take over what people did on the boards, start the next step of each film that can go on, "
        "deliver alerts, and exit. A sync has no line of its own, since every tick begins with one.",
        overlap="Ticks may overlap, be killed, be late or be missed: locks in the database keep every film in one "
        "hand, and the next tick goes on from what is recorded. So no flock, no pid file and no timeout around it. "
        "The same line may run on several machines with one DATABASE_URL.",
        everywhere=True,
    ),
    Job(
        name="cleanup",
        when="23 4 * * *",
        calendar="*-*-* 04:23:00",
        words=("cleanup",),
        often="every night",
        why="Every night: remove files of films that were published a week ago, old logs and old rows; never anything "
        "that is on its way, nor an only copy. It says what it removed.",
        overlap="Safe beside steps at work, and beside itself: a second one sees the first and ends. On each machine, "
        "since it is about the files there.",
        everywhere=True,
    ),
    Job(
        name="backup",
        when="47 4 * * *",
        calendar="*-*-* 04:47:00",
        words=("backup", "{home}/backups", "--keep", str(KEPT_BACKUPS)),
        often="every night",
        why="Every night: the database, the channel files and all keys in one sealed file, of which the 14 newest "
        "stay. It needs VIDCTL_BACKUP_PASSPHRASE in .env. Copy the folder elsewhere: a disk that dies takes it along.",
        overlap="Films go on being made meanwhile, and two at once harm nothing. On one machine.",
        is_told=True,
        needs="VIDCTL_BACKUP_PASSPHRASE",
    ),
    Job(
        name="report",
        when="10 * * * 6,0",
        calendar="Sun *-*-* 00:10:00 UTC",
        words=("report", "--week", "--send"),
        often="every week",
        why="Every week: keep its numbers, and tell people how it went. Weeks end at Sunday midnight in UTC, and cron "
        "goes by the clock of its machine: so each hour of a weekend asks, and the first one after that midnight does "
        "it.",
        overlap="However often it runs, on however many machines, each week is kept and said once; one that was missed "
        "is made up for.",
    ),
    Job(
        name="archive",
        when="17 4 1 * *",
        calendar="*-*-01 04:17:00",
        words=("audit", "archive"),
        often="every month",
        why="Every month: decisions older than two years go from the database into files, in VIDCTL_HOME/audit, which "
        "backups hold too.",
        overlap="A second one at the same time changes nothing. On one machine: the files are there.",
        is_told=True,
    ),
)


def wanted(has: Iterable[str], *, is_worker: bool = False) -> list[Job]:
    """Return the jobs that can do something with these settings; of a further machine those that each one needs."""
    settings = set(has)
    return [job for job in JOBS if (not job.needs or job.needs in settings) and (job.everywhere or not is_worker)]
