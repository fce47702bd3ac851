"""What one sees of the demo: a live board with a bar for each step, or plain lines in a pipe."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from vidctl.cli.demo.play import Moment
from vidctl.domain.status import Status
from vidctl.pipeline import STEPS, step_at

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from vidctl.store.reports import Film

BAR_WIDTH = 28


class View(Protocol):
    """Shows how the films stand."""

    def show(self, moment: Moment) -> None:
        """Take the next look at them."""


class Lines:
    """One line for each move: for pipes and logs."""

    def __init__(self) -> None:
        self._seen: dict[object, str] = {}
        self._began = time.monotonic()

    def show(self, moment: Moment) -> None:
        """Print what is new."""
        for film in moment.films:
            if self._seen.get(film.id) != film.status:
                self._seen[film.id] = film.status
                self._say(f"{film.title}: {film.status}")
        for film, status in moment.passed:
            self._say(f'{film.title}: {film.status} → {status}, passed by the reviewer "demo"')

    def _say(self, sentence: str) -> None:
        print(f"{time.monotonic() - self._began:6.1f} s  {sentence}", file=sys.stderr, flush=True)


class Board:
    """A live board on a terminal: a row for each step, a column for each film."""

    def __init__(self, refresh: "Callable[[Table], None]") -> None:
        self._refresh = refresh
        self._spent: dict[tuple[object, str], float] = {}
        self._last = time.monotonic()
        self._totals: dict[tuple[object, str], int] = {}
        self._gates: list[str] = []

    def show(self, moment: Moment) -> None:
        """Draw the board anew."""
        now = time.monotonic()
        for film in moment.films:
            if film.running and (step := step_at(film.status)):
                key = film.id, step.name
                self._spent[key] = self._spent.get(key, 0.0) + now - self._last
                self._totals[key] = film.progress_total or self._totals.get(key, 0)
        self._last = now
        self._gates += [
            f'{film.title}: {film.status} → {status} by the reviewer "demo"' for film, status in moment.passed
        ]
        self._refresh(self.drawn(moment.films))

    def drawn(self, films: "Iterable[Film]") -> "Table":
        """Return the board as a picture of text."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        board = Table(box=box.ROUNDED, border_style="dim", title_justify="left", caption_justify="left")
        board.add_column("step", style="bold")
        films = list(films)
        for film in films:
            board.add_column(Text(film.title), min_width=BAR_WIDTH + 16)
        for step in STEPS[:-1]:
            board.add_row(step.name, *(self._cell(film, step.name) for film in films))
        board.add_row("", *(Text(f"{film.status}", style="bold cyan") for film in films))
        board.caption = Text("\n".join(self._gates[-3:]), style="green")
        return board

    def _cell(self, film: "Film", name: str) -> "Text":
        from rich.text import Text

        done, total = self._progress(film, name)
        filled = round(BAR_WIDTH * done / total) if total else 0
        spent = self._spent.get((film.id, name))
        words = f" {done:>2}/{total:<2}" if total else ""
        seconds = f"{spent:5.1f} s" if spent else ""
        bar = Text("━" * filled, style="green" if total and done == total else "yellow")
        bar.append("─" * (BAR_WIDTH - filled), style="bright_black")
        return bar.append(words, style="default").append(f" {seconds}", style="dim")

    def _progress(self, film: "Film", name: str) -> tuple[int, int]:
        """Return how much of a step is done, of how much: all of it where the film is beyond it."""
        total = self._totals.get((film.id, name), 0)
        order = list(Status)
        (step,) = (step for step in STEPS if step.name == name)
        if film.status is step.working:
            return film.progress_done, film.progress_total
        return (total or 1, total or 1) if order.index(film.status) > order.index(step.working) else (0, 0)


@contextmanager
def view(*, live: bool) -> "Iterator[View]":
    """Open the view that suits where the output goes."""
    if not live:
        yield Lines()
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(stderr=True), refresh_per_second=8, transient=False) as display:
        yield Board(display.update)
