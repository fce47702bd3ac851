"""A Notion that is a fake, whose clock only the test moves, asked through Notion's own SDK."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.fakes.notion import Board, FakeNotion
from tests.fakes.notion.sdk import FILMS, Clock, connected


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notion(clock: Clock) -> Iterator[FakeNotion]:
    with FakeNotion(clock=clock) as running:
        yield running


@pytest.fixture
def client(notion: FakeNotion) -> Iterator[Any]:
    with connected(notion) as connection:
        yield connection


@pytest.fixture
def board(notion: FakeNotion) -> Board:
    return notion.database(notion.parent_page(), FILMS)


@pytest.fixture
def page(notion: FakeNotion, board: Board) -> str:
    return notion.card(board, Title="x", Status="Draft")
