"""How commands answer: one JSON object, plain lines for pipes, or a table for eyes; always on stdout."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console


def show(data: object, sentence: str, *, as_json: bool) -> None:
    """Print `data` as one JSON object, or the sentence; an empty sentence prints nothing."""
    if as_json:
        say(to_json(data, pretty=sys.stdout.isatty()))
    elif sentence:
        say(sentence)


def tell(data: Mapping[str, object], sentences: str, *, dry_run: bool, as_json: bool) -> None:
    """Show what a writing command did; of a dry run each line says that it only would be so."""
    said = [f"would be: {one}" if dry_run else one for one in sentences.splitlines()]
    show({**data, "dry_run": dry_run}, "\n".join(said), as_json=as_json)


def to_json(data: object, *, pretty: bool = False) -> str:
    """Return JSON that any reader takes: money as numbers, moments as ISO 8601, all else as text.

    ASCII only in a pipe, whatever the encoding of that pipe is; readable on a terminal, and nothing that one obeys.
    """
    text = json.dumps(data, default=_as_json, indent=2 if pretty else None, ensure_ascii=not pretty)
    return exact(text) if pretty else text.replace("\x7f", "\\u007f")  # which is ASCII, and passes


def say(text: str) -> None:
    """Print a text on stdout, with `?` for what the terminal's encoding does not have.

    Raises:
        typer.Exit: whoever read this has seen enough, and closed the pipe; that is no failure.
    """
    encoding = sys.stdout.encoding or "utf-8"
    with _read_to_the_end():
        print(text.encode(encoding, "replace").decode(encoding), flush=True)


def put(document: str) -> None:
    """Print a document as it is, in UTF-8; on a terminal without what a terminal would obey.

    Raises:
        typer.Exit: as `say`.
    """
    if sys.stdout.isatty():
        say(exact(document.replace("\r\n", "\n").removesuffix("\n")))
        return
    sys.stdout.flush()
    with _read_to_the_end():
        sys.stdout.buffer.write(document.encode())
        sys.stdout.buffer.flush()


@contextmanager
def _read_to_the_end() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit from None


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table on a terminal; lines of cells between tabs, the first one the header, in a pipe.

    The first column is never wrapped or cut: it holds what the next command is given.
    """
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            say("\t".join(line(cell) for cell in row))
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, title=line(title) or None, title_justify="left", pad_edge=False)
    for at, name in enumerate(columns):
        grid.add_column(name, no_wrap=at == 0, overflow="fold")
    for row in rows:
        grid.add_row(*(Text(lines("" if cell is None else str(cell))) for cell in row))
    console().print(grid)


def folded(text: str, *, indent: str = "", below: str = "") -> str:
    """Return a sentence in lines that end between words on a terminal, the second one and on behind `below`."""
    if not sys.stdout.isatty():
        return f"{indent}{text}"
    import shutil
    import textwrap

    width = max(shutil.get_terminal_size().columns, 20)
    return textwrap.fill(
        text, width, initial_indent=indent, subsequent_indent=below, break_long_words=False, break_on_hyphens=False
    )


def line(value: object) -> str:
    """Return a value as text that stays in its line: no control character of a title reaches a terminal."""
    text = "" if value is None else str(value)
    return "".join(character if character.isprintable() else " " for character in text)


def lines(text: str) -> str:
    """Return a text of several lines with the control characters taken out of each."""
    return "\n".join(line(part) for part in text.splitlines())


def exact(text: str) -> str:
    """Return a text in which nothing is hidden and nothing is obeyed by a terminal; JSON is the same JSON after it."""
    return "".join(one if one.isprintable() or one == "\n" else json.dumps(one)[1:-1] for one in text)


def console() -> "Console":
    """Return Rich's console on stdout: as wide as the terminal, and without colour where that is not wanted."""
    from rich.console import Console

    return Console(file=sys.stdout, highlight=False, soft_wrap=False, emoji=False, markup=False)


def _as_json(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
