"""A studio for each test that asks for one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.board import Desk
from tests.fakes.notion import FakeNotion
from tests.studio import Studio
from vidctl.store import Db


@pytest.fixture
def studio(database_url: str, db: Db) -> Iterator[Studio]:
    root = Path(tempfile.mkdtemp(prefix="vidctl-studio-"))
    made = Studio(root, database_url, db)
    made.channel()
    yield made
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def notion(studio: Studio) -> Iterator[FakeNotion]:
    with FakeNotion(clock=lambda: studio.now) as fake:
        yield fake


@pytest.fixture
def desk(studio: Studio, notion: FakeNotion) -> Desk:
    return Desk(studio, notion)
