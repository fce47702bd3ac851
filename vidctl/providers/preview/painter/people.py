"""People in paper: one body, dressed by the words. A person faces right, stands on y = 0 and is 8 high."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from vidctl.providers.preview.painter import costume
from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.colour import lighter
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.outline import Point, ellipse, limb, moved, smooth
from vidctl.providers.preview.painter.paints import Paints
from vidctl.providers.preview.painter.texture import chance


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody is dressed and stands; `stride` is half a step, 0 for standing still."""

    garment: str
    headgear: str
    hair: str
    held: str
    stride: float
    beard: bool
    scarf: bool
    pack: bool


_GARMENTS: Final = {
    "dress": ("woman", "girl", "mother", "queen", "princess", "lady", "dress", "dancer", "bride", "grandmother"),
    "robe": ("monk", "priest", "wizard", "robe", "pilgrim", "nun", "saint", "prophet", "philosopher", "emperor",
             "king", "sage", "mage", "sultan", "astronomer", "alchemist", "scribe", "druid", "ghost"),
    "armour": ("knight", "soldier", "warrior", "guard", "legionary", "samurai", "viking", "gladiator", "hoplite"),
    "suit": ("suit", "gentleman", "banker", "politician", "president", "officer", "captain", "detective", "lawyer",
             "businessman", "businesswoman", "minister", "engineer", "inventor", "professor", "conductor"),
    "apron": ("blacksmith", "smith", "baker", "cook", "chef", "craftsman", "carpenter", "potter", "apron", "butcher",
              "printer", "worker", "mechanic", "shoemaker", "glassblower", "artisan"),
    "space": ("astronaut", "cosmonaut", "spaceman", "diver", "spacesuit"),
    "gown": ("doctor", "scientist", "chemist", "biologist", "nurse", "physicist", "researcher", "surgeon"),
    "coat": ("coat", "sailor", "fisherman", "traveller", "traveler", "explorer", "walker", "hiker", "wanderer",
             "shepherd", "keeper", "hunter", "postman", "messenger", "pilot"),
}  # fmt: skip
_HEADGEAR: Final = {
    "hood": ("monk", "hood", "hooded", "pilgrim", "wizard", "thief", "assassin", "druid", "ghost", "cloak"),
    "crown": ("king", "queen", "crown", "emperor", "princess", "sultan", "pharaoh"),
    "helmet": ("knight", "soldier", "warrior", "guard", "legionary", "viking", "gladiator", "miner", "hoplite"),
    "dome": ("astronaut", "cosmonaut", "spaceman", "diver"),
    "cap": ("sailor", "captain", "keeper", "postman", "pilot", "conductor", "officer", "fisherman", "worker", "boy",
            "newsboy", "mechanic", "driver"),
    "brim": ("traveller", "traveler", "explorer", "walker", "wanderer", "shepherd", "farmer", "hat", "cowboy",
             "detective", "gardener", "hunter", "pilgrim", "samurai"),
    "tall": ("gentleman", "banker", "inventor", "magician", "undertaker"),
    "scarf": ("grandmother", "headscarf", "nun", "peasant", "bedouin", "nomad"),
    "chef": ("chef", "baker", "cook"),
}  # fmt: skip
_CARRIED: Final = {
    "staff": ("staff", "stick", "cane", "crook"),
    "lantern": ("lantern", "lamp", "torch", "candle"),
    "book": ("book", "letter", "map", "journal", "tablet", "blueprint", "scroll", "manuscript", "notebook", "bible"),
    "spear": ("spear", "lance", "pike", "harpoon", "halberd"),
    "sword": ("sword", "sabre", "blade", "cutlass"),
    "tool": ("hammer", "axe", "tool", "shovel", "pickaxe", "wrench", "spade", "mallet"),
    "glass": ("telescope", "spyglass", "binocular"),
    "bag": ("bag", "suitcase", "briefcase", "satchel", "basket"),
    "flask": ("flask", "vial", "bottle", "beaker", "potion"),
}
_BY_TRADE: Final = {
    "staff": ("shepherd", "walker", "pilgrim", "wizard", "hiker", "wanderer", "monk"),
    "lantern": ("keeper", "miner", "nightwatchman", "watchman"),
    "book": ("scholar", "professor", "priest", "student", "librarian", "scribe", "philosopher", "reader", "teacher",
             "writer", "poet", "historian"),
    "spear": ("soldier", "guard", "warrior", "hoplite", "legionary", "hunter", "gladiator"),
    "sword": ("knight", "samurai", "viking", "pirate"),
    "tool": ("blacksmith", "smith", "worker", "carpenter", "mechanic", "engineer", "farmer", "gardener", "builder",
             "archaeologist", "potter"),
    "glass": ("captain", "sailor", "astronomer", "navigator", "lookout"),
    "bag": ("doctor", "banker", "merchant", "postman", "trader", "businessman", "detective"),
    "flask": ("chemist", "scientist", "alchemist", "physicist", "biologist", "researcher"),
}  # fmt: skip
_BEARDED: Final = ("beard", "bearded", "wizard", "king", "viking", "grandfather", "captain", "fisherman", "elder",
                   "philosopher", "blacksmith", "smith", "keeper", "prophet", "inventor", "sultan")  # fmt: skip
