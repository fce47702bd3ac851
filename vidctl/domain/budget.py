"""What may be spent: the caps of a channel, of all channels and of a service, and the time that each is about. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from vidctl.domain.channel import Channel
from vidctl.domain.limits import Limits

WARN_AT: Final = Decimal("0.8")
PAID: Final = ("gemini", "kie", "elevenlabs")
"""The services that ask for money."""


OF_A_FILM: Final = "the film's budget"
"""What a film's own budget is called in a sentence, which that begins."""
BUDGET: Final = ":budget "
"""What the name of a pause has in it that is about a budget."""


class Scope(StrEnum):
    """What a cap is about. Days and months are those of UTC."""

    FILM = "film"
    DAY = "day"
    MONTH = "month"
    CHANNEL = "channel"
    ALL_DAY = "all day"
    ALL_MONTH = "all month"
    SERVICE_DAY = "service day"


@dataclass(frozen=True, slots=True)
class Cap:
    """One limit: no more than `usd` since `since`; it begins anew at `until`, or never."""

    scope: Scope
    usd: Decimal
    since: datetime | None
    until: datetime | None
    field: str
    """Where it is set, for the person who has to raise it."""
    words: str
    """What it is called in a sentence: "the channel's budget of the day"."""
    whose: str
    """The channel, `*` for all, or `*` and a service."""

    @property
    def stop(self) -> str:
        """The name of the pause that begins when it is used up; a raised cap has another one."""
        return f"{self.whose}{BUDGET}{self.scope} {self.usd:f}"


def caps(channel: Channel, limits: Limits, service: str, *, now: datetime) -> Iterator[Cap]:
    """Yield every cap that a purchase of this channel from this service has to stay under."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    month = day.replace(day=1)
    next_month = (month + timedelta(days=32)).replace(day=1)
    of_day, of_month, ever = (day, day + timedelta(days=1)), (month, next_month), (None, None)
    own, file = channel.budget, f"in {channel.channel_id}.yaml"
    at_service = getattr(limits.services, service, None)
    for scope, usd, (since, until), field, words in (
        (Scope.FILM, own.film_usd, ever, f"budget.film_usd {file}", OF_A_FILM),
        (Scope.DAY, own.day_usd, of_day, f"budget.day_usd {file}", "the channel's budget of the day"),
        (Scope.MONTH, own.month_usd, of_month, f"budget.month_usd {file}", "the channel's budget of the month"),
        (Scope.CHANNEL, own.total_usd, ever, f"budget.total_usd {file}", "the channel's budget"),
        (Scope.ALL_DAY, limits.day_usd, of_day, "limits.day_usd in _defaults.yaml", "all channels' budget of the day"),
        (
            *(Scope.ALL_MONTH, limits.month_usd, of_month),
            *("limits.month_usd in _defaults.yaml", "all channels' budget of the month"),
        ),
        (
            *(Scope.SERVICE_DAY, at_service and at_service.day_usd, of_day),
            *(f"limits.services.{service}.day_usd in _defaults.yaml", f"the day's budget for {service}"),
        ),
    ):
        if usd is not None:
            yield Cap(scope, Decimal(str(usd)), since, until, field, words, _whose(scope, channel, service))


def standing(channels: Iterable[Channel], limits: Limits, *, now: datetime) -> list[str]:
    """Return the names of the pauses that hold under the caps as they are set now: not of those that were raised."""
    every = {cap.stop for channel in channels for service in PAID for cap in caps(channel, limits, service, now=now)}
    return sorted(every)


def _whose(scope: Scope, channel: Channel, service: str) -> str:
    if scope in (Scope.ALL_DAY, Scope.ALL_MONTH):
        return "*"
    return f"*{service}" if scope is Scope.SERVICE_DAY else channel.channel_id
