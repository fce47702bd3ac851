"""Files of published films leave a machine when they are elsewhere, and never an only copy."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.board import Desk
from tests.fakes.r2.fake import FakeR2
from tests.studio import Studio
from tests.takes import CLIP
from vidctl.board.client import connected
from vidctl.board.page_body import PageBody
from vidctl.domain.status import Status
from vidctl.domain.storage_keys import storage_key
from vidctl.domain.work import Artifact
from vidctl.engine.cleanup.elsewhere import Film
from vidctl.engine.cleanup.films import judge, take_away
from vidctl.engine.cleanup.run import Cleanup, Report
from vidctl.engine.sync.exhibit import exhibit
from vidctl.store import artifacts, cleanup, exhibits, locks, planned, tasks
from vidctl.store.connection import connect
from vidctl.store.pace import SharedPace

EVIDENCE = {"storyboard.json", "thumbnail.jpg", "fingerprint.json", "receipt.json"}
BOUGHT = {"assets/environments/field.png", "videos/clip_01.mp4", "audio/narration_01.mp3", "sfx/sfx_01.wav"}


@pytest.fixture
def r2(moto: str) -> Iterator[FakeR2]:
    with FakeR2(moto) as fake:
        yield fake


def published(studio: Studio, **channel: Any) -> UUID:
    """Publish a film of one scene, and let a week and a moment go by."""
    studio.channel(scenes=1)
    task_id = studio.film()
    studio.bring(task_id, Status.PUBLISHED)
    studio.later(days=7, minutes=1)
    studio.channel(scenes=1, **channel)
    return task_id


def clean(studio: Studio, *, dry_run: bool = False, **changed: Any) -> Report:
    return Cleanup(studio.db, replace(studio.context, **changed), studio.files(), dry_run=dry_run).run()


def here(studio: Studio, task_id: UUID) -> set[str]:
    root = studio.folder(task_id).root
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if not path.is_dir()}


def film_of(task_id: UUID) -> str:
    return f"{task_id}_final.mp4"


def put(studio: Studio, r2: FakeR2, task_id: UUID, *items: Artifact) -> None:
    """Have files of a film in the bucket, and all of them recorded to be there, as its steps would."""
    for artifact, kept in artifacts.done(studio.db, task_id).items():
        path, digest = studio.folder(task_id).path(kept.made.path), kept.made.sha256
        key = storage_key("one", str(task_id), artifact, sha256=digest, file_name=path.name)
        stored = [artifacts.Stored(kept.made.path, key, digest)]
        artifacts.keep_stored(studio.db, task_id, kept.made, stored, url=None)
        if artifact in items:
            r2.keep(key, path.read_bytes(), {"sha256": digest})


def earlier_take(studio: Studio, task_id: UUID) -> str:
    """Give a film's clip a take before the one in use; return where that is kept."""
    path = "takes/videos/clip_01_take_9_0.mp4"
    studio.db.execute(
        """insert into takes (task_id, kind, index, number, place, path, sha256, size_bytes, modified_ns, made_at,
                              replaced_at)
           select task_id, kind, index, 9, place, %s, %s, 4, 0, made_at, now() from takes where kind = 'clip'""",
        (path, sha256(b"take").hexdigest()),
    )
    file = studio.folder(task_id).path(path)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"take")
    return path


def removed(studio: Studio, task_id: UUID) -> set[str]:
    """Return the files of which the rows say that they are gone."""
    rows = studio.db.execute("select path from artifacts where task_id = %s and removed_at is not null", (task_id,))
    return {row[0] for row in rows}


def test_what_is_nowhere_else_stays_and_what_follows_from_it_goes(studio: Studio) -> None:
    task_id = published(studio)
    before = here(studio, task_id)
    [film] = clean(studio).films
    assert here(studio, task_id) == {*EVIDENCE, *BOUGHT, film_of(task_id)}
    assert {file.path for file in film.gone} == before - here(studio, task_id) == removed(studio, task_id)
    assert {why for _, why in film.stay} == {"nowhere else"}
    assert clean(studio).films[0].gone == []


