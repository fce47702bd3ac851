"""What is not Python of the package itself is in the wheel too, and found where the wheel is installed."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from psycopg import sql

from vidctl.store.connection import connect

ROOT = Path(__file__).resolve().parents[2]
pytest.importorskip("hatchling", reason="builds the wheel without a network; it is among the dev requirements")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "-q",
        "-w",
        str(folder),
        str(ROOT),
    ]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_has_the_scripts_the_migrations_and_the_defaults(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for file in (
        "scripts/preview/generate_story.py",
        "migrations/versions/0001_first.py",
        "channel_configs/_defaults.yaml",
    ):
        assert f"vidctl/_bundled/{file}" in names
    assert "vidctl/cli/app.py" in names


def test_every_script_and_migration_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("scripts", "migrations", "channel_configs"):
        files = [path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        assert {f"vidctl/_bundled/{path.relative_to(ROOT).as_posix()}" for path in files} - names == set()


def test_nothing_that_is_nobodys_business_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [
        name for name in names if "__pycache__" in name or name.endswith((".pyc", ".env")) or "tests/" in name
    ] == []


def test_an_installed_vidctl_finds_its_files(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "import vidctl.places as p; print(*(p.shipped(n) for n in ('scripts', 'migrations', 'channel_configs')))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    folders = [Path(name) for name in ran.stdout.split()]
    assert all(folder.is_dir() and folder.is_relative_to(tmp_path / "site") for folder in folders)


@dataclass(frozen=True)
class Installed:
    """A fresh environment with the wheel in it, and this one's other packages within reach."""

    folder: Path
    environment: dict[str, str]

    @property
    def package(self) -> Path:
        (found,) = self.folder.glob("lib/python*/site-packages/vidctl")
        return found

    def run(self, *command: str | Path, **environment: str) -> str:
        """Run a command far from the checkout; return what it prints."""
        done = subprocess.run(
            [self.folder / "bin" / command[0], *command[1:]],
            env=self.environment | environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    python = str(folder / "bin" / "python")
    install = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, cwd=folder, capture_output=True)
    (site,) = folder.glob("lib/python*/site-packages")
    # Its line makes the packages importable; their own .pth files, such as a checkout's, do not count there.
    (site / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(folder, {"PATH": os.environ["PATH"], "HOME": str(folder), "VIDCTL_HOME": str(folder / "home")})


@pytest.fixture
def empty_database(server_url: str) -> Iterator[str]:
    name = sql.Identifier(f"wheel_{uuid4().hex}")
    with connect(server_url, application_name="tests") as db:
        db.execute(sql.SQL("create database {}").format(name))
        yield urlsplit(server_url)._replace(path=f"/{name.as_string().strip(chr(34))}").geturl()
        db.execute(sql.SQL("drop database {} with (force)").format(name))


def test_the_installed_command_tells_what_it_can_and_the_schema_of_a_channel_file(installed: Installed) -> None:
    assert str(installed.package) in installed.run("python", "-c", "import vidctl; print(vidctl.__file__)")
    assert "Usage: vidctl" in installed.run("vidctl", "--help")
    assert "channel_id" in json.loads(installed.run("vidctl", "channel", "schema"))["$defs"]["Channel"]["properties"]


@pytest.mark.parametrize("topic", ["Lighthouse keepers", "How salt crossed the desert"])
def test_an_installed_script_finds_the_film_written_by_hand_and_the_words_for_others(
    installed: Installed, topic: str, tmp_path: Path
) -> None:
    script, board = installed.package / "_bundled/scripts/preview/generate_story.py", tmp_path / "story.json"
    size = ("--assets=6", "--scenes=4")
    said = installed.run("python", script, f"--title={topic}", f"--topic={topic}", *size, f"--output={board}")
    assert json.loads(said.splitlines()[-1])["event"] == "result"
    assert len(json.loads(board.read_text())["scenes"]) == 4


def test_an_installed_vidctl_makes_its_tables_and_the_first_pictures_of_a_film(
    installed: Installed, empty_database: str
) -> None:
    def vidctl(*arguments: str) -> str:
        return installed.run("vidctl", *arguments, DATABASE_URL=empty_database)

    vidctl("channel", "add", "salt", "--name", "Salt")
    channel = installed.folder / "channel_configs" / "salt.yaml"
    channel.write_text(channel.read_text() + "story: {assets: 2, scenes: 1}\n")
    task = json.loads(vidctl("add", "salt", "--title", "The Salt Road", "--topic", "Salt", "--queue", "--json"))["id"]
    vidctl("run-step", task)
    vidctl("run-step", task)
    (film,) = json.loads(vidctl("status", "--json"))["tasks"]
    assert film["status"] == "Assets Ready"
    assert list((installed.folder / "home").rglob("contact_sheet.png"))
