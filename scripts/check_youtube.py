"""Say whether a channel's token is good, and of which YouTube channel it is. Takes one unit of the day's quota.

By hand: YOUTUBE_REFRESH_TOKEN=... GOOGLE_CLIENT_ID=... GOOGLE_CLIENT_SECRET=... python scripts/check_youtube.py
"""

import json
from typing import Annotated, Any

from typer import Option

from vidctl.contract import Scope, ScriptError
from vidctl.providers.youtube import account
from vidctl.providers.youtube.connection import connected
from vidctl.providers.youtube.kinds import NO_CHANNEL, NO_TOKEN, TOKEN
from vidctl.providers.youtube.patience import Patience
from vidctl.script import tool

PATIENCE = Patience(pause_s=0.5, tries=2)


def state_of(channel: str) -> dict[str, Any]:
    """Return what Google says of the token: that it is `good`, `revoked`, or `refused` for what it is to be used for.

    Raises:
        ScriptError: it says nothing of the token.
    """
    try:
        with connected(channel, PATIENCE) as youtube:
            mine = account.mine(youtube)
    except ScriptError as error:
        if error.failure.scope is not Scope.CHANNEL or error.failure.error_type == NO_TOKEN.error_type:
            raise
        state = "revoked" if error.failure.error_type == TOKEN.error_type else "refused"
        return {"state": state, "why": error.failure.message}
    if mine is None:
        return {"state": "refused", "why": NO_CHANNEL.what}
    return {"state": "good", "account": mine.channel_id, "title": mine.title, "takes_long": mine.takes_long}


@tool
def check_youtube(
    channel: Annotated[str, Option(help="the channel whose token it is, as vidctl calls it")] = "",
) -> None:
    """Say whether a channel's token is good."""
    print(json.dumps(state_of(channel)), flush=True)