def test_a_version_waits_until_the_next_one_is_public_and_not_for_those_after_that(studio: Studio) -> None:
    studio.channel()
    ids = [studio.film(title=name, queue=False) for name in ("first", "second", "third")]
    public_at = studio.now + timedelta(days=9)
    for status, at, publish_at, film in zip(
        ("Published", "Published", "Queued"),
        (studio.now, studio.now + timedelta(days=1), None),
        (None, public_at, None),
        ids,
        strict=True,
    ):
        studio.db.execute(
            "update tasks set notion_page_id = 'page', status = %s, superseded_at = %s, publish_at = %s where id = %s",
            (status, at, publish_at, film),
        )
    first, second, _ = (cleanup.stands(studio.db, ids)[film] for film in ids)
    assert (first.is_over, first.since, second.is_followed) == (True, public_at, True)
    studio.db.execute("update tasks set status = 'Published' where superseded_at is null")
    assert not cleanup.stands(studio.db, ids)[ids[1]].is_followed


@pytest.mark.parametrize("keep", ["everything", "film", "nothing"])
def test_an_operator_decides_what_else_goes(studio: Studio, keep: str) -> None:
    task_id = published(studio, cleanup={"keep": keep})
    stays = {"everything": here(studio, task_id), "film": {*EVIDENCE, film_of(task_id)}, "nothing": EVIDENCE}
    clean(studio)
    assert here(studio, task_id) == stays[keep]


def test_a_film_in_preview_is_made_again_for_nothing_and_stays_where_it_is_public(studio: Studio) -> None:
    task_id = published(studio)
    studio.channel(scenes=1, mode="preview", scripts={})
    studio.db.execute("update tasks set settings = jsonb_set(settings, '{mode}', '\"preview\"')")
    public = studio.folder(task_id).path("published/A-film.mp4")
    public.parent.mkdir()
    public.hardlink_to(studio.folder(task_id).path(film_of(task_id)))
    clean(studio)
    assert here(studio, task_id) == {*EVIDENCE, film_of(task_id), "published/A-film.mp4"}


def test_only_films_go_that_have_been_over_for_a_week(studio: Studio) -> None:
    """Nor one that is held or paused, nor the version before one that is on its way."""
    begun, fresh, trashed, public_soon, followed, ordered_for = (published(studio) for _ in range(6))
    studio.channel(scenes=1, cleanup={"keep": "nothing"})
    change = "update tasks set {} where id = %s"
    studio.db.execute(change.format("status = 'Upload Error'"), (begun,))
    studio.db.execute(change.format("status_since = %s"), (studio.now - timedelta(days=7, seconds=-1), fresh))
    studio.db.execute(change.format("paused_at = now()"), (trashed,))
    studio.db.execute(change.format("publish_at = %s"), (studio.now + timedelta(days=1), public_soon))
    studio.db.execute(change.format("superseded_at = now(), notion_page_id = 'page'"), (followed,))
    tasks.add(studio.db, tasks.NewTask("one", "new", "Birds", notion_page_id="page"), now=studio.now)
    studio.db.execute(
        """insert into orders (task_id, channel_id, kind, index, step, service, subject, state, by_job, asked_at)
           values (%s, 'one', 'clip', 1, 'clips', 'kie', '', 'in doubt', true, now())""",
        (ordered_for,),
    )
    films = (begun, fresh, trashed, public_soon, followed, ordered_for)
    before = [here(studio, task_id) for task_id in films]
    assert [(film.stand.id, film.gone) for film in clean(studio).films] == [(ordered_for, [])], "which is told"
    assert [here(studio, task_id) for task_id in films] == before


