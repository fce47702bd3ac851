"""Make the missing artifacts of one step: run their scripts, check the files, record them.

One `Making` is one claim's work on one step. What a script says is journaled as it is said: a
submitted job's id is committed before its result is awaited.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg

from vidctl.contract import Failure, Result, failure_of
from vidctl.domain.limits import Limits
from vidctl.domain.status import WORKING
from vidctl.domain.takes import Take
from vidctl.domain.work import Job, Made, Work, document_json, fingerprint, needs, subject
from vidctl.engine import scripts
from vidctl.engine.children import Command, Ended
from vidctl.engine.programs import INSPECT, Programs
from vidctl.engine.purchases import Purchase
from vidctl.engine.scripts import as_written_in, options
from vidctl.engine.shop import Shop
from vidctl.engine.slots import Slots
from vidctl.engine.standing import Standing
from vidctl.engine.storing import Store
from vidctl.engine.used_again import Again, alike, on_the_move
from vidctl.engine.verdict import broken, is_its_own_word
from vidctl.engine.world import Machine, World
from vidctl.errors import CannotWrite, LostRace, VidctlError
from vidctl.storage.files import cannot_write, stamp_of
from vidctl.storage.local import Folder
from vidctl.storage.staging import Staging
from vidctl.store import Db, artifacts, jobs, orders, takes
from vidctl.store.connection import LOST
from vidctl.store.failures import Where
from vidctl.store.tasks import Seen
from vidctl.store.texts import storable

INSPECT_TIMEOUT_S: Final = 300.0
_PROMPTS: Final = ("prompt", "text", "motion", "description")
"""The options that hold what a script was asked for in words; a job has one of them."""


@dataclass(slots=True)
class Making:
    """The work of one claim, and what came of it so far."""

    db: Db
    task: Seen
    work: Work
    folder: Folder
    environment: Mapping[str, str]
    where: Where
    service: str
    limits: Limits
    clock: Callable[[], datetime]
    store: Store
    recorded: Callable[[], None] = lambda: None
    """Told whenever there is something more than before."""
    stopping: Callable[[], bool] = lambda: False
    """Whether the process was told to end: nothing more is ordered then."""
    standing: Standing = field(default_factory=Standing)
    judged: Callable[[Failure], Failure] = lambda failure: failure
    """What is to be thought of a failure, before anything follows from it."""
    world: World = field(default_factory=Machine)
    plan: list[Job] = field(default_factory=list)
    """Everything that the step wants."""
    shop: Shop = field(init=False)
    programs: Programs = field(init=False)

    def __post_init__(self) -> None:
        about = (self.db, self.task, self.work.channel, self.service, self.limits, self.where, self.environment)
        self.shop = Shop(*about, self.staging.root, self.clock, self._may_order, self.world)
        known = (self.db, self.work.channel, self.staging, self.environment, self.where, self.service, self.limits)
        self.programs = Programs(*known, self.clock, self.shop, self.standing, self.task, self.recorded, self.judged)

    def _may_order(self) -> bool:
        return not self.standing.blocked and self.standing.overdrawn is None and not self.stopping()

    @property
    def staging(self) -> Staging:
        """Where this claim's scripts write."""
        return self.folder.staging(self.task.version)

    def pieces(self, wanted: Iterable[Job]) -> Generator[Generator[Command, Ended, None] | None, None, None]:
        """Yield one piece of work for each job, for as long as new work may begin; None while it has to wait."""
        for job in wanted:
            slots = self.shop.slots(job)
            while not self.standing.blocked and (slot := slots.take()) is None:
                if slots.waited_too_long and not slots.held:
                    self.standing.crowded = True
                yield None
            if self.standing.blocked:
                return
            assert slot is not None
            yield self._in_safety(self._in_slot(slots, slot, self._make(job)), job)

    def bring(self, wanted: Iterable[Job]) -> Generator[Command, Ended, None]:
        """Bring here what only changes its number, and is in the object store.

        Raises:
            ScriptError: it cannot be had now.
        """
        yield from self.store.fetch_all(on_the_move(wanted, self.standing.made, self.store.kept))

    def _in_safety(self, piece: Generator[Command, Ended, None], job: Job) -> Generator[Command, Ended, None]:
        """Make something, then put it where every host finds it."""
        before = self.standing.made.get(job.makes)
        yield from piece
        made = self.standing.made.get(job.makes)
        if (
            made is not None
            and made is not before
            and self.standing.database_lost is None
            and not self.standing.unmoved
        ):
            try:
                yield from self.store.soon(job.makes, made)
            except LOST as exc:
                self.standing.database_lost = exc

    def _in_slot(
        self, slots: Slots, slot: int, piece: Generator[Command, Ended, None]
    ) -> Generator[Command, Ended, None]:
        try:
            yield from piece
        finally:
            try:
                slots.give_back(slot)
            except psycopg.OperationalError as exc:
                self.standing.database_lost = self.standing.database_lost or exc

    def _make(self, job: Job) -> Generator[Command, Ended, None]:
        """Make one artifact. Whatever goes wrong with it, its siblings can finish: they are paid for."""
        try:
            yield from self._make_and_note(job)
        except LOST as exc:
            self.standing.database_lost = exc

    def _make_and_note(self, job: Job) -> Generator[Command, Ended, None]:
        """Make one artifact; what goes wrong with it is noted."""
        try:
            yield from self._attempt(job)
        except LostRace:
            raise
        except VidctlError as error:
            self.programs.note(job.makes, failure_of(error))
        except OSError as exc:
            self.programs.note(job.makes, failure_of(cannot_write(self.folder.root, exc)))
        except psycopg.DataError as exc:
            self.programs.note(job.makes, broken(f"{job.script} said what cannot be kept: {exc}"))

    def _attempt(self, job: Job) -> Generator[Command, Ended, None]:
        """Run a job's script, then have its file checked, then record it."""
        mark = fingerprint(job, self.standing.made)
        prompt = next((job.args[name] for name in _PROMPTS if name in job.args), "")
        begun = jobs.begin(
            self.db,
            self.task,
            job.makes,
            fingerprint=mark,
            subject=subject(job, self.standing.made),
            prompt=storable(prompt),
            services=scripts.services_of(self.work.channel, self.service),
            now=self.clock(),
        )
        if begun.status not in WORKING:
            self.standing.held = True
            return
        if begun.card_is_gone:
            self.standing.shelved = True
            return
        if begun.paused_until is not None:
            self.standing.paused_until = begun.paused_until
            return
        staged = self.staging.place(job.output)
        delivered = self.staging.delivered(_delivery(job, mark))
        if delivered is None:
            again = self._again(job, mark)
            if (found := again.find()) is not None:
                self._use_again(job, mark, *found)
                return
            yield from self.store.fetch_all(needs(job))
            about = subject(job, self.standing.made)
            order = yield from self.shop.past(job, about, again.twins).order(begun.job_id)
            job_id = order.job_id if order else begun.job_id
            if job_id is None:
                again.require_word()
            if job_id is None and self._is_overdrawn(job):
                return  # what is bought is fetched all the same
            delivered = yield from self._deliver(job, mark, staged, self.shop.purchase(job, about, order), job_id)
        if delivered is not None and self.standing.database_lost is None:
            checked = yield from self._check(job, mark, staged)
            if checked is not None:
                self._record(job, mark, staged, delivered, checked)

    def _again(self, job: Job, mark: str) -> Again:
        twins = alike(job, mark, self.plan, self.standing.made)
        return Again(self.db, self.task, self.folder, job, mark, twins)

    def _use_again(self, job: Job, mark: str, take: Take, file: Path) -> None:
        """Record a copy of what the film has already: it was checked when that was recorded."""
        staged = self.folder.stage_copy(file, job.output, self.staging)
        delivered = {"url": None, "facts": dict(take.facts)}
        self._record(job, mark, staged, delivered, Result(str(staged), take.sha256))

    def _is_overdrawn(self, job: Job) -> bool:
        """Say whether nothing may be bought: also by a channel's own program, which may order without asking."""
        if self.standing.overdrawn is None and job.script in self.work.channel.scripts and job.script in scripts.NEEDS:
            self.standing.overdrawn = self.shop.purchase(job, subject(job, self.standing.made)).used_up()
        return self.standing.overdrawn is not None

    def _deliver(
        self, job: Job, mark: str, staged: Path, purchase: Purchase, job_id: str | None
    ) -> Generator[Command, Ended, Mapping[str, Any] | None]:
        """Run a job's script; once its file is whole it is never bought again, whatever becomes of the check.

        The note that says so is a safety net: where there is no room for it, the file is checked all the same.
        """
        resume = [f"--resume-job={job_id}"] if job_id else []
        words = [*self._options(job), f"--output={staged}", *resume]
        keep = partial(self._keep, job, mark, staged)
        outcome = yield from self.programs.run(job, job.script, words, staged, job.timeout_s, purchase, keep)
        if isinstance(outcome, Failure):
            if purchase.resumed is not None and (job.makes in self.standing.dead or purchase.current is None):
                self._again(job, mark).require_word()  # now and not at the next try: a person is asked once
            return None
        return _as_delivered(outcome)

    def _keep(self, job: Job, mark: str, staged: Path, result: Result) -> None:
        with suppress(CannotWrite):
            self.staging.deliver(_delivery(job, mark), staged, _as_delivered(result))

    def _check(self, job: Job, mark: str, staged: Path) -> Generator[Command, Ended, Result | None]:
        """Have a file checked by a process of its own. Only its own word throws the file away."""
        words = [*(f"--{name}={value}" for name, value in job.expect.items()), str(staged)]
        purchase = replace(self.shop.purchase(job, subject(job, self.standing.made)), may_order=lambda: False)
        outcome = yield from self.programs.run(job, INSPECT, words, staged, INSPECT_TIMEOUT_S, purchase)
        if isinstance(outcome, Result):
            return outcome
        if is_its_own_word(outcome):
            if job.makes not in self.shop.fetched_again:
                self.standing.dead.append(job.makes)
            staged.unlink(missing_ok=True)
            self.staging.forget_delivery(_delivery(job, mark))
        else:
            self.standing.unchecked = True
        return None

    def _record(self, job: Job, mark: str, staged: Path, delivered: Mapping[str, Any], checked: Result) -> None:
        """Record a whole file, then move it into place: what is recorded can always be found again.

        What it replaces is kept: see `vidctl.storage.local` for the order.
        """
        stamp, now = stamp_of(staged), self.clock()
        made = Made(job.makes, job.output, checked.sha256, stamp.size_bytes, mark)
        facts = {**delivered["facts"], **(checked.facts or {})}
        with self.db.transaction():
            artifacts.record(
                self.db, self.task, made, modified_ns=stamp.modified_ns, url=delivered["url"], facts=facts, now=now
            )
            replaced = takes.made(self.db, self.task.id, made, now=now)
            orders.made(self.db, self.task.id, job.makes, subject(job, self.standing.made), now=now)
        self.staging.forget_delivery(_delivery(job, mark))
        self.store.is_replaced(job.makes)
        try:
            for take in replaced:
                self.folder.keep(take)
            self.folder.put_in_place(staged, job.output)
        except VidctlError:
            if not self.staging.root.exists():  # a successor cleared it in the same moment
                raise LostRace(f"{job.makes} is another process's now", hint="see: vidctl status") from None
            self.standing.unmoved = True
            raise
        self.standing.made[job.makes] = made
        self.recorded()

    def _options(self, job: Job) -> list[str]:
        words = options(job, lambda artifact: self.folder.path(self.standing.made[artifact].path))
        if job.document is None:
            return words
        return [*words, f"--{job.document_option}={self._write_document(job)}"]

    def _write_document(self, job: Job) -> Path:
        assert job.document is not None
        path = self.staging.place(f"documents/{job.makes.kind}_{job.makes.index}.json")
        in_place = {artifact: self.folder.path(self.standing.made[artifact].path) for artifact in needs(job)}
        path.write_text(document_json(job.document, lambda artifact: as_written_in(path, in_place[artifact])), "utf-8")
        return path


def _as_delivered(result: Result) -> dict[str, Any]:
    return {"url": result.url, "facts": result.facts or {}}


def _delivery(job: Job, mark: str) -> str:
    """Return the name of a delivery: two scenes that show the same have one fingerprint, and two files.

    By the file and not by its number, which an edit of the storyboard may change.
    """
    return f"{job.output.replace('/', '_')}_{mark}"
