"""Films whose files are kept in the object store: whole, once each, and on whichever host goes on with the film."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest

from tests.fakes.r2.fake import FakeR2
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine.context import Context
from vidctl.engine.edit import edit_storyboard
from vidctl.engine.tick import here, rooms
from vidctl.providers.r2.client import Patience
from vidctl.storage.files import sha256_of
from vidctl.store import artifacts, picks, reports, services, ticks
from vidctl.store.keepers import AWAY_AFTER


@pytest.fixture
def r2(studio: Studio, moto: str) -> Iterator[FakeR2]:
    """A bucket, and a channel of small films that are kept in it."""
    with FakeR2(moto) as fake:
        studio.told = {**fake.environment, "R2_PUBLIC_URL": fake.public_url}
        studio.channel(storage_strategy="r2", scenes=1)
        yield fake


def film_at(studio: Studio, to: Status) -> UUID:
    task_id = studio.film()
    studio.advance(task_id, to)
    return task_id


def recorded(studio: Studio, task_id: UUID) -> dict[Artifact, artifacts.Kept]:
    return artifacts.done(studio.db, task_id)


def puts(r2: FakeR2) -> list[str]:
    return [one.path for one in r2.ledger.where(lambda one: one.method == "PUT")]


def test_every_file_is_in_the_bucket_under_its_sha256_and_anybody_can_see_it(studio: Studio, r2: FakeR2) -> None:
    import httpx

    task_id = film_at(studio, Status.FINAL_REVIEW)
    kept = recorded(studio, task_id)
    assert len(kept) == 11
    for artifact, item in kept.items():
        assert item.stored[0].key.startswith(f"one/{task_id}/{artifact.kind}/{artifact.index:02}/{item.made.sha256}")
    url = artifacts.url_of(studio.db, task_id, Artifact(Kind.CLIP, 1))
    assert url is not None
    assert httpx.get(url).content == studio.folder(task_id).path("videos/clip_01.mp4").read_bytes()
    assert len(puts(r2)) == len(kept)


def test_another_host_goes_on_with_a_film_whose_files_it_does_not_have(studio: Studio, r2: FakeR2) -> None:
    task_id = film_at(studio, Status.AUDIO_READY)
    made = len(studio.ledger())
    shutil.rmtree(studio.folder(task_id).root)
    studio.approve(task_id)
    studio.advance(task_id, Status.FINAL_REVIEW)
    assert len(studio.ledger()) == made + 3, "the film, and what follows from it, was made"
    for item in recorded(studio, task_id).values():
        if item.made.artifact.kind in {Kind.CLIP, Kind.NARRATION, Kind.SFX, Kind.STORYBOARD}:
            assert sha256_of(studio.folder(task_id).path(item.made.path)) == item.made.sha256


def test_the_film_that_was_approved_is_published_from_another_host(studio: Studio, r2: FakeR2) -> None:
    task_id = film_at(studio, Status.FINAL_REVIEW)
    studio.approve(task_id)
    shutil.rmtree(studio.folder(task_id).root)
    studio.advance(task_id, Status.PUBLISHED)


def test_what_is_made_is_in_the_bucket_before_the_next_thing_is(studio: Studio, r2: FakeR2) -> None:
    studio.limit(items_per_step=1)
    studio.channel(storage_strategy="r2", scenes=2)
    task_id = film_at(studio, Status.GENERATING_ASSETS)
    studio.step(task_id, stopping=lambda: len(studio.ledger("began", "generate_asset.py")) > 1)
    assert recorded(studio, task_id)[Artifact(Kind.IMAGE, 1)].stored


def test_what_another_was_wanted_instead_of_and_did_not_come_is_not_stored_again(
    studio: Studio, r2: FakeR2, capfd: pytest.CaptureFixture[str]
) -> None:
    task_id = film_at(studio, Status.VIDEO_READY)
    board = json.loads(studio.folder(task_id).path("storyboard.json").read_text())
    board["scenes"][0]["motion"] = "look up"
    shutil.rmtree(studio.folder(task_id).root / "videos")
    new = json.dumps(board).encode()
    edit_storyboard(studio.db, studio.task(task_id), new, studio.author)
    studio.faults({"script": "generate_video.py", "fault": "status", "status": 1})
    asked = len(r2.ledger.where(lambda one: "/clip/01/" in one.path))
    studio.step(task_id)
    assert len(studio.ledger("began", "generate_video.py")) == 2
    assert len(r2.ledger.where(lambda one: "/clip/01/" in one.path)) == asked
    assert "was not stored" not in capfd.readouterr().err


def tried(r2: FakeR2, kind: Kind) -> int:
    """Return how many requests were about files of this kind."""
    return len(r2.ledger.where(lambda one: f"/{kind}/" in one.path))


@pytest.mark.chaos
def test_a_damaged_file_is_fetched_and_not_made_again(studio: Studio, r2: FakeR2) -> None:
    task_id = film_at(studio, Status.AUDIO_READY)
    made = len(studio.ledger())
    studio.folder(task_id).path("videos/clip_01.mp4").write_bytes(b"rot")
    studio.approve(task_id)
    studio.advance(task_id, Status.FINAL_REVIEW)
    assert len(studio.ledger()) == made + 3


@pytest.mark.chaos
def test_what_lies_beside_a_file_is_stored_and_fetched_with_it(studio: Studio, r2: FakeR2) -> None:
    task_id = film_at(studio, Status.GENERATING_SFX)
    place = studio.folder(task_id).path("audio/narration_01.alignment.json")
    place.write_text("{}")
    studio.db.execute("update artifacts set stored = null where kind = 'narration' and index = 1")
    studio.advance(task_id, Status.AUDIO_READY)
    shutil.rmtree(studio.folder(task_id).root)
    studio.approve(task_id)
    studio.advance(task_id, Status.FINAL_REVIEW)
    assert place.read_text() == "{}"


def on(studio: Studio, name: str) -> Context:
    """Return what a process on that host is told; at home each has what it made itself."""
    context = studio.context
    return replace(context, home=studio.root / name, environment={**context.environment, "VIDCTL_HOST": name})


def picked_by(studio: Studio, host: Context) -> list[UUID]:
    room = here(host.limits, host)
    return [one.id for one in picks.pick(studio.db, rooms(host.limits), now=studio.now, here=room)]


def test_a_film_waits_for_the_host_that_has_what_the_store_did_not_take_for_as_long_as_that_is_up(
    studio: Studio, r2: FakeR2
) -> None:
    task_id, ours, theirs = studio.film(), on(studio, "ours"), on(studio, "theirs")
    r2.fault("unavailable", method="PUT", times=None)
    studio.step(task_id, home=ours.home, environment=ours.environment)
    studio.wait(studio.task(task_id))
    ticks.record(studio.db, host="ours:7", began=studio.now, ended=studio.now, dispatched=0)
    version, made = studio.task(task_id).version, len(studio.ledger())
    assert (picked_by(studio, ours), picked_by(studio, theirs)) == ([task_id], [])
    studio.step(task_id, home=theirs.home, environment=theirs.environment)
    assert (studio.task(task_id).version, len(studio.ledger())) == (version, made)

    before = studio.now
    studio.now += AWAY_AFTER
    ticks.record(studio.db, host="theirs:8", began=studio.now, ended=studio.now, dispatched=0)
    assert picked_by(studio, theirs) == [task_id], "who does not tick any more is gone"
    studio.now = before

    r2.faults.clear()
    studio.step(task_id, home=ours.home, environment=ours.environment)
    assert studio.task(task_id).status is Status.GENERATING_ASSETS
    assert len(studio.ledger()) == made
    assert picked_by(studio, theirs) == [task_id], "all of it is in the store"


def test_a_film_that_came_to_a_host_without_its_files_is_its_old_ones_again_once_that_is_back(
    studio: Studio, r2: FakeR2
) -> None:
    task_id, ours, theirs = film_at(studio, Status.GENERATING_ASSETS), on(studio, "ours"), on(studio, "theirs")
    studio.faults({"script": "generate_asset.py", "fault": "order", "by_job": False})
    r2.fault("unavailable", method="PUT", times=None)
    studio.step(task_id, home=ours.home, environment=ours.environment)
    studio.wait(studio.task(task_id))
    studio.step(task_id, home=theirs.home, environment=theirs.environment)
    assert studio.task(task_id).status is Status.ASSET_ERROR
    for host in ("ours:7", "theirs:8"):
        ticks.record(studio.db, host=host, began=studio.now, ended=studio.now, dispatched=0)
    r2.faults.clear()
    studio.retry(task_id)
    assert (picked_by(studio, ours), picked_by(studio, theirs)) == ([task_id], [])
    assert [film.only_on for film in reports.films(studio.db, statuses=list(Status))] == ["ours"]
    made = len(studio.ledger())
    studio.step(task_id, home=ours.home, environment=ours.environment)
    assert len(studio.ledger()) == made
    assert recorded(studio, task_id)[Artifact(Kind.IMAGE, 1)].stored


def test_a_store_in_trouble_delays_a_film_and_fails_nothing(studio: Studio, r2: FakeR2) -> None:
    task_id = film_at(studio, Status.GENERATING_ASSETS)
    r2.fault("unavailable", method="PUT", times=None)
    for turn in range(6):
        studio.step(task_id)
        task = studio.task(task_id)
        assert (task.status, task.attempt) == (Status.GENERATING_ASSETS, 0)
        studio.wait(task)
        if turn == 0:
            at_once_and_at_the_end, at_the_end = tried(r2, Kind.IMAGE), tried(r2, Kind.CONTACT_SHEET)
            assert at_once_and_at_the_end == 2 * at_the_end > 0, (
                "after one failure the rest waits for the end of a step"
            )
    made = len(studio.ledger())
    r2.faults.clear()
    studio.step(task_id)
    assert studio.task(task_id).status is Status.ASSETS_READY
    assert len(studio.ledger()) == made, "only stored"


def test_a_refused_key_is_told_once_and_the_film_waits(studio: Studio, r2: FakeR2) -> None:
    studio.limit(items_per_step=1)
    task_id = film_at(studio, Status.GENERATING_ASSETS)
    studio.told = {**studio.told, "R2_SECRET_ACCESS_KEY": "wrong-wrong-wrong"}
    for _ in range(3):
        studio.step(task_id)
        studio.wait(studio.task(task_id))
    assert studio.task(task_id).status is Status.GENERATING_ASSETS
    assert [pause.service for pause in services.paused(studio.db, now=studio.now)] == ["r2"]
    assert studio.db.execute("select count(*) from alerts").fetchone() == (1,)
    assert 3 * tried(r2, Kind.IMAGE) == tried(r2, Kind.CONTACT_SHEET) > 0, "at the end of a step one is tried of all"


def test_a_signed_address_is_not_kept(studio: Studio, r2: FakeR2) -> None:
    studio.told = {name: value for name, value in studio.told.items() if name != "R2_PUBLIC_URL"}
    task_id = film_at(studio, Status.ASSETS_READY)
    assert all(item.stored for item in recorded(studio, task_id).values())
    assert studio.db.execute("select count(*) from artifacts where url is not null").fetchone() == (0,)


def test_a_file_that_was_made_again_is_stored_again(studio: Studio, r2: FakeR2) -> None:
    task_id = film_at(studio, Status.ASSETS_READY)
    before = recorded(studio, task_id)[Artifact(Kind.IMAGE, 1)].stored[0].key
    studio.reject(task_id, "image 1: darker")
    studio.retry(task_id)
    studio.advance(task_id, Status.ASSETS_READY)
    assert recorded(studio, task_id)[Artifact(Kind.IMAGE, 1)].stored[0].key != before
    count = len(puts(r2))
    studio.db.execute("update artifacts set stored = null")
    studio.approve(task_id)
    studio.advance(task_id, Status.COMPOSITES_READY)
    assert len(puts(r2)) == count + 1, "one composite; what is there already is not sent again"


def test_a_free_film_is_stored_too_and_a_file_that_is_there_at_the_end_of_its_step_was_no_trouble(
    studio: Studio, r2: FakeR2
) -> None:
    studio.channel(storage_strategy="r2", mode="preview", scenes=1)
    r2.fault("unavailable", method="PUT", path=f"/{Kind.IMAGE}/", times=Patience().attempts)
    task_id = film_at(studio, Status.ASSETS_READY)
    assert all(item.stored for item in recorded(studio, task_id).values())
    assert studio.db.execute("select reason from task_events where event = 'defer'").fetchall() == []


def test_scenes_that_change_places_on_another_host_are_fetched_and_not_made_again(studio: Studio, r2: FakeR2) -> None:
    studio.channel(storage_strategy="r2", scenes=2)
    task_id = film_at(studio, Status.VIDEO_READY)
    videos = studio.folder(task_id).root / "videos"
    clips = [path.read_bytes() for path in sorted(videos.iterdir())]
    shutil.rmtree(videos)
    board = json.loads(studio.folder(task_id).path("storyboard.json").read_text())
    one, two = board["scenes"]
    one["motion"], two["motion"] = two["motion"], one["motion"]
    data = json.dumps(board).encode()
    edit_storyboard(studio.db, studio.task(task_id), data, studio.author)
    studio.advance(task_id, Status.VIDEO_READY)
    assert [path.read_bytes() for path in sorted(videos.iterdir())] == clips[::-1]
    assert len(studio.ledger(script="generate_video.py")) == 2
    assert all(item.stored for item in recorded(studio, task_id).values())
    reasons = studio.db.execute("select reason from task_events where event = 'defer'").fetchall()
    assert reasons == [], "what took another's place was not fetched over by what lay there before"
