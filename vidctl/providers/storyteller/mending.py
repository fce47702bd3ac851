"""What of a model's storyboard is slightly wrong is put right here: it costs nothing, and another answer does.

Only what has one obvious meaning is mended. The rest is complained of: the model may try once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vidctl.domain.storyboard import AssetKind
from vidctl.providers.brief import Brief
from vidctl.providers.storyteller.names import Names
from vidctl.providers.storyteller.scenes import Scenes
from vidctl.providers.storyteller.texts import line

UNTITLED: Final = "Untitled"


@dataclass(slots=True)
class Mended:
    """A storyboard's document as it is after mending, what was mended, and what cannot be."""

    document: dict[str, Any] = field(default_factory=dict)
    mended: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


def mend(told: Mapping[str, Any], brief: Brief, words: int) -> Mended:
    """Return a model's storyboard, mended; `words` is how many a narration may have."""
    found = Mended()
    names = Names()
    assets = _assets(told.get("assets"), names, found)
    scenes = Scenes(names, words, found.mended, found.complaints).of(told.get("scenes"))
    _drop_unused(assets, scenes, brief.assets, found)
    for what, have, want in (("images", assets, brief.assets), ("scenes", scenes, brief.scenes)):
        if len(have) != want:
            found.complaints.append(f"there are {len(have)} {what}; there must be exactly {want}")
    style = line(brief.style, 1_000) or line(told.get("style"), 1_000)
    if not style:
        found.complaints.append("`style` is empty")
    found.document = {
        "title": _title(told, brief),
        "summary": line(told.get("summary"), 2_000) or line(brief.topic, 2_000),
        "style": style,
        "assets": assets,
        "scenes": scenes,
    }
    return found


def _title(told: Mapping[str, Any], brief: Brief) -> str:
    titles = (brief.title, told.get("title"), brief.topic, UNTITLED)
    return next(filter(None, (line(title, 200) for title in titles)), UNTITLED)


def _assets(said: object, names: Names, found: Mended) -> list[dict[str, Any]]:
    assets = []
    for at, one in enumerate(said if isinstance(said, list) else (), 1):
        if asset := _asset(at, one, names, found):
            assets.append(asset)
    return assets


def _asset(at: int, one: object, names: Names, found: Mended) -> dict[str, Any] | None:
    raw = one if isinstance(one, dict) else {}
    said, prompt = line(raw.get("name"), 200), line(raw.get("prompt"), 4_000)
    kind = _kind(raw.get("kind"))
    if kind is None or not prompt:
        what = "`prompt` is empty" if kind else "`kind` is none of character, environment, prop"
        found.complaints.append(f"image {at} ({said[:60]}): {what}")
        return None
    like = names.meant(line(raw.get("like"), 200), (kind,)) if raw.get("like") else None
    name = names.give(said, kind, at)
    if name != raw.get("name"):
        found.mended.append(f"image {at} is named {name}, not {said[:60]!r}")
    if raw.get("like") and like is None:
        found.mended.append(f"image {name} is like none before it")
    return {"name": name, "kind": kind.value, "prompt": prompt} | ({"like": like} if like else {})


def _kind(said: object) -> AssetKind | None:
    try:
        return AssetKind(line(said, 40).lower())
    except ValueError:
        return None


def _drop_unused(assets: list[dict[str, Any]], scenes: list[dict[str, Any]], wanted: int, found: Mended) -> None:
    """Take away what no scene shows, from the end, while there are too many images; what stays is told."""
    shown = {name for scene in scenes for panel in scene["composite"]["panels"] for name in _names(panel)}
    while len(assets) > wanted:
        needed = shown | {asset.get("like") for asset in assets}
        spare = next((at for at in range(len(assets) - 1, -1, -1) if assets[at]["name"] not in needed), None)
        if spare is None:
            break
        found.mended.append(f"image {assets.pop(spare)['name']} is left out: no scene shows it")
    idle = [asset["name"] for asset in assets if asset["name"] not in shown]
    if idle:
        found.mended.append(f"no scene shows {', '.join(idle)}")


def _names(panel: Mapping[str, Any]) -> list[str]:
    return [panel["environment"], *panel["characters"], *panel["props"]]
