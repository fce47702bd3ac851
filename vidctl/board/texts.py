"""Texts as Notion keeps them: runs of at most 2,000 characters, at most 100 of them. Pure.

Nothing is cut without a word: what has no room is named by where it can be read in full.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

MAX_RUN: Final = 2_000
"""Characters of one run, as JavaScript counts them: most emoji are two."""
MAX_RUNS: Final = 100

Run = dict[str, Any]


def plain(runs: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of some runs as people read it."""
    return "".join(_words(run) for run in runs)


def _words(run: Mapping[str, Any]) -> str:
    text = run.get("text")
    content = text.get("content") if isinstance(text, Mapping) else None
    return readable(str(run.get("plain_text") or content or ""))


def readable(text: str) -> str:
    """Return a text without what no database can keep: NULs, and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def runs_of(text: str) -> list[Run]:
    """Return a text as runs; the end of it is left out, and said to be, where a property has no room for it all."""
    runs = [_run(piece) for piece in _pieces(text)]
    if len(runs) <= MAX_RUNS:
        return runs
    return [*runs[: MAX_RUNS - 1], _run("\n… this is too long for Notion: vidctl status TASK shows all of it")]


def appended(runs: Sequence[Mapping[str, Any]], lines: Sequence[str]) -> list[Run]:
    """Return what a property has to hold so that lines stand below what it holds already, its formatting kept.

    A line that stands there already is not added again. Where there is no room the oldest runs make way.
    """
    there = plain(runs)
    new = [line for line in lines if line not in there]
    kept = [_as_written(run) for run in runs]
    if not new:
        return kept
    begin = "\n" if there and not there.endswith("\n") else ""
    added = [_run(piece) for piece in _pieces(begin + "\n".join(new))]
    room = MAX_RUNS - len(added)
    if len(kept) <= room:
        return kept + added
    kept = _merged(kept)
    if len(kept) > room:
        kept = [_run("… older lines: vidctl history TASK\n"), *kept[len(kept) - room + 1 :]]
    return (kept + added)[-MAX_RUNS:]


def _run(text: str) -> Run:
    return {"type": "text", "text": {"content": text}}


def _pieces(text: str) -> Iterator[str]:
    """Yield pieces that Notion takes, cut at the end of a line where one is near."""
    while text:
        length = _fitting(text)
        if length < len(text) and (line_end := text.rfind("\n", length // 2, length)) >= 0:
            length = line_end + 1
        yield text[:length]
        text = text[length:]


def _fitting(text: str) -> int:
    """Return how many characters of the text make one run; a character beyond U+FFFF counts twice."""
    if len(text) <= MAX_RUN // 2:
        return len(text)
    units = 0
    for at, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1  # noqa: PLR2004  # the last that UTF-16 has in one unit
        if units > MAX_RUN:
            return at
    return len(text)


def _as_written(run: Mapping[str, Any]) -> Run:
    """Return a run that was read in the form in which it is written: with its formatting, link or mention."""
    kind = str(run.get("type") or "text")
    body = run.get(kind)
    if kind == "mention" or not isinstance(body, Mapping):
        return _run(_words(run)[:MAX_RUN])  # a mention cannot always be written back; its words can
    return {"type": kind, kind: dict(body)} | ({"annotations": run["annotations"]} if "annotations" in run else {})


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Return the same words in as few runs as they need, without their formatting."""
    return [_run(piece) for piece in _pieces(plain(runs))]
