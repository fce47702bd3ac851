"""Take over what a card says: its words, its channel, and what a person decided by moving it.

All of one card is one transaction, with the memory of what it showed: a decision is applied with it or
not at all, and never twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vidctl.board.channels import Unknown
from vidctl.board.fields import Field
from vidctl.board.merge import Known, Reading, is_doubtful, read_status
from vidctl.board.pages import Card
from vidctl.domain import brief
from vidctl.domain.brief import Brief
from vidctl.domain.channel import Channel
from vidctl.domain.review import rejections
from vidctl.domain.status import ERRORS, Event, Status, asked_for
from vidctl.engine import decide
from vidctl.engine.sync.desk import Desk, OpenBoard
from vidctl.engine.sync.following import follow
from vidctl.engine.sync.people import actor
from vidctl.errors import BadInput, LostRace, VidctlError
from vidctl.store import audit, card_notes, cards, channels, planned, tasks
from vidctl.store.cards import CardRow
from vidctl.store.tasks import NewTask, Task
from vidctl.store.texts import storable

_TRIES: Final = 5
_ANEW: Final = (Status.PUBLISHED, Status.QUEUED)
_DRAFTS: Final = (None, "", Status.DRAFT)


def is_news(card: Card, row: CardRow | None, task: Task | None) -> bool:
    """Tell whether a card says anything that was not taken over when it was read last."""
    if row is None or row.gone_at is not None or row.edited_at != card.edited_at or row.shown != _kept(card):
        return True
    if task is None and row.complaint:
        return True  # what was wrong with it may have been a channel's file
    return task is not None and task.board_seen_status != (card.status or Status.DRAFT)


def take(desk: Desk, board: OpenBoard, card: Card) -> None:
    """Take over what a card says; a film that is moved in the same moment is looked at again."""
    for tries_left in reversed(range(_TRIES)):
        who = actor(desk, card.editor, board.bot_id) if _may_decide(desk, card) else ""
        try:
            with audit.deciding(desk.db):
                _Taking(desk, board, card, who, desk.clock()).take()
        except LostRace:
            if not tries_left:
                raise
        else:
            return


def _may_decide(desk: Desk, card: Card) -> bool:
    task = planned.on_page(desk.db, card.page_id)
    seen = task.board_seen_status if task else Status.DRAFT
    return (card.status or Status.DRAFT) not in {seen, task.status if task else Status.DRAFT}


def _kept(card: Card) -> dict[str, Any]:
    return {str(name): value for name, value in card.shown.items()}


@dataclass(slots=True)
class _Taking:
    """One card, within its transaction."""

    desk: Desk
    board: OpenBoard
    card: Card
    who: str
    now: datetime
    complaint: str = ""
    used_notes: str = ""

    def take(self) -> None:
        db, card = self.desk.db, self.card
        row = cards.locked(db, card.page_id)
        task = planned.on_page(db, card.page_id)
        if card.in_trash or card.data_source_id != self.board.data_source_id:
            if row is not None:
                cards.gone(db, card.page_id, now=self.now)
            return
        if row is not None and row.edited_at is not None and card.edited_at < row.edited_at:
            return  # the card as it was before something that we know already
        if row is not None:
            self.complaint, self.used_notes = row.complaint, row.used_notes
        if card.said(Field.REVIEW_NOTES) != self.used_notes:
            self.used_notes = ""
        task = task or self._adopt()
        if task is not None:
            self.complaint = ""
            self._follow(task, row)
        # Kept before the decision too: what it says to the card needs the card's row.
        self._keep()
        if task is not None:
            cards.is_back(db, card.page_id)
            self._merge(tasks.get(db, task.id), row)
            self._keep()

    def _keep(self) -> None:
        cards.put(
            self.desk.db,
            self.card.page_id,
            database_id=self.board.database_id,
            url=self.card.url,
            shown=_kept(self.card),
            edited_at=self.card.edited_at,
            complaint=self.complaint,
            used_notes=self.used_notes,
            now=self.now,
        )

    def _say(self, sentence: str) -> None:
        line = f"{self.now:%Y-%m-%dT%H:%MZ} {sentence}"
        card_notes.add(self.desk.db, self.card.page_id, storable(line), now=self.now)

    def _adopt(self) -> Task | None:
        """Make a film of a card that has none yet, as a Draft: what the card asks for besides comes after.

        A card that was published before vidctl knew it is history, and none of ours.
        """
        if self.card.status == Status.PUBLISHED:
            self.complaint = ""
            return None
        found = self.board.channel_of(self.card.said(Field.CHANNEL))
        if isinstance(found, Unknown):
            self._complain(found)
            return None
        seen = tasks.add(self.desk.db, self._new(found), now=self.now)
        planned.seen_on_board(self.desk.db, seen.id, Status.DRAFT)
        return tasks.get(self.desk.db, seen.id)

    def _complain(self, found: Unknown) -> None:
        """Say once what is missing; a card that is only begun may lack its channel yet."""
        if not self.card.said(Field.CHANNEL) and self.card.status in _DRAFTS:
            return
        if found.message != self.complaint:
            self._say(f"not taken up: {found.message}")
            self.complaint = found.message

    def _new(self, channel: Channel) -> NewTask:
        return NewTask(channel.channel_id, "", "", priority=channel.priority, notion_page_id=self.card.page_id)

    def _follow(self, task: Task, row: CardRow | None) -> None:
        channel = self._channel(task, row)
        base = row.shown if row is not None else {}
        spent = planned.spent(self.desk.db, task.id)
        followed = follow(self.card, base, task, channel, has_storyboard=spent.has_storyboard)
        planned.revise(self.desk.db, task.id, followed.fields, now=self.now)
        for note in followed.notes:
            self._say(note)

    def _channel(self, task: Task, row: CardRow | None) -> Channel:
        """Return the film's channel; a Draft of which nothing is made yet moves to another one with its card.

        One whose file is broken, or whose cards are elsewhere by now, is as it was known last: no word may be lost.
        """
        present = self.board.channels.get(task.channel_id) or channels.get(self.desk.db, task.channel_id).channel
        said = self.card.said(Field.CHANNEL)
        found = self.board.channel_of(said) if said else present
        changed = row is not None and row.shown.get(Field.CHANNEL) != self.card.shown.get(Field.CHANNEL)
        if found is present:
            return present
        if isinstance(found, Unknown):
            if changed:
                self._say(f"the film stays in its channel: {found.message}")
            return present
        if task.status is Status.DRAFT and task.settings is None:
            planned.revise(self.desk.db, task.id, {"channel_id": found.channel_id}, now=self.now)
            return found
        if changed:
            self._say("the film stays in its channel: it was begun there already")
        return present

    def _merge(self, task: Task, row: CardRow | None) -> None:
        if Field.STATUS not in self.card.shown:
            return  # the board lost the property: that is nobody's decision
        shown = self.card.status or Status.DRAFT
        known = Known(
            task.board_seen_status,
            row.edited_at if row else None,
            row.echoes if row else [],
            row.unconfirmed if row else [],
            row.wrote_at if row else None,
        )
        reading = read_status(self.card, known, task.status, bot_id=self.board.bot_id, now=self.now)
        if reading in {Reading.UNSETTLED, Reading.OLD}:
            return
        if reading is Reading.MOVED:
            task = self._decide(task, shown, row)
        if shown in known.unconfirmed:
            if reading is Reading.ECHO and is_doubtful(self.card, known, bot_id=self.board.bot_id):
                name = self.board.called(Field.STATUS, shown)
                self._say(
                    f"{name} was taken for vidctl's own, as the answer to a write was lost; was it you? Set it again"
                )
            if shown == task.status and row is not None and row.unconfirmed_version == task.version:
                planned.shows(self.desk.db, task.id, task.version)
            cards.confirmed(self.desk.db, self.card.page_id)
        if shown != task.board_seen_status and task.pushed_version != task.version:  # else it showed it before already
            cards.shows_since(self.desk.db, self.card.page_id, self.card.edited_at)
        planned.seen_on_board(self.desk.db, task.id, shown)

    def _decide(self, task: Task, shown: str, row: CardRow | None) -> Task:
        """Do what a person asked for by moving the card; where it cannot be done the card says why, and is put back."""
        if shown not in set(Status):
            back = self._called(task.status)
            self._say(f"{shown[:80]!r}, set by {self.who}, is no status that vidctl knows: put back to {back}")
            return task
        wanted = Status(shown)
        try:
            with self.desk.db.transaction():
                _require_shown(task, wanted, row)
                about = self._new_version(task) if (task.status, wanted) == _ANEW else task
                _DECISIONS[self._event(about, wanted)](self, about, wanted)
        except LostRace:
            raise
        except VidctlError as refused:
            self._say(f"{self._called(wanted)}, set by {self.who}, was not done: {refused} ({refused.hint})")
            return task
        return about

    def _called(self, status: Status) -> str:
        return self.board.called(Field.STATUS, str(status))

    def _event(self, task: Task, wanted: Status) -> Event:
        resumes_at = decide.failed_step_of(task).working if task.status in ERRORS else None
        event = asked_for(task.status, wanted, resumes_at=resumes_at)
        if event is None:
            ways = [self._called(status) for status in Status if asked_for(task.status, status, resumes_at=resumes_at)]
            raise BadInput(
                f"a film that is {self._called(task.status)} cannot become {self._called(wanted)} by hand",
                hint=f"set {', '.join(ways)}" if ways else "it moves on by itself",
            )
        return event

    def _new_version(self, task: Task) -> Task:
        """Put another film in the place of a published one, made of what the card says now."""
        db = self.desk.db
        planned.supersede(db, task, now=self.now)
        new = NewTask(
            task.channel_id,
            task.title,
            task.topic,
            task.story_direction,
            task.priority,
            task.privacy,
            task.publish_at,
            task.notion_page_id,
        )
        seen = tasks.add(db, new, now=self.now)
        planned.seen_on_board(db, seen.id, Status.DRAFT)
        self._follow(tasks.get(db, seen.id), None)
        self._say(
            f"a new version of the film is made; the published one stays where it is: {task.youtube_url or task.id}"
        )
        return tasks.get(db, seen.id)

    def queue(self, task: Task, _wanted: Status) -> None:
        asked = Brief(task.title, task.topic, task.story_direction, task.priority, task.privacy)
        if found := list(brief.complaints(asked)):
            raise BadInput("; ".join(map(str, found)), hint="; ".join(dict.fromkeys(item.hint for item in found)))
        decide.queue(self.desk.db, task, actor=self.who, now=self.now)

    def approve(self, task: Task, _wanted: Status) -> None:
        notes = self._notes()
        decide.approve(self.desk.db, task, actor=self.who, now=self.now, notes=notes)
        self.used_notes = notes
        if notes:
            self._say(f"approved by {self.who}: {notes}")

    def reject(self, task: Task, wanted: Status) -> None:
        notes = self._notes()
        home = self.desk.home
        decide.reject(self.desk.db, task, actor=self.who, now=self.now, notes=notes, to=wanted, home=home)
        self.used_notes = notes
        if not rejections(notes):
            self._say(
                'nothing is made again, as Review Notes named no item (like "clip 3: slower"):'
                f" set {self._called(Status.QUEUED)}, and the film comes back as it is"
            )

    def retry(self, task: Task, _wanted: Status) -> None:
        decide.retry(self.desk.db, task, actor=self.who, now=self.now)

    def hold(self, task: Task, _wanted: Status) -> None:
        decide.hold(self.desk.db, task, actor=self.who, now=self.now)

    def _notes(self) -> str:
        """Return the Review Notes, each time only once: they are taken off the card, and stand in its Error Log."""
        notes = self.card.said(Field.REVIEW_NOTES)
        return "" if notes == self.used_notes else storable(notes)


def _require_shown(task: Task, wanted: Status, row: CardRow | None) -> None:
    """Refuse a decision about what the card did not show as it is now: nobody can have looked at that.

    To hold a film is none: that stops it, whatever it is. At a gate not even the version may be another.
    """
    if wanted is Status.DRAFT:
        return
    written = row is not None and task.status in row.unconfirmed  # it may have arrived, though nobody told us
    arrived = row is not None and written and task.version == row.unconfirmed_version
    shown = arrived or task.version == task.pushed_version
    if not shown and not task.at_gate:
        shown = task.board_seen_status == task.status or written
    if not shown:
        raise BadInput(
            f"the card did not show yet that the film is {task.status} as it is now",
            hint="look at it, then decide again",
        )


_DECISIONS: Final[dict[Event, Callable[[_Taking, Task, Status], None]]] = {
    Event.QUEUE: _Taking.queue,
    Event.APPROVE: _Taking.approve,
    Event.REJECT: _Taking.reject,
    Event.RETRY: _Taking.retry,
    Event.HOLD: _Taking.hold,
}
