"""What follows a step: on to the next status, again later, back to an earlier step, or a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from vidctl.contract import Failure
from vidctl.contract import Scope as FailureScope
from vidctl.domain import retry
from vidctl.domain.budget import Scope
from vidctl.domain.channel import Channel
from vidctl.domain.retry import MAX_ATTEMPTS, Again
from vidctl.domain.review import listed
from vidctl.domain.status import GATES, WORKING, Event, Status, engine_event, next_status
from vidctl.domain.work import Artifact, Kind, Step
from vidctl.engine import pauses, publishing
from vidctl.engine.clearance import Wait
from vidctl.engine.context import ENGINE, Context
from vidctl.engine.gone import Gone, sentence
from vidctl.engine.purchases import Overdrawn
from vidctl.engine.storing import SERVICE
from vidctl.logs import log
from vidctl.pipeline import publish
from vidctl.store import Db, artifacts, audit, jobs, marks, moves, outbox, services, tasks
from vidctl.store.failures import Where
from vidctl.store.tasks import Seen
from vidctl.store.texts import storable

STORE_AGAIN: Final = timedelta(minutes=2)
"""How long after a failure to store its files a film tries again."""
LOOK_AGAIN: Final = timedelta(hours=1)
"""How long a used-up budget is believed to be so: an order that was not taken after all may have made room."""
SAID_ONCE: Final = timedelta(days=1)

_NAMED: Final = 3
"""How many things that went wrong are named."""
_GATE_SETTING: Final = dict(zip(GATES, ("assets", "video", "audio", "final"), strict=True))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Writes down what follows one run of one step."""

    db: Db
    context: Context
    channel: Channel
    step: Step
    seen: Seen
    where: Where

    def finish(self, *, asks: str = "", warnings: Sequence[str] = ()) -> Seen:
        """Everything exists: on to the next status, and through gates that need nobody.

        `asks` is what a person is asked at a gate that only some channels have, `warnings` what was changed of what is
        said of a published film.
        """
        publishes = self.step is publish.STEP
        with audit.deciding(self.db) if publishes else self.db.transaction():
            said = publishing.told(self.db, self.seen, warnings) if publishes else ""
            seen = self._move(self.seen, Event.FINISH, log_line=self._log(said) if said else "")
            if asks and not _is_approved(self.db, seen):
                marks.ask(self.db, seen, storable(asks))
                return seen
            if seen.status is Status.PUBLISHED:
                self._keep_address()
                publishing.arrived(self.db, seen, self.channel, now=self.context.clock())
            while seen.status not in WORKING and _leads_to_gate(seen.status):
                seen = self._move(seen, engine_event(seen.status))
            return pass_gate(self.db, self.context, self.channel, seen)

    def _keep_address(self) -> None:
        """Keep where the film can be watched; a person is told when the script did not say it."""
        if url := artifacts.url_of(self.db, self.seen.id, Artifact(Kind.RECEIPT)):
            marks.published(self.db, self.seen, url)
            return
        outbox.alert(
            self.db,
            "no address",
            "the film was published, but its script did not say where",
            hint="look for it on the channel",
            now=self.context.clock(),
            task_id=self.seen.id,
        )

    def stopped(self, *, progressed: bool, why: str = "stopped") -> None:
        """Told to stop: a later tick goes on from here, and no attempt is spent."""
        self._move(self.seen, Event.DEFER, reason=why, attempt=self._spent_before(progressed=progressed))

    def paused(self, until: datetime, *, progressed: bool) -> None:
        """The service is left alone for a while: that is nobody's failure."""
        attempt = self._spent_before(progressed=progressed)
        self._move(self.seen, Event.DEFER, reason=f"{self.step.service} is paused", due_at=until, attempt=attempt)

    def waits(self, wait: Wait, *, progressed: bool) -> None:
        """The film may not go to the public yet: that is nobody's failure."""
        attempt = self._spent_before(progressed=progressed)
        self._move(
            *(self.seen, Event.DEFER),
            reason=wait.why,
            due_at=wait.until,
            attempt=attempt,
            log_line=self._log(f"{wait.why}; next at {wait.until:%Y-%m-%d %H:%M} UTC"),
        )

    def unstored(self, met: Sequence[tuple[Artifact, Failure]], *, progressed: bool) -> None:
        """Everything is made, and not all of it is in the object store: the film waits for that, and nothing fails."""
        now, worst = self.context.clock(), retry.worst([failure for _, failure in met])
        wait = max(STORE_AGAIN, timedelta(seconds=worst.retry_after_s or 0))
        if worst.scope is FailureScope.SERVICE:
            pauses.begin(self.db, SERVICE, worst, now=now)
        self._move(
            self.seen,
            Event.DEFER,
            reason=f"not stored yet: {_sentence(met)}",
            due_at=now + wait,
            attempt=self._spent_before(progressed=progressed),
        )

    def overdrawn(self, over: Overdrawn, *, progressed: bool) -> None:
        """A budget is used up: the card says so, and nothing more is bought until it is raised or begins anew.

        The other films of the channel wait with it, but not where it is this film's own budget.
        """
        attempt, now = self._spent_before(progressed=progressed), self.context.clock()
        of_the_film = over.cap.scope is Scope.FILM
        with self.db.transaction():
            if not of_the_film:
                until = min(over.cap.until or now + LOOK_AGAIN, now + LOOK_AGAIN)
                services.pause(self.db, over.cap.stop, until=until, reason=over.sentence)
            outbox.alert(
                self.db,
                "budget",
                over.sentence,
                hint="what is bought already is fetched; the rest waits",
                now=now,
                task_id=self.seen.id if of_the_film else None,
                service=None if of_the_film else over.cap.stop,
                quiet=SAID_ONCE,
            )
            is_news = over.sentence not in tasks.get(self.db, self.seen.id).error_log.rpartition("\n")[2]
            self._move(
                self.seen,
                Event.DEFER,
                reason=over.sentence,
                due_at=now + LOOK_AGAIN if of_the_film else None,
                attempt=attempt,
                log_line=self._log(over.sentence) if is_news else "",
            )

    def _spent_before(self, *, progressed: bool) -> int:
        """Return the attempts that count when this one does not: what got something done ends a series."""
        return 0 if progressed else self.where.attempt - 1

    def failed(
        self,
        met: Sequence[tuple[Artifact | None, Failure]],
        *,
        progressed: bool = False,
        dead: Sequence[Artifact] = (),
    ) -> None:
        """Try again later or ask a person, by the failure that weighs most of all that were met.

        An attempt that got something done is the first of a new series. The jobs of `dead` will give
        nothing good: once a person is asked, they are not resumed any more.
        """
        attempt = 1 if progressed else self.where.attempt
        worst = retry.worst([failure for _, failure in met])
        follows = retry.after(worst, attempt=attempt, now=self.context.clock())
        with self.db.transaction():
            if isinstance(follows, Again):
                spent = attempt if follows.spends_attempt else self._spent_before(progressed=progressed)
                self._move(self.seen, Event.DEFER, reason=worst.message, due_at=follows.at, attempt=spent)
            else:
                jobs.forget(self.db, self.seen.id, dead)
                self._give_up(_sentence(met), worst, attempt)

    def crashed_too_often(self, failure: Failure) -> None:
        """Five runs in a row ended without a word and without getting anything done."""
        with self.db.transaction():
            self._give_up(failure.message, failure, MAX_ATTEMPTS)

    def send_back(self, to: Step, lost: Artifact) -> None:
        """An earlier step's file is gone: that step looks for it, or makes it again where it costs nothing.

        But the storyboard is what everything else was made from: a new one would make all of that anew.
        """
        asks = lost.kind is Kind.STORYBOARD
        follows = "a person has to say what now" if asks else f"step {to.name} sees to it"
        what = (
            f"no {lost} is there to be looked at"
            if lost.kind is Kind.ANIMATIC
            else f"the file of {lost} is gone or damaged"
        )
        reason = f"{what}: {follows}"
        with self.db.transaction():
            failed = self._move(self.seen, Event.FAIL, reason=reason, failed_step=to.name, log_line=self._log(reason))
            if asks:
                hint = "put its file back, then vidctl retry; a retry without it writes a new one, and a new film"
                outbox.alert(self.db, "task failed", reason, hint=hint, now=self.context.clock(), task_id=self.seen.id)
                return
            moves.move(
                self.db, failed, Event.RETRY, to=to.working, actor=ENGINE, now=self.context.clock(), reason=reason
            )

    def _give_up(self, sentence: str, failure: Failure, attempt: int) -> None:
        self._move(
            self.seen,
            Event.FAIL,
            reason=sentence,
            failed_step=self.step.name,
            log_line=self._log(f"(attempt {attempt}/{MAX_ATTEMPTS}) {sentence}"),
        )
        outbox.alert(
            self.db,
            "task failed",
            f"{self.step.name}: {sentence}",
            hint=failure.hint,
            now=self.context.clock(),
            task_id=self.seen.id,
        )

    def _log(self, sentence: str) -> str:
        return storable(f"{self.context.clock():%Y-%m-%dT%H:%MZ} {self.step.name}: {sentence}")

    def _move(self, seen: Seen, event: Event, **more: object) -> Seen:
        reason = storable(str(more.pop("reason", "")))
        moved = moves.move(
            self.db,
            seen,
            event,
            actor=ENGINE,
            now=self.context.clock(),
            reason=reason,
            **more,  # type: ignore[arg-type]
        )
        level = "error" if event is Event.FAIL else "info"
        log(f"{seen.status} → {moved.status}", level=level, move=event.value, reason=reason)
        return moved


