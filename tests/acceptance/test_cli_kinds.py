"""Every command reads or writes; who only looks gets JSON, and whoever tries what writes leaves no trace."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import psycopg
import pytest
import typer
from psycopg import sql

from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.cli.app import app
from vidctl.cli.kinds import APART, Reading, Writing
from vidctl.domain.status import Status
from vidctl.store import Db, services

Run = Callable[..., Ran]


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner: Mapping[str, Any] = getattr(command, "commands", {})
    for sub, deeper in inner.items():
        yield from _walk(f"{name} {sub}".strip(), deeper)
    if not inner:
        yield name, command


COMMANDS: Final = dict(_walk("", typer.main.get_command(app)))


def test_every_command_says_whether_it_reads_or_writes_and_has_the_options_of_that() -> None:
    options = {name: {option for param in one.params for option in param.opts} for name, one in COMMANDS.items()}
    neither = [name for name, one in COMMANDS.items() if not isinstance(one, (Reading, Writing)) and name not in APART]
    assert neither == [], "declare them with cls=Reading or cls=Writing"
    assert [name for name in COMMANDS if name not in APART and "--json" not in options[name]] == []
    dry = {name for name in COMMANDS if "--dry-run" in options[name]}
    assert dry == {name for name, one in COMMANDS.items() if isinstance(one, Writing)}
    assert set(APART) <= set(COMMANDS)
