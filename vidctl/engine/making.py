"""Make the missing artifacts of one step: run their scripts, check the files, record them.

One `Making` is one claim's work on one step. What a script says is journaled as it is said: a
submitted job's id is committed before its result is awaited.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from vidctl.contract import NOT_LET, ErrorClass, Failure, Result, Scope, failure_of
from vidctl.domain.channel import Limits, timeout_of
from vidctl.domain.status import WORKING
from vidctl.domain.takes import Take
from vidctl.domain.work import Artifact, Job, Made, Work, document_json, fingerprint, needs, subject
from vidctl.engine import backlog, pauses, scripts
from vidctl.engine.children import Command, Ended
from vidctl.engine.ear import Ear
from vidctl.engine.purchases import Overdrawn, Purchase
from vidctl.engine.redact import redacted, redacted_failure
from vidctl.engine.scripts import as_written_in, environment, options, program
from vidctl.engine.shop import Shop
from vidctl.engine.slots import Slots
from vidctl.engine.storing import Store
from vidctl.engine.used_again import Again, alike, on_the_move
from vidctl.engine.verdict import broken, is_a_dead_job, is_its_own_word, verdict
from vidctl.errors import CannotWrite, LostRace, Misconfigured, VidctlError
from vidctl.storage.files import cannot_write, sha256_of, stamp_of
from vidctl.storage.local import Folder
from vidctl.storage.staging import Staging
from vidctl.store import Db, artifacts, failures, jobs, orders, takes
from vidctl.store.connection import LOST
from vidctl.store.failures import Where
from vidctl.store.tasks import Seen

INSPECT: Final = "inspect_media.py"
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
    made: dict[Artifact, Made] = field(default_factory=dict)
    plan: list[Job] = field(default_factory=list)
    """Everything that the step wants."""
    failed: list[tuple[Artifact, Failure]] = field(default_factory=list)
    held: bool = False
    """A person took the film back while it was being worked on."""
    shelved: bool = False
    """Its card was put in the trash while it was being worked on."""
    dead: list[Artifact] = field(default_factory=list)
    """Whose job was bought and will give nothing good: a person's retry must not resume it for ever."""
    database_lost: psycopg.Error | None = None
    """Nothing can be recorded any more; what runs is let end, since it is paid for."""
    unchecked: bool = False
    """The check itself failed: what was delivered waits for the next run, and nothing more is bought meanwhile."""
    paused_until: datetime | None = None
    """The service was paused by somebody while the step was at work."""
    overdrawn: Overdrawn | None = None
    """A budget has no room for what would have to be bought next."""
    crowded: bool = False
    """Others have had all slots of the service, or ordered, for a long time."""
    unmoved: bool = False
    """Something recorded could not be moved into place: it is still in staging, and only there."""
    shop: Shop = field(init=False)

    def __post_init__(self) -> None:
        about = (self.db, self.task, self.work.channel, self.service, self.limits, self.where, self.environment)
        self.shop = Shop(*about, self.staging.root, self.clock, self._may_order)

    def _may_order(self) -> bool:
        return not self.blocked and self.overdrawn is None and not self.stopping()

    @property
    def staging(self) -> Staging:
        """Where this claim's scripts write."""
        return self.folder.staging(self.task.version)

    @property
    def blocked(self) -> bool:
        """Whether nothing new may be begun: held, nobody to check it, or the whole service is in trouble."""
        stopped = self.held or self.shelved or self.unchecked or self.crowded
        stopped = stopped or self.paused_until is not None or self.database_lost is not None
        return stopped or any(failure.scope is Scope.SERVICE for _, failure in self.failed)

    def pieces(self, wanted: Iterable[Job]) -> Generator[Generator[Command, Ended, None] | None, None, None]:
        """Yield one piece of work for each job, for as long as new work may begin; None while it has to wait."""
        for job in wanted:
            slots = self.shop.slots(job)
            while not self.blocked and (slot := slots.take()) is None:
                if slots.waited_too_long and not slots.held:
                    self.crowded = True
                yield None
            if self.blocked:
                return
            assert slot is not None
            yield self._in_slot(slots, slot, self._make(job))

    def bring(self, wanted: Iterable[Job]) -> Generator[Command, Ended, None]:
        """Bring here what only changes its number, and is in the object store.

        Raises:
            ScriptError: it cannot be had now.
        """
        yield from self.store.fetch_all(on_the_move(wanted, self.made, self.store.kept))

    def _in_slot(
        self, slots: Slots, slot: int, piece: Generator[Command, Ended, None]
    ) -> Generator[Command, Ended, None]:
        try:
            yield from piece
        finally:
            try:
                slots.give_back(slot)
            except psycopg.OperationalError as exc:
                self.database_lost = self.database_lost or exc

    def _make(self, job: Job) -> Generator[Command, Ended, None]:
        """Make one artifact. Whatever goes wrong with it, its siblings can finish: they are paid for."""
        try:
            yield from self._make_and_note(job)
        except LOST as exc:
            self.database_lost = exc

    def _make_and_note(self, job: Job) -> Generator[Command, Ended, None]:
        """Make one artifact; what goes wrong with it is noted."""
        try:
            yield from self._attempt(job)
        except LostRace:
            raise
        except VidctlError as error:
            self.note(job.makes, failure_of(error))
        except OSError as exc:
            self.note(job.makes, failure_of(cannot_write(self.folder.root, exc)))
        except psycopg.DataError as exc:
            self.note(job.makes, broken(f"{job.script} said what cannot be kept: {exc}"))

    def _attempt(self, job: Job) -> Generator[Command, Ended, None]:
        """Run a job's script, then have its file checked, then record it."""
        mark = fingerprint(job, self.made)
        prompt = next((job.args[name] for name in _PROMPTS if name in job.args), "")
        begun = jobs.begin(
            self.db,
            self.task,
            job.makes,
            fingerprint=mark,
            subject=subject(job, self.made),
            prompt=failures.clean(prompt),
            services=scripts.services_of(self.work.channel, self.service),
            now=self.clock(),
        )
        if begun.status not in WORKING:
            self.held = True
            return
        if begun.card_is_gone:
            self.shelved = True
            return
        if begun.paused_until is not None:
            self.paused_until = begun.paused_until
            return
        staged = self.staging.place(job.output)
        delivered = self.staging.delivered(_delivery(job, mark))
        if delivered is None:
            again = self._again(job, mark)
            if (found := again.find()) is not None:
                self._use_again(job, mark, *found)
                return
            yield from self.store.fetch_all(needs(job))
            about = subject(job, self.made)
            order = yield from self.shop.past(job, about, again.twins).order(begun.job_id)
            job_id = order.job_id if order else begun.job_id
            if job_id is None:
                again.require_word()
            if job_id is None and self._is_overdrawn(job):
                return  # what is bought is fetched all the same
            delivered = yield from self._deliver(job, mark, staged, self.shop.purchase(job, about, order), job_id)
        if delivered is not None and self.database_lost is None:
            checked = yield from self._check(job, mark, staged)
            if checked is not None:
                self._record(job, mark, staged, delivered, checked)

    def _again(self, job: Job, mark: str) -> Again:
        twins = alike(job, mark, self.plan, self.made)
        return Again(self.db, self.task, self.folder, job, mark, twins)

    def _use_again(self, job: Job, mark: str, take: Take, file: Path) -> None:
        """Record a copy of what the film has already: it was checked when that was recorded."""
        staged = self.folder.stage_copy(file, job.output, self.staging)
        delivered = {"url": None, "facts": dict(take.facts)}
        self._record(job, mark, staged, delivered, Result(str(staged), take.sha256))

    def _is_overdrawn(self, job: Job) -> bool:
        """Say whether nothing may be bought: also by a channel's own program, which may order without asking."""
        if self.overdrawn is None and job.script in self.work.channel.scripts and job.script in scripts.NEEDS:
            self.overdrawn = self.shop.purchase(job, subject(job, self.made)).used_up()
        return self.overdrawn is not None

    def _deliver(
        self, job: Job, mark: str, staged: Path, purchase: Purchase, job_id: str | None
    ) -> Generator[Command, Ended, Mapping[str, Any] | None]:
        """Run a job's script; once its file is whole it is never bought again, whatever becomes of the check.

        The note that says so is a safety net: where there is no room for it, the file is checked all the same.
        """
        resume = [f"--resume-job={job_id}"] if job_id else []
        words = [*self._options(job), f"--output={staged}", *resume]
        outcome = yield from self._listen(job, job.script, words, staged, job.timeout_s, purchase)
        if isinstance(outcome, Failure):
            return None
        result = {"url": outcome.url, "facts": outcome.facts or {}}
        with suppress(CannotWrite):
            self.staging.deliver(_delivery(job, mark), staged, result)
        return result

    def _check(self, job: Job, mark: str, staged: Path) -> Generator[Command, Ended, Result | None]:
        """Have a file checked by a process of its own. Only its own word throws the file away."""
        words = [*(f"--{name}={value}" for name, value in job.expect.items()), str(staged)]
        purchase = replace(self.shop.purchase(job, subject(job, self.made)), may_order=lambda: False)
        outcome = yield from self._listen(job, INSPECT, words, staged, INSPECT_TIMEOUT_S, purchase)
        if isinstance(outcome, Result):
            return outcome
        if is_its_own_word(outcome):
            if job.makes not in self.shop.fetched_again:
                self.dead.append(job.makes)
            staged.unlink(missing_ok=True)
            self.staging.forget_delivery(_delivery(job, mark))
        else:
            self.unchecked = True
        return None

    def _listen(
        self, job: Job, script: str, words: list[str], staged: Path, timeout_s: float, purchase: Purchase
    ) -> Generator[Command, Ended, Result | Failure]:
        """Run a program, journal what it says, and return its result, or its failure once that is noted."""
        channel = self.work.channel
        ear = Ear(self.db, self.staging, self.environment, self.clock, purchase)
        argv = [*program(channel, script), *words]
        command = Command(
            argv=argv,
            environment=environment(channel, script, self.environment, prices=self.limits.prices),
            folder=self.staging.root,
            timeout_s=timeout_of(channel, script, timeout_s),
            on_line=ear.hear,
            owes=lambda: purchase.owes,
        )
        try:
            ended = yield command
        except OSError as exc:
            raise Misconfigured(f"cannot run {argv[0]}: {exc.strerror}", hint="correct its path and mode") from exc
        self.database_lost = self.database_lost or ear.database_lost
        stderr = redacted(ended.stderr, self.environment, longest=failures.STDERR_CHARACTERS)
        outcome = verdict(script, replace(ended, stderr=stderr), ear.last, ear.complaint)
        if isinstance(outcome, Result) and not staged.is_file():
            outcome = _no_file(script)
        whole = None if script == INSPECT or isinstance(outcome, Result) else _whole_all_the_same(ear.last, staged)
        self._answer_for(purchase, whole or outcome)
        if isinstance(outcome, Result) or (purchase.denied and outcome.error_type == NOT_LET):
            return outcome
        if whole:
            try:
                self._write_down(job.makes, outcome, stderr)
            except LOST as exc:
                self.database_lost = exc
            return whole
        if script == INSPECT:
            outcome = self._judged(job, staged, outcome)
        elif is_a_dead_job(outcome):
            self.dead.append(job.makes)
        return self.note(job.makes, outcome, stderr, script=script)

    def _judged(self, job: Job, staged: Path, outcome: Failure) -> Failure:
        """Return what a check said of a file, as something that passes where only the download may have been bad."""
        if not is_its_own_word(outcome) or not staged.is_file():
            return outcome
        again = self.shop.is_fetched_again(job.makes, subject(job, self.made), sha256_of(staged))
        return replace(outcome, error_class=ErrorClass.TRANSIENT) if again else outcome

    def _answer_for(self, purchase: Purchase, outcome: Result | Failure) -> None:
        """Say what became of what a script ordered, while the database can hear it; else the next claim does."""
        self.overdrawn, self.crowded = self.overdrawn or purchase.overdrawn, self.crowded or purchase.crowded
        if self.database_lost is None:
            try:
                purchase.ended(outcome)
            except LOST as exc:
                self.database_lost = exc
        if self.database_lost is not None and isinstance(outcome, Failure):
            with suppress(CannotWrite):
                backlog.keep(self.staging, purchase, outcome, at=self.clock())

    def note(self, artifact: Artifact, failure: Failure, stderr: str = "", *, script: str = "") -> Failure:
        """Keep a failure for the decision that follows the step, and in the database; return it as it may be shown."""
        failure = redacted_failure(failure, self.environment)
        service = scripts.service_of(self.work.channel, self.service, script)
        if failure.scope is Scope.SERVICE and service is None:
            failure = replace(failure, scope=Scope.ITEM)
        self.failed.append((artifact, failure))
        if failure.error_type != "Stopped":
            self._write_down(artifact, failure, stderr)
        if failure.scope is Scope.SERVICE and service is not None:
            pauses.begin(self.db, service, failure, now=self.clock())
        return failure

    def _write_down(self, artifact: Artifact, failure: Failure, stderr: str) -> None:
        failure = redacted_failure(failure, self.environment)
        failures.note(self.db, self.where, artifact, failure, stderr=stderr, now=self.clock())

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
            orders.made(self.db, self.task.id, job.makes, subject(job, self.made), now=now)
        self.staging.forget_delivery(_delivery(job, mark))
        self.store.is_replaced(job.makes)
        try:
            for take in replaced:
                self.folder.keep(take)
            self.folder.put_in_place(staged, job.output)
        except VidctlError:
            if not self.staging.root.exists():  # a successor cleared it in the same moment
                raise LostRace(f"{job.makes} is another process's now", hint="see: vidctl status") from None
            self.unmoved = True
            raise
        self.made[job.makes] = made
        self.recorded()

    def _options(self, job: Job) -> list[str]:
        words = options(job, lambda artifact: self.folder.path(self.made[artifact].path))
        if job.document is None:
            return words
        return [*words, f"--{job.document_option}={self._write_document(job)}"]

    def _write_document(self, job: Job) -> Path:
        assert job.document is not None
        path = self.staging.place(f"documents/{job.makes.kind}_{job.makes.index}.json")
        in_place = {artifact: self.folder.path(self.made[artifact].path) for artifact in needs(job)}
        path.write_text(document_json(job.document, lambda artifact: as_written_in(path, in_place[artifact])), "utf-8")
        return path


def _delivery(job: Job, mark: str) -> str:
    """Return the name of a delivery: two scenes that show the same have one fingerprint, and two files.

    By the file and not by its number, which an edit of the storyboard may change.
    """
    return f"{job.output.replace('/', '_')}_{mark}"


def _whole_all_the_same(said: Result | Failure | None, staged: Path) -> Result | None:
    """Return the result of a script that ended badly after its file was whole: what is paid for is kept."""
    if isinstance(said, Result) and staged.is_file() and sha256_of(staged) == said.sha256:
        return said
    return None


def _no_file(script: str) -> Failure:
    return Failure(
        "NoFile",
        ErrorClass.PERMANENT,
        Scope.ITEM,
        f"{script} reported a result but wrote no file",
        "mend the script: --output must exist when it ends well",
    )
