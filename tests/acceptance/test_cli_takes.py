"""Seeing every take with its price, and bringing an older one back."""

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
    """A film whose sounds wait for review; one of its narrations was made twice, for 42 cents each."""
    studio.channel(scenes=2)
    studio.faults({"script": "generate_audio.py", "fault": "sell", "times": 99})
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.AUDIO_READY)
    studio.reject(task_id, "narration 1: calmer, and\tslower")
    studio.retry(task_id)
    studio.bring(task_id, Status.AUDIO_READY)
    return task_id


def test_takes_are_listed_with_what_they_cost_and_what_was_asked_for(quick: Run, film: UUID) -> None:
    head, first, second = quick("takes", str(film)[:8]).out.splitlines()
    assert head.split("\t") == ["take", "is", "made", "size", "price", "asked for", "path"]
    name, state, _, size, price, asked, path = first.split("\t")
    assert (name, state, price, asked) == ("narration 1 take 1", "kept", "$0.42", "Scene 1.")
    assert (size[-1], path[:31]) == ("B", "takes/audio/narration_01_take_1")
    name, state, _, _, price, asked, path = second.split("\t")
    assert (name, state, price, path) == ("narration 1 take 2", "in use", "$0.42", "audio/narration_01.mp3")
    assert asked == "Scene 1. · calmer, and slower"


def test_a_script_gets_one_object(quick: Run, studio: Studio, film: UUID) -> None:
    said = quick("takes", str(film), "--json").json
    ((item,), title) = said["items"], said["title"]
    assert (title, item["item"], item["kind"], item["index"]) == ("Crows", "narration 1", "narration", 1)
    first, second = item["takes"]
    assert (first["number"], first["in_use"], first["is"], first["cost_usd"]) == (1, False, "kept", 0.42)
    assert (second["in_use"], second["replaced_at"], second["note"]) == (True, None, "calmer, and\tslower")
    assert all(Path(take["path"]).stat().st_size == take["size_bytes"] for take in item["takes"])
    assert Path(first["path"]).is_relative_to(studio.folder(film).root / "takes")


def test_on_a_terminal_the_names_are_whole(terminal: Run, film: UUID) -> None:
    shown = terminal("takes", str(film)[:8]).out
    for words in ("Crows", "narration 1 take 1", "narration 1 take 2", "in use", "$0.42"):
        assert words in shown


def test_where_everything_was_made_once_there_is_nothing_to_list(quick: Run, terminal: Run, studio: Studio) -> None:
    studio.channel(scenes=2)
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    assert quick("takes", str(task_id)).out == ""
    assert quick("takes", str(task_id), "--json").json["items"] == []
    assert "one take of everything" in terminal("takes", str(task_id)).out


def test_an_older_take_is_brought_back_and_told(quick: Run, studio: Studio, film: UUID) -> None:
    bought = len(studio.ledger())
    ran = quick("takes", str(film), "--use", "narration 1 take 1")
    assert ran.out == ("Crows: narration 1 take 1 is in use. It stays Audio Ready. Nothing has to be made again.\n")
    states = [take["is"] for take in quick("takes", str(film), "--json").json["items"][0]["takes"]]
    assert states == ["in use", "kept"]
    assert quick("takes", str(film), "--use", "voice 1 take 1").out == "Crows: narration 1 take 1 is in use already.\n"
    assert len(studio.ledger()) == bought


def test_at_a_later_gate_it_says_what_follows(quick: Run, studio: Studio, film: UUID) -> None:
    studio.bring(film, Status.FINAL_REVIEW)
    ran = quick("takes", str(film), "--use", "narration 1 take 1", "--json")
    assert ran.json == {
        "id": str(film),
        "dry_run": False,
        "takes": ["narration 1 take 1"],
        "changed": True,
        "was": "Final Review",
        "status": "Generating Audio",
        "step": "narration",
        "remade": ["film"],
    }
    assert "narration 1 take 1 brought back" in quick("history", str(film)).out


def test_a_dry_run_says_the_same_and_changes_nothing(quick: Run, studio: Studio, film: UUID) -> None:
    studio.bring(film, Status.FINAL_REVIEW)
    before = (studio.task(film), quick("takes", str(film)).out)
    ran = quick("takes", str(film), "--use", "narration 1 take 1", "--dry-run")
    assert ran.out == (
        "would be: Crows: narration 1 take 1 is in use. Final Review → Generating Audio, with the next tick. "
        "Will be made again: film.\n"
    )
    assert before == (studio.task(film), quick("takes", str(film)).out)


def test_a_take_that_there_is_not_is_named_and_nothing_changes(quick: Run, film: UUID) -> None:
    before = quick("takes", str(film)).out
    for said, status, words in (
        ("clip", ExitCode.BAD_DATA, "'clip' names no take"),
        ("", ExitCode.BAD_DATA, "no take is named"),
        ("composite 1 take 1", ExitCode.BAD_DATA, "not kept"),
        ("narration 1 take 3", ExitCode.NO_INPUT, "'Crows' has no narration 1 take 3"),
        ("narration 9 take 1", ExitCode.NO_INPUT, "'Crows' has no narration 9 take 1"),
        ("narration 1 take 1; narration 1 take 2", ExitCode.BAD_DATA, "two takes of narration 1"),
    ):
        ran = quick("takes", str(film), "--use", said)
        assert (ran.status, ran.out, words in ran.err, "hint: " in ran.err) == (status, "", True, True), ran
    assert quick("takes", str(film)).out == before


@pytest.mark.parametrize(("status", "hint"), [(Status.PUBLISHED, "vidctl add"), (Status.AUDIO_APPROVED, "vidctl hold")])
def test_a_film_that_is_published_or_at_work_says_what_to_do_first(
    quick: Run, studio: Studio, film: UUID, status: Status, hint: str
) -> None:
    studio.bring(film, status)
    ran = quick("takes", str(film), "--use", "narration 1 take 1")
    assert (ran.status, ran.out) == (ExitCode.BAD_DATA, "")
    assert hint in ran.err
    assert "narration 1 take 2\tin use" in quick("takes", str(film)).out


@pytest.mark.parametrize("option", [("--dry-run",), ("--reviewer", "bob")])
def test_an_option_that_goes_with_use_alone_is_refused_without_it(
    quick: Run, film: UUID, option: tuple[str, ...]
) -> None:
    ran = quick("takes", str(film), *option)
    assert (ran.status, ran.out) == (ExitCode.USAGE, "")
    assert "--use" in ran.err


def test_who_brings_it_back_is_kept(quick: Run, film: UUID) -> None:
    quick("takes", str(film), "--use", "narration 1 take 1", "--reviewer", "bob")
    decision = quick("status", str(film), "--json").json["tasks"][0]["decisions"][-1]
    assert (decision["reviewer_id"], decision["notes"]) == ("bob", "narration 1 take 1 brought back")


def test_the_films_page_tells_where_there_are_several(quick: Run, film: UUID) -> None:
    assert "takes kept: 2 of narration 1" in quick("status", str(film)).out
    made = {
        (one["kind"], one["index"]): one for one in quick("status", str(film), "--json").json["tasks"][0]["artifacts"]
    }
    assert (made["narration", 1]["takes"], made["narration", 2]["takes"]) == (2, 1)


def test_its_help_shows_how(quick: Run) -> None:
    text = " ".join(quick("takes", "--help").out.split())
    assert 'vidctl takes 3f2a --use "clip 3 take 1"' in text
