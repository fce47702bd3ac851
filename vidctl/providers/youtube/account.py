"""Whose token it is: a film goes nowhere but to the channel that it was approved for."""

from dataclasses import dataclass

from vidctl.contract import Scope
from vidctl.providers import refusals
from vidctl.providers.untrusted import mapping, mappings, text
from vidctl.providers.youtube.connection import Connection
from vidctl.providers.youtube.kinds import UNREADABLE


@dataclass(frozen=True, slots=True)
class Mine:
    """A channel of YouTube's; `uploads` is the playlist of all that ever went up there."""

    channel_id: str
    title: str
    uploads: str
    takes_long: bool
    """Whether it may hold films of more than 15 minutes, which needs a verified phone number."""


def mine(youtube: Connection) -> Mine | None:
    """Return the channel that the token is of; None where the account has none.

    Raises:
        ScriptError: YouTube does not say.
    """
    document = youtube.ask(youtube.requests.my_channel(), "to ask whose the token is")
    for one in mappings(document.get("items")):
        lists = mapping(mapping(one.get("contentDetails")).get("relatedPlaylists"))
        long = mapping(one.get("status")).get("longUploadsStatus")
        title = text(mapping(one.get("snippet")).get("title"))
        return Mine(text(one.get("id")), title, text(lists.get("uploads")), long == "allowed")
    return None


def require(youtube: Connection, account: str) -> Mine:
    """Return the token's channel, if it is this one.

    Raises:
        ScriptError: it is another one, or none, or none was named; or YouTube does not say where its films are.
    """
    if not account:
        raise refusals.refused(
            "NoAccount",
            "the film's document names no YouTube channel, so nothing is sent",
            hint=f"run: vidctl auth youtube --channel {youtube.channel or 'ID'}",
            scope=Scope.CHANNEL,
        )
    own = mine(youtube)
    if own is not None and own.channel_id == account:
        if not own.uploads:
            raise refusals.of(UNREADABLE, "it does not say in which playlist the channel's uploads are")
        return own
    found = f"the YouTube channel {own.channel_id} ({own.title})" if own else "an account without a YouTube channel"
    raise refusals.refused(
        "WrongAccount",
        f"the token is of {found}, but the film is for the YouTube channel {account}: nothing is sent",
        hint=f"run: vidctl auth youtube --channel {youtube.channel or 'ID'}, and choose the right channel there",
        scope=Scope.CHANNEL,
    )
