"""The scenes of a model's storyboard, mended where their meaning is plain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vidctl.domain.storyboard import AssetKind, Layout
from vidctl.providers.storyteller.fit import fitted, spoken_words
from vidctl.providers.storyteller.names import Names
from vidctl.providers.storyteller.texts import line

QUIET: Final = "the quiet sound of the place, no voices, no music"
STILL: Final = "slow, steady push in"
_CAST: Final = (AssetKind.CHARACTER, AssetKind.PROP)
_MOST_PANELS: Final = 2


@dataclass(frozen=True, slots=True)
class Scenes:
    """Mends one scene after the other; says in `mended` and `complaints` what it did and could not do."""

    names: Names
    words: int
    mended: list[str]
    complaints: list[str]

    def of(self, said: object) -> list[dict[str, Any]]:
        """Return the scenes of a document, numbered from 1."""
        raw = [one if isinstance(one, dict) else {} for one in said] if isinstance(said, list) else []
        if [one.get("number") for one in raw] != list(range(1, len(raw) + 1)):
            self.mended.append("the scenes were numbered anew")
        return [self._scene(number, one) for number, one in enumerate(raw, 1)]

    def _scene(self, number: int, raw: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "number": number,
            "composite": self._composite(number, raw.get("composite")),
            "motion": line(raw.get("motion"), 4_000) or STILL,
            "sound": line(raw.get("sound"), 4_000) or QUIET,
            "narration": self._narration(number, line(raw.get("narration"), 2_000)),
        }

    def _composite(self, number: int, said: object) -> dict[str, Any]:
        raw = said if isinstance(said, dict) else {}
        listed = raw.get("panels")
        panels = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
        if not panels:
            self.complaints.append(f"scene {number} shows nothing: its `panels` are empty")
        layout = Layout.SPLIT if len(panels) > 1 else Layout.SINGLE
        if raw.get("layout") != layout or len(panels) > _MOST_PANELS:
            self.mended.append(f"scene {number} is {layout}, by its number of pictures")
        return {"layout": layout.value, "panels": [self._panel(number, one) for one in panels[:_MOST_PANELS]]}

    def _panel(self, number: int, raw: Mapping[str, Any]) -> dict[str, Any]:
        place = line(raw.get("environment"), 200)
        if (environment := self.names.meant(place, (AssetKind.ENVIRONMENT,))) is None:
            self.complaints.append(f"scene {number}: no environment is named {place[:60]!r}")
        elif environment != place:
            self._understood(number, environment, place)
        said = ((raw.get("characters"), _CAST), (raw.get("props"), _CAST[::-1]))
        cast = list(dict.fromkeys(name for names, kinds in said for name in self._cast(number, names, kinds)))
        return {
            "environment": environment or "",
            "characters": [name for name in cast if self.names.kind(name) is AssetKind.CHARACTER],
            "props": [name for name in cast if self.names.kind(name) is AssetKind.PROP],
        }

    def _cast(self, number: int, said: object, kinds: tuple[AssetKind, ...]) -> list[str]:
        """Return who stands in a picture; one in the list of the other kind is moved to its own."""
        found = []
        for one in said if isinstance(said, list) else ():
            called = line(one, 200)
            if name := self.names.meant(called, kinds):
                found.append(name)
                if name != called:
                    self._understood(number, name, called)
            else:
                self.complaints.append(f"scene {number}: no {kinds[0]} is named {called[:60]!r}")
        return found

    def _understood(self, number: int, name: str, called: str) -> None:
        self.mended.append(f"scene {number} shows {name}, which it calls {called[:60]!r}")

    def _narration(self, number: int, said: str) -> str:
        fits = fitted(said, self.words)
        if fits is None:
            long = f"about {spoken_words(said):.0f} words, {self.words} are the most"
            self.complaints.append(f"scene {number}: its narration is too long ({long}): {said[:80]}")
            return said
        if fits != said:
            self.mended.append(f"the narration of scene {number} ends earlier, to fit its clip")
        return fits
