"""Reading a storyboard, and changing it by hand, without losing a word."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from tests.place import Ran
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.errors import ExitCode

Run = Callable[..., Ran]


@pytest.fixture
def film(studio: Studio) -> UUID:
    """A film whose images wait for review."""
    studio.channel(scenes=2)
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.ASSETS_READY)
    return task_id


@pytest.fixture
def editor(tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """Make an editor that does what a line of shell says to the file `$1`, and return its environment."""

    def made(does: str) -> dict[str, str]:
        program = tmp_path / "my editor"
        program.write_text(f"#!/bin/sh\n{does}\n")
        program.chmod(0o755)
        return {"EDITOR": f"'{program}'", "VISUAL": ""}

    return made


def stored(studio: Studio, film: UUID) -> Path:
    return studio.folder(film).path("storyboard.json")


def test_a_storyboard_is_readable(quick: Run, film: UUID) -> None:
    text = quick("storyboard", "show", str(film)[:8]).out
    for promised in ("Crows", "bird_2", "push in 2", "wind 1", "Scene 1."):
        assert promised in text


def test_the_document_itself_can_be_taken_out_changed_and_put_back(
    quick: Run, studio: Studio, film: UUID, tmp_path: Path
) -> None:
    board = quick("storyboard", "show", str(film), "--json").json
    board["assets"][1]["prompt"] = "a magpie ☃ “at night”"
    file = tmp_path / "new.json"
    file.write_text(json.dumps(board))
    ran = quick("storyboard", "edit", str(film), "--file", str(file), "--json")
    assert ran.json | {"changed": True, "status": "Generating Assets", "step": "assets"} == ran.json
    assert ran.json["remade"] == ["image 2", "contact sheet"]
    studio.bring(film, Status.ASSETS_READY)
    assert studio.ledger(script="generate_asset.py")[-1]["options"]["prompt"] == "a magpie ☃ “at night”"


def test_a_document_from_standard_input_is_taken(vidctl: Run, studio: Studio, film: UUID) -> None:
    text = stored(studio, film).read_text()
    ran = vidctl("storyboard", "edit", str(film), "--file", "-", stdin=text.replace("bird 2", "owl"))
    assert "Will be made again: image 2, contact sheet." in ran.out
    ran = vidctl("storyboard", "edit", str(film), "--file", "-", stdin="{")
    assert (ran.status, ran.out) == (ExitCode.BAD_DATA, "")


def test_the_persons_own_editor_changes_it(
    terminal: Run, studio: Studio, film: UUID, editor: Callable[[str], dict[str, str]]
) -> None:
    was, typed = stored(studio, film).read_bytes(), editor('sed -i "s/bird 2/owl/" "$1"')
    dry = terminal("storyboard", "edit", str(film), "--dry-run", **typed)
    assert "your text is kept: vidctl storyboard edit" in dry.out
    assert (dry.status, stored(studio, film).read_bytes()) == (0, was)
    ran = terminal("storyboard", "edit", str(film), **typed)
    assert ran.status == 0, ran.out
    assert "image 2" in ran.out
    assert b"owl" in stored(studio, film).read_bytes()
    assert not list((studio.home / "drafts").iterdir())


def test_leaving_the_editor_without_a_change_changes_nothing(
    terminal: Run, studio: Studio, film: UUID, editor: Callable[[str], dict[str, str]]
) -> None:
    ran = terminal("storyboard", "edit", str(film), **editor("true"))
    assert (ran.status, "as it was" in ran.out) == (0, True)
    assert studio.task(film).status is Status.ASSETS_READY


def test_what_was_typed_is_kept_when_it_cannot_be_used(
    terminal: Run, studio: Studio, film: UUID, editor: Callable[[str], dict[str, str]]
) -> None:
    before = stored(studio, film).read_bytes()
    ran = terminal("storyboard", "edit", str(film), **editor('sed -i "s/push in 2//" "$1"'))
    assert ran.status == ExitCode.BAD_DATA
    assert "$.scenes[1].motion" in ran.out
    (draft,) = (studio.home / "drafts").iterdir()
    assert str(draft) in ran.out.replace("\r\n", "")
    assert b"push in 1" in draft.read_bytes()
    assert stored(studio, film).read_bytes() == before


@pytest.mark.parametrize(
    ("environment", "status"),
    [({"EDITOR": "no-such-editor"}, ExitCode.MISCONFIGURED), ({"EDITOR": "false"}, ExitCode.BAD_DATA)],
)
def test_an_editor_that_is_missing_or_fails_changes_nothing(
    terminal: Run, studio: Studio, film: UUID, environment: dict[str, str], status: ExitCode
) -> None:
    ran = terminal("storyboard", "edit", str(film), VISUAL="", **environment)
    assert ran.status == status
    assert "hint:" in ran.out
    assert studio.task(film).status is Status.ASSETS_READY


def test_without_a_terminal_a_file_is_asked_for(quick: Run, film: UUID) -> None:
    ran = quick("storyboard", "edit", str(film))
    assert (ran.status, ran.out) == (ExitCode.BAD_DATA, "")
    assert "--file FILE" in ran.err


def test_a_file_that_is_not_there_is_named(quick: Run, film: UUID) -> None:
    ran = quick("storyboard", "edit", str(film), "--file", "nowhere.json")
    assert ran.status == ExitCode.NO_INPUT
    assert "nowhere.json" in ran.err


def test_a_film_without_a_storyboard_says_so(quick: Run, studio: Studio) -> None:
    task_id = studio.film(queue=False)
    for command in (("show",), ("edit", "--file", "-")):
        ran = quick("storyboard", *command, str(task_id))
        assert ran.status != 0
        assert ran.err.startswith("error: ")
