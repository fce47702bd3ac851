"""The names of images: made fit to be file names, made unique, and found again however a reference spells them."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from vidctl.domain.storyboard import AssetKind

MAX_NAME: Final = 40
_CLOSE: Final = 0.85
"""How alike two names are that mean the same one; "harbour_dawn" and "harbor_dawn" are, "market_1" and "quay_1" not."""
_NUMBERS: Final = re.compile(r"\d+")


def slug(text: str) -> str:
    """Return the nearest name that a file can have; an empty one where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:MAX_NAME].rstrip("_")


class Names:
    """The names that are given out so far, in order, with what the story calls them."""

    def __init__(self) -> None:
        self._kinds: dict[str, AssetKind] = {}
        self._said: dict[tuple[AssetKind, str], str] = {}

    def give(self, said: str, kind: AssetKind, number: int) -> str:
        """Return the name of an image, unlike all others; `number` is that of the image."""
        name = stem = slug(said) or f"{kind}_{number}"
        count = 1
        while name in self._kinds:
            count += 1
            name = f"{stem[: MAX_NAME - len(str(count)) - 1].rstrip('_')}_{count}"
        self._kinds[name] = kind
        self._said.setdefault((kind, said), name)
        return name

    def kind(self, name: str) -> AssetKind | None:
        """Return what kind of image has this name."""
        return self._kinds.get(name)

    def meant(self, said: str, kinds: Iterable[AssetKind]) -> str | None:
        """Return the name that a reference means: exactly, as a file name, or in spelling; the first kind wins."""
        wanted = tuple(kinds)
        for kind in wanted:
            if name := self._said.get((kind, said)):
                return name
        known = [name for kind in wanted for name, its in self._kinds.items() if its is kind]
        if (nearly := slug(said)) in known:
            return nearly
        alike = [name for name in known if _NUMBERS.findall(name) == _NUMBERS.findall(nearly)]
        return next(iter(get_close_matches(nearly, alike, n=1, cutoff=_CLOSE)), None)
