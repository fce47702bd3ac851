"""Which words mean which drawing, and how large it is beside a person."""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from vidctl.providers.preview.painter import buildings, craft, growing, instruments, things
from vidctl.providers.preview.painter.figure import Figure
from vidctl.providers.preview.painter.paints import Paints

Maker: TypeAlias = Callable[[Paints], Figure]

_PROPS: Final[tuple[tuple[Maker, int, str], ...]] = (
    # maker, height of the cut-out in pixels (a person has 1150), words
    (buildings.house, 1000, "house cottage cabin hut home barn farmhouse shed inn tavern farm chalet"),
    (buildings.lighthouse, 1200, "lighthouse beacon"),
    (buildings.tower, 1150, "tower castle fortress keep turret citadel watchtower fort"),
    (buildings.windmill, 1150, "windmill mill turbine"),
    (buildings.temple, 1000, "temple parthenon museum bank palace parliament column forum acropolis library court"),
    (buildings.pyramid, 950, "pyramid tomb ziggurat"),
    (buildings.tent, 850, "tent camp yurt tepee pavilion"),
    (buildings.bridge, 620, "bridge aqueduct viaduct"),
    (buildings.monolith, 850, "monolith megalith menhir dolmen stonehenge henge gate portal"),
    (buildings.factory, 1000, "factory foundry works plant refinery furnace chimney"),
    (buildings.church, 1150, "church cathedral chapel monastery abbey steeple"),
    (buildings.well, 760, "well fountain"),
    (craft.boat, 900, "boat sailboat yacht dinghy sail fishingboat"),
    (craft.rowing_boat, 420, "canoe rowboat kayak raft oar longboat gondola"),
    (craft.ship, 1100, "ship galleon frigate caravel vessel brig fleet schooner"),
    (craft.steamer, 900, "steamer steamship liner titanic freighter cargo ferry battleship submarine"),
    (craft.wagon, 760, "wagon cart carriage caravan coach chariot stagecoach"),
    (craft.train, 820, "train locomotive railway engine rail tram"),
    (craft.plane, 640, "plane airplane aeroplane aircraft biplane glider jet drone"),
    (craft.rocket, 1150, "rocket spaceship spacecraft missile shuttle probe satellite"),
    (craft.balloon, 1100, "balloon airship zeppelin"),
    (craft.car, 600, "car automobile truck taxi bus motorcar vehicle van"),
    (craft.bicycle, 620, "bicycle bike motorcycle"),
    (things.lantern, 510, "lantern lamp candle light torch bulb lightbulb streetlight lamppost"),
    (things.book, 370, "book diary bible journal notebook manuscript codex tome ledger"),
    (things.scroll, 450, "map scroll chart parchment blueprint plan treaty document constitution newspaper paper"),
    (things.letter, 340, "letter envelope mail postcard telegram stamp message"),
    (
        instruments.machine,
        610,
        "machine gear cog mechanism loom press motor apparatus engine automaton device robot clockwork",
    ),
    (instruments.telescope, 900, "telescope spyglass observatory binocular"),
    (instruments.microscope, 500, "microscope lens magnifier"),
    (instruments.clock, 500, "clock watch pendulum timepiece chronometer sundial"),
    (instruments.hourglass, 460, "hourglass sand time"),
    (instruments.compass, 420, "compass astrolabe sextant dial gauge medal medallion amulet"),
    (instruments.globe, 530, "globe earth world atlas orb"),
    (things.sword, 610, "sword dagger knife blade sabre spear weapon"),
    (things.helmet, 510, "helmet armour armor shield mask"),
    (things.crown, 370, "crown throne tiara diadem"),
    (things.chest, 480, "chest box treasure trunk crate casket coffin ark suitcase"),
    (things.key, 450, "key lock padlock"),
    (instruments.flask, 450, "flask beaker vial potion test tube chemical laboratory bulbous retort"),
    (things.coin, 370, "coin money gold coinage treasury dollar salt spice"),
    (things.tools, 450, "tool hammer chisel axe pickaxe shovel pick saw wrench anvil spade"),
    (instruments.camera, 860, "camera projector film tripod cinema"),
    (instruments.radio, 420, "radio wireless telephone phone television gramophone telegraph receiver speaker"),
    (instruments.computer, 500, "computer screen monitor graph diagram laptop terminal server chip"),
    (instruments.bell, 450, "bell gong"),
    (things.anchor, 510, "anchor hook"),
    (instruments.harp, 860, "guitar violin cello lute harp instrument music fiddle banjo lyre"),
    (things.cannon, 450, "cannon gun artillery musket rifle"),
    (things.barrel, 480, "barrel cask keg bucket basket sack"),
    (things.wheel_thing, 610, "wheel helm waterwheel"),
    (things.bottle, 450, "bottle wine cup goblet glass glasses jug teapot tea coffee beer"),
    (things.bread, 320, "bread food fruit apple loaf meal table feast cheese"),
    (things.flag, 1000, "flag banner standard pennant sign signpost"),
    (growing.tree, 1150, "tree oak maple elm apple beech forest sapling olive bush hedge"),
    (growing.bare_tree, 1050, "branch deadwood root driftwood coral"),
    (growing.conifer, 1150, "pine fir spruce conifer cedar larch"),
    (growing.palm, 1150, "palm coconut oasis"),
    (growing.flower, 510, "flower rose tulip bloom blossom poppy daisy plant seedling lily sunflower seed"),
    (growing.wheat, 560, "wheat sheaf grain corn barley crop straw rice hay reed"),
    (growing.fire, 500, "fire campfire bonfire flame hearth volcano explosion"),
    (growing.crystal, 510, "crystal gem diamond jewel mineral ruby quartz iceberg ice salt"),
    (growing.rock, 500, "rock boulder stone pebble cliff ore coal asteroid meteorite fossilbed"),
    (growing.skull, 450, "skull bone fossil skeleton"),
    (growing.mushroom, 450, "mushroom fungus toadstool"),
    (growing.planet, 560, "planet moon saturn jupiter mars star sun"),
    (growing.molecule, 510, "molecule atom cell virus bacteria network particle neuron protein brain"),
    (growing.helix, 820, "dna helix gene genome"),
    (things.crown, 370, "jewellery ring necklace"),
)
PROPS: Final[Mapping[str, tuple[Maker, int]]] = {
    word: (maker, height) for maker, height, words in reversed(_PROPS) for word in words.split()
}
"""A word that stands in two rows means the upper one."""

AIRBORNE: Final[frozenset[Maker]] = frozenset({craft.plane, craft.balloon, growing.planet})
"""What has no foot to stand on."""
