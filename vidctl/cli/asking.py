"""Questions on a terminal, each asked again until its answer can be used; or none, where nobody is there."""

import sys
from collections.abc import Callable
from typing import TypeVar

import typer

from vidctl.errors import VidctlError

Answer = TypeVar("Answer")


class Asker:
    """Asks at the terminal, on stderr. `silent`, nobody is there: defaults are taken, or nothing."""

    def __init__(self, *, silent: bool) -> None:
        from rich.console import Console

        self.silent = silent
        self._out = Console(stderr=True, highlight=False, markup=False, emoji=False)

    def heading(self, text: str) -> None:
        """Say what the next questions are about."""
        if not self.silent:
            self._out.print()
            self._out.print(text, style="bold")

    def note(self, text: str) -> None:
        """Say something that needs no answer."""
        if not self.silent:
            self._indented(text, "dim")

    def ask(
        self, question: str, check: Callable[[str], Answer], *, default: str = "", secret: bool = False, about: str = ""
    ) -> Answer | None:
        """Return the checked answer; Enter gives the default, and None where there is none. A secret is not shown.

        Raises:
            typer.Abort: the terminal was closed.
            VidctlError: nobody is there, and the default cannot be used.
        """
        if self.silent:
            return check(default) if default else None
        if about:
            self._out.print()
            self._indented(about, "dim")
        while True:
            text = self._read(question, default, secret=secret) or default
            if not text:
                return None
            try:
                return check(text)
            except VidctlError as error:
                self._indented(f"{error}", "yellow")
                self._indented(f"→ {error.hint}", "yellow")

    def typed_again(self, question: str, text: str) -> bool:
        """Have what was not shown typed once more, and say whether it is the same."""
        return self._read(question, "", secret=True) == text

    def _read(self, question: str, default: str, *, secret: bool) -> str:
        from rich.text import Text

        from vidctl.cli.show import line

        prompt = Text.assemble(f"  {question}", (f" [{line(default)}]" if default else "", "cyan"), ": ")
        try:
            return self._out.input(prompt, password=secret).strip()
        except EOFError:
            print(file=sys.stderr)
            raise typer.Abort from None
        except UnicodeDecodeError:
            return "\ufffd\x00"  # bytes that no text has: no check takes it

    def _indented(self, text: str, style: str) -> None:
        from rich.padding import Padding
        from rich.text import Text

        from vidctl.cli.show import line

        self._out.print(Padding(Text(line(text), style), (0, 0, 0, 2)))