def test_a_film_goes_when_the_bucket_has_every_file_and_not_before(studio: Studio, r2: FakeR2) -> None:
    task_id = published(studio, storage_strategy="r2")
    take = earlier_take(studio, task_id)
    studio.told = r2.environment
    before, every = here(studio, task_id), artifacts.done(studio.db, task_id)
    put(studio, r2, task_id, *(item for item in every if item != CLIP))
    sound = studio.folder(task_id).path("sfx/sfx_01.wav")
    recorded = sound.read_bytes()
    sound.write_bytes(recorded[::-1])
    [film] = clean(studio).films
    assert "clip 1 (videos/clip_01.mp4)" in film.left
    assert "sfx 1 (sfx/sfx_01.wav)" in film.left, "what was changed by hand is here alone"
    assert (here(studio, task_id), removed(studio, task_id)) == (before, set()), "nothing at all is removed"

    sound.write_bytes(recorded)
    put(studio, r2, task_id, CLIP)
    other = studio.root / "other host"
    shutil.copytree(studio.home, other)
    studio.channel(scenes=1, storage_strategy="r2", cleanup={"keep": "everything"})
    assert (clean(studio).films, here(studio, task_id)) == ([], before), "by the operator's word"
    studio.channel(scenes=1, storage_strategy="r2")
    assert clean(studio).films[0].left == ""
    assert here(studio, task_id) == {*EVIDENCE, take}, "what was replaced is not in the bucket"
    clean(studio, home=other)
    assert sum(path.is_file() for path in (other / "workspace").rglob("*")) == len(EVIDENCE) + 1
    assert artifacts.done(studio.db, task_id)[CLIP].stored, "where it is stays known"


def test_a_store_that_refuses_costs_no_file_and_is_asked_about_one_film(studio: Studio, r2: FakeR2) -> None:
    films = [published(studio), published(studio)]
    studio.channel(scenes=1, storage_strategy="r2")
    for task_id in films:
        put(studio, r2, task_id)
    studio.told = r2.environment
    r2.fault("access_denied", method="HEAD", times=None)
    before = [here(studio, task_id) for task_id in films]
    assert ["it refuses the key" in film.left for film in clean(studio).films] == [True, True]
    assert r2.asked("HEAD") <= len(before[0])
    assert [here(studio, task_id) for task_id in films] == before


def test_what_the_page_of_a_card_has_itself_may_go(desk: Desk) -> None:
    """But not what is there as a small copy, or was taken off the page."""
    studio = desk.studio
    task_id = desk.film(desk.at(Status.PUBLISHED)).id
    exhibit(studio.dsn, task_id, desk.context, spacing_s=0.001)
    studio.db.execute("update exhibits set remark = 'small copy' where kind = 'clip' and index = 1")
    row = studio.db.execute("select block_id from exhibits where kind = 'clip' and index = 2").fetchone()
    pace = SharedPace(studio.db, spacing_s=0.001)
    with connected(desk.context.environment, pace, budget_s=10) as notion:
        PageBody(notion, "").remove(row[0] if row else "")
    studio.later(days=8)
    run = Cleanup(studio.db, desk.context, studio.files())
    run.places.spacing_s = 0.001
    run.run()
    assert here(studio, task_id) == {*EVIDENCE, "videos/clip_01.mp4", "videos/clip_02.mp4"}


def test_a_film_that_is_queued_anew_between_the_look_and_the_removal_stays(studio: Studio) -> None:
    task_id = published(studio, cleanup={"keep": "nothing"})
    studio.db.execute("update tasks set notion_page_id = 'page' where id = %s", (task_id,))
    before, asked = here(studio, task_id), list[int]()

    def clock() -> datetime:
        if not asked:
            asked.append(1)
            planned.supersede(studio.db, studio.task(task_id), now=studio.now)
            tasks.add(studio.db, tasks.NewTask("one", "new", "Birds", notion_page_id="page"), now=studio.now)
        return studio.now

    assert clean(studio, clock=clock).films == []
    assert (len(asked), here(studio, task_id)) == (1, before)


def test_a_film_that_somebody_is_at_stays(studio: Studio) -> None:
    task_id = published(studio)
    before = here(studio, task_id)
    for take in (locks.try_task, exhibits.try_lock):
        with studio.session() as other:
            assert take(other, task_id)
            [film] = clean(studio).films
        assert (film.left != "", here(studio, task_id)) == (True, before)


