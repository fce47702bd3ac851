"""Every name that vidctl reads from its environment is explained, and none is set by copying the example."""

import re
from pathlib import Path

from dotenv import dotenv_values

from vidctl.engine.scripts import NEEDS
from vidctl.settings import SECRETS

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text()
NAMED = set(re.findall(r"^# ([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))


def test_every_secret_and_every_address_of_a_service_is_explained() -> None:
    needed = {*SECRETS, *(name for names in NEEDS.values() for name in names)}
    assert needed - NAMED == set()


def test_every_name_in_the_code_is_explained() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "vidctl").rglob("*.py"))
    names = set(re.findall(r"\b(?:VIDCTL_[A-Z_]+|[A-Z0-9]+_BASE_URL|R2_ENDPOINT_URL|DATABASE_URL)\b", code))
    assert names - NAMED == set()


def test_copying_the_example_sets_nothing(tmp_path: Path) -> None:
    assert dotenv_values(ROOT / ".env.example") == {}
