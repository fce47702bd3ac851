"""What cron has done each Sunday: the numbers of the week that ended are kept, and people are told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from vidctl.domain.periods import Period, last_week, weeks_to_keep
from vidctl.domain.report import Report
from vidctl.domain.report_data import data
from vidctl.domain.report_words import Missed, missed, summary
from vidctl.engine import reporting
from vidctl.engine.channel_files import Loaded
from vidctl.store import Db, metrics, outbox, weekly

KIND = "weekly report"
SETTLED: Final = timedelta(minutes=5)
"""How long after its end a week is counted: what was done in its last second may be committed after it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was kept, and what is said of the week that ended last: nothing where that was kept before."""

    kept: list[Period] = field(default_factory=list)
    said: list[Missed] = field(default_factory=list)


def tell(db: Db, files: Loaded | None, *, now: datetime, dry_run: bool = False) -> Told:
    """Keep each week that ended a while ago and is not kept yet, and say how the last one was, once.

    Whoever keeps a week says it, in one transaction: no two hosts do, and none that is killed half way leaves half.
    """
    told, last = Told(), last_week(now - SETTLED)
    for week in weeks_to_keep(weekly.weeks(db), metrics.first_move(db), last):
        report = reporting.collect(db, week, None, files, now=now)
        said = list(_messages(report)) if week == last else []
        if dry_run or _keep(db, report, said, now=now):
            told.kept.append(week)
            told.said.extend(said)
    return told


def _keep(db: Db, report: Report, said: list[Missed], *, now: datetime) -> bool:
    with db.transaction():
        if not weekly.keep(db, report.period.begin.date(), data(report), now=now):
            return False
        for one in said:
            outbox.alert(db, one.kind, one.message, hint=one.hint, now=now)
    return True


def _messages(report: Report) -> Iterator[Missed]:
    if report.films.ended or report.usd:
        yield Missed(KIND, summary(report), "in full: vidctl report --week; as a page: --html FILE")
    yield from missed(report)
