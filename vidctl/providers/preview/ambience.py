"""Sound effects from a description: the words choose the layers, the layers are mixed, the ends fade.

Made of noise and sines on the spot: no recordings, so nothing to license and nothing to download.
"""

import re
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Final

import numpy as np

from vidctl.errors import BadInput
from vidctl.providers.preview import ambience_human as human
from vidctl.providers.preview import ambience_nature as nature
from vidctl.providers.preview.ambience_tools import RATE_HZ, Signal, Studio

LONGEST_S: Final = 120.0
SHORTEST_S: Final = 0.5
FADE_S: Final = 0.4

_LAYERS: Final[Mapping[str, tuple[Callable[[Studio], Signal], str]]] = {
    "rain": (nature.rain, r"rain\w*|drizzle|downpour|showers?"),
    "thunder": (nature.thunder, r"thunder\w*|lightning|storm|avalanche|explosions?|cannons?|rumbl\w*|earthquake"),
    "sea": (
        nature.sea,
        r"seas?|oceans?|waves?|surf|shores?|tides?|beach|harbou?r|lakes?|(?<!dripping )(?<!river )water",
    ),
    "wind": (nature.wind, r"winds?|windy|gusts?|gale|breeze|storm|blizzard"),
    "river": (nature.river, r"rivers?|streams?|brooks?|creeks?|waterfall|fountain"),
    "drips": (nature.drips, r"drip\w*|caves?|drops?"),
    "fire": (nature.fire, r"fires?|campfire|flames?|crackl\w*|burning|torch\w*|hearth|embers"),
    "gulls": (nature.gulls, r"gulls?|seagulls?|seabirds?|harbou?r"),
    "birds": (nature.birds, r"birds?|birdsong|songbirds?|chirp\w*|forest|garden|wings"),
    "insects": (nature.insects, r"insects?|crickets?|cicadas?|summer|jungle"),
    "ice": (nature.ice, r"ice|icy|glaciers?|cracking|frozen"),
    "leaves": (nature.leaves, r"leaves|rustl\w*|grass|trees?|corn"),
    "crowd": (human.crowd, r"crowds?|market|people|voices?|murmur\w*|cheer\w*|village|tavern|talking"),
    "city": (human.city, r"city|cities|traffic|streets?|town|cars?|trains?|railway|highway"),
    "machine": (human.machine, r"machin\w*|engines?|motors?|factory|mechanical|steam|gears?|pumps?|generator"),
    "bells": (human.bells, r"bells?|chimes?|church|gong"),
    "clock": (human.clock, r"clocks?|tick\w*"),
    "steps": (human.steps, r"footsteps?|steps|walking|footfalls?|marching"),
    "hooves": (human.hooves, r"hooves|horses?|gallop\w*|cart|carriage"),
    "timber": (human.timber, r"creak\w*|timbers?|wooden|ropes?|rigging|ships?"),
    "canvas": (human.canvas, r"flap\w*|canvas|pages?|paper|cloth|sails?|flags?"),
    "drone": (human.drone, r"drones?|tones?|music\w*|ambient|choir|chords?|space|eerie|tension"),
    "air": (nature.air, r"air|night|rooms?|silence|fog"),
}
"""What each sound is called for by: whole words, in any case."""

_CLAUSE: Final = re.compile(r"[,;.&+/]|\band\b|\bwith\b|\bover\b")
_QUIETER: Final = re.compile(r"\b(?:soft|softly|quiet|gentle|distant|faint|calm|low|light|far|subtle)\b")
_LOUDER: Final = re.compile(r"\b(?:loud|heavy|strong|howling|roaring|stormy|violent|close|huge|furious)\b")
_MOST: Final = 4
_BEHIND: Final = 0.7
_RMS_DB: Final = -25.0
_PEAK: Final = 10 ** (-4 / 20)


def layers(description: str) -> dict[str, float]:
    """Return the sounds that the description calls for and how loud each is; a soft drone where it names none.

    "Heavy rain, distant thunder" is much rain and little thunder: how loud is said within the clause.
    """
    levels: dict[str, float] = {}
    for clause in _CLAUSE.split(description.lower()):
        for name in _named(clause):
            levels.setdefault(name, (_BEHIND if levels else 1.0) * _strength(clause))
    return dict(list(levels.items())[:_MOST]) or {"drone": 1.0}


def _named(clause: str) -> list[str]:
    found = {name: match.start() for name, pattern in _PATTERNS.items() if (match := pattern.search(clause))}
    return sorted(found, key=lambda name: found[name])


_PATTERNS: Final = {name: re.compile(rf"\b(?:{words})\b") for name, (_, words) in _LAYERS.items()}


def _strength(clause: str) -> float:
    return 0.5 if _QUIETER.search(clause) else 1.5 if _LOUDER.search(clause) else 1.0


def make(description: str, seconds: float, *, take: int = 1, note: str = "") -> Signal:
    """Return stereo sound of that length at 48 kHz: never silent, never clipped, the same for the same words and take.

    Raises:
        BadInput: the length is outside of 0.5 to 120 seconds.
    """
    if not SHORTEST_S <= seconds <= LONGEST_S:
        raise BadInput(
            f"--duration-s is {seconds:g}, and an effect is {SHORTEST_S:g} to {LONGEST_S:g} seconds long",
            hint="give the length of the clip, such as 10",
        )
    seed = sha256(repr((description, take, note)).encode("utf-8", "backslashreplace")).digest()
    studio = Studio(round(seconds * RATE_HZ), np.random.default_rng(int.from_bytes(seed[:8], "big")))
    levels = layers(f"{note}, {description}")
    mix = sum((np.float32(level) * _LAYERS[name][0](studio) for name, level in levels.items()), start=np.float32(0))
    return _finished(np.asarray(mix, np.float32), _RMS_DB + 4 * np.log2(next(iter(levels.values()))))


def _finished(mix: Signal, rms_db: float) -> Signal:
    """Bring the mix to its loudness, round off what is too loud, and fade both ends."""
    rms = np.sqrt(np.mean(np.square(mix), dtype=np.float64)) + 1e-9
    gain = np.float32(10 ** (rms_db / 20) / rms / _PEAK)
    level = np.tanh(mix * gain) * np.float32(_PEAK)
    fade = min(round(FADE_S * RATE_HZ), mix.shape[0] // 4)
    ramp = (np.sin(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2)[:, None]
    level[:fade] *= ramp
    level[-fade:] *= ramp[::-1]
    finished: Signal = level.astype(np.float32, copy=False)
    return finished
