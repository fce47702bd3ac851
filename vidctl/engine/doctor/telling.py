"""Whether anybody hears of it when something needs a person."""

from collections.abc import Iterator

from vidctl.domain.health import LATE
from vidctl.engine import heartbeat
from vidctl.engine.alerting.destinations import destinations
from vidctl.engine.doctor.findings import Finding, broken, ok, warning
from vidctl.engine.doctor.ground import Ground
from vidctl.settings import DESTINATIONS
from vidctl.store import vitals


def alerts(ground: Ground) -> Iterator[Finding]:
    """Yield whether alerts have anywhere to go, and whether they get there."""
    named = [one.name for one in destinations(ground.environment)]
    if not named:
        yield warning(
            "alerts go nowhere: who does not look hears of nothing",
            f"set {DESTINATIONS[0]} or {DESTINATIONS[1]} in .env",
        )
    else:
        yield ok(f"alerts go to {', '.join(named)}")
    with ground.database() as db:
        late = vitals.undelivered(db, before=ground.clock() - LATE) if db is not None else 0
    if late and named:
        few = "1 alert waits" if late == 1 else f"{late} alerts wait"
        yield warning(f"{few} to be delivered for more than 5 minutes", "is the address right, and do ticks run?")


def beat(ground: Ground) -> Iterator[Finding]:
    """Yield whether a monitor elsewhere hears when no tick comes any more."""
    url = ground.environment.get(heartbeat.VARIABLE, "")
    if not url:
        yield ok(f"no monitor elsewhere watches ticks ({heartbeat.VARIABLE} would name one)")
    elif heartbeat.address(url) is None:
        yield broken(f"what {heartbeat.VARIABLE} holds is no web address", "write it like https://hc-ping.com/UUID")
    else:
        yield ok("a monitor elsewhere hears of each tick")
