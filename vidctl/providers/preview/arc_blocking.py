"""Who stands in which picture: each figure where it belongs, all of them somewhere, some pictures wide and empty."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from vidctl.domain.storyboard import AssetKind, Panel
from vidctl.providers.preview.arc_cast import Player, suits
from vidctl.providers.preview.arc_panels import Spot

CROWDED: Final = 3
"""So many characters, or so many props, at most in one picture."""

Cast = Mapping[AssetKind, Sequence[Player]]

_WITHOUT: Final = {AssetKind.CHARACTER: 0, AssetKind.PROP: 1}
"""Every third picture has no character, every third no prop, never both."""


@dataclass(slots=True)
class Picture:
    """One panel while it is being filled."""

    spot: Spot
    place: Player
    standing: dict[AssetKind, list[Player]] = field(default_factory=lambda: {kind: [] for kind in _WITHOUT})

    def figures(self) -> list[Player]:
        """Return everyone and everything in it."""
        return [player for players in self.standing.values() for player in players]

    def panel(self) -> Panel:
        """Return it as the storyboard names it."""
        names = {kind: tuple(player.asset.name for player in players) for kind, players in self.standing.items()}
        return Panel(self.place.asset.name, names[AssetKind.CHARACTER], names[AssetKind.PROP])


def blocking(spots: Iterable[Spot], places: Sequence[Player], cast: Cast) -> list[Picture]:
    """Return a picture for each panel, with the cast in it."""
    pictures = [Picture(spot, places[spot.environment]) for spot in spots]
    seen: Counter[str] = Counter()
    for at, picture in enumerate(pictures):
        for kind in _WITHOUT:
            if at % 3 != _WITHOUT[kind]:
                _enter(picture, kind, cast[kind], seen)
    for kind in _WITHOUT:
        for player in cast[kind]:
            if not seen[player.asset.name]:
                _squeeze_in(player, kind, pictures)
    return pictures


def _enter(picture: Picture, kind: AssetKind, players: Iterable[Player], seen: Counter[str]) -> None:
    """Add the one that suits the place and was seen least."""
    fitting = [player for player in players if suits(player.motif, picture.place.motif)]
    if fitting:
        player = min(fitting, key=lambda player: seen[player.asset.name])
        seen[player.asset.name] += 1
        picture.standing[kind].append(player)


def _squeeze_in(player: Player, kind: AssetKind, pictures: Iterable[Picture]) -> None:
    """Add one that nobody has seen yet to the best picture left; where all are full it stays unseen."""
    roomy = [picture for picture in pictures if len(picture.standing[kind]) < CROWDED]
    if roomy:
        best = min(
            roomy, key=lambda picture: (not suits(player.motif, picture.place.motif), len(picture.standing[kind]))
        )
        best.standing[kind].append(player)
