"""`vidctl auth`: where each channel's films go on YouTube, and the keys that this is kept with."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.app import SET_UP, app, complain
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.engine.authorizing import Allowed
    from vidctl.engine.channel_files import Loaded
    from vidctl.engine.consent import Consent, Way
    from vidctl.store.accounts import Account

ChannelId = Annotated[
    str,
    typer.Option(
        "--channel", metavar="ID", help="The channel, as its file calls it.", autocompletion=complete.channels
    ),
]

auth = typer.Typer(
    name="auth",
    help="Authorize channels on YouTube, and see whether they still are.",
    epilog="Needs GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET of a desktop client, and FERNET_KEY.",
    no_args_is_help=True,
)
app.add_typer(auth, rich_help_panel=SET_UP)


@auth.command(cls=Writing)
def youtube(
    channel: ChannelId,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Only print the address to open, on whichever machine.")
    ] = False,
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Where the browser comes back to on this machine; 0: any.")
    ] = 0,
    bind: Annotated[
        str, typer.Option(metavar="ADDRESS", help="Where to listen for it: 0.0.0.0 in a container.")
    ] = "127.0.0.1",
    wait_s: Annotated[
        float, typer.Option("--wait-s", min=0.1, max=86_400, help="For how many seconds to wait for it.")
    ] = 600.0,
    even_if_used: Annotated[
        bool, typer.Option("--even-if-used", help="Also where another channel's films go there already.")
    ] = False,
    another: Annotated[
        bool, typer.Option("--another", help="Also if the channel's films went to another one until now.")
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Let a person choose, in a browser, the YouTube channel that a channel's films go to.

    Google's token is kept sealed by FERNET_KEY. On a box without a browser:
    ssh -L 8080:localhost:8080 BOX, there with --no-browser --port 8080, and
    open the address at home.

    Example: vidctl auth youtube --channel history
    """
    from vidctl.cli.session import now, operator, session
    from vidctl.cli.show import show
    from vidctl.engine import authorizing
    from vidctl.engine.authorizing import Allowed
    from vidctl.engine.consent import Way

    if dry_run:
        _foretell(channel, as_json=as_json)
        return
    with session("auth youtube") as opened:
        was = _place(opened, channel)
        consent = _consent(opened, channel, Way(port, bind, not no_browser, wait_s))
        allowed = _allowed(was, consent, Allowed(even_if_used=even_if_used, another=another))
        authorizing.keep(opened.db, was, consent, opened.settings.environment, allowed, now=now())
        going_on = authorizing.go_on(opened.db, channel, actor=operator(opened.settings), now=now())
    data = {
        "channel_id": channel,
        "youtube_channel_id": consent.account,
        "title": consent.title,
        "expires_at": consent.expires_at,
        "takes_long": consent.takes_long,
        "going_on": going_on,
        "dry_run": False,
    }
    show(data, _sentences(channel, consent, going_on), as_json=as_json)


def _foretell(channel: str, *, as_json: bool) -> None:
    """Say whether a person could be asked, and what a consent would replace."""
    from vidctl.cli.session import session, trial
    from vidctl.cli.show import line, tell
    from vidctl.engine import consent

    with session("auth youtube") as opened, trial(opened.db, dry_run=True):
        was = _place(opened, channel)
    consent.require_client(opened.settings.environment)
    now = f"to {was.title} ({was.youtube_channel_id})" if was.token is not None else "nowhere"
    said = line(f"a person asked in a browser where the films of {channel} go on YouTube; until now they go {now}")
    data = {"channel_id": channel, "youtube_channel_id": was.youtube_channel_id, "title": was.title}
    tell(data, said, dry_run=True, as_json=as_json)


def files_of(opened: "Session") -> "Loaded":
    """Return the channels' files, after the database has heard of what is new in them."""
    from vidctl.engine import channel_files
    from vidctl.store import channels

    files = channel_files.load(opened.settings.channel_configs)
    channels.put(opened.db, files.channels, broken=files.broken)
    return files


def _place(opened: "Session", channel_id: str) -> "Account":
    """Return the account that a channel has now, once it is sure that a new token could be kept."""
    from vidctl.engine import authorizing

    files_of(opened)
    was = authorizing.require_place(opened.db, channel_id, opened.settings.environment)
    for problem in authorizing.unreadable(opened.db, opened.settings.environment):
        complain(problem, problem.hint, what="warning")
    return was


def _consent(opened: "Session", channel_id: str, way: "Way") -> "Consent":
    """Have a person consent in a browser; whoever does not has been told why there is nothing."""
    from vidctl.cli.session import now
    from vidctl.engine import consent
    from vidctl.engine.quotas import Meter
    from vidctl.store import channels

    environment = opened.settings.environment
    meter = Meter(opened.db, environment, files_of(opened).limits)
    said = consent.ask(channels.get(opened.db, channel_id).channel, way, environment, meter, now=now())
    if isinstance(said, int):
        raise typer.Exit(said)
    return said


def _allowed(was: "Account", consent: "Consent", allowed: "Allowed") -> "Allowed":
    """Ask a person at a terminal whether the films shall go elsewhere from now on."""
    from dataclasses import replace

    from vidctl.cli.show import line
    from vidctl.engine.authorizing import is_another

    if allowed.another or not is_another(was, consent) or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return allowed
    before, after = f"{was.title} ({was.youtube_channel_id})", f"{consent.title} ({consent.account})"
    question = f"The films of {was.channel_id} went to {before} until now. Shall they go to {after} from now on?"
    return replace(allowed, another=typer.confirm(line(question), err=True))


def _sentences(channel_id: str, consent: "Consent", going_on: int) -> str:
    from vidctl.cli import words
    from vidctl.cli.show import lines

    said = [f"The films of {channel_id} go to {consent.title} ({consent.account}) on YouTube."]
    if consent.expires_at is not None:
        ends = words.moment(consent.expires_at)
        said.append(f"Google ends this on {ends}: the project is in testing. Publish the app, and authorize once more.")
    if not consent.takes_long:
        said.append("Films of more than 15 minutes are refused there until you verify a number: youtube.com/verify")
    if going_on:
        goes = "goes" if going_on == 1 else "go"
        said.append(f"{words.count(going_on, 'film')} that waited for it {goes} on with the next tick.")
    return lines("\n".join(said))
