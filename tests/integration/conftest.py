"""A studio for each test that asks for one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.studio import Studio
from vidctl.store import Db


@pytest.fixture
def studio(database_url: str, db: Db) -> Iterator[Studio]:
    root = Path(tempfile.mkdtemp(prefix="vidctl-studio-"))
    made = Studio(root, database_url, db)
    made.channel()
    yield made
    shutil.rmtree(root, ignore_errors=True)
