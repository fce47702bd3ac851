"""`VIDCTL_HEARTBEAT_URL`: a monitor hears of each tick, and no tick ever waits for a monitor."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tests.fakes.wire.server import Answer, Call, Fake
from tests.place import Place, Ran
from tests.processes import processes_of, until
from vidctl.engine import heartbeat
from vidctl.store import Db, locks

Run = Callable[..., Ran]
PATH = "/ping/s3cret-uuid"


class Monitor(Fake):
    """Whoever is told of ticks."""

    def answer(self, call: Call) -> Answer:  # noqa: ARG002
        return Answer(200, b"OK", "text/plain")

    @property
    def heard(self) -> list[str]:
        return [f"{seen.path}{'?' if seen.query else ''}" for seen in self.ledger.requests]


@pytest.fixture
def monitor(place: Place) -> Iterator[Monitor]:
    with Monitor() as fake:
        place.environment["VIDCTL_HEARTBEAT_URL"] = f"{fake.url}{PATH}?create=1"
        yield fake


def test_a_tick_is_told_at_its_beginning_and_its_end_and_a_troubled_one_by_its_status(
    place: Place, monitor: Monitor, vidctl: Run
) -> None:
    ran = vidctl("tick")
    assert (ran.status, ran.out, ran.err) == (0, "", "")
    until(lambda: len(monitor.heard) == 2)
    assert monitor.heard == [f"{PATH}/start?", f"{PATH}?"]
    until(lambda: not processes_of((str(place.root),)))
    place.channel("two", "channel_id: [broken\n")
    place.channel("_defaults", "limits: nonsense\n")
    troubled = vidctl("tick")
    until(lambda: len(monitor.heard) == 4)
    assert troubled.status != 0
    assert monitor.heard[2:] == [f"{PATH}/start?", f"{PATH}/{troubled.status}?"]
    assert "s3cret-uuid" not in troubled.out + troubled.err


def test_no_tick_waits_for_a_monitor_that_hangs_and_one_child_at_most_does(
    place: Place, monitor: Monitor, vidctl: Run
) -> None:
    monitor.fault("slow", delay_s=60, times=None)
    assert [vidctl("tick") for _ in range(2)] == [Ran(0, "", "")] * 2
    [hanging] = processes_of((str(place.root),))
    os.kill(hanging, signal.SIGKILL)
    assert monitor.heard == [f"{PATH}/start?"]


def test_a_monitor_that_answers_500_or_closes_fails_no_tick(monitor: Monitor, vidctl: Run) -> None:
    monitor.fault("refuse", status=500)
    monitor.fault("drop")
    assert vidctl("tick") == Ran(0, "", "")
    until(lambda: len(monitor.heard) == 2)


def test_a_tick_that_is_killed_is_told_as_failed(place: Place, monitor: Monitor, db: Db) -> None:
    with locks.waiting(db, locks.MIGRATE):
        db.execute("update alembic_version set version_num = '0001'")  # so that the tick waits to migrate
        tick = subprocess.Popen([sys.executable, "-m", "vidctl", "tick"], cwd=place.root, env=place.environment)
        until(lambda: monitor.heard == [f"{PATH}/start?"])
        tick.kill()
        tick.wait()
        until(lambda: len(monitor.heard) == 2)
    assert monitor.heard[1] == f"{PATH}/fail?"


@pytest.mark.parametrize(
    "url", ["", "ftp://x/y", "file:///etc/passwd", "http://", "http://[", "http://a b/", "http://x:0/", "x"]
)
def test_what_is_no_web_address_is_never_asked_for(url: str) -> None:
    assert heartbeat.address(url) is None
