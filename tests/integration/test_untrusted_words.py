"""What a script says is untrusted: it can neither stop the engine, nor get a secret or rubbish kept."""

import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine.run_step import run_step

KEY = "sk-0123456789abcdefghijklmnopqrstuvwxyz-0123456789"
MAKES_AN_IMAGE = "generate_asset.py"


def step_with_key(studio: Studio, task_id: UUID) -> str:
    """Do a step whose environment holds a key, and return everything that the database keeps afterwards."""
    with studio.session("test step") as db:
        context = studio.context
        run_step(db, task_id, replace(context, environment={**context.environment, "GEMINI_API_KEY": KEY}))
    tables = ("tasks", "task_events", "task_errors", "alerts", "artifacts", "video_costs", "service_state")
    kept = [studio.db.execute(f"select * from {table}").fetchall() for table in tables]
    return json.dumps(kept, default=str)


def assert_no_part_of_the_key(kept: str) -> None:
    """No eight characters of the key in a row are anywhere."""
    for start in range(len(KEY) - 7):
        assert KEY[start : start + 8] not in kept, kept[max(0, kept.find(KEY[start : start + 8]) - 80) :][:200]


PLACES = [190, 480, 499]
"""Where texts are cut short for people: a key that is cut in two must be gone all the same."""


@pytest.mark.parametrize(
    "fault",
    [
        *({"fault": "print", "text": "x" * place + KEY} for place in PLACES),
        *({"fault": "complain", "text": "x" * place + KEY} for place in PLACES),
        {"fault": "complain", "text": f"{KEY}\n" * 400},
        {"fault": "complain", "text": KEY * 400},
        {"fault": "error", "error": {"error_class": "permanent", "error_type": KEY, "message": "m" * 1_990 + KEY}},
        {"fault": "error", "error": {"error_class": "quota", "scope": "service", "message": KEY, "hint": KEY}},
        {"result": {"url": f"https://x/?key={KEY}", "facts": {"a": [KEY, {KEY: 1}]}}},
        {"fault": "say", "message": {"event": "cost", "component": KEY, "units": 1, "cost_usd": 1}},
        {"fault": "say", "message": {"event": "submitted", "job_id": f"https://x/?key={KEY}"}, "after": {}},
    ],
)
def test_no_part_of_a_key_is_kept_wherever_a_script_says_it(studio: Studio, fault: dict[str, Any]) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": MAKES_AN_IMAGE, "times": 3, **fault})
    assert_no_part_of_the_key(step_with_key(studio, task_id))


RUBBISH = [
    {"event": "cost", "component": "c", "units": "1E-20000", "cost_usd": 1},
    {"event": "cost", "component": "c", "units": 1, "cost_usd": "NaN"},
    {"event": "cost", "component": "c", "units": 1, "cost_usd": -1},
    {"event": "submitted", "job_id": "\ud800"},
    {"event": "result", "path": "x", "sha256": "x", "facts": {"a": "\0"}},
]


@pytest.mark.parametrize("message", RUBBISH)
def test_words_that_no_table_can_hold_are_the_scripts_fault_and_stop_no_sibling(
    studio: Studio, message: dict[str, Any]
) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": MAKES_AN_IMAGE, "match": "bird_2", "fault": "say", "message": message})
    studio.step(task_id)
    made = {entry["options"]["name"] for entry in studio.ledger(script=MAKES_AN_IMAGE)}
    assert {"field", "bird_3"} <= made
    assert _error_types(studio) <= {"BrokenScript"}
    assert studio.task(task_id).status in {Status.ASSET_ERROR, Status.ASSETS_READY}
    if studio.task(task_id).status is Status.ASSET_ERROR:
        studio.retry(task_id)
    studio.bring(task_id, Status.ASSETS_READY)


def test_a_number_that_json_does_not_know_is_told_and_does_not_stick_to_the_film(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    endless = '{"event": "result", "path": "x", "sha256": "x", "facts": {"loudness": 1e400}}'
    studio.faults({"script": MAKES_AN_IMAGE, "match": "bird_2", "fault": "print", "text": endless})
    studio.step(task_id)
    if studio.task(task_id).status is Status.ASSET_ERROR:
        studio.retry(task_id)
    studio.bring(task_id, Status.ASSETS_READY)
    assert _error_types(studio) == {"BrokenScript"}


def test_the_charges_of_a_script_that_breaks_its_word_count_all_the_same(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.faults({"script": MAKES_AN_IMAGE, "match": "bird_2", "fault": "sell", "then": {"fault": "rubbish"}})
    studio.step(task_id)
    assert studio.db.execute("select sum(cost_usd) from video_costs").fetchone() == (Decimal("0.42"),)


@pytest.mark.parametrize("error_type", ["Misconfigured", "CannotWrite", "Unavailable", "BadInput"])
def test_a_checker_that_tells_of_its_own_trouble_throws_no_file_away(studio: Studio, error_type: str) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    own = {"error_class": "permanent", "error_type": error_type, "message": "there is no ffmpeg here"}
    studio.faults({"script": "inspect_media.py", "fault": "error", "error": own})
    studio.step(task_id)
    if studio.task(task_id).status is Status.ASSET_ERROR:
        studio.retry(task_id)
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(studio.ledger(script=MAKES_AN_IMAGE)) == 3


def test_settings_that_another_version_kept_with_a_film_are_told_and_not_waited_for(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.db.execute("update tasks set settings = jsonb_set(settings, '{mode}', '\"hologram\"')")
    studio.step(task_id)
    task = studio.task(task_id)
    assert task.status is Status.ASSET_ERROR
    assert re.search(r"settings that the film was begun with.*hologram", task.error_log)
    assert studio.db.execute("select kind from alerts").fetchall() == [("task failed",)]


def test_a_pause_after_progress_forgets_the_attempts_before_it(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    studio.db.execute("update tasks set attempt = 4")
    quota = {"error_class": "quota", "scope": "service", "message": "daily quota is gone"}
    studio.faults({"script": MAKES_AN_IMAGE, "match": "bird_2", "fault": "error", "error": quota})
    studio.step(task_id)
    assert studio.task(task_id).attempt == 0


def _error_types(studio: Studio) -> set[str]:
    return {row[0] for row in studio.db.execute("select error_type from task_errors").fetchall()}
