"""The first page of help: all commands at a glance, as Typer would show them.

Typer's own page imports Rich's Markdown, syntax highlighting and tracebacks, of which this one shows nothing: half
of the time that `vidctl --help` takes. Every other page of help is Typer's.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from typer.core import TyperGroup

from vidctl.cli.show import console

if TYPE_CHECKING:
    from rich.panel import Panel
    from rich.text import Text


class Menu(TyperGroup):
    """The group of all commands, which shows them in panels."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002  # click's formatter makes plain text
        """Print the page."""
        from rich.padding import Padding
        from rich.text import Text

        out = console()
        commands = [self.commands[name] for name in self.list_commands(ctx) if not self.commands[name].hidden]
        width = max(len(command.name or "") for command in commands)
        usage = self.get_usage(ctx).removeprefix("Usage: ")
        out.print(Padding(Text.assemble(("Usage: ", "yellow"), (usage, "bold")), 1))
        out.print(Padding(Text(self.help or ""), (0, 1, 1, 1)))
        options = [option for param in self.get_params(ctx) if (option := param.get_help_record(ctx))]
        out.print(_panel("Options", ((_names(names), about) for names, about in options)))
        for title in dict.fromkeys(getattr(command, "rich_help_panel", None) for command in commands):
            shown = [command for command in commands if getattr(command, "rich_help_panel", None) == title]
            rows = ((Text(f"{command.name:<{width}}", "bold cyan"), _first(command.help)) for command in shown)
            out.print(_panel(title or "Commands", rows))
        out.print(Padding(Text(self.epilog or ""), 1))


def _panel(title: str, rows: "Iterable[tuple[Text, str]]") -> "Panel":
    from rich.panel import Panel
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for name, about in rows:
        table.add_row(name, Text(about))
    return Panel(table, title=title, title_align="left", border_style="dim")


def _names(names: str) -> "Text":
    """Return the names of an option, short ones and long ones in their colours."""
    from rich.text import Text

    styled = [Text(name, "bold cyan" if name.startswith("--") else "bold green") for name in names.split(", ")]
    return Text(", ").join(styled)


def _first(help_text: str | None) -> str:
    """Return the first paragraph in one line."""
    return " ".join((help_text or "").split("\n\n")[0].split())
