"""The storyboard of any topic, told as a short documentary: deterministic, offline, ready to be drawn.

The arc is the one of most documentaries: cold open, place, people, problem, turning point,
consequence, close. Sentences of the story direction are spoken where they can be; the rest is told
around the topic and around what each picture shows.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from vidctl.domain.storyboard import AssetKind, Composite, Layout, Scene, Storyboard
from vidctl.providers.brief import Brief, checked, read_brief
from vidctl.providers.preview import arc_panels, demo
from vidctl.providers.preview.arc_blocking import Cast, Picture, blocking
from vidctl.providers.preview.arc_cast import ROOM, Player, environments, figures, wanted
from vidctl.providers.preview.arc_chance import Chance
from vidctl.providers.preview.arc_lexicon import lexicon
from vidctl.providers.preview.arc_lines import narrator
from vidctl.providers.preview.arc_words import clean, one_line, words_of

__all__ = ["Brief", "checked", "read_brief", "tell"]

_WEIGHTS: Final = {"note": 8.0, "title": 3.0, "topic": 3.0, "story_direction": 1.0}
"""How much a word says about what the film should show, by where it stands."""


def tell(brief: Brief, *, take: int = 1, note: str = "") -> Storyboard:
    """Return the storyboard: exactly as many assets and scenes as asked for, the same every time.

    Another take is another telling; words of the note weigh most in what is shown.
    """
    if take == 1 and not note and demo.is_asked_for(brief.title, brief.topic, scenes=brief.scenes):
        return demo.storyboard(assets=brief.assets, scenes=brief.scenes, style=one_line(brief.style, longest=1_000))
    chance = Chance(repr((brief.title, brief.topic, brief.story_direction, take, note)))
    places, cast, pictures = _drawn(brief, _weights(brief, note), chance)
    return Storyboard(
        title=one_line(brief.title, longest=200) or one_line(brief.topic, longest=200) or "Untitled",
        summary=one_line(f"{brief.topic}\n{brief.story_direction}", longest=2_000),
        style=one_line(brief.style, longest=1_000) or chance.pick(lexicon().styles, "style"),
        assets=tuple(player.asset for player in (*places, *cast[AssetKind.CHARACTER], *cast[AssetKind.PROP])),
        scenes=tuple(_scenes(brief, pictures, chance, take)),
    )


def _weights(brief: Brief, note: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for field, weight in _WEIGHTS.items():
        for word in words_of(clean(note if field == "note" else getattr(brief, field))):
            weights[word] = weights.get(word, 0.0) + weight
    return weights


def _drawn(brief: Brief, weights: dict[str, float], chance: Chance) -> tuple[Sequence[Player], Cast, Sequence[Picture]]:
    """Return the places, the cast, and the pictures that show them."""
    shape = arc_panels.spots(brief.assets, brief.scenes, [stage.weight for stage in lexicon().stages])
    places = environments(shape, wanted(lexicon().environments, weights, chance), chance)
    characters, props = arc_panels.figures(brief.assets, len(places))
    cast = {
        AssetKind.CHARACTER: figures(
            AssetKind.CHARACTER, characters, wanted(lexicon().characters, weights, chance), places
        ),
        AssetKind.PROP: figures(AssetKind.PROP, props, wanted(lexicon().props, weights, chance), places),
    }
    return places, cast, blocking(shape, places, cast)


def _scenes(brief: Brief, pictures: Sequence[Picture], chance: Chance, take: int) -> Iterator[Scene]:
    teller = narrator(
        brief.title,
        brief.topic,
        brief.story_direction,
        scenes=brief.scenes,
        clip_seconds=brief.clip_seconds,
        chance=chance,
    )
    for at, shots in groupby(pictures, key=lambda picture: picture.spot.scene):
        shown = list(shots)
        layout = Layout.SPLIT if len(shown) > 1 else Layout.SINGLE
        yield Scene(
            number=at + 1,
            composite=Composite(layout, tuple(picture.panel() for picture in shown)),
            motion=_motion(at, brief.scenes, layout, take),
            sound=_sound(shown),
            narration=teller.line(at, shown[0].spot.stage, shown),
        )


def _motion(at: int, scenes: int, layout: Layout, take: int) -> str:
    """Return the camera move: never the one of the scene before, and never the one of the last take."""
    moves = lexicon().motions
    options = moves.middle
    if layout is Layout.SPLIT:
        options = moves.split
    elif at == 0:
        options = moves.opening
    elif at == scenes - 1:
        options = moves.closing
    return options[(at + take - 1) % len(options)]


def _sound(shown: Sequence[Picture]) -> str:
    """Return what is heard: the place, its weather out of doors, and what stands in it and makes a sound."""
    place = shown[0].place
    weather = place.light.sound if place.light and ROOM not in place.motif.suits else ""
    figures_heard = [player.motif.sound for picture in shown for player in picture.figures()]
    return ", ".join(dict.fromkeys(filter(None, (place.motif.sound, weather, *figures_heard[:2]))))
