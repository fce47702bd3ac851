"""Keep count of what YouTube's quotas have left: a warning at four fifths, and a pause until midnight in California."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vidctl.contract import Quota
from vidctl.domain.limits import Limits
from vidctl.domain.pacific import day_of, next_midnight
from vidctl.domain.quota import Bucket, daily, needed, project_of
from vidctl.store import Db, outbox, quotas, services

SERVICE: Final = "youtube"
WARN_AT: Final = 0.8


@dataclass(frozen=True, slots=True)
class Usage:
    """What a Google project used of one bucket today, and when that is forgotten."""

    project: str
    bucket: str
    used: int
    limit: int | None
    """None: nobody knows how much there is of what a program of one's own counts."""
    renews_at: datetime

    @property
    def percent(self) -> int | None:
        """How much of it is used, rounded down: at 100 nothing is left."""
        if self.limit is None:
            return None
        return self.used * 100 // self.limit if self.limit else 100


def today(db: Db, limits: Limits, *, now: datetime) -> list[Usage]:
    """Return how much is used of what uploads need, and of whatever else was, for each project used today."""
    day = day_of(now)
    there_is = {str(bucket): units for bucket, units in daily(limits.youtube_quota, day).items()}
    shown = [bucket.value for bucket in Bucket if bucket in needed(day)]
    return [
        Usage(project, bucket, used.get(bucket, 0), there_is.get(bucket), next_midnight(now))
        for project, used in quotas.of_day(db, day).items()
        for bucket in dict.fromkeys([*shown, *used])
    ]


@dataclass(frozen=True, slots=True)
class Meter:
    """The quotas of the Google project that the environment's OAuth client belongs to."""

    db: Db
    environment: Mapping[str, str]
    limits: Limits

    @property
    def project(self) -> str:
        """Whose quotas these are: all channels share them."""
        return project_of(self.environment.get("GOOGLE_CLIENT_ID", ""))

    def count(self, call: Quota, *, now: datetime) -> None:
        """Count a call that is about to be sent, and see to what follows from it."""
        day = day_of(now)
        limit = daily(self.limits.youtube_quota, day).get(Bucket(call.bucket)) if call.bucket in set(Bucket) else None
        total = quotas.use(self.db, self.project, call.bucket, day, call.units)
        if limit is None:
            return
        before = total - call.units
        if total >= limit:
            self.pause(call.bucket, now=now)
        elif before < limit * WARN_AT <= total:
            self._warn(call.bucket, total, limit, now=now)

    def left(self, *, now: datetime) -> dict[Bucket, int]:
        """Return what is left of each bucket today."""
        day = day_of(now)
        used = quotas.used(self.db, self.project, day)
        limits = daily(self.limits.youtube_quota, day)
        return {bucket: max(0, limit - used.get(bucket, 0)) for bucket, limit in limits.items()}

    def pause(self, bucket: str, *, now: datetime) -> None:
        """Begin no upload before midnight in California: what is left of a bucket is not enough."""
        day = day_of(now)
        used = quotas.used(self.db, self.project, day).get(bucket, 0)
        limit = daily(self.limits.youtube_quota, day)[Bucket(bucket)]
        until = next_midnight(now)
        how = "is used up" if used >= limit else "has too little left for one more film"
        sentence = f"YouTube's quota of {bucket} {how}: {used:,} of {limit:,} (Google project {self.project})"
        if services.pause(self.db, SERVICE, until=until, reason=sentence):
            hint = f"uploads go on by themselves at {until:%Y-%m-%d %H:%M} UTC; Google gives more on request"
            outbox.alert(self.db, "quota", sentence, hint=hint, now=now, service=SERVICE)

    def _warn(self, bucket: str, total: int, limit: int, *, now: datetime) -> None:
        outbox.alert(
            self.db,
            "quota",
            f"80% of YouTube's quota of {bucket} is used: {total:,} of {limit:,} (Google project {self.project})",
            hint="at 100% uploads wait for midnight in California",
            now=now,
        )
