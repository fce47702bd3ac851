"""`vidctl auth status`: how each channel's account on YouTube is."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.auth import auth, files_of
from vidctl.cli.kinds import Reading
from vidctl.cli.options import Json

if TYPE_CHECKING:
    from vidctl.engine.account_check import Checked


@auth.command(cls=Reading)
def status(
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask Google: say what is known here.")] = False,
    as_json: Json = False,
) -> None:
    """Show each channel's YouTube channel, since when it is authorized, and whether it still is.

    Google is asked for each, which takes one unit of the day's quota. Ends
    with 77 where a token has expired or was revoked, with 78 where one cannot
    be used here, and with 75 where Google does not answer.

    Example: vidctl auth status --offline
    """
    from vidctl.cli.session import now, session
    from vidctl.cli.show import show
    from vidctl.engine import account_check

    with session("auth status") as opened:
        limits = files_of(opened).limits
        found = account_check.check(opened.db, opened.settings.environment, limits, now=now(), offline=offline)
    if as_json:
        show({"channels": [_as_json(one) for one in found]}, "", as_json=True)
    else:
        _print(found)
    if statuses := [one.status for one in found if one.status]:
        raise typer.Exit(max(statuses))


def _as_json(one: "Checked") -> dict[str, Any]:
    account = one.account
    return {
        "channel_id": account.channel_id,
        "state": one.state,
        "youtube_channel_id": account.youtube_channel_id,
        "title": account.title or None,
        "authorized_at": account.authorized_at,
        "expires_at": account.expires_at,
        "takes_long": one.takes_long,
        "why": one.why or None,
    }


def _print(found: "list[Checked]") -> None:
    from vidctl.cli.show import table

    if not found:
        print("There is no channel yet: vidctl channel add ID --name NAME", file=sys.stderr)
        return
    table(("channel", "state", "on YouTube", "since", "note"), [_row(one) for one in found])


def _row(one: "Checked") -> tuple[str, ...]:
    from vidctl.cli import words

    account = one.account
    named = f"{account.title} ({account.youtube_channel_id})" if account.youtube_channel_id else ""
    since = words.moment(account.authorized_at) if account.authorized_at else ""
    return account.channel_id, str(one.state), named, since, _note(one)


def _note(one: "Checked") -> str:
    """Return what there is to know, or to do."""
    from vidctl.domain.account import State

    account = one.account
    again = f"vidctl auth youtube --channel {account.channel_id}"
    ends = f"{account.expires_at:%Y-%m-%d}" if account.expires_at else ""
    match one.state:
        case State.NONE:
            return again
        case State.EXPIRING:
            return f"until {ends}: publish the app, then {again}"
        case State.EXPIRED:
            return f"since {ends}: {again}"
        case State.REVOKED | State.REFUSED | State.NOT_ITS_OWN:
            return f"{one.why}: {again}"
        case State.GOOD if one.takes_long is False:
            return "no films of more than 15 minutes: youtube.com/verify"
    return one.why