_WOMEN: Final = ("woman", "girl", "mother", "queen", "princess", "lady", "grandmother", "sister", "daughter", "she",
                 "her", "nun", "nurse", "bride", "businesswoman", "heroine", "actress", "witch", "wife")  # fmt: skip
_YOUNG: Final = ("child", "boy", "girl", "kid", "toddler", "son", "daughter", "pupil", "apprentice")
_MOVING: Final = ("walk", "walking", "walker", "running", "run", "hiker", "travelling", "marching", "wanderer",
                  "pilgrim", "explorer", "striding", "messenger", "traveller", "traveler", "dancing")  # fmt: skip

NECK: Final = 6.7
"""How high the head begins."""


def is_child(brief: Brief) -> bool:
    """Return whether the words speak of somebody small."""
    return brief.says(*_YOUNG)


def look(brief: Brief, paint: Paints, *, who: int = 0) -> Look:
    """Return how the words dress somebody; what they leave open, the seed decides."""
    rng = paint.rng
    woman = brief.says(*_WOMEN) if who == 0 else chance(rng, 0.5)
    garment = _worn(brief, _GARMENTS) or str(rng.choice(["coat", "dress"] if woman else ["coat", "suit", "tunic"]))
    if garment == "dress" and brief.says("coat"):
        garment = "coat"
    headgear = _worn(brief, _HEADGEAR) or str(rng.choice(["", "", "scarf"] if woman else ["", "", "cap", "brim"]))
    return Look(
        garment=garment if who == 0 or garment in ("armour", "robe", "space") else str(rng.choice(["coat", "tunic"])),
        headgear=headgear,
        hair=str(rng.choice(["long", "bun", "plait"] if woman else ["short", "short", "side"])),
        held=(_worn(brief, _CARRIED) or _worn(brief, _BY_TRADE) or "") if who == 0 else "",
        stride=float(rng.uniform(0.75, 0.95) if brief.says(*_MOVING) else rng.uniform(0.12, 0.3)),
        beard=not woman and not is_child(brief) and (brief.says(*_BEARDED) or chance(rng, 0.2)),
        scarf=garment in ("coat", "tunic") and (brief.says("scarf", "winter", "cold") or chance(rng, 0.45)),
        pack=brief.says("explorer", "hiker", "traveller", "traveler", "backpack", "climber", "merchant", "rucksack"),
    )


def person(worn: Look, paint: Paints, *, child: bool = False) -> Figure:
    """Return one person."""
    figure = Figure()
    if child:
        worn = replace(worn, beard=False)
    costume.back_hair(figure, worn.hair, worn.headgear, paint)
    _arm(figure, worn, paint, front=False)
    _legs(figure, worn, paint)
    if worn.pack:
        figure.add(smooth((-1.45, 4.7), (-0.5, 4.6), (-0.4, 6.3), (-1.1, 6.55), (-1.55, 5.9)), paint.wood)
        figure.add(limb([(-1.35, 6.55), (-0.55, 6.65)], [0.24, 0.24]), paint.accent)
    costume.body(figure, worn.garment, worn.stride, paint)
    _head(figure, worn, paint)
    if worn.scarf:
        _scarf(figure, paint)
    _arm(figure, worn, paint, front=True)
    return _childlike(figure) if child else figure


def rider(worn: Look, paint: Paints) -> Figure:
    """Return the upper part of somebody astride; the seat is at y = 3.6."""
    figure = Figure()
    costume.back_hair(figure, worn.hair, worn.headgear, paint)
    costume.body(figure, "tunic" if worn.garment in ("dress", "robe", "coat", "gown") else worn.garment, 0.2, paint)
    figure.add(limb([(0.0, 4.1), (1.0, 3.3), (0.7, 1.5)], [0.5, 0.38, 0.24]), paint.second)
    figure.add(limb([(0.68, 1.5), (1.15, 1.3)], [0.24, 0.17]), paint.dark)
    _head(figure, worn, paint)
    _scarf(figure, paint)
    figure.add(limb([(-0.1, 6.2), (0.35, 5.0), (1.35, 4.7)], [0.36, 0.28, 0.2]), lighter(paint.main, 0.04))
    return figure


def _worn(brief: Brief, table: Mapping[str, tuple[str, ...]]) -> str | None:
    """Return the entry whose word comes first in the brief."""
    by_word = {word: entry for entry, words in table.items() for word in words}
    found = brief.first(by_word)
    return by_word[found] if found else None


