"""Name a channel's database in its file: only the lines that say so change, everything else stays as it was written."""

import codecs
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from vidctl.engine.channel_files import MAX_BYTES
from vidctl.engine.yaml_file import Complaint, compose, fields_of, read_text
from vidctl.errors import CannotWrite, Misconfigured
from vidctl.storage.files import write_whole

ID: Final = "notion_database_id"
_AFTER: Final = ("board", "channel_name", "channel_id")
"""The field after which a new one is put: the first of these that is there."""

Edit = tuple[int, int, str]
"""From where to where another text stands."""


def write(path: Path, wanted: Mapping[str, str]) -> None:
    """Let a file say `wanted`.

    Raises:
        Misconfigured: it is written in a way that cannot be changed without a person.
        CannotWrite: the folder is read-only, or the disk is full.
    """
    text = edited(path, wanted)
    file = path.resolve()  # a link stays one
    try:
        mark = codecs.BOM_UTF8 if file.read_bytes().startswith(codecs.BOM_UTF8) else b""
        mode = file.stat().st_mode
        write_whole(file, mark + text.encode())
        file.chmod(mode)
    except CannotWrite as exc:
        raise CannotWrite(str(exc), hint=_by_hand(wanted)) from exc
    except OSError as exc:
        raise CannotWrite(f"cannot write {path}: {exc.strerror or exc}", hint=_by_hand(wanted)) from exc


def edited(path: Path, wanted: Mapping[str, str]) -> str:
    """Return the text of a file once it says `wanted`, read back to be sure that it says nothing else anew.

    Raises:
        Misconfigured: as `write`.
    """
    try:
        text = read_text(path, max_bytes=MAX_BYTES)
        root = compose(text)
        before, _ = fields_of(root)
        if not before.keys() & set(_AFTER):
            raise Complaint("it describes no channel")
        changed = {name: value for name, value in wanted.items() if before.get(name) != value}
        new = _applied(text, sorted(_edits(text, root, changed), reverse=True))
        after, _ = fields_of(compose(new))
    except Complaint as exc:
        raise _unwritable(path, wanted) from exc
    if after != {**before, **wanted}:
        raise _unwritable(path, wanted)
    return new


def _unwritable(path: Path, wanted: Mapping[str, str]) -> Misconfigured:
    return Misconfigured(f"{path} is written in a way that vidctl does not change by itself", hint=_by_hand(wanted))


def _by_hand(wanted: Mapping[str, str]) -> str:
    said = " and ".join(f"{name}: {json.dumps(value)}" for name, value in wanted.items())
    return f"write into it yourself: {said}"


def _applied(text: str, edits: list[Edit]) -> str:
    for start, end, new in edits:
        text = text[:start] + new + text[end:]
    return text


def _edits(text: str, root: Any, wanted: Mapping[str, str]) -> Iterator[Edit]:
    """Yield what has to stand elsewhere in the text; `root` is its YAML."""
    nodes = {key.value: (key, value) for key, value in root.value}
    for name, said in wanted.items():
        value = said if name == "board" and not root.flow_style else json.dumps(said)
        if name in nodes:
            start, end = (mark.index for mark in (nodes[name][1].start_mark, nodes[name][1].end_mark))
            yield start, end, value if end > start else f" {value}"
        elif root.flow_style:
            at = root.start_mark.index + 1
            yield at, at, f'"{name}": {value}, '
        else:
            yield _line_after(text, nodes[next(field for field in _AFTER if field in nodes)], f"{name}: {value}")


def _line_after(text: str, node: tuple[Any, Any], line: str) -> Edit:
    """Return a new line below the one in which a field ends."""
    key, value = node
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = " " * int(key.start_mark.column)
    end = text.find("\n", int(value.end_mark.index))
    if end < 0:
        return len(text), len(text), f"{newline}{indent}{line}{newline}"
    return end + 1, end + 1, f"{indent}{line}{newline}"
