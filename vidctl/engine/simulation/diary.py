"""What films spent their time with: what an operator would have to change to have them sooner. Pure."""

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Spent(StrEnum):
    """What a film's time goes by with."""

    WORK = "at work"
    ROOM = "waiting for room in a step or its channel"
    AGAIN = "waiting for another try"
    SERVICE = "its service is paused"
    BUDGET = "a budget is used up"
    DAY = "waiting for a day to go up"
    PERSON = "waiting for a person"


@dataclass(slots=True)
class Diary:
    """Seconds by what they went by with, of all films and of each."""

    at: dict[UUID, tuple[Spent, float]] = field(default_factory=dict)
    """What each film does now, and since when."""
    room_s: dict[UUID, float] = field(default_factory=lambda: defaultdict(float))
    """Of each film: how long it waited for room."""
    by: dict[Spent, float] = field(default_factory=lambda: defaultdict(float))

    def turn(self, film: UUID, to: Spent | None, now_s: float) -> None:
        """A film does something else from now on; None: it is done."""
        if film in self.at:
            was, since_s = self.at.pop(film)
            self.by[was] += now_s - since_s
            if was is Spent.ROOM:
                self.room_s[film] += now_s - since_s
        if to is not None:
            self.at[film] = (to, now_s)

    def shares(self) -> dict[Spent, float]:
        """Return which share of all films' time went by with what."""
        whole = sum(self.by.values()) or 1.0
        return {spent: self.by.get(spent, 0.0) / whole for spent in Spent}
