"""Whether a film may go to YouTube now: not one that is there already, not more a day than suits a channel.

Decided under a lock for one film after the other, and kept in the same transaction: so whatever two hosts do
in the same moment, two films that are alike are never both let go.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from psycopg.errors import LockNotAvailable

from vidctl.domain import likeness, organic
from vidctl.domain.channel import Channel
from vidctl.domain.likeness import Film, Like
from vidctl.domain.pacific import day_of, next_midnight
from vidctl.domain.quota import Bucket, needed
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind, Work
from vidctl.engine.quotas import Meter
from vidctl.errors import BadInput
from vidctl.store import Db, audit, jobs, locks, uploads
from vidctl.store.tasks import Task
from vidctl.store.uploads import Upload

_REMEMBERED: Final = timedelta(days=3)
"""How far back uploads are counted: longer than any day is, in whichever timezone."""
_BUSY: Final = timedelta(minutes=1)
_FOR_OTHERS: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Wait:
    """A film that may not go yet: when to look again, and why."""

    until: datetime
    why: str


def turn(db: Db, task: Task, channel: Channel, *, now: datetime) -> Wait | None:
    """Return until when a film has to wait: enough of its channel went up today, or it waited and it is night there."""
    is_new = task.status is Status.APPROVED and task.next_attempt_at is None
    counted = uploads.begun_since(db, task.channel_id, now - _REMEMBERED, but=task.id)
    # Whose moment has come has its place today: who is new does not take it, and nor do those who wait too.
    expected = uploads.put_off(db, task.channel_id, since=None if is_new else now, but=task.id)
    until = organic.place(
        channel.youtube,
        now=now,
        begun=counted,
        expected=expected,
        seed=str(task.id),
        waited=task.status is Status.APPROVED and not is_new,
    )
    if until is None:
        return None
    is_full = organic.is_full(channel.youtube, now=now, begun=counted, expected=expected)
    return Wait(until, _enough(channel) if is_full else _hours(channel))


def _enough(channel: Channel) -> str:
    a_day = channel.youtube.uploads_a_day
    films = "1 film" if a_day == 1 else f"{a_day} films"
    return f"{films} of {channel.channel_id} went up today, which is enough (youtube.uploads_a_day)"


def _hours(channel: Channel) -> str:
    youtube = channel.youtube
    hours = f"{youtube.from_hour}:00 and {youtube.until_hour}:00 in {youtube.timezone}"
    return f"what waited goes up between {hours} (youtube.from_hour, until_hour)"


def clear(
    db: Db, task: Task, work: Work, facts: Mapping[str, Any], *, meter: Meter | None, now: datetime
) -> Wait | None:
    """Let a film go to YouTube, or say until when it has to wait. One that was let go before goes on.

    `facts` are what `fingerprint_film.py` said of it; `meter` is None where the channel's own program uploads.

    Raises:
        BadInput: it is on one of the channels already, or one that is nearly the same; or it began to go to another.
    """
    if jobs.upload_of(db, task.id) is not None:
        require_same_account(db, task, work.account)
        return None
    film = print_of(work, facts)
    known = require_new(db, task, film)  # with thousands of films it takes a second, for which nobody has to wait
    try:
        with db.transaction():
            locks.within_this_transaction(db, locks.PUBLISHING)
            require_new(db, task, film, known)
            return _decide(db, task, work, film, meter, now)
    except LockNotAvailable:
        return Wait(now + _BUSY, "other films are being let go to YouTube")


def _decide(db: Db, task: Task, work: Work, film: Film, meter: Meter | None, now: datetime) -> Wait | None:
    wait = turn(db, task, work.channel, now=now)
    if wait is None and meter is not None:
        wait = wait_for_quota(meter, others=uploads.on_their_way(db, but=task.id), now=now)
    if wait is not None:
        uploads.withdraw(db, task.id)
    else:
        frames = [f"{one:016x}" for one in film.frames]
        uploads.begin(db, task.id, film.sha256, frames=frames, spoken=film.spoken, account=work.account, now=now)
    return wait


def require_same_account(db: Db, task: Task, account: str) -> None:
    """Refuse to go on with an upload that was begun as another account: where it goes was decided by its first request.

    Raises:
        BadInput: which account that was.
    """
    begun_as = uploads.account_of(db, task.id)
    if begun_as and account and begun_as != account:
        raise BadInput(
            f"its upload began on the YouTube channel {begun_as}, and {task.channel_id} goes to {account} now",
            hint=f"vidctl auth youtube --channel {task.channel_id} --another, as {begun_as}, then vidctl retry; or, if "
            f"it is not out there: vidctl retry --new-upload {str(task.id)[:8]}",
        )


def print_of(work: Work, facts: Mapping[str, Any]) -> Film:
    """Return what a film is compared by: its bytes, its pictures and its words."""
    spoken = likeness.signature([scene.narration for scene in work.board.scenes])
    return Film(work.whole[Artifact(Kind.FILM)].sha256, _hashes(facts.get("frames", ())), spoken)


def require_new(db: Db, task: Task, film: Film, known: Sequence[Upload] = ()) -> list[Upload]:
    """Refuse a film that is on YouTube already, or nearly; unless a person said that it may go there all the same.

    It is compared with all but those that are `known`; return which those are.

    Raises:
        BadInput: which one it is like, and how much.
    """
    others = uploads.others(db, task.id, known)
    found = _compared(film, others)
    if found is None or audit.is_allowed(db, task.id, film.sha256):
        return others
    raise BadInput(
        f"Duplicate content detected: {_like(found, others[found.index], str(others[found.index].task_id)[:8])}",
        hint=f"remake what is alike; or, if it is no duplicate: vidctl upload --despite-duplicate {str(task.id)[:8]}",
    )


def like(db: Db, task: Task, film: Film) -> str:
    """Return which film on YouTube, or on its way there, this one is like, and how much; "" where it is like none."""
    others = uploads.others(db, task.id)
    found = _compared(film, others)
    return _like(found, others[found.index], str(others[found.index].task_id)) if found else ""


def _compared(film: Film, others: Sequence[Upload]) -> Like | None:
    return likeness.verdict(film, [Film(one.film_sha256, _hashes(one.frames), tuple(one.spoken)) for one in others])


def _like(found: Like, other: Upload, name: str) -> str:
    how = "it is the same film as" if found.same else f"it is nearly the same ({found.sentence}) as"
    where = f", {other.url}" if other.url else ", which is on its way there"
    return f"{how} {other.title!r} of {other.channel_id} ({name}{where})"


def short_of(meter: Meter, *, films: int = 1, now: datetime) -> Bucket | None:
    """Return the bucket of which less is left today than so many films take; None where there is enough of each."""
    left = meter.left(now=now)
    takes = {bucket: units * films for bucket, units in needed(day_of(now)).items()}
    return next((bucket for bucket, units in takes.items() if left.get(bucket, units) < units), None)


def wait_for_quota(meter: Meter, *, others: int = 0, now: datetime) -> Wait | None:
    """Return until when nothing more can be uploaded; all wait then, but where `others` on their way take the rest."""
    bucket = short_of(meter, now=now)
    if bucket is not None:
        meter.pause(bucket, now=now)
        return Wait(next_midnight(now), f"too little is left of YouTube's quota of {bucket} for today")
    bucket = short_of(meter, films=1 + others, now=now)
    if bucket is None:
        return None
    return Wait(now + _FOR_OTHERS, f"what is left of YouTube's quota of {bucket} is for films that are on their way")


def _hashes(frames: Sequence[Any]) -> tuple[int, ...]:
    """Return 64-bit numbers; a program's facts are untrusted."""
    try:
        return tuple(int(str(one), 16) & 0xFFFF_FFFF_FFFF_FFFF for one in frames)
    except ValueError:
        return ()
