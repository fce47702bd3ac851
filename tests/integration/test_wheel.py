"""What is not Python of the package itself is in the wheel too, and found where the wheel is installed."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

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
