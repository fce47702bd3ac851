"""A film's thumbnail is looked at, approved and rejected with the film; films of before go on without one."""

import os
from uuid import UUID

import pytest

from tests.studio import Studio
from tests.takes import again, assert_kept, at, use
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.store import artifacts

THUMBNAIL = Artifact(Kind.THUMBNAIL)


@pytest.fixture(autouse=True)
def two_scenes(studio: Studio) -> None:
    studio.channel(scenes=2)


def of_an_earlier_version(studio: Studio) -> UUID:
    """Return a film that waits for its last approval, made when there were neither thumbnails nor fingerprints."""
    task_id = at(studio, Status.FINAL_REVIEW)
    for table in ("artifacts", "takes"):
        studio.db.execute(f"delete from {table} where kind in ('thumbnail', 'fingerprint')")
    for name in ("thumbnail.jpg", "fingerprint.json"):
        studio.folder(task_id).path(name).unlink()
    return task_id


def scripts(studio: Studio, since: int) -> list[str]:
    return [entry["script"] for entry in studio.ledger()[since:]]


def test_a_film_that_was_approved_before_there_were_thumbnails_is_published_without(studio: Studio) -> None:
    task_id = of_an_earlier_version(studio)
    before = len(studio.ledger())
    studio.approve(task_id)
    studio.bring(task_id, Status.PUBLISHED)
    assert scripts(studio, before) == ["fingerprint_film.py", "upload_video.py"]
    assert [status for status, *_ in studio.path_of(task_id)][-2:] == ["Approved", "Uploading"]


def test_a_rejected_thumbnail_is_made_again_alone_and_an_earlier_take_comes_back(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    before = len(studio.ledger())
    again(studio, "thumbnail: another picture", to=Status.FINAL_REVIEW, task_id=task_id)
    assert scripts(studio, before) == ["make_thumbnail.py"]
    asked = studio.ledger()[-1]["options"]
    assert (asked["take"], asked["note"]) == ("2", "another picture")
    done = use(studio, task_id, "thumbnail take 1")
    assert (done.changed, done.step, studio.task(task_id).status) == (True, None, Status.FINAL_REVIEW)
    assert_kept(studio, task_id)
    studio.approve(task_id)
    studio.bring(task_id, Status.PUBLISHED)
    assert scripts(studio, before + 1) == ["upload_video.py"]


def test_the_film_alone_counts_as_progress(studio: Studio) -> None:
    task_id = at(studio, Status.AUDIO_APPROVED)
    studio.faults({"script": "assemble_video.py", "fault": "status", "status": 75})
    studio.step(task_id)
    assert THUMBNAIL in artifacts.done(studio.db, task_id)
    task = studio.task(task_id)
    assert (task.status, task.progress_done, task.progress_total) == (Status.ASSEMBLING, 0, 1)


def test_a_lost_thumbnail_is_made_again_and_what_was_approved_goes_out(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    studio.approve(task_id)
    studio.folder(task_id).path("thumbnail.jpg").unlink()
    before = len(studio.ledger())
    studio.bring(task_id, Status.PUBLISHED)
    assert scripts(studio, before) == ["make_thumbnail.py", "upload_video.py"]
    assert "Final Review" not in [status for status, *_ in studio.path_of(task_id)][-1:]


def test_a_thumbnail_that_was_changed_unseen_after_its_approval_is_not_published(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    studio.approve(task_id)
    path = studio.folder(task_id).path("thumbnail.jpg")
    stamp = path.stat()
    path.write_bytes(bytes(stamp.st_size))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    studio.step(task_id)
    assert studio.task(task_id).status is Status.UPLOAD_ERROR
    assert not studio.ledger(script="upload_video.py")


def test_another_thumbnail_is_another_thing_to_approve(studio: Studio) -> None:
    task_id = at(studio, Status.FINAL_REVIEW)
    studio.approve(task_id)
    studio.db.execute("update artifacts set sha256 = repeat('0', 64) where kind = 'thumbnail'")
    studio.step(task_id)
    assert THUMBNAIL in artifacts.done(studio.db, task_id)
    assert not studio.ledger(script="upload_video.py")
