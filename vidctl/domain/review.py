"""Reading what a person wrote when rejecting: which items, and what should be different.

    clip 3: slower pan
    clips 7-9, 12
    redo narration 2: calmer; image 4
    thumbnail: another picture; thumbnail: scene 7, "The last keepers"

Only items named at the start of a part (a line, or what follows a semicolon) are thrown away: remaking
costs money, so it takes a clear word. A part that names none says more about the items before it.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vidctl.domain.work import Artifact, Kind
from vidctl.errors import BadInput

KINDS: Final = {
    "image": Kind.IMAGE,
    "asset": Kind.IMAGE,
    "picture": Kind.IMAGE,
    "composite": Kind.COMPOSITE,
    "clip": Kind.CLIP,
    "video": Kind.CLIP,
    "narration": Kind.NARRATION,
    "voice": Kind.NARRATION,
    "sfx": Kind.SFX,
    "sound": Kind.SFX,
    "effect": Kind.SFX,
}
"""What people call the items of which a film has several."""

SINGLE: Final = {"thumbnail": Kind.THUMBNAIL}
"""And those of which it has one, and that another one can take the place of."""

MAX_NOTE: Final = 2_000
"""Characters that one item's note may have, and that are kept of all its notes. It is handed to a script as one option,
for which the system has little room (128 KiB on Linux), and to a model as a part of its prompt."""

# Repeats of a character are possessive (`*+`): none gives back what it took, so a text takes as long to read as it is
# long. Those of groups are not, as Python before 3.11.5 reads them wrongly; none of them has another way to match.
_KIND: Final = rf"(?ai:{'|'.join(KINDS)})(?ai:s?)\s++"  # ASCII: else an i without its dot counts as an i
_RANGE: Final = r"\s*+(?:[-–]|to)\s*+\#?"
_ENDS: Final = r"(?=\s|\Z|[,&(–—-]|[:.!](?!\d))"  # not in 16:9, 2.5, 2nd or 50%
_NUMBERS: Final = rf"\#?\d++(?:{_RANGE}\d++|(?!{_RANGE}\d)){_ENDS}"  # never the first half of a range
_AND: Final = rf"\s*+(?:,\s*+and\b|,|and\b|&)\s*+(?:{_KIND})?{_NUMBERS}"
_START: Final = re.compile(
    rf"""(?:[-*•](?=[^\W\d]))? (?:please\s++)? (?:(?P<verb>redo|remake|reject|fix)\b[\s:]*+)?
    (?P<items> (?P<kind>{_KIND})? {_NUMBERS} (?:{_AND})* )""",
    re.IGNORECASE | re.VERBOSE,
)
_ONE: Final = re.compile(
    rf"""(?:[-*•](?=[^\W\d]))? (?:please\s++)? (?:(?P<verb>redo|remake|reject|fix)\b[\s:]*+)? (?:the\s++)?
    (?P<one>{"|".join(SINGLE)})\b(?!-\w)""",
    re.IGNORECASE | re.VERBOSE,
)
_EACH: Final = re.compile(
    rf"(?P<kind>{_KIND})? \#?(?P<first>\d++) (?:{_RANGE}(?P<last>\d++))?", re.IGNORECASE | re.VERBOSE
)
_BULLET: Final = re.compile(r"\A[-*•]\s++")
_BETWEEN: Final = "; "
_MAX_NUMBER: Final = 10_000
_MAX_NAMED: Final = 1_000
"""Times that one text may name an item: a film has at most 200 of a kind."""

EDITED: Final = "storyboard edited"
"""The reason under which an edit at a gate sends a film back: it rejects nothing but what it changes."""

PROMOTED: Final = "promoted to the paid services"
"""The same, where what was made for free is bought now."""
BROUGHT_BACK: Final = "an older take brought back"
"""As with an edit: nothing is rejected but what it takes the place of."""


def spans(numbers: Iterable[int]) -> str:
    """Return numbers as a person would list them: "1 to 3, 5"."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{a} to {b}" if a < b else str(a) for a, b in runs)


def listed(items: Collection[Artifact]) -> str:
    """Return items as a person would list them: "image 1 to 3, 5; clip 2"."""
    of_kind = ([item for item in items if item.kind is kind] for kind in Kind)
    return "; ".join(_of_one_kind(some) for some in of_kind if some)


def _of_one_kind(items: Sequence[Artifact]) -> str:
    if len(items) == 1:
        return str(items[0])  # a film has no number
    return f"{items[0].kind.replace('_', ' ')} {spans(item.index for item in items)}"


@dataclass(frozen=True, slots=True)
class Rejection:
    """One item that has to be made again, and what should be different."""

    artifact: Artifact
    note: str


@dataclass(frozen=True, slots=True)
class Named:
    """What one part of a text names at its start, and what it says of it."""

    artifacts: tuple[Artifact, ...]
    note: str


def rejections(notes: str) -> list[Rejection]:
    """Return the items that the notes name, each once, in the order they are named.

    What is said before the first of them is about the film as a whole. From there on each part that names no item is
    added to the note of the items before it, so that nothing is lost on the way to who makes them.

    Raises:
        BadInput: a range runs backwards or to no sensible number, it is not clear which numbers are items, or more are
            named than a film has.
    """
    return together(named_in(part) or part for part in parts(notes))


