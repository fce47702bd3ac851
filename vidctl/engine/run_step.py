"""One step of one film: take the locks, claim, make what is missing, move on, exit.

The task's lock says that somebody is alive and at work; the slots keep the limits at every instant;
the fence of the claim keeps out whoever lost its lock without noticing.
"""

import time
from contextlib import suppress
from datetime import timedelta
from typing import Final
from uuid import UUID

from vidctl.contract import ErrorClass, Failure, Scope, failure_of
from vidctl.domain.channel import Channel
from vidctl.domain.retry import MAX_ATTEMPTS
from vidctl.domain.status import ENGINE_WAITS, GATES, WORKING, engine_event
from vidctl.domain.work import Step
from vidctl.engine import journal
from vidctl.engine.context import ENGINE, Context
from vidctl.engine.leftovers import is_alive
from vidctl.engine.outcome import Outcome, pass_gate
from vidctl.engine.prepare import channel_of, end_leftovers
from vidctl.engine.publishing import waits_in_line
from vidctl.engine.redact import redacted_failure
from vidctl.engine.run import Run
from vidctl.engine.scripts import services_of
from vidctl.errors import ExitCode, LostRace, Misconfigured, Unavailable, VidctlError
from vidctl.logs import bound, log, named
from vidctl.pipeline import STEPS, publish, step_at
from vidctl.storage.files import cannot_write
from vidctl.storage.local import Folder, folder
from vidctl.store import Db, channels, keepers, locks, moves, services, tasks
from vidctl.store.channels import Known
from vidctl.store.connection import LOST
from vidctl.store.failures import Where
from vidctl.store.tasks import Seen, Task

LETS_END: Final = timedelta(hours=1)
"""How long after its claim a step that lost its database is waited for: the longest that a script may take."""


def run_step(db: Db, task_id: UUID, context: Context) -> ExitCode:
    """Take a film one step along, on a connection that is used for nothing else.

    Returns TRY_AGAIN when it was told to stop, OK otherwise: also where there was nothing to do,
    and where the step failed, since that is written where people look.

    Raises:
        Unavailable: the database went away; whatever was recorded stays.
    """
    try:
        found = taken(db, task_id, context)
        if found is None:
            return ExitCode.OK
        task, known, step = found
        with bound(correlation_id=str(task_id), channel_id=task.channel_id, step=step.name):
            return _work(db, task, known, step, context)
    except LostRace:
        return ExitCode.OK  # whoever moved the film has it now, and everything whole is recorded
    except LOST as exc:
        raise Unavailable("the database went away during a step", hint="the next tick goes on from here") from exc


def taken(db: Db, task_id: UUID, context: Context) -> tuple[Task, Known, Step] | None:
    """Take the locks that a film's next step needs, and return what it is about; None where it cannot be done now."""
    if not locks.try_task(db, task_id):
        return None
    task = tasks.get(db, task_id)
    known = channels.get(db, task.channel_id)
    step = step_at(task.status)
    return (task, known, step) if step and _may_run(db, task, known, step, context) else None


def _may_run(db: Db, task: Task, known: Known, step: Step, context: Context) -> bool:
    """Say whether the film is due, its channel active, its files in reach, and a slot free; takes the slots."""
    due = task.next_attempt_at is None or task.next_attempt_at <= context.clock()
    rests = task.paused_at is not None or task.asks is not None or not known.is_active
    if task.status not in ENGINE_WAITS or not due or rests:
        return False
    if task.claimed_by is not None and _still_at_work(task, context):
        return False
    if keepers.is_with_another(db, task, context.machine, now=context.clock()):
        return False
    channel, _ = _settings_of(task, known)
    if services.is_paused(db, services_of(channel, step.service), now=context.clock()):
        return False
    limit = getattr(context.limits, step.limit)
    return (
        locks.try_slot(db, locks.CHANNEL_SLOTS, known.number, known.max_concurrent)
        and locks.try_slot(db, locks.STEP_SLOTS, STEPS.index(step), limit)
        and locks.try_slot(
            db, locks.HOST_SLOTS, locks.number_of(context.machine), context.limits.max_concurrent_per_host
        )
    )


