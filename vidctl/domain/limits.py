"""The limits that all channels share, as `_defaults.yaml` gives them. Pure."""

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Meta, Struct, field

from vidctl.domain.prices import price_list
from vidctl.domain.settings_fields import Parallel, Usd, convert
from vidctl.domain.youtube_settings import YoutubeQuota


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """How hard one paid service is worked, over all channels and hosts."""

    at_once: Annotated[Parallel, Meta(description="calls that run at the same time; less where the service says so")]
    a_minute: Annotated[int, Meta(ge=1, le=100_000, description="calls that begin within a minute")]
    day_usd: Usd | None = None


class Services(Struct, frozen=True, forbid_unknown_fields=True):
    """The paid services. None of them publishes its limits, so these are careful."""

    gemini: Service = Service(at_once=8, a_minute=60)
    kie: Service = Service(at_once=20, a_minute=100)
    """It refuses more than 20 new clips in 10 s."""
    elevenlabs: Service = Service(at_once=5, a_minute=120)
    youtube: Service = Service(at_once=2, a_minute=60)


class Alerts(Struct, frozen=True, forbid_unknown_fields=True):
    """When people are told of what only waits for them, and of what does not come."""

    gate_after_days: Annotated[
        int, Meta(ge=1, le=365, description="a film that waits so long for a person is named, and again after as long")
    ] = 2
    backup_after_days: Annotated[
        int, Meta(ge=0, le=365, description="so long after the last backup that is named, and again; 0: never")
    ] = 3


class KeptDays(Struct, frozen=True, forbid_unknown_fields=True):
    """For how many days what nobody works with any more is kept, until `vidctl cleanup` takes it away."""

    logs: Annotated[int, Meta(ge=1, le=36_500, description="of films that are not on their way")] = 90
    ticks: Annotated[int, Meta(ge=1, le=36_500, description="and notices and pauses that are over")] = 30
    alerts: Annotated[int, Meta(ge=1, le=36_500, description="that were delivered")] = 90
    notes: Annotated[int, Meta(ge=1, le=36_500, description="on published films' cards, which show them")] = 90
    errors: Annotated[int, Meta(ge=1, le=36_500, description="of published films")] = 365


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """How much is done at once, over all channels and hosts; from `_defaults.yaml`."""

    max_concurrent_story: Parallel = 5
    max_concurrent_asset: Parallel = 5
    max_concurrent_composite: Parallel = 4
    max_concurrent_video: Parallel = 3
    max_concurrent_audio: Parallel = 3
    max_concurrent_sfx: Parallel = 3
    max_concurrent_assembly: Parallel = 2
    max_concurrent_upload: Parallel = 2
    max_concurrent_per_host: Annotated[Parallel, Meta(description="films that one machine works on at once")] = 16
    items_per_step: Annotated[Parallel, Meta(description="scripts that one step runs at once")] = 4
    day_usd: Annotated[float, Meta(ge=0, le=1_000_000, description="what all channels may spend a day")] | None = None
    month_usd: Usd | None = None
    services: Services = Services()
    youtube_quota: YoutubeQuota = YoutubeQuota()
    alerts: Alerts = Alerts()
    kept_days: KeptDays = KeptDays()
    prices: Annotated[
        dict[str, Any], Meta(description="models whose prices differ from the list in vidctl/domain/prices.py")
    ] = field(default_factory=dict)


def limits_from(fields: Mapping[str, Any]) -> Limits:
    """Return the shared limits.

    Raises:
        Misconfigured: as `convert`, and where a price is wrong.
    """
    limits = convert(fields, Limits)
    price_list(limits.prices)
    return limits
