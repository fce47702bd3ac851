"""What the demo makes: a film written by hand, and more topics where several films are asked for."""

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

CHANNEL: Final = "demo"

_MORE: Final = (
    ("The Salt Road", "How salt built roads, cities and empires across the desert"),
    ("A River From Spring To Sea", "The journey of a river from the mountains to the sea"),
    ("The Birds That Follow The Sun", "Arctic terns and their journey from pole to pole"),
    ("The Clock In The Tower", "How a town learned to share one time"),
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What a person would ask for."""

    title: str
    topic: str
    story_direction: str


def briefs(count: int) -> list[Brief]:
    """Return what `count` films are about; the first is the one written by hand."""
    first = _written()
    films = [Brief(first["title"], first["topic"], first["story_direction"])]
    for number in range(1, count):
        title, topic = _MORE[(number - 1) % len(_MORE)]
        again = (number - 1) // len(_MORE)
        films.append(Brief(f"{title}, part {again + 1}" if again else title, topic, ""))
    return films


def images_for(scenes: int) -> int:
    """Return how many images the hand-written film shows in its most important `scenes` scenes."""
    written = _written()
    kept = [written["storyboard"]["scenes"][number - 1] for number in written["importance"][:scenes]]
    panels = [panel for scene in kept for panel in scene["composite"]["panels"]]
    return len({name for panel in panels for name in (panel["environment"], *_figures(panel))})


def _figures(panel: dict[str, Any]) -> list[str]:
    return [*panel.get("characters", []), *panel.get("props", [])]


def _written() -> dict[str, Any]:
    data = (resources.files("vidctl") / "providers" / "preview" / "demo.json").read_bytes()
    written: dict[str, Any] = json.loads(data)
    return written
