"""What the story teller knows how to show and say: the words of `arc_lexicon.json`, typed."""

from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Light(Struct, frozen=True, forbid_unknown_fields=True):
    """An hour and its weather, as a part of an image prompt; `inside` is for rooms."""

    name: str
    outside: str
    inside: str = ""
    sound: str = ""


class Look(Struct, frozen=True, forbid_unknown_fields=True):
    """A way to draw the same thing once more, so that it is another picture."""

    name: str
    phrase: str


class Motif(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that can be drawn. `says` are the words that call for it, `suits` where it belongs."""

    key: str
    says: tuple[str, ...]
    picture: str
    suits: tuple[str, ...]
    sound: str
    lines: tuple[str, ...]
    variants: tuple[Light, ...] = ()
    kind: str = ""


class Stage(Struct, frozen=True, forbid_unknown_fields=True):
    """One part of the arc; `weight` is its share of the scenes. Lines may name the subject as `{it}`."""

    name: str
    weight: int
    lights: tuple[Light, ...]
    lines: tuple[str, ...]


class Motions(Struct, frozen=True, forbid_unknown_fields=True):
    """Camera moves, by where in the film they are at home."""

    opening: tuple[str, ...]
    middle: tuple[str, ...]
    split: tuple[str, ...]
    closing: tuple[str, ...]


class Lexicon(Struct, frozen=True, forbid_unknown_fields=True):
    """All of it. `orders` and `craft` are words by which an instruction to the film maker is known."""

    orders: frozenset[str]
    craft: frozenset[str]
    dangling: frozenset[str]
    styles: tuple[str, ...]
    motions: Motions
    stages: tuple[Stage, ...]
    names: tuple[str, ...]
    breaths: tuple[str, ...]
    environments: tuple[Motif, ...]
    characters: tuple[Motif, ...]
    props: tuple[Motif, ...]
    looks: tuple[Look, ...]


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that comes with the package."""
    data = resources.files(__package__).joinpath("arc_lexicon.json").read_bytes()
    return msgspec.json.decode(data, type=Lexicon)
