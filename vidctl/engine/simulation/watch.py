"""The films of a simulation as they stand: which are done, what each one's time goes by with, who gets no further."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from vidctl.domain.budget import OF_A_FILM
from vidctl.domain.status import Status
from vidctl.engine.simulation.clockwork import Clockwork
from vidctl.engine.simulation.diary import Diary, Spent
from vidctl.engine.simulation.people import is_asked
from vidctl.pipeline import step_at
from vidctl.store import Db, forecast, tasks
from vidctl.store.tasks import Task

_FOR_THE_ENGINE: Final = frozenset({Spent.ROOM, Spent.AGAIN, Spent.SERVICE, Spent.BUDGET})


@dataclass(slots=True)
class Watch:
    """Whoever writes down how far each film is."""

    db: Db
    clock: Clockwork
    diary: Diary = field(default_factory=Diary)
    open: set[UUID] = field(default_factory=set)
    """Films that are planned, and not published."""
    _channel_of: dict[UUID, str] = field(default_factory=dict)
    _far: dict[UUID, tuple[Status, int]] = field(default_factory=dict)
    _moved_s: float = 0.0
    _resting: frozenset[str] = frozenset()
    """What rested when it was looked at last."""

    @property
    def planned(self) -> int:
        """How many films there are by now."""
        return len(self._channel_of)

    @property
    def published(self) -> int:
        """How many of them are done."""
        return self.planned - len(self.open)

    @property
    def stands_s(self) -> float:
        """Seconds in which no film got any further."""
        return self.clock.elapsed_s - self._moved_s

    def forgive(self) -> None:
        """Count how long films stand from now on: what held them until now is over."""
        self._moved_s = self.clock.elapsed_s

    def begin(self, task_id: UUID, channel_id: str) -> None:
        """There is a film more."""
        self._channel_of[task_id] = channel_id
        self.open.add(task_id)
        self.look(tasks.get(self.db, task_id))

    def work(self, task_id: UUID) -> None:
        """A worker began on a film."""
        self._turn(task_id, Spent.WORK)

    def look(self, task: Task) -> None:
        """Write down how far a film is that no worker has, and what its time goes by with now."""
        if self._far.get(task.id) != (far := (task.status, task.progress_done)):
            self._far[task.id], self._moved_s = far, self.clock.elapsed_s
        if task.status is Status.PUBLISHED:
            self._turn(task.id, None)
            self.open.remove(task.id)
        else:
            self._turn(task.id, self._waits_for(task))

    def look_where_rests_change(self) -> None:
        """Look anew at all films that wait for the engine, once something else rests: nobody came by them for that."""
        if self._resting != (resting := forecast.resting(self.db, now=self.clock.now())):
            self._resting = resting
            for task_id in [film for film, (spent, _) in self.diary.at.items() if spent in _FOR_THE_ENGINE]:
                self.look(tasks.get(self.db, task_id))

    def unfinished(self) -> Mapping[Spent, int]:
        """Return how many films are not published, by what they wait for."""
        return Counter(self.diary.at[task_id][0] for task_id in self.open)

    def waits_by_channel(self, channels: Iterable[str]) -> Sequence[float]:
        """Return how long the films of each channel waited for room in all: every channel has as many films."""
        waited: Counter[str] = Counter(dict.fromkeys(channels, 0))
        for task_id, seconds in self.diary.room_s.items():
            waited[self._channel_of[task_id]] += round(seconds)
        return list(waited.values())

    def _turn(self, task_id: UUID, to: Spent | None) -> None:
        self.diary.turn(task_id, to, self.clock.elapsed_s)

    def _waits_for(self, task: Task) -> Spent:
        now = self.clock.now()
        if is_asked(task):
            return Spent.PERSON
        if task.status is Status.APPROVED and task.next_attempt_at is not None:
            return Spent.DAY
        step = step_at(task.status)
        rests = forecast.rests(self.db, task.channel_id, step.service if step else "", now=now)
        if rests is not None:
            return Spent.BUDGET if rests else Spent.SERVICE
        if forecast.last_reason(self.db, task.id).startswith(OF_A_FILM):
            return Spent.BUDGET
        is_later = task.next_attempt_at is not None and task.next_attempt_at > now
        return Spent.AGAIN if is_later or task.claimed_by else Spent.ROOM
