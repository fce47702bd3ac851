"""The pinned versions are those that pyproject.toml asks for, each with its hashes, from no place in particular."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
FILES = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-dev.txt": [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]],
}


def lines(file: str) -> list[str]:
    """Return what a file asks for, a requirement with all its hashes being one line."""
    text = re.sub(r"[ \t]*\\\n[ \t]*", " ", (ROOT / file).read_text())
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pins(file: str) -> dict[str, str]:
    """Return the version of each package."""
    asked = [Requirement(line.split(" --hash=")[0]) for line in lines(file)]
    versions: dict[str, str] = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in asked}
    assert len(versions) == len(asked), "a package is pinned twice"
    return versions


@pytest.mark.parametrize(
    ("file", "wanted"), [(file, Requirement(text)) for file, texts in FILES.items() for text in texts], ids=str
)
def test_every_direct_dependency_is_pinned_at_a_version_that_the_project_accepts(
    file: str, wanted: Requirement
) -> None:
    assert wanted.specifier.contains(pins(file)[canonicalize_name(wanted.name)])


@pytest.mark.parametrize("file", FILES)
def test_every_line_is_one_exact_version_with_its_hashes(file: str) -> None:
    assert lines(file)
    for line in lines(file):
        pin, *hashes = line.split(" --hash=")
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z,]+\])?==[0-9][A-Za-z0-9.!+]*( ; .+)?", pin), pin
        assert hashes, pin
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), pin


@pytest.mark.parametrize("file", FILES)
def test_no_line_says_where_from(file: str) -> None:
    options = "-i|-f|-e|--index-url|--extra-index-url|--find-links|--trusted-host"
    address = re.compile(rf"://|^\s*({options})\b| @ ", re.MULTILINE)
    assert address.findall((ROOT / file).read_text()) == []


def test_the_tests_run_with_the_versions_that_people_install() -> None:
    tested = pins("requirements-dev.txt")
    assert {name: tested.get(name) for name in pins("requirements.txt")} == pins("requirements.txt")
