"""Have a person consent in a browser to where films go on YouTube; what may be kept of it is printed, once.

It is a secret: standard output has to be a pipe. By hand it is used as `vidctl auth youtube --channel ID`, which
keeps it sealed.
"""

import json
import os
import signal
import stat
import sys
from typing import Annotated

from typer import Option

from vidctl.errors import BadInput
from vidctl.providers.refusals import of
from vidctl.providers.youtube import account
from vidctl.providers.youtube.connection import connected
from vidctl.providers.youtube.consent import consent
from vidctl.providers.youtube.kinds import NO_CHANNEL, for_channel
from vidctl.providers.youtube.listener import Listener
from vidctl.providers.youtube.settings import REFRESH_TOKEN, addresses, oauth_client
from vidctl.script import tool


def require_pipe() -> None:
    """Refuse to show a secret on a terminal, or to leave it in a file."""
    kind = os.fstat(sys.stdout.fileno()).st_mode
    if not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)):
        raise BadInput(
            "standard output is no pipe: the token would be left there for others to read",
            hint="use vidctl auth youtube --channel ID, which keeps it sealed",
        )


@tool
def youtube_consent(
    *,
    channel: Annotated[str, Option(help="the channel whose films it is about, as vidctl calls it")],
    port: Annotated[int, Option(min=0, max=65_535, help="where the browser comes back to; 0 picks a free port")] = 0,
    bind: Annotated[str, Option(help="the address to listen at; 0.0.0.0 in a container")] = "127.0.0.1",
    no_browser: Annotated[bool, Option("--no-browser", help="only say which address to open")] = False,
    wait_s: Annotated[float, Option(min=0.1, max=86_400, help="how long a person is waited for")] = 600.0,
) -> None:
    """Have a person consent, and print the refresh token, and of which YouTube channel it is."""
    require_pipe()
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # there is nothing to tidy up, and nothing to say
    client, where = oauth_client(), addresses()
    with Listener(bind, port) as listener:
        granted = consent(client, where, listener, opens=not no_browser, wait_s=wait_s)
    with connected(channel, environment={**os.environ, REFRESH_TOKEN: granted.refresh_token}) as youtube:
        mine = account.mine(youtube)
    if mine is None:
        raise of(for_channel(NO_CHANNEL, channel))
    said = {"account": mine.channel_id, "title": mine.title, "takes_long": mine.takes_long}
    ends = granted.expires_at and granted.expires_at.isoformat()
    print(json.dumps({**said, "refresh_token": granted.refresh_token, "expires_at": ends}), flush=True)