def pass_gate(db: Db, context: Context, channel: Channel, seen: Seen) -> Seen:
    """Pass a gate that is automatic, or whose items are exactly those approved before; never the last one."""
    if seen.status not in GATES[:-1]:
        return seen
    if getattr(channel.review_gates, _GATE_SETTING[seen.status]) == "auto":
        reason = f"review_gates: {_GATE_SETTING[seen.status]}: auto"
    elif _is_approved(db, seen):
        reason = "nothing changed since it was approved"
    else:
        return seen
    return moves.move(db, seen, Event.APPROVE, actor=ENGINE, now=context.clock(), reason=reason)


def _is_approved(db: Db, seen: Seen) -> bool:
    """Tell whether what is there is exactly what a person approved at this gate before."""
    made = {artifact: kept.made for artifact, kept in artifacts.done(db, seen.id).items()}
    content = audit.content_sha256(audit.content_at(seen.status, made))
    return audit.approved_content(db, seen.id, seen.status) == content


def _leads_to_gate(status: Status) -> bool:
    return status not in GATES and status is not Status.PUBLISHED and next_status(status, engine_event(status)) in GATES


def _sentence(met: Sequence[tuple[Artifact | None, Failure]]) -> str:
    """Return what went wrong in one line: the first few things, each with all items that met it, and all lost files.

    Those come first: a retry is the word to buy them again.
    """
    gone = [(artifact, failure) for artifact, failure in met if artifact and isinstance(failure, Gone)]
    by_message: dict[str, list[Artifact]] = {}
    for artifact, failure in met:
        if not isinstance(failure, Gone):
            by_message.setdefault(failure.message, []).extend([artifact] if artifact else [])
    named = [f"{listed(items)}: {message}" if items else message for message, items in by_message.items()]
    left = sum(max(1, len(items)) for items in list(by_message.values())[_NAMED:])
    more = [f"and {left} more"] if left else []
    return "; ".join([*([sentence(gone)] if gone else []), *named[:_NAMED], *more])
