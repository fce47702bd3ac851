"""The bare shape of a film: which part of the arc each scene is in, and how many pictures it shows.

Pure arithmetic. A panel is one picture: a scene has one, or two side by side. Environments are
handed out in pairs, by turns, so that two pictures that follow each other are never of the same place
(unless there is only one).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SPLIT_SHARE: Final = 0.22
ENVIRONMENT_SHARE: Final = 0.41
CHARACTER_SHARE: Final = 0.27


@dataclass(frozen=True, slots=True)
class Spot:
    """One panel: the scene it is in, the part of the arc, and the environment it shows (all from 0)."""

    scene: int
    stage: int
    environment: int


def stages(scenes: int, weights: Sequence[int]) -> list[int]:
    """Return the part of the arc for each scene: the film opens with the first part and closes with the last."""
    ends = [sum(weights[: part + 1]) / sum(weights) for part in range(len(weights))]
    arc = [next(part for part, end in enumerate(ends) if (at + 0.5) / scenes <= end) for at in range(scenes)]
    arc[-1] = len(weights) - 1
    arc[0] = 0
    return arc


def splits(scenes: int) -> frozenset[int]:
    """Return which scenes (from 0) show two pictures: about one in five, never the first or the last."""
    count = min(round(scenes * SPLIT_SHARE), max(scenes - 2, 0))
    return frozenset(1 + ((2 * at + 1) * (scenes - 2)) // (2 * count) for at in range(count))


def places(assets: int, panels: int) -> int:
    """Return how many of the images are environments, in a film of so many panels: at least one, all of them seen."""
    return max(1, min(round(assets * ENVIRONMENT_SHARE), panels))


def figures(assets: int, environments: int) -> tuple[int, int]:
    """Return how many of the images are characters, and how many props: what the environments leave over."""
    characters = min(round(assets * CHARACTER_SHARE) or 1, assets - environments)
    return characters, assets - environments - characters


def spots(assets: int, scenes: int, weights: Sequence[int]) -> list[Spot]:
    """Return every panel of the film in order."""
    arc, doubled = stages(scenes, weights), splits(scenes)
    panels = [scene for scene in range(scenes) for _ in range(1 + (scene in doubled))]
    order = _by_turns(places(assets, len(panels)), len(panels))
    if len(set(order)) == 1:
        panels, order = list(range(scenes)), order[:scenes]
    return [Spot(scene, arc[scene], environment) for scene, environment in zip(panels, order, strict=True)]


def _by_turns(environments: int, panels: int) -> list[int]:
    """Return the environment of each panel: 0 1 0 1 0 2 3 2 3 …, every environment at least once."""
    groups = [list(range(start, min(start + 2, environments))) for start in range(0, environments, 2)]
    if len(groups) > 1 and len(groups[-1]) == 1:
        lonely = groups.pop()
        groups[-1] += lonely
    order: list[int] = []
    for group in groups:
        share = round(panels * (group[-1] + 1) / environments) - len(order)
        order += [group[at % len(group)] for at in range(share)]
    return order
