"""`vidctl auth …`: the keys that tokens are sealed with, and what is to be forgotten."""

import sys

from vidctl.cli.auth import ChannelId, auth, files_of
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

PAGE = "https://myaccount.google.com/connections"


@auth.command(name="generate-key")
def generate_key() -> None:
    """Print a new key for FERNET_KEY, which seals what channels are authorized with.

    Example: vidctl auth generate-key
    """
    from cryptography.fernet import Fernet

    key = Fernet.generate_key().decode()
    if not sys.stdout.isatty():
        print(key)
        return
    print(f"\n{key}\n")
    print(
        "Put it into .env as FERNET_KEY, and keep a copy: without it every channel has to be authorized anew.\n"
        "Where there is a key already, put the new one before it, with a comma between them, wherever vidctl runs;\n"
        "then run: vidctl auth rotate-key"
    )


@auth.command(name="rotate-key", cls=Writing)
def rotate_key(dry_run: DryRun = False, as_json: Json = False) -> None:
    """Seal every token, and every upload on its way, anew with the first key in FERNET_KEY: all, or nothing.

    First put the new key before the old one, with a comma between them,
    wherever vidctl runs. Afterwards the old one can be taken out.

    Example: vidctl auth rotate-key
    """
    from vidctl.cli import words
    from vidctl.cli.session import session, trial
    from vidctl.cli.show import tell
    from vidctl.engine import rotation

    with session("auth rotate-key") as opened, trial(opened.db, dry_run=dry_run):
        rotated = rotation.rotate(opened.db, opened.settings.environment)
    data = {"tokens": rotated.tokens, "uploads": rotated.uploads, "already": rotated.already}
    data["at_work"] = rotated.at_work
    changed = f"{words.count(rotated.tokens, 'token')} and {words.count(rotated.uploads, 'upload')} sealed anew"
    follows = "" if dry_run else f" {_next(rotated.at_work)}"
    said = f"{changed}, {rotated.already} had the first key already.{follows}"
    tell(data, said, dry_run=dry_run, as_json=as_json)


def _next(at_work: int) -> str:
    from vidctl.cli import words

    if not at_work:
        return "All keys behind it can be taken out now."
    return f"But {words.count(at_work, 'upload')} may still seal with another one: leave them all, and run this again."


@auth.command(cls=Writing)
def forget(channel: ChannelId, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Forget what a channel is authorized with: nothing goes to YouTube before it is authorized again.

    At Google the token stays good until it is revoked there.

    Example: vidctl auth forget --channel history
    """
    from vidctl.cli.session import session, trial
    from vidctl.cli.show import line, tell
    from vidctl.errors import NotFound
    from vidctl.store import accounts

    with session("auth forget") as opened, trial(opened.db, dry_run=dry_run):
        files_of(opened)
        was = accounts.get(opened.db, channel)
        if was.token is None:
            raise NotFound(f"channel {channel} is not authorized", hint=f"vidctl auth youtube --channel {channel}")
        accounts.forget(opened.db, channel)
    who = f"{was.title} ({was.youtube_channel_id})"
    data = {"channel_id": channel, "title": was.title, "youtube_channel_id": was.youtube_channel_id, "revoke_at": PAGE}
    end = f"To end it at Google too, for all channels of that person at once: {PAGE}"
    said = f"{line(f'{channel} is not authorized as {who} any more.')} {end}"
    tell(data, said, dry_run=dry_run, as_json=as_json)
