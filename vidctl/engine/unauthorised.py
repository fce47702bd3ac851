"""Channels whose approved films cannot go to YouTube before a person authorises them, or does so once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vidctl.domain.account import mended_by, told_by
from vidctl.domain.channel import Channel
from vidctl.domain.status import Status
from vidctl.engine import prepare, publishing
from vidctl.errors import Misconfigured
from vidctl.store import Db, accounts, channels, reports, tasks
from vidctl.store.accounts import Account
from vidctl.store.reports import Film

_ON_THE_WAY: Final = (Status.APPROVED, Status.UPLOADING)


@dataclass(frozen=True, slots=True)
class Unauthorised:
    """A channel, why its token is no good, how many films wait for another, and since when."""

    channel_id: str
    why: str
    films: int
    since: datetime
    command: str
    """What a person begins with to mend it."""


def waited_for(db: Db, *, now: datetime) -> list[Unauthorised]:
    """Return the active channels that films wait for, those of the film that waits longest first.

    By what is known here: Google is asked nothing.
    """
    troubled = [(one, why) for one in accounts.all_of(db) if one.is_active and (why := _trouble(one, now))]
    found = []
    for one, why in troubled:
        films = _waiting(db, one.channel_id)
        if films:
            since, command = min(film.status_since for film in films), mended_by(one.channel_id, one.problem)
            found.append(Unauthorised(one.channel_id, why, len(films), since, command))
    return sorted(found, key=lambda one: (one.since, one.channel_id))


def _trouble(account: Account, now: datetime) -> str:
    """Return why a channel's token cannot be used; "" where nothing is known against it."""
    if account.token is None:
        return "nobody authorised it on YouTube yet"
    if account.problem:
        return told_by(account.problem)[1]
    if account.expires_at is not None and account.expires_at <= now:
        return f"its authorisation ended on {account.expires_at:%Y-%m-%d}"
    return ""


def _waiting(db: Db, channel_id: str) -> Sequence[Film]:
    """Return the films of a channel that our own program is to upload; a preview that stays here is none."""
    live = channels.get(db, channel_id).channel
    films = reports.films(db, statuses=_ON_THE_WAY, channel_id=channel_id)
    return [film for film in films if film.paused_at is None and _is_ours(db, film, live)]


def _is_ours(db: Db, film: Film, live: Channel) -> bool:
    try:
        return publishing.is_ours(prepare.channel_of(tasks.get(db, film.id), live))
    except Misconfigured:
        return False  # its step meets the same, and says so where people look
