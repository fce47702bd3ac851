"""The image and its compose file, as far as they can be read: `pytest -m chaos tests/containers` builds and runs it."""

import re
from importlib.metadata import requires
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.containers.dockerfile import ROOT, Instruction, instructions, is_seen
from tests.unit.test_env_example import NAMED
from tests.unit.test_requirements import pins

IMAGE = instructions()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / ".docker" / "compose.yaml").read_text())


def all_of(word: str) -> list[Instruction]:
    return [one for one in IMAGE if one.word == word]


def runs() -> str:
    return "\n".join(one.rest for one in all_of("RUN"))


def test_all_that_is_copied_is_there_and_not_ignored() -> None:
    copied = [ROOT / name for one in all_of("COPY") if not one.option("from") for name in one.words[:-1]]
    assert len(copied) > 5
    for path in copied:
        files = (
            [path] if path.is_file() else [file for file in path.rglob("*") if file.suffix in {".py", ".ttf", ".js"}]
        )
        files = files or [path / "_defaults.yaml"]
        assert all(map(is_seen, files)), path
        assert all(file.exists() for file in files), path


def test_all_that_is_packed_is_copied() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    folders = set(re.findall(r'^"(\w+)" = "vidctl/_bundled/', project, re.MULTILINE)) | {"vidctl"}
    assert folders <= {one.words[0] for one in all_of("COPY")}


@pytest.mark.parametrize(
    "name", [".env", ".git/config", "channel_configs/one.yaml", "vidctl/__pycache__/a.pyc", "tests/a"]
)
def test_no_key_channel_or_history_gets_into_a_build(name: str) -> None:
    assert not is_seen(ROOT / name)


def test_nothing_runs_as_root_or_listens_and_health_is_asked() -> None:
    last = max(at for at, one in enumerate(IMAGE) if one.word == "FROM")
    assert [one.words for one in IMAGE[last:] if one.word == "USER"] == [["1000"]]
    assert not all_of("EXPOSE")
    assert "vidctl health" in all_of("HEALTHCHECK")[0].rest
    assert (all_of("ENTRYPOINT")[-1].words, all_of("CMD")[-1].words) == (["vidctl"], ["cron"])


def test_every_package_has_one_version_and_its_hashes() -> None:
    installs = re.findall(r"pip install (.*?)(?: &&|$)", runs(), re.MULTILINE)
    assert [one for one in installs if "--require-hashes" not in one] == ["--no-deps wheels/*.whl"]
    assert "--no-build-isolation" in runs()
    kept = re.search(r"\^\((.*?)\)==", runs())
    assert kept
    needed = [Requirement(text) for text in requires("hatchling") or ()]
    needed = [one for one in needed if one.marker is None or one.marker.evaluate({"python_version": "3.11"})]
    assert set(kept[1].split("|")) == {"hatchling", *(canonicalize_name(one.name) for one in needed)}
    assert set(kept[1].split("|")) <= set(pins("requirements-dev.txt"))
    assert {one.words[0] for one in all_of("FROM")} == {"python:3.11-slim-bookworm"}


def test_every_variable_of_the_compose_file_is_explained() -> None:
    text = (ROOT / ".docker" / "compose.yaml").read_text()
    asked = set(re.findall(r"\$\{(\w+)", text)) | set(COMPOSE["services"]["vidctl"]["environment"])
    assert asked - NAMED == set()


def test_two_services_are_bounded_restarted_and_reachable_by_nobody() -> None:
    assert set(COMPOSE["services"]) == {"vidctl", "postgres"}
    for service in COMPOSE["services"].values():
        assert "ports" not in service
        assert "privileged" not in service
        assert service["restart"] == "unless-stopped"
        assert service["read_only"]
        assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    kept = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service["volumes"]}
    assert set(COMPOSE["volumes"]) == kept - {"./channel_configs"}


def test_a_container_has_the_time_that_steps_may_take_to_end() -> None:
    from vidctl.engine.children import ANSWER_S, GRACE_S
    from vidctl.engine.cron import loop

    assert ANSWER_S + GRACE_S < loop.GRACE_S < int(COMPOSE["services"]["vidctl"]["stop_grace_period"].rstrip("s"))
