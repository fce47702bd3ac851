"""How every channel's account is: whom it is of, until when it is good, and what Google says of it."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from vidctl.domain.account import State, problem, told_by
from vidctl.domain.limits import Limits
from vidctl.engine import errand, scripts, sealing
from vidctl.engine.quotas import Meter
from vidctl.engine.redact import redacted
from vidctl.engine.sealing import Token
from vidctl.errors import ExitCode, Misconfigured, Unavailable, VidctlError
from vidctl.store import Db, accounts, channels
from vidctl.store.accounts import Account

SCRIPT: Final = "check_youtube.py"
TOKEN: Final = "YOUTUBE_REFRESH_TOKEN"  # noqa: S105  # the name of a variable
_PATIENCE_S: Final = 90.0
_AT_ONCE: Final = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """An account, how it is, and why. `status` is how a command ends that found it so."""

    account: Account
    state: State
    why: str = ""
    takes_long: bool | None = None
    status: int = ExitCode.OK


def check(
    db: Db,
    environment: Mapping[str, str],
    limits: Limits,
    *,
    now: datetime,
    offline: bool = False,
    patience_s: float = _PATIENCE_S,
) -> list[Checked]:
    """Return how the account of each channel is; by Google's own word, unless `offline`.

    What Google says of a token is kept with it; of one of which it says nothing for `patience_s`, nothing is.
    """
    known = {account.channel_id: account for account in accounts.all_of(db)}
    found = {channel_id: _as_kept(account, environment, now) for channel_id, account in known.items()}
    if not offline:
        meter = Meter(db, environment, limits)
        tokens = {one: token for one, (_, token) in found.items() if token is not None}
        for channel_id, ran in _asked(db, tokens, environment, patience_s):
            checked = _as_told(known[channel_id], ran, environment, meter, now)
            if checked.state is not State.UNKNOWN:
                accounts.note(db, known[channel_id], _to_keep(checked))
            found[channel_id] = (checked, None)
    return [checked for checked, _ in found.values()]


def _as_kept(account: Account, environment: Mapping[str, str], now: datetime) -> tuple[Checked, Token | None]:
    """Return how an account is by what is kept of it, and the token, if Google can be asked about it."""
    if account.token is None:
        return Checked(account, State.NONE), None
    try:
        token = sealing.opened(account.token, account.channel_id, environment)
    except sealing.NotItsOwn as exc:
        return Checked(account, State.NOT_ITS_OWN, str(exc), status=exc.exit_code), None
    except Misconfigured as exc:
        return Checked(account, State.WRONG_KEY, str(exc), status=exc.exit_code), None
    if token.account != account.youtube_channel_id:
        sentence = f"the token is of {token.account}, and not of {account.youtube_channel_id}"
        return Checked(account, State.NOT_ITS_OWN, sentence, status=ExitCode.MISCONFIGURED), None
    if account.problem:
        return _kept(account), token
    return _good(account, now), token


def _to_keep(checked: Checked) -> str:
    return problem(checked.state, checked.why) if checked.status else ""


def _kept(account: Account) -> Checked:
    state, why = told_by(account.problem)
    status = ExitCode.MISCONFIGURED if state is State.NOT_ITS_OWN else ExitCode.KEY_REFUSED
    return Checked(account, state, why, status=status)


def _good(account: Account, now: datetime, *, takes_long: bool | None = None) -> Checked:
    if account.expires_at is None:
        return Checked(account, State.GOOD, takes_long=takes_long)
    if account.expires_at <= now and takes_long is None:
        return Checked(account, State.EXPIRED, status=ExitCode.KEY_REFUSED)
    return Checked(account, State.EXPIRING, takes_long=takes_long)


def _asked(
    db: Db, tokens: Mapping[str, Token], environment: Mapping[str, str], patience_s: float
) -> Iterator[tuple[str, errand.Ran | Unavailable]]:
    """Ask Google about a few tokens at a time; each process is given the one that it is about."""
    commands = []
    for channel_id, token in tokens.items():
        channel = channels.get(db, channel_id).channel
        told = scripts.environment(channel, SCRIPT, {**environment, TOKEN: token.refresh_token})
        commands.append(([*scripts.program(channel, SCRIPT), f"--channel={channel_id}"], told))
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        ran = pool.map(lambda command: _ran(*command, timeout_s=patience_s), commands)
        yield from zip(tokens, ran, strict=True)


def _ran(argv: Sequence[str], environment: Mapping[str, str], *, timeout_s: float) -> errand.Ran | Unavailable:
    """Run a check; one that hangs is the trouble of its own channel, and of no other."""
    try:
        return errand.run(argv, environment, timeout_s=timeout_s)
    except Unavailable as exc:
        return exc


def _as_told(
    account: Account,
    ran: errand.Ran | Unavailable,
    environment: Mapping[str, str],
    meter: Meter,
    now: datetime,
) -> Checked:
    """Return how an account is by Google's word."""
    if isinstance(ran, Unavailable):
        return Checked(account, State.UNKNOWN, str(ran), status=ran.exit_code)
    try:
        said = errand.answer(ran, environment, lambda call: meter.count(call, now=now))
    except VidctlError as exc:
        return Checked(account, State.UNKNOWN, str(exc), status=exc.exit_code)
    if said.get("state") != "good":
        state = State.REVOKED if said.get("state") == "revoked" else State.REFUSED
        return Checked(account, state, redacted(str(said.get("why", "")), environment), status=ExitCode.KEY_REFUSED)
    if said.get("account") != account.youtube_channel_id:
        why = redacted(f"Google says that the token is of {said.get('title')} ({said.get('account')})", environment)
        return Checked(account, State.NOT_ITS_OWN, why, status=ExitCode.MISCONFIGURED)
    return _good(account, now, takes_long=said.get("takes_long") is True)
