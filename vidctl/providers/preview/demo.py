"""The demo film, written by hand: `demo.json` holds what a person would ask for and the whole storyboard.

It is told with as many scenes as asked for: the ones that carry the story are kept, and only what
they show is drawn. Fewer images than they need make plainer pictures.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from vidctl.domain.storyboard import Asset, AssetKind, Composite, Layout, Panel, Scene, Storyboard

_ANOTHER_VIEW: Final = ("seen from further away", "in evening light", "seen from another side", "in pale morning light")


class Demo(Struct, frozen=True, forbid_unknown_fields=True):
    """The demo film as a task (`title`, `topic`, `story_direction`) and as the storyboard made of it.

    `importance` lists the scene numbers, the ones that the story cannot do without first.
    """

    title: str
    topic: str
    story_direction: Annotated[str, Meta(max_length=50_000)]
    importance: tuple[int, ...]
    storyboard: Storyboard


@cache
def demo() -> Demo:
    """Return the demo film, whole."""
    data = resources.files(__package__).joinpath("demo.json").read_bytes()
    return msgspec.json.decode(data, type=Demo)


def is_asked_for(title: str, topic: str, *, scenes: int) -> bool:
    """Tell whether these words are the demo film's, and it has scenes enough."""
    film = demo()
    same = [(title, film.title), (topic, film.topic)]
    return scenes <= len(film.storyboard.scenes) and all(a.strip().casefold() == b.casefold() for a, b in same)


def storyboard(*, assets: int, scenes: int, style: str = "") -> Storyboard:
    """Return the demo film with exactly so many images and scenes (at most as many as it has)."""
    film = demo()
    kept = sorted(film.importance[:scenes])
    shots = [replace(film.storyboard.scenes[number - 1], number=at) for at, number in enumerate(kept, 1)]
    images = _images(film.storyboard.assets, shots, assets)
    return replace(
        film.storyboard,
        style=style or film.storyboard.style,
        assets=tuple(images),
        scenes=tuple(replace(shot, composite=_shown(shot.composite, images)) for shot in shots),
    )


def assets_needed(scenes: int) -> int:
    """Return how many images the demo film of so many scenes shows."""
    return len({name for shot in storyboard(assets=200, scenes=scenes).scenes for name in _names(shot)})


def _names(shot: Scene) -> list[str]:
    """Return what a scene shows, the places first."""
    panels = shot.composite.panels
    figures = [name for panel in panels for name in (*panel.characters, *panel.props)]
    return [panel.environment for panel in panels] + figures


def _images(known: Sequence[Asset], shots: Sequence[Scene], count: int) -> list[Asset]:
    """Return exactly `count` images: places of these scenes, what stands in them, then the rest, then other views."""
    shown = [name for shot in shots for name in _names(shot)]

    def rank(asset: Asset) -> tuple[bool, bool, int]:
        return asset.name not in shown, asset.kind is not AssetKind.ENVIRONMENT, -shown.count(asset.name)

    chosen = sorted(known, key=rank)[:count]
    in_order = [asset for asset in known if asset in chosen]
    return in_order + [_view(known[at % len(known)], 2 + at // len(known)) for at in range(count - len(in_order))]


def _view(asset: Asset, number: int) -> Asset:
    phrase = _ANOTHER_VIEW[(number - 2) % len(_ANOTHER_VIEW)]
    return replace(asset, name=f"{asset.name}_{number}", prompt=f"{asset.prompt}, {phrase}")


def _shown(composite: Composite, images: Iterable[Asset]) -> Composite:
    """Return the picture with the images there are; a place that is missing becomes the first one."""
    names = [asset.name for asset in images]
    panels = [_panel(panel, names) for panel in composite.panels]
    if len({panel.environment for panel in panels}) < len(panels):
        return Composite(Layout.SINGLE, (panels[0],))
    return Composite(composite.layout, tuple(panels))


def _panel(panel: Panel, names: Sequence[str]) -> Panel:
    return Panel(
        panel.environment if panel.environment in names else names[0],
        tuple(name for name in panel.characters if name in names),
        tuple(name for name in panel.props if name in names),
    )
