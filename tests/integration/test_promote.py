"""From an animatic to the real film: the story stays, all else is bought, and each gate asks again."""

from decimal import Decimal
from uuid import UUID

import pytest

from tests.studio import Studio
from vidctl.domain.limits import Limits
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine import estimate
from vidctl.engine.promote import promote
from vidctl.engine.rework import Edited
from vidctl.errors import BadInput
from vidctl.store import artifacts, takes, tasks
from vidctl.store.tasks import NewTask


@pytest.fixture
def animatic(studio: Studio) -> UUID:
    """A film in preview that waits at its last gate."""
    studio.channel(mode="preview", voice_id=None)
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.FINAL_REVIEW)
    return task_id


def promoted(studio: Studio, task_id: UUID, *, dry_run: bool = False) -> Edited:
    return promote(studio.db, studio.task(task_id), studio.author, dry_run=dry_run)


def test_the_storyboard_is_kept_and_everything_else_is_made_anew_with_the_models_of_the_channel(
    studio: Studio, animatic: UUID
) -> None:
    studio.channel(mode="preview", voice_id="ana-voice", models={"image": "gemini-3-pro-image"})
    before = artifacts.done(studio.db, animatic)
    made = len(studio.ledger())
    done = promoted(studio, animatic)
    assert (done.seen.status, done.step and done.step.name) == (Status.GENERATING_ASSETS, "assets")
    assert len(done.remade) == 3 + 1 + 3 + 3 + 1 + 3 + 3 + 2
    studio.bring(animatic, Status.ASSETS_READY)
    studio.advance(animatic, Status.FINAL_REVIEW)
    after = artifacts.done(studio.db, animatic)
    assert after[Artifact(Kind.STORYBOARD)].made == before[Artifact(Kind.STORYBOARD)].made
    assert all(after[one].made.fingerprint != before[one].made.fingerprint for one in after if one.kind is Kind.CLIP)
    asked = [entry["options"] for entry in studio.ledger()[made:]]
    assert {options.get("model") for options in asked if "prompt" in options} == {"gemini-3-pro-image"}
    assert {options["voice-id"] for options in asked if "voice-id" in options} == {"ana-voice"}
    assert len([take for take in takes.of_film(studio.db, animatic) if take.artifact == Artifact(Kind.CLIP, 1)]) == 2


def test_each_gate_asks_again(studio: Studio, animatic: UUID) -> None:
    promoted(studio, animatic)
    for gate in (Status.ASSETS_READY, Status.VIDEO_READY, Status.AUDIO_READY, Status.FINAL_REVIEW):
        while studio.task(animatic).status is not gate:
            studio.step(animatic)
        if gate is not Status.FINAL_REVIEW:
            studio.approve(animatic)


def test_a_dry_run_says_the_same_and_changes_nothing(studio: Studio, animatic: UUID) -> None:
    task = studio.task(animatic)
    done = promoted(studio, animatic, dry_run=True)
    assert done.seen.status is Status.GENERATING_ASSETS
    assert studio.task(animatic) == task


def test_it_says_what_it_will_cost_before(studio: Studio, animatic: UUID) -> None:
    costs = estimate.of_promotion(studio.db, studio.task(animatic), Limits(), home=studio.home, now=studio.now)
    parts = {part.step: (part.items, part.usd) for part in costs.parts}
    assert parts["clips"] == (3, Decimal("1.26"))
    assert "plan" not in parts, "the storyboard is there"


@pytest.mark.parametrize("status", [Status.ASSETS_READY, Status.VIDEO_READY, Status.AUDIO_READY])
def test_it_can_be_promoted_at_every_gate(studio: Studio, status: Status) -> None:
    studio.channel(mode="preview")
    task_id = studio.film()
    studio.bring(task_id, status)
    assert promoted(studio, task_id).seen.status is Status.GENERATING_ASSETS


def test_what_is_promoted_once_is_not_promoted_again(studio: Studio, animatic: UUID) -> None:
    promoted(studio, animatic)
    studio.bring(animatic, Status.ASSETS_READY)
    with pytest.raises(BadInput, match="by the paid services already"):
        promoted(studio, animatic)


def test_a_film_without_a_storyboard_has_nothing_to_keep(studio: Studio) -> None:
    studio.channel(mode="preview")
    task_id = studio.film(queue=False)
    with pytest.raises(BadInput, match="no storyboard yet"):
        promoted(studio, task_id)


@pytest.mark.parametrize(("channel", "film"), [("production", "preview"), ("preview", "production")])
def test_one_film_can_be_made_in_another_mode_than_its_channel(studio: Studio, channel: str, film: str) -> None:
    studio.channel(mode=channel)
    seen = tasks.add(studio.db, NewTask("one", "Crows", "Birds", mode=film), now=studio.now)
    from vidctl.engine import decide

    decide.queue(studio.db, studio.task(seen.id), actor="ana", now=studio.now)
    studio.advance(seen.id, Status.ASSETS_READY)
    models = {"model" in entry["options"] for entry in studio.ledger(script="generate_asset.py")}
    assert models == {film == "production"}


def test_a_film_in_preview_can_have_the_real_storyboard(studio: Studio) -> None:
    studio.channel(mode="preview", preview_story="paid")
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    [story] = studio.ledger(script="generate_story.py")
    assert story["options"]["model"] == "gemini-3.8-flash"
    assert all("model" not in entry["options"] for entry in studio.ledger(script="generate_asset.py"))
