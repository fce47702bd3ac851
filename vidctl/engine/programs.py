"""Run the programs of one claim of a film, and journal what they say in the moment in which they say it."""

import time
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from vidctl.contract import NOT_LET, ErrorClass, Failure, Result, Scope
from vidctl.domain.channel import Channel, timeout_of
from vidctl.domain.limits import Limits
from vidctl.domain.work import Artifact, Job, Kind, subject
from vidctl.engine import backlog, journal, pauses, scripts
from vidctl.engine.children import Command, Ended
from vidctl.engine.ear import Ear
from vidctl.engine.far import Far
from vidctl.engine.purchases import Purchase
from vidctl.engine.quotas import Meter
from vidctl.engine.redact import redacted, redacted_failure
from vidctl.engine.scripts import environment, program
from vidctl.engine.shop import Shop
from vidctl.engine.standing import Standing
from vidctl.engine.verdict import broken, is_a_dead_job, is_its_own_word, verdict
from vidctl.errors import CannotWrite, Misconfigured
from vidctl.logs import log
from vidctl.storage.files import sha256_of
from vidctl.storage.staging import Staging
from vidctl.store import Db, failures
from vidctl.store.connection import LOST
from vidctl.store.failures import Where
from vidctl.store.tasks import Seen

INSPECT: Final = "inspect_media.py"


@dataclass(frozen=True, slots=True)
class Programs:
    """What runs for one claim, one program after the other or side by side; what comes of it is in `standing`."""

    db: Db
    channel: Channel
    staging: Staging
    environment: Mapping[str, str]
    where: Where
    service: str
    limits: Limits
    clock: Callable[[], datetime]
    shop: Shop
    standing: Standing
    task: Seen
    recorded: Callable[[], None]
    """Told whenever the film's card has something to show."""
    judged: Callable[[Failure], Failure]

    def run(
        self,
        job: Job,
        script: str,
        words: list[str],
        staged: Path,
        timeout_s: float,
        purchase: Purchase,
        keep: Callable[[Result], None] = lambda _: None,
    ) -> Generator[Command, Ended, Result | Failure]:
        """Run a program, journal what it says, and return its result, or its failure once that is noted.

        `keep` is told of a file that is whole before anything else happens: the process may be killed, or wait
        for the database.
        """
        channel = self.channel
        meter = Meter(self.db, self.environment, self.limits)
        ear = Ear(self.db, self.staging, self.environment, self.clock, purchase, meter)
        if job.makes.kind is Kind.RECEIPT and script != INSPECT:  # long enough to be told of while it goes on
            ear.is_far = Far(self.db, self.task, self.where, self.clock, self.recorded, self.standing).hear
        argv = [*program(channel, script), *words]
        command = Command(
            argv=argv,
            environment=environment(channel, script, self.environment, prices=self.limits.prices),
            folder=self.staging.root,
            timeout_s=timeout_of(channel, script, timeout_s),
            on_line=ear.hear,
            owes=lambda: purchase.owes,
        )
        about, began = journal.about(script, job.makes), time.monotonic()
        log(f"{script} begins", level="debug", **about)
        try:
            ended = yield command
        except OSError as exc:
            raise Misconfigured(f"cannot run {argv[0]}: {exc.strerror}", hint="correct its path and mode") from exc
        self.standing.database_lost = self.standing.database_lost or ear.database_lost
        stderr = redacted(ended.stderr, self.environment, longest=failures.STDERR_CHARACTERS)
        outcome = _outcome(script, replace(ended, stderr=stderr), ear, purchase, staged)
        log(f"{script} ended", **about, exit_status=ended.status, duration_s=round(time.monotonic() - began, 3))
        whole = None if script == INSPECT or isinstance(outcome, Result) else _whole_all_the_same(ear.last, staged)
        if isinstance(good := whole or outcome, Result):
            keep(good)
        self._answer_for(purchase, good)
        if isinstance(outcome, Result) or (purchase.denied and outcome.error_type == NOT_LET):
            journal.said(script, job.makes, stderr)
            return outcome
        if whole:
            try:
                self._write_down(job.makes, outcome, stderr, script)
            except LOST as exc:
                self.standing.database_lost = exc
            return whole
        if script == INSPECT:
            outcome = self._judged(job, staged, outcome)
        elif is_a_dead_job(outcome):
            self.standing.dead.append(job.makes)
        return self.note(job.makes, outcome, stderr, script=script)

    def _judged(self, job: Job, staged: Path, outcome: Failure) -> Failure:
        """Return what a check said of a file, as something that passes where only the download may have been bad."""
        if not is_its_own_word(outcome) or not staged.is_file():
            return outcome
        again = self.shop.is_fetched_again(job.makes, subject(job, self.standing.made), sha256_of(staged))
        return replace(outcome, error_class=ErrorClass.TRANSIENT) if again else outcome

    def _answer_for(self, purchase: Purchase, outcome: Result | Failure) -> None:
        """Say what became of what a script ordered, while the database can hear it; else the next claim does."""
        self.standing.overdrawn = self.standing.overdrawn or purchase.overdrawn
        self.standing.crowded = self.standing.crowded or purchase.crowded
        if self.standing.database_lost is None:
            try:
                purchase.ended(outcome)
            except LOST as exc:
                self.standing.database_lost = exc
        if self.standing.database_lost is not None and isinstance(outcome, Failure):
            with suppress(CannotWrite):
                backlog.keep(self.staging, purchase, outcome, at=self.clock())

    def note(self, artifact: Artifact, failure: Failure, stderr: str = "", *, script: str = "") -> Failure:
        """Keep a failure for the decision that follows the step, and in the database; return it as it may be shown."""
        failure = self.judged(redacted_failure(failure, self.environment))
        service = scripts.service_of(self.channel, self.service, script)
        if failure.scope is not Scope.ITEM and service is None:
            failure = replace(failure, scope=Scope.ITEM)
        self.standing.failed.append((artifact, failure))
        if failure.error_type != "Stopped":
            self._write_down(artifact, failure, stderr, script)
        if failure.scope is not Scope.ITEM and service is not None:
            rests = service if failure.scope is Scope.SERVICE else scripts.of_channel(self.channel, self.service)
            pauses.begin(self.db, rests, failure, now=self.clock())
        return failure

    def _write_down(self, artifact: Artifact, failure: Failure, stderr: str, script: str) -> None:
        failure = redacted_failure(failure, self.environment)
        journal.failed(self.db, self.where, artifact, failure, now=self.clock(), stderr=stderr, script=script)


def _outcome(script: str, ended: Ended, ear: Ear, purchase: Purchase, staged: Path) -> Result | Failure:
    """Return what the end of a program means."""
    if script == INSPECT and purchase.denied:
        return broken(f"{script} asks for money: a check may order nothing")
    outcome = verdict(script, ended, ear.last, ear.complaint)
    return outcome if isinstance(outcome, Failure) or staged.is_file() else _no_file(script)


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
