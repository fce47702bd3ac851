"""A whole storyboard of the size that a request asks for in words, the same for the same brief."""

import random
import re
from collections.abc import Sequence
from typing import Any

PLACES = ("harbour", "market", "desert", "workshop", "mountain_pass", "old_town", "river", "library", "coast", "mine")
PEOPLE = ("keeper", "merchant", "sailor", "child", "scholar", "smith", "farmer", "guide")
THINGS = ("lantern", "map", "boat", "scale", "book", "cart", "rope", "bell")
SAID = "The day begins slowly here, and every hand knows what it has to do before the evening comes"


def asked(system: str) -> tuple[int, int, int]:
    """Return how many scenes, images and words a narration the instruction asks for."""
    found = [re.search(pattern, system) for pattern in (r"exactly (\d+) scenes", r"exactly (\d+) images")]
    words = re.search(r"at most (\d+) words", system)
    return (*(int(one[1]) if one else 3 for one in found), int(words[1]) if words else 20)  # type: ignore[return-value]


def storyboard(brief: str, *, scenes: int, assets: int, words: int) -> dict[str, Any]:
    """Return a storyboard that is right in every way."""
    chance = random.Random(brief)
    places = max(1, assets // 2)
    people = (assets - places + 1) // 2
    images = [
        *_images("environment", PLACES, places, chance),
        *_images("character", PEOPLE, people, chance),
        *_images("prop", THINGS, assets - places - people, chance),
    ]
    for number, image in enumerate(images, 1):
        image["number"] = number
    return {
        "title": "A Film of the Fake",
        "summary": "What the brief is about, told in a few scenes.",
        "style": "gouache, muted teal and amber, soft morning light",
        "assets": images,
        "scenes": [_scene(at, images, words) for at in range(scenes)],
    }


def _images(kind: str, names: Sequence[str], count: int, chance: random.Random) -> list[dict[str, Any]]:
    start = chance.randrange(len(names))
    images: list[dict[str, Any]] = []
    for at in range(count):
        name = f"{names[(start + at) % len(names)]}{f'_{at // len(names) + 1}' if at >= len(names) else ''}"
        image: dict[str, Any] = {"name": name, "kind": kind, "prompt": f"a {name.replace('_', ' ')}, weathered, calm"}
        if at == 1 and kind == "character":
            image["like"] = images[0]["name"]
        images.append(image)
    return images


def _scene(at: int, images: Sequence[dict[str, Any]], words: int) -> dict[str, Any]:
    def one(kind: str) -> list[str]:
        names = [image["name"] for image in images if image["kind"] == kind]
        return [names[at % len(names)]] if names else []

    split = at % 5 == 4
    panel = {"environment": one("environment")[0], "characters": one("character"), "props": one("prop")}
    other = {"environment": one("environment")[0], "characters": [], "props": []}
    return {
        "number": at + 1,
        "composite": {"layout": "split" if split else "single", "panels": [panel, other] if split else [panel]},
        "motion": f"slow push in, smoke drifts over mark {at + 1}",
        "sound": f"wind, distant steps, door {at + 1} creaks",
        "narration": " ".join([f"Mark {at + 1}.", *SAID.split()[: max(0, words - 6)]]) + ".",
    }
