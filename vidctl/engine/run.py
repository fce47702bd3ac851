"""The part of a step between its claim and the move that ends it: make what is missing, then say how it went."""

from typing import Final

from vidctl.domain import metadata
from vidctl.domain.status import Status
from vidctl.domain.work import GATE_KINDS, UNCOUNTED, Artifact, Kind, Step, Work, missing
from vidctl.engine import animatic, backlog
from vidctl.engine.clearance import Wait
from vidctl.engine.context import Context
from vidctl.engine.making import Making
from vidctl.engine.outcome import Outcome
from vidctl.engine.prepare import clear_the_way, first_gap, is_published, require_approval, work_of
from vidctl.engine.publishing import RECEIPT, Publishing, open_for
from vidctl.engine.resuming import pass_over
from vidctl.engine.standing import Standing
from vidctl.engine.storing import Store
from vidctl.engine.world import Runner
from vidctl.errors import ExitCode
from vidctl.pipeline import STEPS, composites, publish
from vidctl.storage.local import Folder
from vidctl.store import Db, artifacts, marks, tasks
from vidctl.store.tasks import Task

_READ_HERE: Final = {
    publish.STEP.name: (Artifact(Kind.STORYBOARD), *map(Artifact, GATE_KINDS[Status.FINAL_REVIEW])),
}
"""What the engine itself reads before a step: the storyboard, and what was approved, byte by byte."""


class Run:
    """The part of a run between its claim and the move that ends it."""

    def __init__(self, db: Db, context: Context, step: Step, outcome: Outcome, place: Folder) -> None:
        self._db = db
        self._context = context
        self._step = step
        self._outcome = outcome
        self._place = place
        self._making: Making | None = None
        self._publishing: Publishing | None = None
        self._finished = False

    def run(self, task: Task) -> ExitCode:
        """Do what is missing and end with one move, unless a person took the film back meanwhile."""
        outcome = self._outcome
        shared = outcome.channel.storage_strategy == "r2"
        whole = clear_the_way(
            *(self._db, task, self._place, outcome.seen.version), machine=self._context.machine, shared=shared
        )
        backlog.book(self._db, outcome.seen, self._place.staging(outcome.seen.version))
        store = self._store_of()
        self._children(1).run([store.fetch_all(_READ_HERE.get(self._step.name, (Artifact(Kind.STORYBOARD),)))])
        work = work_of(self._db, task, outcome.channel, self._place, whole)
        if (gap := first_gap(self._step, work, whole)) is not None:
            outcome.send_back(*gap)
            return ExitCode.OK
        if self._step is publish.STEP:
            require_approval(self._db, task, self._place, whole)
            if is_published(self._db, task, whole):
                return self._finish(work)
            opened = open_for(self._db, self._context, task, outcome.channel)
            if isinstance(opened, Wait):
                outcome.waits(opened, progressed=False)
                return ExitCode.OK
            self._publishing = opened
        making = self._making = Making(
            self._db,
            outcome.seen,
            work,
            self._place,
            self._publishing.environment if self._publishing else self._context.environment,
            outcome.where,
            self._step.service,
            self._context.limits,
            self._context.clock,
            store,
            self._context.moved,
            self._context.stopping,
            Standing(dict(whole)),
            self._publishing.judged if self._publishing else lambda failure: failure,
            self._context.world,
        )
        self._make_all(making)
        if store.is_used and making.standing.database_lost is None and not self._context.stopping():
            self._children(self._context.limits.items_per_step).run(store.pieces())
        return self._end(making, progressed=making.standing.made != whole or making.standing.got_on)

    def _children(self, limit: int) -> Runner:
        return self._context.world.programs(limit, stopping=self._context.stopping)

    def _store_of(self) -> Store:
        seen, clock = self._outcome.seen, self._context.clock
        return Store(
            *(self._db, seen, self._outcome.channel, self._place, self._place.staging(seen.version)),
            *(self._context.environment, clock, artifacts.done(self._db, seen.id)),
        )

    def tidy(self) -> None:
        """Remove this claim's staging, unless there is something in it that the next claim has to take over.

        That may belong to another step, which will ask for it when the film gets there again.
        """
        staging = self._place.staging(self._outcome.seen.version)
        kept = (self._making is not None and self._making.standing.unmoved) or staging.owes()
        if not kept or (self._finished and self._step is publish.STEP):
            staging.close()

    def _make_all(self, making: Making) -> None:
        """Make everything that is missing, in rounds: what needs another artifact waits for it."""
        jobs = making.plan = self._step.plan(making.work)
        while (
            not making.standing.blocked
            and not making.standing.failed
            and making.standing.overdrawn is None
            and making.standing.waits is None
            and (todo := missing(jobs, making.standing.made))
        ):
            counted = [job for job in jobs if job.makes.kind not in UNCOUNTED]
            there = sum(job.makes in making.standing.made and job not in todo for job in counted)
            marks.expect(self._db, making.task, done=there, total=len(counted))
            if self._publishing is not None and any(job.makes == RECEIPT for job in todo):
                making.standing.waits = self._publishing.clear(making.work)
                if making.standing.waits is not None:
                    return
            limit = self._context.parallel(making.work.channel, self._step)
            self._children(1).run([making.bring(todo)])
            self._children(limit).run(making.pieces(todo))
            if making.standing.database_lost is not None:
                raise making.standing.database_lost
            if self._context.stopping():
                return

    def _end(self, making: Making, *, progressed: bool) -> ExitCode:
        if making.standing.held:
            return ExitCode.OK
        if self._context.stopping():
            self._outcome.stopped(progressed=progressed)
            return ExitCode.TRY_AGAIN
        if making.standing.failed:
            self._outcome.failed(making.standing.failed, progressed=progressed, dead=making.standing.dead)
        elif making.standing.waits is not None:
            self._outcome.waits(making.standing.waits, progressed=progressed)
        elif making.standing.shelved:
            self._outcome.stopped(progressed=progressed, why="its card is in the trash")
        elif making.standing.overdrawn is not None:
            self._outcome.overdrawn(making.standing.overdrawn, progressed=progressed)
        elif making.standing.crowded:
            self._outcome.stopped(progressed=progressed, why=f"{self._step.service} is busy with other films")
        elif making.standing.paused_until is not None:
            self._outcome.paused(making.standing.paused_until, progressed=progressed)
        elif making.store.failed:
            self._outcome.unstored(making.store.failed, progressed=progressed)
        else:
            return self._finish(making.work)
        return ExitCode.OK

    def _finish(self, work: Work) -> ExitCode:
        whole = [step.name for step in STEPS[: STEPS.index(self._step) + 1]]
        pass_over(self._db, self._outcome.seen, whole, now=self._context.clock())
        warnings = metadata.written(work, work.film_facts).warnings if self._step is publish.STEP else ()
        self._outcome.finish(asks=self._question(work), warnings=warnings)
        self._finished = True
        return ExitCode.OK

    def _question(self, work: Work) -> str:
        """Return what a person is asked before the next step, at a gate that only some channels have."""
        if self._step is not composites.STEP:
            return ""
        context, task = self._context, tasks.get(self._db, self._outcome.seen.id)
        return animatic.question(self._db, task, work, context.limits, home=context.home, now=context.clock())
