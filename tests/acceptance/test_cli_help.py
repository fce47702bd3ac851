"""The first page of help: everything at a glance, and quickly there."""

import os
import subprocess
import sys

import pytest
import typer

from vidctl.cli.app import built
from vidctl.cli.commands import app

COMMANDS = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]  # Typer types it as one command
BOX = str.maketrans("", "", "│╭╮╰╯─")


def page(*options: str, columns: int = 80) -> str:
    """Return what help prints on a terminal of so many columns."""
    environment = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1"}
    shown = subprocess.run(
        [sys.executable, "-m", "vidctl", *options], capture_output=True, text=True, env=environment, check=False
    )
    return shown.stdout


def test_every_command_is_there_with_its_first_sentence() -> None:
    words = " ".join(page("--help").translate(BOX).split())
    for name, command in COMMANDS.items():
        assert f" {name} {' '.join((command.help or '').split(chr(10) * 2)[0].split())} " in words


def test_it_says_what_it_is_how_to_go_on_and_its_options() -> None:
    shown = page("-h")
    for words in (
        "Usage: vidctl [OPTIONS] COMMAND",
        "Films planned as cards",
        "--version",
        "-h, --help",
        "vidctl demo",
    ):
        assert words in shown


def test_without_arguments_it_is_the_same_page() -> None:
    assert page().rstrip() == page("--help").rstrip()


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_is_longer_than_the_terminal(columns: int) -> None:
    assert max(len(line) for line in page("--help", columns=columns).splitlines()) <= columns


def test_no_other_command_is_built_than_the_one_that_is_named() -> None:
    for name in COMMANDS:
        assert list(built([name, "--help"]).commands) == [name]
    for arguments in ([], ["--help"], ["nothing"]):
        assert set(built(arguments).commands) == set(COMMANDS)


def test_it_imports_nothing_that_only_other_pages_need() -> None:
    seen = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "vidctl", "--help"], capture_output=True, text=True, check=True
    )
    imported = {line.rsplit("|", 1)[1].strip() for line in seen.stderr.splitlines() if "|" in line}
    assert "rich.console" in imported
    assert imported & {"typer.rich_utils", "rich.markdown", "rich.syntax", "psycopg", "yaml", "numpy", "PIL"} == set()


def test_a_tick_loads_neither_other_commands_nor_what_only_steps_need() -> None:
    code = "import sys, vidctl.engine.tick; from vidctl.cli.app import built; built(['tick']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    only_others = {"vidctl.cli.commands", "vidctl.contract", "vidctl.store.tasks", "vidctl.store.failures"}
    assert sorted(only_others.intersection(loaded)) == []
