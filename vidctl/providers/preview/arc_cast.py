"""Who and what appears: the motifs that a story calls for, as images, each with a prompt of its own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from vidctl.domain.storyboard import Asset, AssetKind
from vidctl.providers.preview.arc_chance import Chance
from vidctl.providers.preview.arc_lexicon import Light, Look, Motif, lexicon
from vidctl.providers.preview.arc_panels import Spot

ROOM: Final = "room"
"""What an environment suits that has walls and a window; the weather is outside."""


@dataclass(frozen=True, slots=True)
class Player:
    """One image, with the motif and (an environment only) the light that it was made from."""

    asset: Asset
    motif: Motif
    light: Light | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Motifs in the order in which a film should take them: those that its words call for, and what goes with them."""

    called: list[Motif]
    others: list[Motif]

    def in_turn(self) -> list[Motif]:
        """Return one that is called, one other, and so on: half of what is seen is what the film is about."""
        if not self.called:
            return self.others
        pairs = zip(cycle(self.called), self.others, strict=False)
        return [motif for pair in pairs for motif in pair] or self.called


def wanted(motifs: Sequence[Motif], weights: Mapping[str, float], chance: Chance) -> Wanted:
    """Return the motifs for a story whose words have these weights; people come before animals nobody called for."""
    calls = {motif.key: _calls(motif, weights) for motif in motifs}
    mood = _mood(weights)
    ranked = sorted(
        chance.shuffled(motifs, "motifs"),
        key=lambda motif: (-calls[motif.key], motif.kind == "animal", -len(mood.intersection(motif.suits))),
    )
    return Wanted([each for each in ranked if calls[each.key]], [each for each in ranked if not calls[each.key]])


def _calls(motif: Motif, weights: Mapping[str, float]) -> float:
    return sum(weights.get(word, 0.0) for word in motif.says)


def _mood(weights: Mapping[str, float]) -> set[str]:
    """Return the nature of all that is called for: wolves bring forest and mountains with them."""
    everything = (*lexicon().environments, *lexicon().characters, *lexicon().props)
    return {tag for motif in everything if _calls(motif, weights) for tag in motif.suits} - {"land"}


def environments(spots: Iterable[Spot], motifs: Wanted, chance: Chance) -> list[Player]:
    """Return one image for each environment of the panels, in the light of the scene that shows it first.

    Three places make two kinds and one of them again at another hour: a film that comes back feels whole.
    """
    stage_of: dict[int, int] = {}
    for spot in spots:
        stage_of.setdefault(spot.environment, spot.stage)
    kinds = motifs.in_turn()[: max(1, len(stage_of) * 2 // 3)]
    used: set[str] = set()
    return [_environment(kinds[at % len(kinds)], stage, used, chance) for at, stage in sorted(stage_of.items())]


def _environment(motif: Motif, stage: int, used: set[str], chance: Chance) -> Player:
    light = _light(motif, stage, used, chance)
    phrase = light.inside if ROOM in motif.suits else light.outside
    name = _unused(f"{motif.key}_{light.name}", used)
    return Player(Asset(name, AssetKind.ENVIRONMENT, f"{motif.picture}, {phrase}"), motif, light)


def _light(motif: Motif, stage: int, used: set[str], chance: Chance) -> Light:
    """Return an hour that fits this part of the arc, or any other under which the motif was not drawn yet."""
    here = chance.shuffled(motif.variants or lexicon().stages[stage].lights, motif.key, stage)
    elsewhere = [] if motif.variants else [light for part in lexicon().stages for light in part.lights]
    return next((light for light in [*here, *elsewhere] if f"{motif.key}_{light.name}" not in used), here[0])


def figures(kind: AssetKind, count: int, motifs: Wanted, places: Iterable[Player]) -> list[Player]:
    """Return `count` images of characters or props, those first that belong to one of the places."""
    scenery = [place.motif for place in places]
    fitting = sorted(
        [*motifs.called, *motifs.others], key=lambda motif: not any(suits(motif, place) for place in scenery)
    )
    looks, used = lexicon().looks, set[str]()
    return [
        _figure(kind, fitting[at % len(fitting)], looks[at // len(fitting) % len(looks)], used) for at in range(count)
    ]


def _figure(kind: AssetKind, motif: Motif, look: Look, used: set[str]) -> Player:
    name = _unused(f"{motif.key}_{look.name}".strip("_"), used)
    return Player(Asset(name, kind, ", ".join(filter(None, (motif.picture, look.phrase)))), motif)


def suits(figure: Motif, place: Motif) -> bool:
    """Tell whether a figure belongs to a place."""
    return not set(figure.suits).isdisjoint(place.suits)


def _unused(name: str, used: set[str]) -> str:
    number = 1
    while (unused := name if number == 1 else f"{name}_{number}") in used:
        number += 1
    used.add(unused)
    return unused
