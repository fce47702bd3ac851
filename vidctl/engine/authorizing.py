"""What a person's consent leads to: the channel's token is kept, and what waited for it goes on."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from psycopg.errors import LockNotAvailable

from vidctl.domain.status import Status
from vidctl.engine import decide, scripts, sealing
from vidctl.engine.consent import Consent
from vidctl.engine.quotas import SERVICE
from vidctl.engine.sealing import Token
from vidctl.errors import BadInput, LostRace, Unavailable
from vidctl.store import Db, accounts, channels, reports, services, tasks
from vidctl.store.accounts import Account
from vidctl.store.texts import storable


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a person said may be: an account that others use too, and another one than before."""

    even_if_used: bool = False
    another: bool = False


def require_place(db: Db, channel_id: str, environment: Mapping[str, str]) -> Account:
    """Return a channel's account as it is, for which a new token could be kept now.

    Raises:
        WrongKey: there is a token that no key reads: the key may be the wrong one, so it is not written over.
        NotFound, Misconfigured: there is no such channel, or no key to seal a token with.
    """
    account = accounts.get(db, channel_id)
    sealing.require_keys(environment)
    if account.token is not None:
        with suppress(sealing.NotItsOwn):
            sealing.opened(account.token, channel_id, environment)
    return account


def unreadable(db: Db, environment: Mapping[str, str]) -> list[sealing.WrongKey]:
    """Return what is wrong with the tokens of channels that no key reads: the one that is set may be the wrong one."""
    found = []
    for account in accounts.all_of(db):
        try:
            if account.token is not None:
                sealing.plain(account.token, f"the token of channel {account.channel_id}", environment)
        except sealing.WrongKey as exc:
            found.append(exc)
    return found


def keep(
    db: Db,
    was: Account,
    consent: Consent,
    environment: Mapping[str, str],
    allowed: Allowed,
    *,
    now: datetime,
    patience_s: float = 10.0,
) -> None:
    """Keep the token of a channel, sealed, and lift the pause of its uploads.

    Raises:
        BadInput: it is of an account that is not to be used, or the channel was authorized by somebody else meanwhile.
        Unavailable: somebody else has been at the channels for longer than `patience_s`.
    """
    token = sealing.sealed(Token(was.channel_id, consent.account, consent.refresh_token), environment)
    with db.transaction():
        _reserve(db, patience_s)
        if accounts.get(db, was.channel_id).token != was.token:
            raise BadInput(
                f"channel {was.channel_id} was authorized, or its token forgotten, by somebody else meanwhile",
                hint="nothing was kept; see: vidctl auth status",
            )
        require_free(db, was, consent, allowed)
        accounts.put(
            db,
            was.channel_id,
            token,
            youtube_channel_id=consent.account,
            title=storable(consent.title),
            expires_at=consent.expires_at,
            now=now,
        )
        services.resume(db, scripts.of_channel(channels.get(db, was.channel_id).channel, SERVICE))


def _reserve(db: Db, patience_s: float) -> None:
    try:
        accounts.reserve(db, patience_s=patience_s)
    except LockNotAvailable as exc:
        raise Unavailable(
            f"others have been changing channels for {patience_s:g} s", hint="nothing was kept; run the command again"
        ) from exc


def is_another(was: Account, consent: Consent) -> bool:
    """Say whether a channel's films went elsewhere until now."""
    return was.youtube_channel_id not in (None, consent.account)


def require_free(db: Db, was: Account, consent: Consent, allowed: Allowed) -> None:
    """Refuse an account that another channel's films go to, or that is not the one of before, unless that may be.

    Raises:
        BadInput: which channel it is, or which account it was.
    """
    others = accounts.channels_with(db, consent.account, but=was.channel_id)
    if others and not allowed.even_if_used:
        raise BadInput(
            f"{consent.title!r} ({consent.account}) is where the films of channel {', '.join(others)} go already",
            hint="nothing was kept; choose another channel in the browser, or say --even-if-used",
        )
    if is_another(was, consent) and not allowed.another:
        raise BadInput(
            f"channel {was.channel_id} was authorized as {was.title!r} ({was.youtube_channel_id}) until now, "
            f"and this is {consent.title!r} ({consent.account})",
            hint="nothing was kept; choose the same channel in the browser, or say --another",
        )


def go_on(db: Db, channel_id: str, *, actor: str, now: datetime) -> int:
    """Let films whose upload waits try it with the next tick, and return how many."""
    gone_on = 0
    for film in reports.films(db, statuses=[Status.UPLOADING], channel_id=channel_id):
        if film.next_attempt_at is not None and film.next_attempt_at > now:
            with suppress(LostRace):
                reason = "the channel was authorized on YouTube"
                decide.retry(db, tasks.get(db, film.id), actor=actor, now=now, reason=reason)
                gone_on += 1
    return gone_on
