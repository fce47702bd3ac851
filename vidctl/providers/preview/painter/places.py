"""Which words mean which place: the tables, and what is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vidctl.providers.preview.painter.brief import Brief

INSIDE: Final = {
    "space": "space cosmos galaxy nebula orbit planet asteroid universe solar interstellar lunar mars martian",
    "deep": "underwater seabed reef coral undersea abyss submarine seafloor aquarium kelp depth",
    "cave": "cave cavern underground mine grotto tunnel catacomb shaft burrow dungeon crypt",
    "library": "library archive bookshop scriptorium study bookshelf reading record",
    "laboratory": "laboratory lab clinic hospital pharmacy research",
    "workshop": "workshop forge smithy garage studio foundry bench press printing engine",
    "hall": """hall cathedral palace museum court throne nave ballroom parliament theatre theater station senate
        gallery courtroom""",
    "parlour": """room kitchen parlour parlor bedroom house interior indoors inside office tavern inn cabin classroom
        school bakery shop apartment attic cellar""",
}
BACKDROPS: Final = {
    "volcano": "volcano volcanic eruption lava vesuvius",
    "ice": "iceberg arctic antarctic antarctica polar glacier ice icefield tundra",
    "dunes": "dune sahara oasis sand pyramid egypt caravan",
    "desert": "desert canyon mesa badland wasteland arid wadi",
    "cliffs": "cliff headland coast lighthouse fjord shoreline promontory seaside",
    "mountains": "mountain alp alpine peak summit himalaya andes range ridge pass mountainside highland",
    "islands": "island archipelago bay lagoon harbour harbor port",
    "hills": "hill valley countryside vineyard farm village moor downs pasture hillside rolling",
    "plain": "plain steppe prairie savanna savannah grassland field battlefield meadow flatland",
}
GROUNDS: Final = {
    "sea": """sea ocean coast beach harbour harbor port shore bay fjord wave island lighthouse strait voyage seaside
        tide cliff lagoon fishing""",
    "river": "river stream creek nile thames bridge delta waterfall canal mill",
    "lake": "lake pond marsh swamp wetland reservoir loch",
    "snow": "snow snowy ice arctic antarctic polar glacier blizzard tundra winter frozen",
    "sand": "desert dune sahara oasis pyramid caravan sand egypt arid canyon mesa wasteland badland",
    "street": """street city town square market plaza downtown alley road metropolis factory skyline boulevard
        courtyard quarter""",
    "field": "field farm wheat harvest crop battlefield trench plough vineyard barley farmland",
    "rock": "mountain summit cliff rocky volcano quarry peak pass moon ruin rubble",
    "meadow": "meadow forest hill valley grass village park garden plain",
}
STANDING: Final = {
    "lighthouse": "lighthouse beacon",
    "castle": "castle fortress tower citadel keep fort",
    "windmill": "windmill mill",
    "temple": "temple parthenon acropolis shrine forum",
    "pyramid": "pyramid",
    "stones": "monolith stonehenge megalith henge dolmen",
    "harbour": "harbour harbor port dock quay marina fleet wharf shipyard",
    "ruins": "ruin ancient rubble archaeological excavation",
    "camp": "camp tent encampment expedition",
    "works": "factory industrial mill works refinery plant industry smokestack",
    "city": """city metropolis skyline downtown town street skyscraper rome london paris york tokyo market square
        quarter capital""",
    "village": "village hamlet settlement farmhouse countryside",
    "forest": "forest wood woods woodland jungle rainforest taiga grove",
    "church": "church monastery abbey cathedral chapel",
    "house": "house cottage cabin hut farm homestead barn",
    "bridge": "bridge aqueduct viaduct",
    "train": "railway train locomotive railroad",
    "wagon": "wagon caravan cart",
    "ship": "ship galleon voyage fleet caravel",
    "boat": "boat fishing sail lake",
    "rocket": "rocket launch launchpad spaceport",
    "balloon": "balloon airship zeppelin",
    "plane": "airfield airplane plane aeroplane runway airport",
    "trees": "tree oak valley park garden orchard oasis river meadow savanna hill lake olive vineyard",
}
FRAMED: Final = {
    "palms": "jungle tropical oasis palm island rainforest lagoon",
    "firs": "forest mountain snow taiga winter alpine pine nordic glacier",
    "post": "street city town square london paris alley boulevard downtown",
    "reeds": "lake river marsh pond swamp delta wetland nile canal",
    "rocks": "coast cliff rocky desert canyon volcano sea shore quarry moon harbour lighthouse ruin",
    "grasses": "meadow field plain savanna steppe prairie hill farm moor village wheat",
    "branches": "valley park garden orchard countryside castle temple",
}
_UNNAMED: Final = (
    ("mountains", "lake", "trees", "branches"),
    ("hills", "meadow", "village", "grasses"),
    ("cliffs", "sea", "boat", "rocks"),
    ("hills", "river", "trees", "reeds"),
    ("mountains", "meadow", "forest", "firs"),
    ("plain", "field", "windmill", "grasses"),
    ("hills", "street", "city", "post"),
    ("desert", "sand", "camp", "rocks"),
    ("islands", "sea", "ship", "branches"),
    ("mountains", "rock", "ruins", "rocks"),
)
"""Landscapes for words that name none: (backdrop, ground, standing, frame)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a landscape consists of, from far to near."""

    backdrops: tuple[str, ...]
    ground: str
    standing: tuple[str, ...]
    frame: str | None


def enclosed(brief: Brief) -> str | None:
    """Return the place without a horizon that the words name, if they do."""
    inside = _named(brief, INSIDE, most=1)
    if inside == ("parlour",) and _outdoors(brief):
        return None
    return inside[0] if inside else None


def plan(brief: Brief) -> Plan:
    """Return what the words of a landscape name; what they leave open, the seed decides."""
    backdrops, grounds = _named(brief, BACKDROPS, most=2), _named(brief, GROUNDS, most=1)
    standing, frames = _named(brief, STANDING, most=2), _named(brief, FRAMED, most=1)
    rng = brief.rng("plan")
    spare = _UNNAMED[int(rng.integers(len(_UNNAMED)))]
    if not (backdrops or grounds or standing):
        return Plan((spare[0],), spare[1], (spare[2],), spare[3])
    ground = grounds[0] if grounds else str(rng.choice(["meadow", "river", "field"]))
    if "dunes" in backdrops:  # what rises behind dunes is more dunes
        backdrops = ("dunes",)
    behind = backdrops or (() if ground == "sea" else (str(rng.choice(["hills", "mountains", "plain"])),))
    frame = frames[0] if frames else str(rng.choice(["branches", "grasses", "rocks"]))
    open_sea = ground == "sea" and not backdrops
    return Plan(behind, ground, standing, None if open_sea else frame)


def _outdoors(brief: Brief) -> bool:
    """Return whether a house or a shop is named as part of a view, not as the room we are in."""
    if brief.says("interior", "inside", "indoors", "room"):
        return False
    return bool(_named(brief, BACKDROPS, most=1)) or brief.says(*GROUNDS["sea"].split())


def _named(brief: Brief, table: Mapping[str, str], *, most: int) -> tuple[str, ...]:
    """Return the entries that the words name, in the order of the table."""
    return tuple(entry for entry, words in table.items() if brief.says(*words.split()))[:most]