def test_what_cannot_be_removed_is_known_to_be_there(studio: Studio) -> None:
    task_id = published(studio, cleanup={"keep": "nothing"})
    [channel], kept, place = studio.files().channels, artifacts.done(studio.db, task_id), studio.folder(task_id)
    film = Film(studio.task(task_id), channel, place, kept)
    judged = judge(studio.db, film, lambda *_: set())
    clip = place.path("videos/clip_01.mp4")
    clip.unlink()
    clip.mkdir()  # no unlink removes it
    assert list(take_away(studio.db, film, judged, now=studio.now)) == ["videos/clip_01.mp4"]
    assert removed(studio, task_id) == {file.path for file in judged.gone} - {"videos/clip_01.mp4"}


def test_what_a_run_that_was_killed_had_begun_the_next_one_ends(studio: Studio) -> None:
    task_id = published(studio)
    artifacts.removed(studio.db, task_id, artifacts.done(studio.db, task_id), at=studio.now)
    studio.folder(task_id).path("filmstrip.png").unlink()
    aside = studio.home / "workspace/channels/one/projects/.removed-x/videos"
    aside.mkdir(parents=True)
    (aside / "clip_01.mp4").write_bytes(b"half of a folder")
    report = clean(studio)
    assert here(studio, task_id) == {*EVIDENCE, *BOUGHT, film_of(task_id)}
    assert {file.path for file in report.films[0].gone} == {"contact_sheet.png", "assets/composites/composite_01.png"}
    assert (report.temporary.files, aside.parent.exists()) == (1, False)


def test_no_link_is_followed_out_of_the_home(studio: Studio, tmp_path: Path) -> None:
    task_id = published(studio, cleanup={"keep": "nothing"})
    root, outside = studio.folder(task_id).root, tmp_path / "outside"
    shutil.move(root / "videos", outside)
    (root / "videos").symlink_to(outside)
    assert "symbolic link" in clean(studio).films[0].left
    (root / "videos").unlink()
    shutil.move(root.parent, tmp_path / "projects")
    root.parent.symlink_to(tmp_path / "projects")
    (root.parent / ".removed-by-nobody").mkdir()
    (studio.home / "logs").symlink_to(tmp_path)
    report = clean(studio)
    assert (report.films, len(report.problems)) == ([], 2)
    assert (outside / "clip_01.mp4").is_file()
    assert (root.parent / ".removed-by-nobody").is_dir()
    assert (root / film_of(task_id)).is_file()


def test_ten_at_once_remove_everything_once(studio: Studio) -> None:
    films = [published(studio, cleanup={"keep": "nothing"}) for _ in range(3)]
    files = sum(len(here(studio, task_id)) - len(EVIDENCE) for task_id in films)
    context, loaded = studio.context, studio.files()

    def run(_: int) -> Report:
        with connect(studio.dsn, application_name="cleanup") as db:
            return Cleanup(db, context, loaded).run()

    with ThreadPoolExecutor(10) as pool:
        reports = list(pool.map(run, range(10)))
    assert sum(len(film.gone) for report in reports for film in report.films) == files
    assert [film.left for report in reports for film in report.films if film.left] == []
    assert all(here(studio, task_id) == EVIDENCE for task_id in films)


def test_what_vidctl_did_not_make_or_never_recorded_stays(studio: Studio) -> None:
    task_id = published(studio, cleanup={"keep": "nothing"})
    root = studio.folder(task_id).root
    (root / "notes.txt").write_text("mine")
    for name in ("3/put_off.jsonl", "2/half.png"):
        (root / ".staging" / name).parent.mkdir(parents=True)
        (root / ".staging" / name).write_text("{}\n")
    [film] = clean(studio).films
    assert here(studio, task_id) == {*EVIDENCE, "notes.txt", ".staging/3/put_off.jsonl"}
    assert {why for _, why in film.stay} == {"not made by vidctl", "never recorded"}
