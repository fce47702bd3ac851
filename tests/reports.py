"""Films with a known history: moved by the real function, at moments that a test says."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from tests.studio import Studio
from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.periods import week_of, weeks_until
from vidctl.domain.report import (
    BudgetUse,
    ChannelLine,
    Films,
    FilmTimes,
    QuotaUse,
    Recovery,
    Report,
    Spread,
    StepTimes,
    Sum,
    Ticks,
    Trouble,
    Week,
)
from vidctl.domain.status import TRANSITIONS, Event, Status
from vidctl.pipeline import STEP_OF_WORKING
from vidctl.store import failures, moves, tasks
from vidctl.store.failures import Where

SUNDAY = datetime(2026, 11, 15, tzinfo=UTC)
"""When the week begins that these films are made in."""
WAY = (Event.QUEUE, Event.CLAIM, Event.START, Event.FINISH, Event.APPROVE)
"""What happens to a film that meets no trouble: from each status the first of these that there is."""


class Story:
    """One film and its clock; `minutes` pass before each move."""

    def __init__(self, studio: Studio, begin: datetime = SUNDAY, channel: str = "one", **fields: str) -> None:
        self.db, self.now = studio.db, begin
        self.id: UUID = studio.film(channel, queue=False, **fields)

    def move(
        self, event: Event, minutes: float = 0, *, to: Status | None = None, by: str = "", reason: str = ""
    ) -> None:
        self.now += timedelta(minutes=minutes)
        task = tasks.get(self.db, self.id)
        usual = "engine" if event in {Event.CLAIM, Event.FINISH, Event.START, Event.FAIL, Event.DEFER} else "ana"
        moves.move(self.db, task.seen, event, to=to, actor=by or usual, now=self.now, reason=reason)

    def go(self, until: Status = Status.PUBLISHED, *, minutes: float = 10) -> None:
        """Take the usual way on, so many minutes a move."""
        while (status := tasks.get(self.db, self.id).status) is not until:
            event = next(event for event in WAY if (status, event) in TRANSITIONS)
            self.move(event, minutes)

    def fails(
        self, kind: str = "RateLimited", *, curable: bool = True, message: str = "busy", again: bool = True
    ) -> None:
        """Note a failure; `again`: the step is put off for five minutes."""
        self.now += timedelta(minutes=1)
        task = tasks.get(self.db, self.id)
        where = Where(self.id, STEP_OF_WORKING[task.status].name, 1, "host")
        found = ErrorClass.TRANSIENT if curable else ErrorClass.PERMANENT
        failures.note(self.db, where, None, Failure(kind, found, Scope.ITEM, message, "wait"), stderr="", now=self.now)
        if again:
            self.move(Event.DEFER, reason=message)
            self.now += timedelta(minutes=5)

    def costs(self, usd: float, component: str = "kling_video") -> None:
        self.db.execute(
            "insert into video_costs (task_id, component, units_used, cost_usd, at) values (%s, %s, 1, %s, %s)",
            (self.id, component, usd, self.now),
        )


def a_report(*, name: str = "wild", said: str = "busy", published: int = 18, failed: int = 2) -> Report:
    """Return a report that has something of everything; `name` is a channel's, `said` what a provider said."""
    hour, half = Spread(4_000, 6_100), Spread(1_500, 2_400)
    times = FilmTimes(hour, half, Spread(30_000, 40_000), Decimal("9.80"))
    recovery, usd, before = Recovery(9, 5, 4, 6), Decimal("196.20"), Decimal("178.00")
    weeks = [
        Week(at.begin.date(), Films(15 + n % 4, 14, n % 3), Recovery(9, 5, 5 - n % 2, 6), times, usd - n)
        for n, at in enumerate(weeks_until(SUNDAY.date(), 12))
    ]
    return Report(
        period=week_of(SUNDAY.date()),
        channel=None,
        films=Films(published, published - 1, failed),
        recovery=recovery,
        times=times,
        steps=[StepTimes("assets", 20, half, 0), StepTimes("clips", 18, hour, 2), StepTimes("publish", 0, None, 1)],
        troubles=[
            Trouble("clips", "RateLimited", "transient", 7, 5, said),
            Trouble("clips", "Refused", "permanent", 2, 2, "its words were refused"),
        ],
        channels=[
            ChannelLine(name, Films(published, published - 1, failed), times, usd, before),
            ChannelLine("new", Films(), None, Decimal(0), Decimal(0)),
        ],
        components=[Sum("kling_video", usd, before), Sum("gemini_assets", Decimal(0), Decimal("12.10"))],
        weeks=weeks,
        quotas=[QuotaUse("42", "units", 7, 8_900, 10_000), QuotaUse("42", "own", 1, 3, None)],
        budgets=[BudgetUse("wild's budget of the month", "budget.month_usd in wild.yaml", Decimal(190), usd)],
        ticks=Ticks(10_080, 180.0),
        usd=usd,
        before_usd=before,
    )
