"""Read a file of many films, CSV or YAML, and say for every bad row what is wrong with it and where."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidctl.domain.brief import Brief, cleaned, complaints
from vidctl.domain.status import Status
from vidctl.engine.channel_files import Loaded, Problem
from vidctl.engine.intake import Wanted, local_channel
from vidctl.engine.yaml_file import Complaint, compose, read_text
from vidctl.errors import BadInput, NotFound, VidctlError

MAX_BYTES: Final = 100_000_000
COLUMNS: Final = ("channel_id", "title", "topic", "story_direction", "priority", "status")
REQUIRED: Final = COLUMNS[:3]
STATUSES: Final = {status.value.lower(): status for status in (Status.DRAFT, Status.QUEUED)}
_COLUMNS_HINT: Final = f"the columns are {','.join(COLUMNS)}; the first three must be there"


@dataclass(frozen=True, slots=True)
class Row:
    """One film as the file has it; `line` is where it begins."""

    line: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a file asks for, and what is wrong with the rows that cannot be used."""

    films: tuple[Wanted, ...]
    problems: tuple[Problem, ...]


def read(path: Path, files: Loaded) -> Listed:
    """Read a file of films for the channels that `files` describes.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no list of films; its rows were not looked at.
    """
    if not path.exists():
        raise NotFound(f"there is no file {path}", hint="give the path of a CSV or YAML file")
    films: list[Wanted] = []
    problems: list[Problem] = []
    try:
        for row in _rows(path):
            found = list(_film(row, path, files))
            films += [item for item in found if isinstance(item, Wanted)]
            problems += [item for item in found if isinstance(item, Problem)]
    except Complaint as exc:
        raise BadInput(str(Problem(path, exc.line, str(exc), "")), hint=exc.hint or _COLUMNS_HINT) from exc
    return Listed(tuple(films), tuple(problems))


def _rows(path: Path) -> Iterator[Row | Problem]:
    kind = path.suffix.lower()
    if kind not in {".csv", ".yaml", ".yml"}:
        raise BadInput(f"{path} is neither CSV nor YAML by its name", hint="call it FILE.csv or FILE.yaml")
    text = read_text(path, max_bytes=MAX_BYTES)
    rows = _csv_rows(text) if kind == ".csv" else _yaml_rows(text)
    for row in rows:
        yield Problem(path, row.line, str(row), row.hint) if isinstance(row, Complaint) else row


def _film(row: Row | Problem, path: Path, files: Loaded) -> Iterator[Wanted | Problem]:
    """Yield the film that a row asks for, or everything that is wrong with it."""
    if isinstance(row, Problem):
        yield row
        return
    fields, bad = row.fields, False
    priority = fields.get("priority", "").strip().lower()
    try:
        channel = local_channel(files, fields["channel_id"].strip())
        priority = priority or channel.priority.value
    except VidctlError as exc:
        bad = True
        yield Problem(path, row.line, str(exc), exc.hint)
    brief = cleaned(Brief(fields["title"], fields["topic"], fields.get("story_direction", ""), priority or "normal"))
    for complaint in complaints(brief):
        bad = True
        yield Problem(path, row.line, complaint.message, complaint.hint)
    status = STATUSES.get((fields.get("status") or "draft").strip().lower())
    if status is None:
        yield Problem(
            path, row.line, f"status {fields['status'][:40]!r} is neither Draft nor Queued", "write one of both"
        )
    elif not bad:
        yield Wanted(fields["channel_id"].strip(), brief, queued=status is Status.QUEUED)


def _csv_rows(text: str) -> Iterator[Row | Complaint]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    columns: list[str] | None = None
    begins = 1
    try:
        for cells in reader:
            line, begins = begins, reader.line_num + 1
            if not any(map(str.strip, cells)):
                continue
            if columns is None:
                columns = _header([cell.strip().lower() for cell in cells], line)
            elif len(cells) != len(columns):
                hint = "put a text with a comma, a quote or a line break in quotes, and double the quotes in it"
                yield Complaint(f"the row has {len(cells)} cells, the header {len(columns)}", line, hint)
            else:
                yield Row(line, dict(zip(columns, cells, strict=True)))
    except csv.Error as exc:
        raise Complaint(f"no CSV: {exc}", begins, "a quote is not closed, or a text is far too long") from exc
    if columns is None:
        raise Complaint("there is nothing in it")


def _header(columns: Sequence[str], line: int) -> list[str]:
    if unknown := [column for column in columns if column not in COLUMNS]:
        raise Complaint(f"unknown column {', '.join(repr(name[:40]) for name in unknown)}", line)
    if missing := [column for column in REQUIRED if column not in columns]:
        raise Complaint(f"there is no column {', '.join(missing)}", line)
    if len(set(columns)) < len(columns):
        raise Complaint("a column is there twice", line)
    return list(columns)


def _yaml_rows(text: str) -> Iterator[Row | Complaint]:
    import yaml

    root = compose(text)
    if not isinstance(root, yaml.SequenceNode):
        raise Complaint("it must be a list of films", 1, "begin each film with `- channel_id: …`")
    for node in root.value:
        try:
            yield Row(node.start_mark.line + 1, _yaml_fields(node))
        except Complaint as complaint:
            yield complaint


def _yaml_fields(node: Any) -> dict[str, str]:
    """Return a film's fields as they are written: a title 1984 is a text too."""
    import yaml

    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise Complaint("a film must be `field: value` lines", line)
    fields: dict[str, str] = {}
    for key, value in node.value:
        at = key.start_mark.line + 1
        if not isinstance(value, yaml.ScalarNode) or not isinstance(key, yaml.ScalarNode):
            raise Complaint("a field of a film must be a text", at, "put it in quotes, or after `|`")
        if key.value in fields:
            raise Complaint(f"{key.value!r} is set twice", at, "remove one of the two")
        fields[key.value] = "" if value.tag == "tag:yaml.org,2002:null" else value.value
    _header(list(fields), line)
    return fields
