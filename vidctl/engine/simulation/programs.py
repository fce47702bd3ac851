"""The programs of a simulation: each says what the real one says, as the contract has it, and takes as long.

A program is a generator: it yields seconds to wait, or a message, and is sent the answer to that. What it returns is
its exit status.
"""

import json
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, Final

from vidctl.contract import (
    EXIT_CODE_OF,
    GO,
    NOT_LET,
    Balance,
    Basis,
    Cost,
    ErrorClass,
    Failure,
    Message,
    Ordering,
    Quota,
    Result,
    Scope,
    Submitted,
)
from vidctl.domain.work import SEALED
from vidctl.engine.simulation.clockwork import Clockwork
from vidctl.engine.simulation.market import Market, Sale
from vidctl.engine.simulation.scenario import Faults, spread
from vidctl.engine.simulation.wares import LOCAL_S, WARES, Call, Ware

Play = Generator[float | Message, str | None, int]

_HANGS_S: Final = 7 * 86_400.0
_BAD: Final = b"bad"
"""How a file begins that its check refuses."""


@dataclass(slots=True)
class Programs:
    """Every program that the engine runs, as they behave in this simulation."""

    random: Random
    faults: Faults
    market: Market
    clock: Clockwork
    price_of: Callable[[Call], Decimal]
    videos: int = 0
    sent: dict[str, float] = field(default_factory=dict)
    """The share of a film that arrived, by the session of its upload."""
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    """Of each service, how many calls run now, and the most that ever did."""

    def play(self, call: Call) -> Play:
        """Return a run of the program that a command line names."""
        service = (
            "youtube" if call.name == "upload_video.py" else WARES[call.name].service if call.name in WARES else ""
        )
        if not service:
            return (yield from self._play(call))
        self.at_once[service] += 1
        self.most_at_once[service] = max(self.most_at_once[service], self.at_once[service])
        try:
            return (yield from self._play(call))
        finally:
            self.at_once[service] -= 1

    def _play(self, call: Call) -> Play:
        if ware := WARES.get(call.name):
            return self._buy(call, ware)
        if call.name == "read_balance.py":
            return self._tell_balance(call.option("service"))
        if call.name == "inspect_media.py":
            return self._inspect(Path(call.last))
        if call.name == "upload_video.py":
            return self._upload(call)
        return self._compute(call)

    def _buy(self, call: Call, ware: Ware) -> Play:
        job_id = call.option("resume-job")
        if job_id and (known := self.market.job(job_id)) is not None:
            return (yield from self._collect(call, ware, known))
        if self._happens(self.faults.slow):
            yield _HANGS_S
        if ware.by_job:
            yield Balance(self.market.left_usd(ware.service))
        usd = self.price_of(call)
        if (yield Ordering(ware.component, usd, ware.by_job)) != GO:
            yield Failure(NOT_LET, ErrorClass.TRANSIENT, Scope.ITEM, "the engine did not let it", "")
            return EXIT_CODE_OF[ErrorClass.TRANSIENT]
        yield spread(self.random, 0.5)
        if (failure := self._turned_away(ware)) is not None:
            yield failure
            return EXIT_CODE_OF[failure.error_class]
        takes_s = spread(self.random, ware.median_s)
        sale = self.market.sell(
            ware.service,
            call.item,
            usd,
            at=self.clock.now(),
            ready_s=self.clock.elapsed_s + takes_s,
            by_job=ware.by_job,
            fails=ware.by_job and self._happens(self.faults.fails),
        )
        sale.is_bad = self._happens(self.faults.bad)
        sale.answer_lost = True
        if self._happens(self.faults.lost):
            return (yield from self._lose(ware))
        if not ware.by_job:
            return (yield from self._collect(call, ware, sale))
        sale.answer_lost = False
        yield Submitted(sale.job_id)
        yield Balance(self.market.left_usd(ware.service))
        return (yield from self._collect(call, ware, sale))

    def _lose(self, ware: Ware) -> Play:
        yield spread(self.random, 20)
        if ware.by_job:
            yield Balance(self.market.left_usd(ware.service))
        yield Failure(
            "AnswerLost", ErrorClass.TRANSIENT, Scope.ITEM, "the answer to an order was lost", "", in_doubt=True
        )
        return EXIT_CODE_OF[ErrorClass.TRANSIENT]

    def _collect(self, call: Call, ware: Ware, sale: Sale) -> Play:
        yield max(0.0, sale.ready_s - self.clock.elapsed_s)
        sale.answer_lost = False
        if sale.comes_to_nothing:
            yield Failure(
                "JobFailed", ErrorClass.TRANSIENT, Scope.ITEM, "the job came to nothing", "it is ordered anew",
                job_over=True,
            )  # fmt: skip
            return EXIT_CODE_OF[ErrorClass.TRANSIENT]
        yield Cost(ware.component, Decimal(1), sale.usd, Basis.PROVIDER)
        sale.delivered = True
        content = self._storyboard(call) if call.name == "generate_story.py" else json.dumps([*call.item]).encode()
        yield self._written(call.output, _BAD + content if sale.is_bad else content)
        return 0

    def _turned_away(self, ware: Ware) -> Failure | None:
        """Return what an order meets that the service does not take."""
        if self._happens(self.faults.busy):
            return Failure(
                "RateLimited", ErrorClass.TRANSIENT, Scope.SERVICE, f"{ware.service} takes no more", "", 60.0
            )
        if self._happens(self.faults.down):
            return Failure("ServerError", ErrorClass.TRANSIENT, Scope.ITEM, f"{ware.service} is in trouble", "")
        if self._happens(self.faults.refused):
            return Failure(
                "Refused", ErrorClass.PERMANENT, Scope.ITEM, "it is against the service's rules", "change it"
            )
        if self._happens(self.faults.quota):
            return Failure("QuotaUsedUp", ErrorClass.QUOTA, Scope.SERVICE, "its quota is used up", "", 8 * 3_600.0)
        return None

    def _tell_balance(self, service: str) -> Play:
        yield 1.0
        yield Balance(self.market.left_usd(service))
        return 0

    def _compute(self, call: Call) -> Play:
        yield spread(self.random, LOCAL_S.get(call.name, 2.0))
        if call.name == "store_file.py":
            path = Path(call.option("file"))
            yield Result(str(path), call.option("sha256"))
            return 0
        facts = {"frames": [f"{self.random.getrandbits(64):016x}" for _ in range(32)]}
        facts = facts if call.name == "fingerprint_film.py" else {}
        yield self._written(call.output, json.dumps([*call.item, facts]).encode(), facts)
        return 0

    def _inspect(self, path: Path) -> Play:
        yield spread(self.random, LOCAL_S["inspect_media.py"])
        content = path.read_bytes()
        if content.startswith(_BAD):
            yield Failure("NotPlayable", ErrorClass.PERMANENT, Scope.ITEM, f"{path.name} is no good", "")
            return EXIT_CODE_OF[ErrorClass.PERMANENT]
        yield Result(str(path), sha256(content).hexdigest())
        return 0

    def _upload(self, call: Call) -> Play:
        """Send the film; the session is kept before its first byte, and so is the video after the last."""
        job_id = call.option("resume-job")
        if not job_id:
            yield spread(self.random, 1.0)
            yield Quota("uploads", 1)
            self.videos += 1
            job_id = f"{SEALED}{self.videos}"
            if (yield Submitted(job_id, waits=True)) != GO:
                yield Failure(NOT_LET, ErrorClass.TRANSIENT, Scope.ITEM, "the engine did not let it", "")
                return EXIT_CODE_OF[ErrorClass.TRANSIENT]
        video_id = job_id.removeprefix("video:").removeprefix(SEALED).partition("@")[0]
        if job_id.startswith(SEALED):
            left_s = spread(self.random, 90.0) * (1 - self.sent.get(job_id, 0.0))
            if self._happens(self.faults.cut):
                yield self._arrives(job_id, self.random.random()) * left_s
                yield Failure("BrokenOff", ErrorClass.TRANSIENT, Scope.ITEM, "the upload broke off", "it goes on")
                return EXIT_CODE_OF[ErrorClass.TRANSIENT]
            yield left_s
            yield Submitted(f"video:{video_id}@2026-01-01T00:00:00+00:00", waits=True)
        yield spread(self.random, 120.0)
        yield Quota("units", 500)
        facts = {"video_id": video_id, "privacy": "private"}
        yield self._written(call.output, json.dumps(facts).encode(), facts, url=f"https://youtu.be/{video_id}")
        return 0

    def _arrives(self, job_id: str, share: float) -> float:
        """Have a share arrive of what is left of a film, and return that share."""
        self.sent[job_id] = 1 - (1 - self.sent.get(job_id, 0.0)) * (1 - share)
        return share

    def _written(
        self, output: Path, content: bytes, facts: Mapping[str, Any] | None = None, url: str | None = None
    ) -> Result:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_bytes(content)
        return Result(str(output), sha256(content).hexdigest(), url, facts or {})

    def _storyboard(self, call: Call) -> bytes:
        """Return a storyboard of the size that is asked for, with words that no other film has."""
        brief = json.loads(Path(call.option("brief")).read_bytes())
        assets = [{"name": "field", "kind": "environment", "prompt": "a field"}]
        assets += [
            {"name": f"bird_{n}", "kind": "character", "prompt": f"bird {n}"} for n in range(2, brief["assets"] + 1)
        ]
        scenes = [
            {
                "number": n,
                "composite": {"layout": "single", "panels": [{"environment": "field"}]},
                "motion": f"push in {n}",
                "sound": f"wind {n}",
                "narration": " ".join(f"w{self.random.getrandbits(20)}" for _ in range(24)),
            }
            for n in range(1, brief["scenes"] + 1)
        ]
        board = {"title": brief["title"], "summary": "", "style": brief["title"], "assets": assets, "scenes": scenes}
        return json.dumps(board).encode()

    def _happens(self, share: float) -> bool:
        return self.random.random() < share
