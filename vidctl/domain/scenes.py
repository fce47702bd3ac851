"""Which items of a changed storyboard are which of the one before, where only their numbers changed. Pure."""

from collections.abc import Callable, Mapping
from typing import Final

from vidctl.domain.storyboard import Scene, Storyboard
from vidctl.domain.work import Artifact, Kind

_MADE_OF: Final[Mapping[Kind, Callable[[Scene], object]]] = {
    Kind.CLIP: lambda scene: (scene.composite, scene.motion),
    Kind.NARRATION: lambda scene: scene.narration,
    Kind.SFX: lambda scene: scene.sound,
}
"""What a scene says of each of its items: the same item is the one of which the same is said."""


def came_from(old: Storyboard, new: Storyboard) -> dict[Artifact, Artifact | None]:
    """Return, for each item of the new scenes, which one it was before; None where it has the number of one that moved.

    What is said of it decides; where nothing else said the same, its number: then it was edited, or is back.
    """
    return {
        Artifact(kind, number): Artifact(kind, was) if was else None
        for kind, made_of in _MADE_OF.items()
        for number, was in _numbers(list(map(made_of, old.scenes)), list(map(made_of, new.scenes))).items()
    }


def _numbers(old: list[object], new: list[object]) -> dict[int, int | None]:
    left, now = dict(enumerate(old, 1)), dict(enumerate(new, 1))
    found = {number: number for number, said in now.items() if left.get(number) == said}
    for number in found:
        del left[number]
    for number, said in now.items():
        if number not in found and (was := next((one for one, before in left.items() if before == said), None)):
            found[number] = was
            del left[was]
    gone = set(found.values())
    return {number: found.get(number, None if number in gone else number) for number in now}
