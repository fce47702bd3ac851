"""Before a step works: what there is of the film, what is whole, and whether earlier steps have to go first."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import msgspec

from vidctl.domain import channel as channel_settings
from vidctl.domain import storyboard
from vidctl.domain.channel import Channel
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Storyboard
from vidctl.domain.work import GATE_KINDS, Artifact, Kind, Made, Step, Work
from vidctl.engine import leftovers
from vidctl.errors import BadInput, Misconfigured
from vidctl.pipeline import STEPS
from vidctl.storage.files import is_whole, sha256_of
from vidctl.storage.local import Folder
from vidctl.store import Db, accounts, artifacts, audit, jobs, keepers, takes
from vidctl.store.artifacts import Kept
from vidctl.store.tasks import Task


def channel_of(task: Task, live: Channel) -> Channel:
    """Return the channel's settings as they hold for this film."""
    if task.settings:
        return channel_settings.frozen_with(live, channel_settings.from_json(task.settings))
    return channel_settings.in_mode(live, task.mode)


def paid(begun: Channel, live: Channel) -> Channel:
    """Return the settings of a film that the paid services make from now on: with the voice and models of today."""
    today = {name: getattr(live, name) for name in ("voice_id", "speech", "models")}
    return msgspec.structs.replace(begun, mode="production", **today)


def clear_the_way(
    db: Db, task: Task, folder: Folder, fence: int, *, machine: str, shared: bool = False
) -> dict[Artifact, Made]:
    """End and clear what an earlier claim left behind, and return every artifact that is whole.

    Where files are `shared` between hosts, the film may come from one that is gone, with what it had not stored yet.
    """
    kept = artifacts.done(db, task.id)
    if not shared:
        _require_folder(folder, made=sum(not item.stored for item in kept.values()))
    end_leftovers(folder, fence)
    folder.staging(fence).open()
    folder.adopt(fence, [item.made for item in kept.values()], takes.of_film(db, task.id))
    whole = whole_of(folder, kept)
    if len(whole) == len(kept) and task.kept_by != machine:  # else some of it may still be where it was
        keepers.keep(db, replace(task.seen, version=fence), machine)
    return whole


def whole_of(folder: Folder, kept: Mapping[Artifact, Kept]) -> dict[Artifact, Made]:
    """Return what is there as it was recorded: here, or in the object store.

    Raises:
        Unavailable: a file is there and cannot be read.
    """
    return {
        artifact: item.made
        for artifact, item in kept.items()
        if item.stored or is_whole(folder.path(item.made.path), item.made, modified_ns=item.modified_ns)
    }


def end_leftovers(folder: Folder, fence: int) -> None:
    """End the scripts that earlier claims left running."""
    for old in folder.old_stagings(fence):
        leftovers.end_those_in(old.root)


def _require_folder(folder: Folder, *, made: int) -> None:
    """Refuse to make a whole film anew because its folder is not here now.

    Raises:
        Misconfigured: files were made, and there is no folder that they could be in.
    """
    if made and not folder.root.is_dir():
        raise Misconfigured(
            f"the film's folder is not here: {folder.root}",
            hint="is its disk mounted, is this the right host and VIDCTL_HOME? To have everything made again, "
            "make that folder, empty; then vidctl retry",
        )


def work_of(db: Db, task: Task, channel: Channel, folder: Folder, whole: dict[Artifact, Made]) -> Work:
    """Return everything that the steps' plans may look at."""
    return Work(
        task_id=str(task.id),
        title=task.title,
        topic=task.topic,
        story_direction=task.story_direction,
        privacy=task.privacy or channel.default_privacy,
        channel=channel,
        storyboard=read_storyboard(folder, whole),
        retakes=artifacts.retakes(db, task.id),
        given=_given(channel),
        account=accounts.get(db, task.channel_id).youtube_channel_id or "",
        publish_at=task.publish_at,
        whole=whole,
        film_facts=artifacts.facts_of(db, task.id, Artifact(Kind.FILM)),
        has_thumbnail=channel.youtube.thumbnail.make and Artifact(Kind.THUMBNAIL) in artifacts.done(db, task.id),
    )


def _given(channel: Channel) -> dict[str, str]:
    """Return the sha256 of each file of the channel's own that can be read; whoever needs another says so then."""
    found = {}
    for path in filter(None, (channel.branding.intro_video, channel.branding.outro_video)):
        with suppress(OSError):
            found[path] = sha256_of(Path(path))
    return found


def read_storyboard(folder: Folder, whole: dict[Artifact, Made]) -> Storyboard | None:
    """Return the film's storyboard, if there is a whole one on this machine."""
    made = whole.get(Artifact(Kind.STORYBOARD))
    if made is None or not (path := folder.path(made.path)).is_file():
        return None
    return storyboard.parse(path.read_bytes())


def first_gap(step: Step, work: Work, whole: dict[Artifact, Made]) -> tuple[Step, Artifact] | None:
    """Return the first earlier step with an artifact that is not there, and that artifact.

    Only whether it is there: what was paid for is not made again because a later version of vidctl
    would ask for it in other words. Nor is an animatic missed by a film that has left it behind: one with clips; nor
    what earlier versions made of no film. A fingerprint is made before the upload where there is none.
    """
    missed = {Kind.ANIMATIC: all(artifact.kind is not Kind.CLIP for artifact in whole)}
    missed |= {Kind.THUMBNAIL: work.has_thumbnail, Kind.FINGERPRINT: False}
    for earlier in STEPS[: STEPS.index(step)]:
        for job in earlier.plan(work):
            if job.makes not in whole and missed.get(job.makes.kind, True):
                return earlier, job.makes
    return None


def is_published(db: Db, task: Task, whole: dict[Artifact, Made]) -> bool:
    """Say whether this very film is with the public already, whatever became of its receipt.

    Raises:
        BadInput: another cut of it was handed over before: only a person can say what became of that.
    """
    upload = jobs.upload_of(db, task.id)
    if upload is None:
        return False
    if upload.film_sha256 != whole[Artifact(Kind.FILM)].sha256:
        raise BadInput(
            f"another cut of this film {'was uploaded' if upload.finished else 'began to be uploaded'} before"
            + (f": {upload.url}" if upload.url else ""),
            hint=f"look for it on the channel and remove it there; then: vidctl retry --new-upload {task.id}",
        )
    return upload.finished


def require_approval(db: Db, task: Task, folder: Folder, whole: dict[Artifact, Made]) -> None:
    """Refuse to publish anything but the very film, and the thumbnail, that a person approved.

    Raises:
        BadInput: no approval covers the film as it is.
    """
    for made in [made for made in whole.values() if made.artifact.kind in GATE_KINDS[Status.FINAL_REVIEW]]:
        if sha256_of(folder.path(made.path)) != made.sha256:  # not by its time: the bytes that go out are what counts
            whole = {**whole, made.artifact: replace(made, sha256="not what was recorded")}
    now_is = audit.content_sha256(audit.content_at(Status.FINAL_REVIEW, whole))
    if audit.approved_content(db, task.id, Status.FINAL_REVIEW) != now_is:
        raise BadInput(
            "no person approved this film as it is now, so it is not published",
            hint="take it to Final Review again: vidctl hold, then vidctl queue",
        )