def _still_at_work(task: Task, context: Context) -> bool:
    """Say whether a step of this machine lost its database, and with it its lock, and lets end what it has begun.

    Its scripts wait for answers that are paid for; what they say is put off for the next claim.
    """
    machine, _, pid = str(task.claimed_by).rpartition(":")
    if task.claimed_at is None or task.claimed_at <= context.clock() - LETS_END:
        return False
    return machine == context.machine and pid.isdecimal() and is_alive(int(pid), begun=task.claimed_at)


def _work(db: Db, task: Task, known: Known, step: Step, context: Context) -> ExitCode:
    """Claim the film, do the step, and write down what came of it."""
    channel, trouble = _settings_of(task, known)
    if step is publish.STEP and trouble is None and waits_in_line(db, context, task, channel):
        context.moved()
        return ExitCode.OK
    with db.transaction():
        entered = pass_gate(db, context, channel, _enter(db, task, context))
        if entered.status not in WORKING:
            return ExitCode.OK  # it only had to be passed
        seen, attempt = moves.claim(db, entered, by=context.host, settings=known.config, now=context.clock())
    context.moved()
    named(f"{STEPS.index(step) + 1}-{step.name}_attempt-{attempt}_v{seen.version}")
    outcome = Outcome(db, context, channel, step, seen, Where(task.id, step.name, attempt, context.host))
    with bound(attempt=attempt):
        began = time.monotonic()
        log("step begins")
        status = _do(db, task, outcome, trouble)
        log("step ends", exit_status=int(status), duration_s=round(time.monotonic() - began, 3))
    return status


def _do(db: Db, task: Task, outcome: Outcome, trouble: Misconfigured | None) -> ExitCode:
    """Do the step of a film that is claimed, unless its settings cannot be used."""
    context, where = outcome.context, outcome.where
    place = folder(context.home, task.channel_id, str(task.id))
    if task.claimed_by is not None and _crashed_too_often(outcome, place, task.claimed_by):
        return ExitCode.OK
    run = Run(db, context, outcome.step, outcome, place)
    try:
        if trouble is not None:
            raise trouble
        return run.run(task)
    except LostRace:
        raise
    except (VidctlError, OSError) as error:
        failure = redacted_failure(
            failure_of(error if isinstance(error, VidctlError) else cannot_write(place.root, error)),
            context.environment,
        )
        journal.failed(db, where, None, failure, now=context.clock())
        outcome.failed([(None, failure)])
        return ExitCode.OK
    finally:
        with suppress(OSError):
            run.tidy()


def _settings_of(task: Task, known: Known) -> tuple[Channel, Misconfigured | None]:
    """Return the channel's settings for this film; where those it was begun with cannot be used, why."""
    try:
        return channel_of(task, known.channel), None
    except Misconfigured as error:
        hint = "it was begun by another version of vidctl: go on with that one"
        return known.channel, Misconfigured(f"the settings that the film was begun with: {error}", hint=hint)


def _enter(db: Db, task: Task, context: Context) -> Seen:
    """Move the film from a status between two steps on into the one where work is done, or to a gate."""
    seen = task.seen
    while seen.status not in WORKING and seen.status not in GATES:
        seen = moves.move(db, seen, engine_event(seen.status), actor=ENGINE, now=context.clock())
    return seen


def _crashed_too_often(outcome: Outcome, place: Folder, who: str) -> bool:
    """Note that the last run died; give up when five went that way without any progress."""
    crash = Failure(
        "Interrupted",
        ErrorClass.TRANSIENT,
        Scope.ITEM,
        f"the last run of this step ({who}) ended without a word",
        "it was killed, or its machine went down; what it had recorded is kept",
    )
    journal.failed(outcome.db, outcome.where, None, crash, now=outcome.context.clock())
    if outcome.where.attempt <= MAX_ATTEMPTS:
        return False
    end_leftovers(place, outcome.seen.version)
    outcome.crashed_too_often(crash)
    return True
