"""The parts of the README that are computed: `python -m tests.readme` writes them, a test keeps them true."""

import re
from pathlib import Path

import typer

from vidctl.cli.commands import app
from vidctl.domain.diagram import mermaid

README = Path(__file__).parent.parent / "README.md"


def written() -> str:
    """Return the README with its computed parts as they should be."""
    text = _replaced(README.read_text("utf-8"), "diagram", f"```mermaid\n{mermaid()}\n```")
    return _replaced(text, "commands", _commands())


def _replaced(text: str, name: str, part: str) -> str:
    return re.sub(
        f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", lambda at: f"{at[1]}{part}\n{at[2]}", text, flags=re.DOTALL
    )


def _commands() -> str:
    rows = ["| command | what it does |", "|---|---|"]
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        rows += _rows(f"vidctl {name}", command)
    return "\n".join(rows)


def _rows(name: str, command: object) -> list[str]:
    inner = getattr(command, "commands", {})
    own = (
        [f"| `{name}` | {_first_line(command)} |"]
        if not inner or getattr(command, "invoke_without_command", False)
        else []
    )
    return own + [row for sub, deeper in inner.items() for row in _rows(f"{name} {sub}", deeper)]


def _first_line(command: object) -> str:
    paragraph = (getattr(command, "help", "") or "").split("\n\n")[0]
    return " ".join(paragraph.split()).replace("|", "\\|")


if __name__ == "__main__":
    README.write_text(written(), "utf-8")
