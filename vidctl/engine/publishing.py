"""What is particular to the last step: who approved the film, whose token uploads it, when, and what is kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.channel import Channel, is_free
from vidctl.domain.decisions import Action
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind, Work
from vidctl.engine import clearance, pauses, scripts
from vidctl.engine.clearance import Wait
from vidctl.engine.context import ENGINE, Context
from vidctl.engine.quotas import SERVICE, Meter
from vidctl.errors import Misconfigured
from vidctl.logs import hide, log
from vidctl.store import Db, accounts, artifacts, audit, marks, outbox, tasks, uploads
from vidctl.store.accounts import Account
from vidctl.store.audit import Decision
from vidctl.store.tasks import Seen, Task
from vidctl.store.texts import storable

SCRIPT: Final = "upload_video.py"
TOKEN: Final = "YOUTUBE_REFRESH_TOKEN"  # noqa: S105  # the name of a variable
REFUSED: Final = "ReauthorizationRequired"
"""What `upload_video.py` calls a token that was revoked or has expired."""
RECEIPT: Final = Artifact(Kind.RECEIPT)
_LOOK_AGAIN: Final = timedelta(days=1)


def goes_out(channel: Channel) -> bool:
    """Say whether a channel's films go to the public, and not only into a folder of this machine."""
    return SCRIPT in channel.scripts or not is_free(channel, SCRIPT)


def is_ours(channel: Channel) -> bool:
    """Say whether our own program uploads them, with the token that the channel was authorised by."""
    return goes_out(channel) and SCRIPT not in channel.scripts


def waits_in_line(db: Db, context: Context, task: Task, channel: Channel) -> bool:
    """Put an approved film off whose turn has not come, where it is: there a person can still take it back."""
    now = context.clock()
    if task.status is not Status.APPROVED or not goes_out(channel):
        return False
    if is_ours(channel) and accounts.get(db, task.channel_id).token is None:
        _unauthorised(db, channel, now=now)
        return True
    meter = Meter(db, context.environment, context.limits)
    if is_ours(channel) and clearance.wait_for_quota(meter, now=now) is not None:
        return True
    try:
        wait = clearance.turn(db, task, channel, now=now)
    except Misconfigured:
        return False  # its step meets the same, and says so where people look
    if wait is None:
        return False
    line = f"{now:%Y-%m-%dT%H:%MZ} {wait.why}; it goes up on {wait.until:%Y-%m-%d at %H:%M} UTC"
    if marks.put_off(db, task.seen, wait.until, log_line=storable(line), now=now):
        log("upload put off", until=wait.until.isoformat(), reason=wait.why)
    return True


@dataclass(frozen=True, slots=True)
class Publishing:
    """One claim's dealings with the public. `environment` is that of its scripts, with the account's token."""

    db: Db
    context: Context
    task: Task
    channel: Channel
    account: Account
    environment: Mapping[str, str]

    def clear(self, work: Work) -> Wait | None:
        """Let the film go, or say until when it has to wait; see `vidctl.engine.clearance`.

        Raises:
            BadInput: it is on YouTube already, or one that is nearly the same.
            Misconfigured: this machine does not know the channel's time zone.
        """
        if not goes_out(self.channel):
            return None
        kept = artifacts.done(self.db, self.task.id).get(Artifact(Kind.FINGERPRINT))
        meter = Meter(self.db, self.environment, self.context.limits) if is_ours(self.channel) else None
        facts = kept.facts if kept else {}
        return clearance.clear(self.db, self.task, work, facts, meter=meter, now=self.context.clock())

    def judged(self, failure: Failure) -> Failure:
        """Keep that the token is good for nothing any more, where that was met; unless there is another one since."""
        if failure.error_type != REFUSED or self.account.token is None:
            return failure
        account = accounts.get(self.db, self.channel.channel_id)
        if account.token is None or account.authorized_at == self.account.authorized_at:
            accounts.note(self.db, account, failure.message)
            return failure
        again = "this channel was authorised anew meanwhile"
        return Failure("AuthorisedAnew", ErrorClass.TRANSIENT, Scope.ITEM, again, "nothing has to be done")


