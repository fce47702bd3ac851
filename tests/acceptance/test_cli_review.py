"""What waits at the gates, and what a person decides there."""

import os
import time
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
def studio(studio: Studio) -> Studio:
    studio.channel(scenes=2)
    return studio


def at(studio: Studio, status: Status, title: str = "A film") -> UUID:
    task_id = studio.film(title=title)
    studio.bring(task_id, status)
    return task_id


@pytest.mark.parametrize(
    ("gate", "counts", "look_at"),
    [
        (Status.ASSETS_READY, {"image": 2}, ["contact_sheet.png"]),
        (Status.VIDEO_READY, {"clip": 2}, ["filmstrip.png"]),
        (Status.AUDIO_READY, {"narration": 2, "sfx": 2}, ["audio", "sfx"]),
        (Status.FINAL_REVIEW, {"film": 1, "thumbnail": 1}, ["{id}_final.mp4", "thumbnail.jpg"]),
    ],
)
def test_each_gate_says_where_to_look_and_how_much_there_is(
    quick: Run, studio: Studio, gate: Status, counts: dict[str, int], look_at: list[str]
) -> None:
    task_id = at(studio, gate)
    (item,) = quick("review", "--json").json["items"]
    assert (item["id"], item["status"], item["counts"]) == (str(task_id), gate, counts)
    places = [studio.folder(task_id).path(name.format(id=task_id)) for name in look_at]
    assert item["look_at"] == [str(place) for place in places]
    assert all(place.exists() for place in places)
    assert str(places[0]) in quick("review", str(task_id)[:6]).out


def test_only_what_waits_at_a_gate_is_listed(quick: Run, studio: Studio) -> None:
    waiting, other = at(studio, Status.ASSETS_READY), studio.film()
    assert [item["id"] for item in quick("review", "--json").json["items"]] == [str(waiting)]
    refused = quick("review", str(other))
    assert (refused.status, refused.out) == (ExitCode.BAD_DATA, "")
    assert "waits at no gate: it is Queued" in refused.err


def test_several_films_are_approved_at_once_by_the_named_reviewer(quick: Run, studio: Studio) -> None:
    films = [at(studio, Status.ASSETS_READY, title=title) for title in ("A", "B")]
    ran = quick("review", "approve", *map(str, films), "--notes", "fine", "--reviewer", "Bo")
    assert ran.status == 0, ran.err
    assert "A: Assets Ready → Assets Approved. Next: composites, with the next tick." in ran.out
    assert {studio.task(film).status for film in films} == {Status.ASSETS_APPROVED}
    rows = studio.db.execute("select reviewer_id, notes, action from review_audit").fetchall()
    assert rows == [("Bo", "fine", "approved")] * 2


def test_without_a_name_the_reviewer_is_who_sits_there(quick: Run, studio: Studio) -> None:
    quick("review", "approve", str(at(studio, Status.ASSETS_READY)))
    assert studio.db.execute("select reviewer_id from review_audit").fetchall() == [("ana",)]
    assert quick("review", "approve", "00", "--reviewer", " ").status != 0


def test_of_many_all_are_decided_or_none(quick: Run, studio: Studio) -> None:
    waiting, other = at(studio, Status.ASSETS_READY), studio.film()
    for command in (("approve",), ("reject", "--notes", "image 1: darker")):
        ran = quick("review", *command, str(waiting), str(other))
        assert (ran.status, ran.out) == (ExitCode.BAD_DATA, "")
        assert "it is Queued" in ran.err
    assert quick("review", "approve", str(waiting), "ffffffff-ffff").status == ExitCode.NO_INPUT
    assert studio.task(waiting).status is Status.ASSETS_READY
    assert studio.decided() == 0


def test_a_film_named_twice_is_decided_once(quick: Run, studio: Studio) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    ran = quick("review", "approve", str(task_id), str(task_id)[:8], "--json")
    assert [task["status"] for task in ran.json["tasks"]] == ["Assets Approved"]


def test_a_rejection_says_what_will_be_made_again_and_makes_only_that(quick: Run, studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    before = len(studio.ledger(script="generate_video.py"))
    ran = quick("review", "reject", str(task_id), "--notes", "clip 2: slower pan")
    assert "Clip 2 and what depends on it will be made again, after: vidctl retry" in ran.out
    assert studio.task(task_id).status is Status.VIDEO_ERROR
    studio.retry(task_id)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(studio.ledger(script="generate_video.py")) == before + 1
    assert studio.ledger(script="generate_video.py")[-1]["options"]["note"] == "slower pan"


def test_a_rejection_that_names_nothing_says_that_nothing_is_thrown_away(quick: Run, studio: Studio) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    assert "nothing is thrown away" in quick("review", "reject", str(task_id), "--notes", "hm").out


def test_a_rejection_that_cannot_be_followed_changes_nothing(quick: Run, studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    ways: list[tuple[tuple[str, ...], ExitCode]] = [
        (("--notes", " "), ExitCode.BAD_DATA),
        (("--notes", "clip 99: slower"), ExitCode.BAD_DATA),
        (("--notes", "clips 9-7"), ExitCode.BAD_DATA),
        (("--notes", "no", "--to", "audio"), ExitCode.BAD_DATA),
        (("--notes", "no", "--to", "sound"), ExitCode.USAGE),
        ((), ExitCode.USAGE),
    ]
    for options, status in ways:
        ran = quick("review", "reject", str(task_id), *options)
        assert (ran.status, ran.out) == (status, "")
        assert ran.err.startswith("error: ")
        assert "\nhint: " in ran.err
    assert studio.task(task_id).status is Status.VIDEO_READY
    assert studio.decided() == 1  # the approval of the images


def test_a_rejection_may_go_back_to_an_earlier_stage(quick: Run, studio: Studio) -> None:
    task_id = at(studio, Status.VIDEO_READY)
    assert quick("review", "reject", str(task_id), "--notes", "all wrong", "--to", "assets").status == 0
    assert studio.task(task_id).status is Status.ASSET_ERROR


def test_a_dry_run_says_what_would_be_and_changes_nothing(quick: Run, studio: Studio) -> None:
    task_id = at(studio, Status.ASSETS_READY)
    ran = quick("review", "approve", str(task_id), "--dry-run")
    assert ran.out.startswith("would be: A film: Assets Ready → Assets Approved.")
    assert studio.task(task_id).status is Status.ASSETS_READY
    assert studio.decided() == 0


def test_where_there_is_no_desktop_the_path_is_printed(
    quick: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    task_id = at(studio, Status.ASSETS_READY)
    ran = quick("review", str(task_id), "--open")
    assert ran.status == 0
    assert str(studio.folder(task_id).path("contact_sheet.png")) in ran.err


def test_the_desktops_program_opens_the_sheet(vidctl: Run, studio: Studio, tmp_path: Path) -> None:
    opened, programs = tmp_path / "opened", tmp_path / "bin"
    programs.mkdir()
    for name in ("xdg-open", "open"):
        (programs / name).write_text(f'#!/bin/sh\necho "$1" > {opened}.part && mv {opened}.part {opened}\n')
        (programs / name).chmod(0o755)
    task_id = at(studio, Status.ASSETS_READY)
    path = f"{programs}:{os.environ['PATH']}"
    assert vidctl("review", str(task_id), "--open", DISPLAY=":0", PATH=path).err == ""
    until = time.monotonic() + 20
    while not opened.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert opened.read_text().strip() == str(studio.folder(task_id).path("contact_sheet.png"))
