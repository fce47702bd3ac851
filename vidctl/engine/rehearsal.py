"""What would be sent if a film went to YouTube now, and what keeps it from going: nothing is sent, nobody is asked."""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Final

from vidctl.domain import metadata
from vidctl.domain.account import mended_by, told_by
from vidctl.domain.channel import Channel
from vidctl.domain.likeness import Film
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Made, Work, document_json, needs
from vidctl.engine import clearance, prepare, publishing
from vidctl.engine.context import Context
from vidctl.engine.quotas import SERVICE, Meter
from vidctl.engine.scripts import PLAIN, as_written_in, environment, options, program, services_of
from vidctl.errors import BadInput, VidctlError
from vidctl.pipeline import publish
from vidctl.storage.local import Folder, folder
from vidctl.store import Db, accounts, artifacts, channels, jobs, services
from vidctl.store.tasks import Task

_PATIENCE_S: Final = 60.0
_READ_HERE: Final = tuple(map(Artifact, (Kind.STORYBOARD, Kind.FILM, Kind.THUMBNAIL)))


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The document that the upload is made of, each request that it comes to, and what is in its way.

    `to` is the YouTube channel that it goes to, if that is known; `warnings` are what is not said as people wrote it.
    """

    document: Mapping[str, Any]
    requests: list[Any]
    in_the_way: list[str]
    to: str = ""
    warnings: Sequence[str] = ()


def rehearse(db: Db, task: Task, live: Channel, context: Context) -> Rehearsal:
    """Return what would be sent for a film as it is now, of a channel as its file describes it now.

    Raises:
        BadInput: there is no film yet, or it is not on this machine; or its card cannot be made into anything that
            YouTube takes; or the program that uploads cannot say what it would send.
    """
    place, whole, work = _as_it_is(db, task, live, context.home, read_here=_READ_HERE)
    job = next(job for job in publish.plan(work) if job.makes.kind is Kind.RECEIPT)
    in_the_way = list(_in_the_way(db, task, work, place, context))
    with tempfile.TemporaryDirectory(prefix="vidctl-") as aside:
        document = _document(Path(aside), job, whole, place)
        requests = _requests(Path(aside), job, document, work, whole, place, context)
        said = json.loads(document.read_text("utf-8"))
    account = accounts.get(db, task.channel_id)
    return Rehearsal(
        said,
        requests,
        in_the_way,
        f"{account.title} ({work.account})" if publishing.goes_out(work.channel) and work.account else "",
        list(_warnings(work, context)),
    )


def like(db: Db, task: Task, home: Path) -> str:
    """Return which film on YouTube, or on its way there, this one is like, and how much; "" where it is like none.

    Raises:
        BadInput: there is no film yet, or its words are not on this machine.
    """
    live = channels.get(db, task.channel_id).channel
    _, _, work = _as_it_is(db, task, live, home, read_here=_READ_HERE[:1])
    return clearance.like(db, task, _print_of(db, task, work))


def _as_it_is(
    db: Db, task: Task, live: Channel, home: Path, *, read_here: Sequence[Artifact]
) -> tuple[Folder, dict[Artifact, Made], Work]:
    channel = prepare.channel_of(task, live)
    place = folder(home, task.channel_id, str(task.id))
    whole = prepare.whole_of(place, artifacts.done(db, task.id))
    if Artifact(Kind.FILM) not in whole:
        raise BadInput("there is no film yet that could be uploaded", hint="see: vidctl status")
    _require_here(place, whole, read_here)
    return place, whole, prepare.work_of(db, task, channel, place, whole)


def _print_of(db: Db, task: Task, work: Work) -> Film:
    return clearance.print_of(work, artifacts.facts_of(db, task.id, Artifact(Kind.FINGERPRINT)))


def _warnings(work: Work, context: Context) -> Iterator[str]:
    yield from metadata.written(work, work.film_facts).warnings
    if work.publish_at is not None and work.publish_at <= context.clock():
        over = f"{work.publish_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        yield f"its time, {over}, is over: YouTube makes it public at once"


def _require_here(place: Folder, whole: Mapping[Artifact, Made], read_here: Sequence[Artifact]) -> None:
    gone = [one for one in read_here if one in whole and not place.path(whole[one].path).is_file()]
    if gone:
        raise BadInput(
            f"not on this machine: {', '.join(map(str, gone))}",
            hint="the upload fetches what is in the object store, and this fetches nothing: try it where it was made",
        )


def _in_the_way(db: Db, task: Task, work: Work, place: Folder, context: Context) -> Iterator[str]:
    channel, upload = work.channel, jobs.upload_of(db, task.id)
    if upload is not None and upload.finished:
        yield f"it is published already: {upload.url or 'nobody said where'}"
        return
    if task.status not in {Status.APPROVED, Status.UPLOADING}:
        yield f"it is {task.status}: only what is {Status.APPROVED} goes up"
    for check in (
        lambda: prepare.require_approval(db, task, place, dict(work.whole)),
        lambda: prepare.is_published(db, task, dict(work.whole)),
        lambda: _require_clear(db, task, work, is_begun=upload is not None),
        lambda: publishing.token_of(accounts.get(db, channel.channel_id), channel, context.environment),
    ):
        try:
            check()
        except VidctlError as exc:
            yield str(exc)
    if publishing.goes_out(channel):
        yield from _later(db, task, work, context, is_begun=upload is not None)


def _require_clear(db: Db, task: Task, work: Work, *, is_begun: bool) -> None:
    if is_begun:
        clearance.require_same_account(db, task, work.account)
    elif publishing.goes_out(work.channel):
        clearance.require_new(db, task, _print_of(db, task, work))


def _later(db: Db, task: Task, work: Work, context: Context, *, is_begun: bool) -> Iterator[str]:
    channel, now = work.channel, context.clock()
    yield from _unauthorised(db, channel)
    if not is_begun and (wait := clearance.turn(db, task, channel, now=now)) is not None:
        yield f"{wait.why}; its turn is on {wait.until:%Y-%m-%d at %H:%M} UTC"
    if not is_begun and publishing.is_ours(channel):
        short = clearance.short_of(Meter(db, context.environment, context.limits), now=now)
        yield from [f"not enough of YouTube's quota of {short} is left today"] if short else []
    for pause in services.paused(db, now=now):
        if pause.service in services_of(channel, SERVICE):
            yield f"{pause.service} is paused until {pause.paused_until:%Y-%m-%d %H:%M} UTC: {pause.reason}"


def _unauthorised(db: Db, channel: Channel) -> Iterator[str]:
    account = accounts.get(db, channel.channel_id)
    mended = mended_by(channel.channel_id, account.problem)
    if publishing.is_ours(channel) and account.token is None:
        yield f"YouTube re-authorization required for {channel.channel_id}: {mended}"
    elif publishing.is_ours(channel) and account.problem:
        yield f"{told_by(account.problem)[1].rstrip('.')}: {mended}"


def _document(aside: Path, job: Job, whole: Mapping[Artifact, Made], place: Folder) -> Path:
    assert job.document is not None
    path = aside / "metadata.json"
    in_place = {artifact: place.path(whole[artifact].path) for artifact in needs(job)}
    path.write_text(document_json(job.document, lambda artifact: as_written_in(path, in_place[artifact])), "utf-8")
    return path


def _requests(
    aside: Path,
    job: Job,
    document: Path,
    work: Work,
    whole: Mapping[Artifact, Made],
    place: Folder,
    context: Context,
) -> list[Any]:
    """Have the program say what it would send; it is given no secret for that. A channel's own cannot be asked."""
    if not publishing.is_ours(work.channel):
        return []
    output = aside / "requests.json"
    words = [*options(job, lambda artifact: place.path(whole[artifact].path)), f"--{job.document_option}={document}"]
    argv = [*program(work.channel, job.script), *words, f"--output={output}", "--dry-run"]
    seen = {name: context.environment[name] for name in PLAIN if name in context.environment}
    told = environment(work.channel, job.script, seen)
    try:
        ended = subprocess.run(argv, env=told, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise BadInput(f"{job.script} cannot say what it would send: {exc}", hint="is this machine well?") from exc
    if ended.returncode or not output.is_file():
        said = [line for line in ended.stderr.splitlines() if line.strip()] or ["it said nothing"]
        raise BadInput(f"{job.script} cannot say what it would send: {said[0]}", hint=said[-1])
    requests = json.loads(output.read_text("utf-8"))
    return list(requests) if isinstance(requests, list) else [requests]
