"""Takes orders, films, keeps the account and hands out the clips."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tests.fakes.kie import clips, orders, pictures
from tests.fakes.kie.bodies import refused
from tests.fakes.kie.jobs import Job
from tests.fakes.wire.ledger import Ledger, Sale
from tests.fakes.wire.server import Answer

WINDOW_S = 10.0
LINK_S = 1_200.0


@dataclass
class Desk:
    """The account and its jobs; `clock` returns seconds. What the other fields mean: see `FakeKie`."""

    ledger: Ledger
    clock: Callable[[], float]
    credits: Decimal
    job_s: float
    url_s: float
    creations: int
    charges: str
    unknown_looks: int
    jobs: dict[str, Job] = field(default_factory=dict)
    created: deque[float] = field(default_factory=deque)
    links: dict[str, float] = field(default_factory=dict)
    fetching: list[threading.Thread] = field(default_factory=list)
    guard: threading.RLock = field(default_factory=threading.RLock)

    def create(self, body: Any, **changes: Any) -> Job:
        """Take an order, with something about its job changed.

        Raises:
            Refused: it is not taken, and nothing is charged.
        """
        order = orders.read(body)
        with self.guard:
            now = self.clock()
            self._let_in(now)
            if self.credits < order.credits:
                raise refused("no_credits")
            job = Job(uuid4().hex, order, now, now + self.job_s, **{"model": order.model, **changes})
            self.jobs[job.job_id] = job
            if self.charges == "creation":
                self._charge(job)
            thread = threading.Thread(target=self._fetch, args=(job,), daemon=True)
            self.fetching.append(thread)
        thread.start()
        return job

    def advance(self) -> None:
        """Let end what has had its time."""
        with self.guard:
            now = self.clock()
            for job in self.jobs.values():
                if not job.ended and job.has_picture and (job.fails or now >= job.ends_at):
                    self._end(job)

    def record(self, job_id: str, url: str) -> dict[str, Any]:
        """Return what is known of a job, whose clip is at `url`/job.mp4.

        Raises:
            Refused: there is none, or not yet.
        """
        with self.guard:
            job = self.jobs.get(job_id)
            if job is None:
                raise refused("record_null")
            job.shown += 1
            if job.shown <= self.unknown_looks:
                raise refused("record_null")
            return job.record(self.clock(), f"{url}/{job.job_id}.mp4")

    def clip(self, job_id: str, link: str) -> Answer:
        """Return a job's clip, as long as the address is good that it is asked for at."""
        job = self.jobs.get(job_id)
        if job is None or not job.ended or job.fails:
            return Answer(404, b"<Error><Code>NoSuchKey</Code></Error>", "application/xml")
        good_until = self.links.get(link, 0.0) if link else job.ends_at + self.url_s
        if self.clock() > good_until:
            return Answer(403, b"<Error><Code>AccessDenied</Code></Error>", "application/xml")
        content = job.content if job.content is not None else clips.clip(job.order.seconds, job.job_id)
        return Answer(200, content, "video/mp4")

    def fresh_link(self) -> str:
        """Return what makes an address good for another twenty minutes."""
        link = uuid4().hex
        self.links[link] = self.clock() + LINK_S
        return link

    def _let_in(self, now: float) -> None:
        while self.created and now - self.created[0] >= WINDOW_S:
            self.created.popleft()
        if len(self.created) >= self.creations:
            raise refused("rate_limited")
        self.created.append(now)

    def _fetch(self, job: Job) -> None:
        trouble = pictures.trouble_with(job.order.image_url)
        with self.guard:
            job.fails = job.fails or trouble
            job.has_picture = True

    def _end(self, job: Job) -> None:
        job.ended = True
        if job.fails and job.charged:
            self.credits += job.order.credits
            self.ledger.refunded(job.job_id)
        elif not job.fails and not job.charged:
            self._charge(job)

    def _charge(self, job: Job) -> None:
        cost_usd = job.order.credits * Decimal(orders.CREDIT_USD)
        self.credits -= job.order.credits
        job.charged = True
        about = ("kie", "kling_video", job.order.model, job.order.prompt, Decimal(job.order.seconds), cost_usd)
        self.ledger.sold(Sale(*about, job_id=job.job_id, order=job.order.whole))