def _legs(figure: Figure, worn: Look, paint: Paints) -> None:
    step = worn.stride
    suit = worn.garment == "space"
    cloth = paint.pale if suit else paint.second
    for front in (False, True):
        way = 1 if front else -1
        knee = (0.1 + way * 0.62 * step + 0.14, 2.15)
        ankle: Point = (
            0.02 + way * 1.15 * step - (0.12 if not front else 0.0),
            0.32 + (0.12 * step if not front else 0),
        )
        wide = 1.3 if suit else 1.0
        leg = limb([(way * 0.14, 4.2), knee, ankle], [0.46 * wide, 0.33 * wide, 0.22 * wide])
        figure.add(leg, cloth if front else lighter(cloth, -0.07))
        shoe = smooth((-0.27, 0.0), (0.62, -0.02), (0.66, 0.16), (0.3, 0.38), (0.18, 0.62), (-0.24, 0.6), (-0.34, 0.2))
        tilt = moved(shoe, ankle[0], ankle[1] - 0.32)
        figure.add(tilt, paint.dark if front else lighter(paint.dark, -0.04))


def _arm(figure: Figure, worn: Look, paint: Paints, *, front: bool) -> None:
    sleeve = lighter(costume.sleeve(worn.garment, paint), 0.03 if front else -0.08)
    wide = 1.3 if worn.garment == "space" else 1.0
    shoulder: Point = (-0.3, 6.15) if front else (0.35, 6.1)
    if front and worn.held:
        elbow, hand = (-0.05, 4.95), (1.15, 4.95)
        costume.held_behind(figure, worn.held, hand, paint)
    else:
        swing = (-1 if front else 1) * min(worn.stride, 0.9)
        elbow, hand = (-0.42 + 0.5 * swing, 4.95) if front else (0.5 + 0.4 * swing, 4.9), (-0.15 + 1.0 * swing, 3.85)
    figure.add(limb([shoulder, elbow, hand], [0.38 * wide, 0.32 * wide, 0.24 * wide]), sleeve)
    figure.add(ellipse(hand[0] + 0.08, hand[1] - 0.05, 0.22, 0.24), paint.skin, 0.7)
    if front and worn.held:
        costume.held_before(figure, worn.held, hand, paint)


def _head(figure: Figure, worn: Look, paint: Paints) -> None:
    figure.add(limb([(0.0, 6.45), (0.1, 7.0)], [0.24, 0.22]), lighter(paint.skin, -0.07), 0.5)
    face = smooth((-0.38, 7.5), (-0.3, 7.0), (0.08, 6.72), (0.42, 6.82), (0.56, 7.12), (0.66, 7.3), (0.56, 7.42),
                  (0.52, 7.78), (0.1, 8.0), (-0.28, 7.86))  # fmt: skip
    figure.add(face, paint.skin, 0.8)
    figure.add(ellipse(0.36, 7.4, 0.05, 0.075), paint.ink, 0)
    figure.add(ellipse(0.3, 7.12, 0.13, 0.09), lighter(paint.skin, -0.06), 0)
    if worn.beard:
        beard = smooth((-0.16, 7.25), (0.1, 7.12), (0.42, 7.12), (0.6, 6.98), (0.5, 6.55), (0.28, 6.25), (0.0, 6.55))
        figure.add(beard, paint.hair, 0.8)
    costume.hair(figure, worn.hair, worn.headgear, paint)
    costume.headgear(figure, worn.headgear, paint)


def _scarf(figure: Figure, paint: Paints) -> None:
    figure.add(smooth((-0.95, 6.5), (-0.4, 6.3), (-0.6, 5.9), (-1.2, 5.5), (-1.75, 5.75), (-1.3, 6.2)), paint.accent)
    figure.add(smooth((-0.42, 6.4), (0.1, 6.22), (0.52, 6.42), (0.45, 6.78), (0.05, 6.66), (-0.36, 6.8)), paint.accent)


def _childlike(figure: Figure) -> Figure:
    """Return the figure with a child's proportions: the head keeps its size, the rest shrinks."""
    child = Figure()
    for piece in figure.pieces:
        low, high = piece.outline[:, 1].min(), piece.outline[:, 1].max()
        on_head = low > NECK - 0.9 and high > NECK
        outline = moved(piece.outline, 0, -NECK)
        child.add(moved(outline, 0, NECK * 0.62, scale=0.86 if on_head else 0.62), piece.colour, piece.relief)
    return child


GROUPS: Final[Mapping[str, int]] = {
    "crowd": 5, "family": 3, "crew": 3, "band": 3, "group": 3, "team": 3, "couple": 2, "twin": 2, "pair": 2,
    "brother": 2, "army": 5, "procession": 4, "villager": 3, "audience": 4, "siblings": 2,
}  # fmt: skip
WORDS: Final[frozenset[str]] = frozenset(
    word
    for table in (_GARMENTS, _HEADGEAR, _BY_TRADE)
    for words in table.values()
    for word in words
    if word not in ("coat", "suit", "dress", "robe", "apron", "hood", "hooded", "crown", "hat", "cloak", "headscarf")
) | frozenset({"man", "person", "human", "figure", *_WOMEN, *_YOUNG, *GROUPS})
"""Every word that speaks of people."""