def open_for(db: Db, context: Context, task: Task, channel: Channel) -> Publishing | Wait:
    """Return what a film is published with, or until when its channel's account is waited for.

    Raises:
        Misconfigured: there is a token, and no key that reads it.
    """
    account = accounts.get(db, channel.channel_id)
    token = token_of(account, channel, context.environment)
    if token is None and is_ours(channel):
        return _unauthorised(db, channel, now=context.clock())
    told = {} if token is None else {TOKEN: token}
    return Publishing(db, context, task, channel, account, {**context.environment, **told})


def token_of(account: Account, channel: Channel, environment: Mapping[str, str]) -> str | None:
    """Return the token of a channel's account; None where nobody authorised it, or its films do not go out.

    Raises:
        Misconfigured: there is a token, and no key that reads it.
    """
    if account.token is None or not goes_out(channel):
        return None
    from vidctl.engine import sealing

    token = sealing.opened(account.token, channel.channel_id, environment).refresh_token
    hide({TOKEN: token})
    return token


def _unauthorised(db: Db, channel: Channel, *, now: datetime) -> Wait:
    failure = Failure(
        REFUSED,
        ErrorClass.QUOTA,
        Scope.CHANNEL,
        f"YouTube re-authorization required for {channel.channel_id}",
        f"vidctl auth youtube --channel {channel.channel_id}; what is approved goes up by itself then",
        retry_after_s=_LOOK_AGAIN.total_seconds(),
    )
    pauses.begin(db, scripts.of_channel(channel, SERVICE), failure, now=now)
    return Wait(now + _LOOK_AGAIN, failure.message)


def told(db: Db, task: Seen, warnings: Sequence[str]) -> str:
    """Return the line of a film's error log that says how it was published; "" where its script said nothing of it."""
    kept = artifacts.done(db, task.id).get(RECEIPT)
    if kept is None or "privacy" not in kept.facts:
        return ""
    return "; ".join([sentence(kept.facts, artifacts.url_of(db, task.id, RECEIPT)), *warnings])


def sentence(facts: Mapping[str, Any], url: str | None) -> str:
    """Return what a card says of a film that is with the public: its privacy there, and what did not go well."""
    privacy = _text(facts.get("privacy"))
    said = [": ".join(filter(None, [f"published as {privacy}" if privacy else "published", url]))]
    if at := _text(facts.get("publish_at")):
        said.append(f"public from {at} on")
    warnings = facts.get("warnings")
    return "; ".join([*said, *(str(one) for one in (warnings if isinstance(warnings, list) else ()))])


def arrived(db: Db, seen: Seen, channel: Channel, *, now: datetime) -> None:
    """Keep what an audit asks for: which film is with the public, as what, and by whose approval. And tell people.

    Call it in the transaction that moved the film, which is one of a decision: see `audit.deciding`.
    """
    if not goes_out(channel):
        return
    kept = artifacts.done(db, seen.id)
    receipt, url = kept[RECEIPT], artifacts.url_of(db, seen.id, RECEIPT)
    video_id, account = _text(receipt.facts.get("video_id")), _text(receipt.facts.get("account"))
    film = kept[Artifact(Kind.FILM)].made
    if is_ours(channel):
        accounts.note(db, accounts.get(db, channel.channel_id), "")
    uploads.arrived(db, seen.id, film.sha256, video_id=video_id, account=account, now=now)
    said = sentence(receipt.facts, url)
    audit.append(
        db,
        Decision(
            *(seen.id, Status.FINAL_REVIEW, Action.PUBLISHED, ENGINE),
            f"{said}; {_approved_by(db, seen)}",
            audit.content_at(Status.FINAL_REVIEW, {artifact: one.made for artifact, one in kept.items()}),
            now,
            video_id,
        ),
    )
    task = tasks.get(db, seen.id)
    if url:
        words = f"{task.title!r} is {said}"
        outbox.alert(db, "published", words, hint="nothing has to be done", now=now, task_id=seen.id)
    log("published", url=url)


def _approved_by(db: Db, seen: Seen) -> str:
    approval = audit.last_approval(db, seen.id, Status.FINAL_REVIEW)
    return f"approved by {approval[0]} at {approval[1]:%Y-%m-%dT%H:%M:%SZ}" if approval else "approved by nobody"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
