"""What is said: one line for each scene, from the story direction, the arc, and what the picture shows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from vidctl.providers.preview.arc_blocking import Picture
from vidctl.providers.preview.arc_chance import Chance
from vidctl.providers.preview.arc_lexicon import lexicon
from vidctl.providers.preview.arc_words import names, sentences, spoken_s, subject

LONGEST_S: Final = 6.5
SHORTEST_S: Final = 4.0
"""Lines within this range are taken first: with fewer words the film hurries, with more it drones."""
SPOKEN_SHARE: Final = 0.8
"""How much of a clip may be spoken at most, so that short clips have room to breathe too."""

_CLAUSE: Final = re.compile(r"(?:how|why|what|when|where|who|one question:) ", re.IGNORECASE)
_OPEN: Final = re.compile(r"\b(?:of|about) \{it\}")
_PEOPLE: Final = 2
"""The part of the arc that tells of people: where names are dropped."""


def longest_s(clip_seconds: float) -> float:
    """Return how long a line may be spoken, in seconds."""
    return min(LONGEST_S, SPOKEN_SHARE * clip_seconds)


def spread(items: Sequence[str], scenes: int) -> dict[int, str]:
    """Return the scene (from 0) for each item, evenly and in order; the ends stay free while there are too few."""
    slots = range(scenes) if len(items) >= scenes else range(1, scenes - 1)
    count = min(len(items), len(slots))
    return {
        slots[(2 * at + 1) * len(slots) // (2 * count)]: items[(2 * at + 1) * len(items) // (2 * count)]
        for at in range(count)
    }


@dataclass(slots=True)
class Narrator:
    """Finds a line for one scene after the other, and does not repeat itself while there is anything left."""

    it: str
    names: list[str]
    told: dict[int, str]
    limit_s: float
    chance: Chance
    used: set[str] = field(default_factory=set)

    def line(self, scene: int, stage: int, pictures: Iterable[Picture]) -> str:
        """Return what is said over scene `scene` (from 0); empty where not one line is short enough."""
        if scene in self.told:
            return self.told[scene]
        arc = self._of_the_arc(stage)
        seen = [line for picture in pictures for line in _of_the_picture(picture)]
        ends = stage == len(lexicon().stages) - 1 or scene == 0
        topical = [line for line in arc if self.it in line] if ends else []
        sources = (arc, seen) if ends or scene % 2 == 0 else (seen, arc)
        for lines in (topical, *sources, lexicon().breaths):
            if found := self._fresh(scene, lines):
                return found
        return self._again(scene, [*arc, *seen, *lexicon().breaths])

    def _of_the_arc(self, stage: int) -> list[str]:
        lines = [line.format(it=self.it) for line in lexicon().stages[stage].lines if self._reads_well(line)]
        if stage == _PEOPLE:
            lines += [line.format(name=name) for line, name in zip(lexicon().names, self.names, strict=False)]
        return lines

    def _reads_well(self, line: str) -> bool:
        """Tell whether the subject fits: "how salt crossed the desert" does after "of" and "about" only."""
        return not _CLAUSE.match(self.it) or "{it}" not in line or _OPEN.search(line) is not None

    def _fresh(self, scene: int, lines: Iterable[str]) -> str:
        """Return an unused line, rather one of a comfortable length than a short one."""
        fitting = [line for line in lines if line not in self.used and spoken_s(line) <= self.limit_s]
        comfortable = [line for line in fitting if spoken_s(line) >= min(SHORTEST_S, self.limit_s / 2)]
        if not fitting:
            return ""
        found = self.chance.pick(comfortable or fitting, "line", scene)
        self.used.add(found)
        return found

    def _again(self, scene: int, lines: Iterable[str]) -> str:
        fitting = [line for line in lines if spoken_s(line) <= self.limit_s]
        return self.chance.pick(fitting, "again", scene) if fitting else ""


def _of_the_picture(picture: Picture) -> list[str]:
    return [line for player in (picture.place, *picture.figures()) for line in player.motif.lines]


def narrator(title: str, topic: str, direction: str, *, scenes: int, clip_seconds: float, chance: Chance) -> Narrator:
    """Return a narrator who tells what the direction says where it can be said, and the arc of the topic around it."""
    limit_s = longest_s(clip_seconds)
    told = spread(sentences(direction, longest_s=limit_s), scenes)
    return Narrator(subject(topic, title), names(direction)[: len(lexicon().names)], told, limit_s, chance)
