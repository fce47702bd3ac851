"""The README says what is true."""

import re

import pytest
import typer

from tests import readme
from vidctl.cli.app import run
from vidctl.cli.commands import app
from vidctl.errors import ExitCode


def test_the_diagram_and_the_list_of_commands_are_those_of_the_code() -> None:
    assert readme.README.read_text("utf-8") == readme.written(), "run: python -m tests.readme"


def test_every_exit_status_is_explained() -> None:
    explained = re.findall(r"^\| (\d+) \|", readme.README.read_text("utf-8"), flags=re.MULTILINE)
    assert [int(status) for status in explained] == list(ExitCode)


def test_every_picture_is_there_is_small_and_fetches_nothing() -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", readme.README.read_text("utf-8"))
    assert len(shown) > 4
    for name in shown:
        picture = readme.README.parent / name
        assert picture.stat().st_size < 150_000
        if picture.suffix == ".svg":
            assert not re.findall(r"(?:href|src|url)\W{1,3}https?:", picture.read_text("utf-8"))


def _all_commands() -> list[str]:
    found = []
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", {})
        found += [f"{name} {sub}" for sub in inner] or [name]
    return found


@pytest.mark.parametrize("command", _all_commands())
def test_every_command_shows_an_example_that_it_understands(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*command.split(), "--help"]) == ExitCode.OK
    shown = capsys.readouterr().out
    assert "Example:" in shown
    assert f"vidctl {command.removesuffix(' list')}" in " ".join(shown.split("Example:")[1].split())
