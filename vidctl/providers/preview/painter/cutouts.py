"""Characters and props: from the words to a figure with a clear background."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from vidctl.domain.storyboard import AssetKind
from vidctl.providers.preview.painter import beasts, growing, people, swimmers, vocabulary, winged
from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.figure import Figure, cut_out
from vidctl.providers.preview.painter.paints import Paints, paints
from vidctl.providers.preview.painter.palette import Scheme
from vidctl.providers.preview.painter.texture import chance

WIDEST_PX: Final = 1_300
PERSON_PX: Final = 1_150
CHILD_PX: Final = 820
_ON_THE_WING: Final = (
    "flying",
    "flight",
    "soaring",
    "gliding",
    "wing",
    "hovering",
    "circling",
    "swooping",
    "migrating",
)
_INSECTS: Final = {"bee": True, "wasp": True, "hornet": True, "butterfly": False, "moth": False, "dragonfly": False}
_RIDERS: Final = ("rider", "horseman", "horsewoman", "cavalry", "cavalryman", "jockey", "riding", "horseback", "cowboy")
_FOOTED: Final = frozenset({"turtle", "snake", "crab", "seal"})


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure, how high its picture is to be, and whether it hangs in the air or the water."""

    figure: Figure
    height_px: int
    floats: bool = False


def paint_cut_out(brief: Brief, film: Scheme) -> tuple[Image.Image, bool]:
    """Return an RGBA picture of the character or the prop, and whether it floats."""
    rng = brief.rng("figure")
    paint = paints(brief, film, rng)
    drawn = _prop(brief, paint) if brief.kind is AssetKind.PROP else _character(brief, film, paint)
    image = cut_out(drawn.figure, fit=(WIDEST_PX, drawn.height_px), ink=paint.ink, sun=paint.sun, rng=rng)
    # A figure may look either way, so that a film's people do not all march to the right.
    if brief.kind is AssetKind.CHARACTER and chance(rng, 0.3):  # most look right
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image, drawn.floats


def _character(brief: Brief, film: Scheme, paint: Paints) -> Drawn:
    if brief.says(*_RIDERS):
        return Drawn(_on_horseback(brief, paint), PERSON_PX)
    animals = beasts.NAMES.keys() | winged.NAMES.keys() | swimmers.NAMES.keys() | _INSECTS.keys()
    found = brief.first(animals | people.WORDS)
    if found is None or found in people.WORDS:
        return _people(brief, film, paint)
    return _animal(found, brief, paint)


def _prop(brief: Brief, paint: Paints) -> Drawn:
    found = brief.first(vocabulary.PROPS)
    if found is None:
        return Drawn(growing.relic(paint), 760)
    maker, height = vocabulary.PROPS[found]
    return Drawn(maker(paint), height, maker in vocabulary.AIRBORNE)


def _people(brief: Brief, film: Scheme, paint: Paints) -> Drawn:
    group = brief.first(people.GROUPS)
    several = people.GROUPS[group] if group else 3 if brief.plurals & people.WORDS else 1
    child = people.is_child(brief)
    first = people.person(people.look(brief, paint), paint, child=child)
    if several == 1:
        return Drawn(first, CHILD_PX if child else PERSON_PX)
    return Drawn(_together(brief, film, first, several, child=child), CHILD_PX if child else PERSON_PX)


def _together(brief: Brief, film: Scheme, first: Figure, several: int, *, child: bool) -> Figure:
    crowd = Figure()
    for who in range(several - 1, 0, -1):
        paint = paints(brief, film, brief.rng(f"person {who}"), who=who)
        one = people.person(people.look(brief, paint, who=who), paint, child=child)
        side = (-1 if who % 2 else 1) * (who + 1) // 2
        scale = float(paint.rng.uniform(0.84, 1.0))
        crowd.put(one, side * 2.4, 0.22, scale=scale, flip=chance(paint.rng, 0.35), dim=0.03)  # a third
    return crowd.put(first)


def _on_horseback(brief: Brief, paint: Paints) -> Figure:
    made = Figure()
    made.put(beasts.beast("camel" if brief.says("camel") else "horse", paint))
    # A seated rider's hips (3.6 of 8) come to rest on the back of the horse, 1.55 m up.
    return made.put(people.rider(people.look(brief, paint), paint), -0.05, 0.78, scale=0.22)


def _animal(word: str, brief: Brief, paint: Paints) -> Drawn:
    tint = paint.asked
    if word in _INSECTS:
        return Drawn(winged.insect(paint, striped=_INSECTS[word]), 420, floats=True)
    if word in swimmers.NAMES:
        kind = swimmers.NAMES[word]
        return Drawn(swimmers.swimmer(kind, paint, tint), 620, floats=kind not in _FOOTED)
    if word in winged.NAMES:
        kind = winged.NAMES[word]
        if brief.says(*_ON_THE_WING):
            return Drawn(winged.flying(kind, paint, tint), 500, floats=True)
        return Drawn(_flock(brief, winged.perched(kind, paint, tint), word), 620)
    one = beasts.beast(beasts.NAMES[word], paint, tint)
    _, low, _, high = one.bounds()
    return Drawn(_flock(brief, one, word), round(float(np.clip(720 * (high - low) ** 0.55, 420, PERSON_PX))))


def _flock(brief: Brief, one: Figure, word: str) -> Figure:
    """Return the animal, with two more behind it where the words speak of several."""
    if word not in brief.plurals and not brief.says("herd", "pack", "flock", "pair"):
        return one
    left, _, right, _ = one.bounds()
    step = (right - left) * 0.62
    return (
        Figure()
        .put(one, -step, 0.06, scale=0.9, dim=0.06)
        .put(one, step, 0.08, scale=0.84, dim=0.09, flip=True)
        .put(one)
    )
