"""What the environment says goes before `.env`; two files may say it, and the nearer one goes first."""

import os
from pathlib import Path

import pytest

from vidctl.errors import Misconfigured
from vidctl.settings import load


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that vidctl is started in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def test_what_the_environment_does_not_say_is_taken_from_the_file(here: Path) -> None:
    (here / ".env").write_text(
        "DATABASE_URL=postgresql://ana@host/db\nVIDCTL_HOME=/srv/vidctl\nVIDCTL_CHANNEL_CONFIGS=/srv/channels\n"
        "VIDCTL_REVIEWER='Ana B.'\nexport GEMINI_API_KEY=abc # mine\n"
    )
    settings = load({})
    assert settings.external_database == "postgresql://ana@host/db"
    assert settings.home == Path("/srv/vidctl")
    assert settings.channel_configs == Path("/srv/channels")
    assert settings.environment["VIDCTL_REVIEWER"] == "Ana B."
    assert settings.environment["GEMINI_API_KEY"] == "abc"


def test_the_environment_goes_before_the_file(here: Path, home: Path) -> None:
    (here / ".env").write_text(f"VIDCTL_HOME={here}\nVIDCTL_REVIEWER=bo\nKIE_API_KEY=of-the-file\n")
    settings = load({"VIDCTL_HOME": str(home), "VIDCTL_REVIEWER": "ana"})
    assert settings.home == home
    assert settings.environment["VIDCTL_REVIEWER"] == "ana"
    assert settings.environment["KIE_API_KEY"] == "of-the-file"


def test_a_name_that_is_set_to_nothing_switches_off_what_the_file_says(here: Path) -> None:
    (here / ".env").write_text("DATABASE_URL=postgresql://ana@host/db\n")
    assert load({"DATABASE_URL": ""}).external_database is None


def test_the_file_in_the_current_folder_goes_before_the_one_at_home(here: Path, home: Path) -> None:
    (here / ".env").write_text("VIDCTL_REVIEWER=here\n")
    (home / ".env").write_text("VIDCTL_REVIEWER=home\nKIE_API_KEY=home\n")
    settings = load({"VIDCTL_HOME": str(home)})
    assert (settings.environment["VIDCTL_REVIEWER"], settings.environment["KIE_API_KEY"]) == ("here", "home")


def test_the_file_in_the_current_folder_may_say_where_home_is(here: Path, home: Path) -> None:
    (here / ".env").write_text(f"VIDCTL_HOME={home}\n")
    (home / ".env").write_text("KIE_API_KEY=home\nVIDCTL_HOME=/elsewhere\n")
    settings = load({})
    assert (settings.home, settings.environment["KIE_API_KEY"]) == (home, "home")


def test_files_in_folders_further_up_are_nobodys(here: Path) -> None:
    (here.parent / ".env").write_text("VIDCTL_REVIEWER=up\n")
    assert "VIDCTL_REVIEWER" not in load({}).environment


def test_without_any_file_the_places_have_defaults(here: Path) -> None:
    settings = load({"VIDCTL_HOME": "", "VIDCTL_CHANNEL_CONFIGS": ""})
    assert settings.home.name == "vidctl"
    assert settings.channel_configs == here / "channel_configs"
    assert settings.external_database is None


def test_places_are_absolute_wherever_they_are_used(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(here / "me"))
    settings = load({"VIDCTL_HOME": "~/v", "VIDCTL_CHANNEL_CONFIGS": "mine"})
    assert (settings.home, settings.channel_configs) == (here / "me" / "v", here / "mine")


def test_the_environment_of_the_process_is_what_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDCTL_REVIEWER", "ana")
    assert load().environment["VIDCTL_REVIEWER"] == "ana"


def test_a_file_leaves_the_environment_of_the_process_as_it_is(here: Path) -> None:
    (here / ".env").write_text("KIE_API_KEY=secret\n")
    load()
    assert "KIE_API_KEY" not in os.environ


def test_a_name_without_a_value_sets_nothing(here: Path) -> None:
    (here / ".env").write_text("VIDCTL_REVIEWER\n\n# KIE_API_KEY=x\n")
    assert not {"VIDCTL_REVIEWER", "KIE_API_KEY"} & set(load({}).environment)


def test_a_file_that_cannot_be_read_is_named(here: Path) -> None:
    (here / ".env").write_bytes(b"VIDCTL_REVIEWER=Jos\xe9\n")
    with pytest.raises(Misconfigured, match="cannot read") as caught:
        load({})
    assert str(here / ".env") in str(caught.value)


def test_a_half_written_file_is_refused_with_its_line_and_without_what_is_in_it(here: Path) -> None:
    (here / ".env").write_text('# half written\nDATABASE_URL="postgresql://u:s3cret@db/films\n')
    with pytest.raises(Misconfigured) as caught:
        load({})
    assert str(caught.value).startswith(f"{here / '.env'}:2: ")
    assert "s3cret" not in f"{caught.value} {caught.value.hint}"


def test_a_current_folder_that_is_gone_is_one_error(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(Misconfigured, match="current folder does not exist"):
        load({})
