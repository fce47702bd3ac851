"""Read a YAML file that somebody else wrote: nothing in it may hurt, and every complaint has its line.

Aliases, tags and deep nesting are refused before anything is built: nine lines of aliases stand for
billions of values, a tag can raise nearly anything, and deep nesting overflows the C parser's stack,
which no `except` catches.
"""

import math
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

MAX_DEPTH: Final = 20

_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no text of a file may hold: neither PostgreSQL nor a terminal could take all of it."""


_OFTEN: Final = (
    "look there and above: for a bracket or a quote left open, a tab, another indentation, or a text with : or # in it "
    "that is not in quotes"
)


class Complaint(Exception):
    """One thing wrong with the file being read, at `line` where that is known."""

    def __init__(self, message: str, line: int | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.hint = hint


def read_text(path: Path, *, max_bytes: int) -> str:
    """Return the text of a file, without a byte order mark.

    Raises:
        Complaint: it is too large, is no regular file, cannot be read, or is not UTF-8.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # reading a pipe would wait for ever
            raise Complaint("it is no file", hint="only files of text are read")
        if about.st_size > max_bytes:
            raise Complaint(f"the file is larger than {max_bytes:,} bytes", hint="make it smaller, or split it")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as exc:
        raise Complaint(f"cannot be read: {exc.strerror or exc}", hint="let this user read it") from exc
    except UnicodeDecodeError as exc:
        line = exc.object[: exc.start].count(b"\n") + 1
        raise Complaint(f"it is not UTF-8 text: {exc.reason}", line, "save it as UTF-8") from exc


def compose(text: str) -> Any:
    """Return the root node of a YAML document, or None where there is nothing in it.

    Raises:
        Complaint: it is no YAML, or has in it what is refused.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_what_hurts(yaml.parse(text, Loader=loader))
        return loader(text).get_single_node()
    except yaml.MarkedYAMLError as exc:
        line = exc.problem_mark.line + 1 if exc.problem_mark else None
        if "nesting depth" in str(exc.problem):  # newer libyaml guards its own stack
            raise _too_deep(line) from exc
        raise Complaint(f"no YAML: {exc.problem}", line, _OFTEN) from exc
    except yaml.reader.ReaderError as exc:
        raise Complaint(f"no YAML: character U+{_code(exc.character):04X} is not allowed", _line_of(text)) from exc
    except yaml.YAMLError as exc:
        raise Complaint(f"no YAML: {exc}".splitlines()[0]) from exc


def fields_of(node: Any) -> tuple[dict[str, Any], dict[str, int]]:
    """Return what a document of `field: value` lines says, and the line of each field by its path `$.a.b`.

    Raises:
        Complaint: it is no such document, or a field in it is set twice, or a value is none.
    """
    import yaml

    if node is None:
        return {}, {}
    lines = dict(_lines(node, "$"))
    try:
        fields = yaml.SafeLoader("").construct_document(node)
    except yaml.MarkedYAMLError as exc:
        raise Complaint(f"no YAML: {exc.problem}", exc.problem_mark.line + 1 if exc.problem_mark else None) from exc
    except ValueError as exc:  # a date of the 32nd, a number without digits
        raise Complaint(f"no YAML: {exc}", hint="put a value that is meant as text in quotes") from exc
    if not isinstance(fields, dict) or not all(isinstance(key, str) for key in fields):
        raise Complaint("the file must hold `field: value` lines", node.start_mark.line + 1)
    _refuse_values(fields, "$", lines)
    return fields, lines


def _refuse_what_hurts(events: Iterator[Any]) -> None:
    import yaml

    depth = 0
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise Complaint("*aliases are not allowed", line, "write the value out")
        if getattr(event, "tag", None) is not None:
            raise Complaint("!tags are not allowed", line, "write the plain value")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _too_deep(line)


def _too_deep(line: int | None) -> Complaint:
    return Complaint(f"it is nested deeper than {MAX_DEPTH} levels", line, "write it flatter")


def _lines(node: Any, path: str) -> Iterator[tuple[str, int]]:
    """Yield the line of each field below a YAML node, and refuse a field that is set twice."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return
    seen = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            raise Complaint("a field's name must be a word", line)
        if key.value in seen:
            raise Complaint(f"{key.value!r} is set twice", line, "remove one of the two")
        seen.add(key.value)
        yield f"{path}.{key.value}", line
        yield from _lines(value, f"{path}.{key.value}")


def _refuse_values(value: object, path: str, lines: Mapping[str, int]) -> None:
    """Refuse values that the database could not keep."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            _refuse_values(key, f"{path}.{key}", lines)
            _refuse_values(item, f"{path}.{key}", lines)
    elif isinstance(value, list):
        for item in value:
            _refuse_values(item, path, lines)
    elif isinstance(value, str) and (found := _UNSEEN.search(value)):
        raise Complaint(f"`{path}` holds the control character U+{ord(found[0]):04X}", lines.get(path), "remove it")
    elif isinstance(value, float) and not math.isfinite(value):
        raise Complaint(f"`{path}` is no number: {value}", lines.get(path))


def _code(character: str | bytes | int) -> int:
    if isinstance(character, int):
        return character
    return ord(character)


def _line_of(text: str) -> int | None:
    """Return the line of the first character that YAML does not allow."""
    found = _UNSEEN.search(text.replace("\r", " ").replace("\x85", " "))
    return text.count("\n", 0, found.start()) + 1 if found else None
