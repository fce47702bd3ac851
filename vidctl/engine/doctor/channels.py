"""The channels: their files, their boards in Notion, and their accounts on YouTube."""

from collections.abc import Iterator
from typing import Final

from vidctl.domain.account import State, mended_by
from vidctl.engine import channel_files
from vidctl.engine.account_check import Checked
from vidctl.engine.doctor.findings import Finding, Level, broken, of_error, ok, warning
from vidctl.engine.doctor.ground import Ground
from vidctl.errors import Misconfigured, VidctlError

BUDGET_S: Final = 30.0
PATIENCE_S: Final = 20.0
_MOST: Final = 20


def files(ground: Ground) -> Iterator[Finding]:
    """Yield what is wrong with the channel files."""
    try:
        ground.files = channel_files.load(ground.settings.channel_configs)
    except Misconfigured as exc:
        yield broken(str(exc), exc.hint)
        return
    for problem in ground.files.problems[:_MOST]:
        yield broken(str(problem), problem.hint)
    number, broken_ones = len(ground.files.channels), len(ground.files.problems)
    if number:
        yield ok(f"{number} channel {'file is' if number == 1 else 'files are'} in order")
    elif not broken_ones:
        yield warning(f"there is no channel in {ground.settings.channel_configs}", "vidctl channel add ID --name NAME")


def notion(ground: Ground) -> Iterator[Finding]:
    """Yield what is wrong with the boards in Notion, and with the token that opens them."""
    on_notion = [one for one in ground.files.channels if one.board == "notion"] if ground.files else []
    if not on_notion:
        yield ok("Notion: no channel is planned there")
        return
    from vidctl.board.client import RUN_AGAIN, connected
    from vidctl.engine.setup import checking, choosing
    from vidctl.store.pace import SharedPace

    with ground.database() as db:
        if db is None:
            return
        try:
            chosen = choosing.read(ground.settings.channel_configs)
            with connected(ground.environment, SharedPace(db), budget_s=BUDGET_S, later=RUN_AGAIN) as client:
                report = checking.check(db, client, chosen)
        except VidctlError as exc:
            yield of_error(exc, "Notion")
            return
    yield ok(f"Notion: the integration {report.integration!r} is in {report.workspace or 'its workspace'}")
    found = [*report.findings, *(one for board in report.databases for one in board.findings)]
    level = {"error": Level.BROKEN, "warning": Level.WARNING, "note": Level.OK}
    for one in found[:_MOST]:
        yield Finding(level[one.severity], f"Notion: {one.what}", one.cure)


def youtube(ground: Ground) -> Iterator[Finding]:
    """Yield how each channel's account on YouTube is, by Google's word."""
    yield from _accounts(ground, offline=False)


def youtube_as_known(ground: Ground) -> Iterator[Finding]:
    """Yield how each channel's account on YouTube is, by what is kept of it here."""
    yield from _accounts(ground, offline=True)


def _accounts(ground: Ground, *, offline: bool) -> Iterator[Finding]:
    from vidctl.engine import account_check, publishing

    if ground.files is None:
        return
    going_out = {one.channel_id for one in ground.files.channels if one.is_active and publishing.is_ours(one)}
    with ground.database() as db:
        if db is None:
            return
        if not going_out:
            yield ok("YouTube: the films of no channel go there")
            return
        found = account_check.check(
            *(db, ground.environment, ground.files.limits),
            now=ground.clock(),
            offline=offline,
            patience_s=PATIENCE_S,
        )
    for one in found:
        if one.account.channel_id in going_out:
            yield _account(one)
    for missing in sorted(going_out - {one.account.channel_id for one in found}):
        yield warning(f"YouTube: no tick has seen {missing} yet", "the next one does: vidctl tick")


def _account(one: Checked) -> Finding:
    channel_id, cure = one.account.channel_id, mended_by(one.account.channel_id, one.account.problem)
    match one.state:
        case State.GOOD:
            return ok(f"YouTube: {channel_id} goes to {one.account.title or one.account.youtube_channel_id}")
        case State.EXPIRING:
            ends = f"{one.account.expires_at:%Y-%m-%d}" if one.account.expires_at else "soon"
            return warning(f"YouTube: the token of {channel_id} ends on {ends}", f"publish the app, then {cure}")
        case State.NONE:
            return broken(f"YouTube: nobody has authorised {channel_id}", cure)
        case State.WRONG_KEY:
            return broken(f"YouTube: {channel_id}: {one.why}", "set the FERNET_KEY that it was sealed with")
        case State.UNKNOWN:
            return warning(f"YouTube: {channel_id}: {one.why}", "look again later: vidctl auth status")
    return broken(f"YouTube: the token of {channel_id} is {one.state}: {one.why or 'it has ended'}", cure)
