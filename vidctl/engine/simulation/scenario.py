"""What is simulated: how long, how much, how patient people are, and what goes wrong how often. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Final

from vidctl.errors import BadInput

MOST_FILMS: Final = 100_000
"""They take a day."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often something goes wrong: the probability for each call of a paid service, or as it says."""

    busy: float = 0.01
    """429: the service takes no more for a minute."""
    down: float = 0.02
    """5xx, or no answer to something that was not sent."""
    lost: float = 0.001
    """An order arrived, and its answer did not."""
    refused: float = 0.0005
    """The order is against the service's rules: only a person can change it."""
    fails: float = 0.003
    """A job is taken and comes to nothing; nothing is charged."""
    bad: float = 0.002
    """What is delivered is black, silent or broken."""
    slow: float = 0.002
    """A program hangs until its time is up."""
    quota: float = 0.0
    """The service's quota is used up for the day."""
    killed: float = 0.005
    """For each step of a film: its process is killed at some moment."""
    cut: float = 0.02
    """For each try to send a film: the connection is cut in the middle, and the next try goes on from there."""


CALM: Final = Faults(**dict.fromkeys((field.name for field in fields(Faults)), 0.0))

PRESETS: Final[Mapping[str, Faults]] = {
    "none": CALM,
    "usual": Faults(),
    "bad": Faults(0.05, 0.10, 0.005, 0.002, 0.02, 0.01, 0.01, 0.0005, 0.03, 0.10),
}


def faults_from(words: str) -> Faults:
    """Return the faults of `usual`, `bad,killed=0.1`, `none,down=0.3` and so on.

    Raises:
        BadInput: a name or a number is none.
    """
    first, *rest = [word.strip() for word in words.split(",")]
    if first in PRESETS:
        faults = PRESETS[first]
    else:
        faults, rest = CALM, [first, *rest]
    for word in rest:
        name, _, number = word.partition("=")
        faults = replace(faults, **{_known(name): _share(word, number)})
    return faults


def _known(name: str) -> str:
    names = [field.name for field in fields(Faults)]
    if name not in names:
        raise BadInput(
            f"no fault is called {name!r}", hint=f"one of {', '.join(PRESETS)}, or {', '.join(names)}: down=0.1,lost=0"
        )
    return name


def _share(word: str, number: str) -> float:
    try:
        share = float(number)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise BadInput(f"{word!r} is no probability", hint="give a number from 0 to 1: down=0.1")
    return share


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is simulated. The channels and their limits come from channel files."""

    seed: int
    weeks: int
    films_a_week: float
    """Of each channel."""
    review_hours: float
    """How long a film waits for a person at a gate: half of them longer, half shorter."""
    rejects: float
    """How often that person wants something made again."""
    faults: Faults
    cores: int = 2

    def __post_init__(self) -> None:
        """Refuse what is no number: `nan` is within every range.

        Raises:
            BadInput: one is none.
        """
        for name in ("films_a_week", "review_hours", "rejects"):
            if not math.isfinite(getattr(self, name)):
                option = name.replace("_", "-")
                raise BadInput(f"--{option} is no number", hint=f"give one: --{option} 1")

    def require_end(self, channels: int) -> None:
        """Refuse to play what takes longer than anybody waits.

        Raises:
            BadInput: there are too many films.
        """
        if (films := channels * self.films) > MOST_FILMS:
            raise BadInput(
                f"{films:,} films cannot be simulated",
                hint=f"each takes about a second: give fewer weeks, channels or films, up to {MOST_FILMS:,}",
            )

    @property
    def films(self) -> int:
        """How many films each channel plans in all."""
        return round(self.weeks * self.films_a_week)


def spread(random: Random, median: float, sigma: float = 0.4) -> float:
    """Return a time around a median, in its unit: now and then much longer, as they are."""
    return median * math.exp(random.gauss(0, sigma))