def parts(text: str) -> list[str]:
    """Return the lines of a text, and in them what semicolons divide, without the bullets of lists."""
    return list(filter(None, (_BULLET.sub("", part.strip()) for part in re.split(r"[\r\n;]", text))))


def named_in(part: str, *, told: bool = False, meant: Kind | None = None) -> Named | None:
    """Return what a part of a text names at its start; None where it names nothing clearly.

    Clearly means that nothing follows, or a colon or a dash does: "clip 3 is nice" is a remark. After "redo", or where
    that is `told` already, any words may follow. A number alone is one of `meant`; by default it is nothing.

    Raises:
        BadInput: a range runs backwards or to no sensible number, or it is not clear which numbers are items.
    """
    if one := _ONE.match(part):
        return _the_one(one, part[one.end() :].strip(), told=told)
    match = _START.match(part)
    if match is None or not (match["kind"] or meant in KINDS.values()):
        return None
    told = told or _tells(match)
    items, rest = match["items"], part[match.end() :].strip()
    if rest[:1] in {":", "–", "—", "-"}:
        return Named(_artifacts(items, meant), rest[1:].strip())
    if note := rest.lstrip(",.! "):
        if match["kind"] and not told:
            return None
        _require_clear(items, rest, note, told=told)
    return Named(_artifacts(items, meant), note)


def _tells(match: re.Match[str]) -> bool:
    return (match["verb"] or "").lower() in {"redo", "remake"}


def _the_one(match: re.Match[str], rest: str, *, told: bool) -> Named | None:
    """Return an item of which a film has one, and what is said of it; None where it is a remark."""
    item = (Artifact(SINGLE[match["one"].lower()]),)
    if rest[:1] in {":", "–", "—", "-"}:
        return Named(item, rest[1:].strip())
    note = rest.lstrip(",.! ")
    return Named(item, note) if told or _tells(match) or not note else None


def together(said: Iterable[Named | str]) -> list[Rejection]:
    """Return each item that is named, once, with all that is said of it; words alone are about the items before them.

    Raises:
        BadInput: more items are named than a film has.
    """
    notes: dict[Artifact, list[str]] = {}
    for artifacts, note in _with_their_words(said):
        for artifact in artifacts:
            notes.setdefault(artifact, []).append(note)
    return [Rejection(artifact, _BETWEEN.join(filter(None, each))) for artifact, each in notes.items()]


def latest(notes: Iterable[str]) -> str:
    """Return notes of one item as one, the latest last; those that do not fit in `MAX_NOTE` are dropped, oldest first.

    They are dropped in the pieces that semicolons make of them; a last piece that is too long by itself is cut off.
    """
    said = [each for note in notes for each in note.split(_BETWEEN) if each]
    size = len(_BETWEEN.join(said))
    dropped = 0
    while size > MAX_NOTE and dropped < len(said) - 1:
        size -= len(said[dropped]) + len(_BETWEEN)
        dropped += 1
    return _BETWEEN.join(said[dropped:])[:MAX_NOTE]


def _with_their_words(said: Iterable[Named | str]) -> list[tuple[tuple[Artifact, ...], str]]:
    found: list[tuple[tuple[Artifact, ...], list[str]]] = []
    count = 0
    for part in said:
        if isinstance(part, Named):
            found.append((part.artifacts, [part.note]))
            count += len(part.artifacts)
            _require_sane(count)
        elif found:
            found[-1][1].append(part)
    return [(artifacts, _BETWEEN.join(filter(None, words))) for artifacts, words in found]


def _require_clear(items: str, rest: str, note: str, *, told: bool) -> None:
    """Refuse words behind numbers that may belong to them: "redo 3, 5 birds" is about two items, or about one."""
    several = note == rest and re.search(r"\d[\s,&]", items)
    if not told or several or _START.match(note):
        raise BadInput(
            f"it is not clear which numbers are items: {items[:30]} {rest[:30]}",
            hint='write a colon behind those that are ("3, 5: slower"), and begin with a word where none is',
        )


def _artifacts(items: str, kind: Kind | None) -> tuple[Artifact, ...]:
    found: list[Artifact] = []
    for match in _EACH.finditer(items):
        if match["kind"]:
            kind = KINDS[match["kind"].strip().lower().removesuffix("s")]
        assert kind is not None, "the first one says it, or it is meant"
        found += [Artifact(kind, number) for number in _range(match["first"], match["last"])]
        _require_sane(len(found))
    return tuple(found)


def _range(first_text: str, last_text: str | None) -> range:
    first, last = int(first_text[:6]), int((last_text or first_text)[:6])
    if not 1 <= first <= last <= _MAX_NUMBER:
        said = f"{first_text[:9]}-{last_text[:9]} is no range" if last_text else f"{first_text[:9]} is no number"
        raise BadInput(f"{said} of items", hint="write it like: clip 3, or clips 7-9")
    return range(first, last + 1)


def _require_sane(count: int) -> None:
    if count > _MAX_NAMED:
        raise BadInput("more items are named than a film has", hint="name each once: clips 7-9, 12")
