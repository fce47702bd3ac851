"""Which channel a card belongs to, and what its Channel property says then. Pure."""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from vidctl.domain.channel import Channel

MAX_LABEL = 100
"""Characters of an option's name."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why no channel was found, as the card says it."""

    message: str


def labels(channels: Iterable[Channel]) -> dict[str, str]:
    """Return, by id, what the Channel of a channel's cards says: its name, without commas, which no option may have.

    Of two channels of one name each is called by its id.
    """
    channels = list(channels)
    names = {channel.channel_id: _label(channel) for channel in channels}
    taken = [name.casefold() for name in names.values()]
    return {id_: name if name and taken.count(name.casefold()) == 1 else id_ for id_, name in names.items()}


def _label(channel: Channel) -> str:
    return " ".join(channel.channel_name.replace(",", " ").split())[:MAX_LABEL]


def channel_of(
    said: Sequence[str],
    channels: Mapping[str, Channel],
    resting: Mapping[str, Channel] = MappingProxyType({}),
    *,
    called: Callable[[str], str] = str,
) -> Channel | Unknown:
    """Return the channel that a card names, by name or id; the only one of its database where it names none.

    `said` is its option, as it was ever called. `channels` are those whose cards are in the card's database, by id;
    `resting` those whose cards are there too, and whose files cannot be read now: they get no card, but no card of
    theirs goes to another one either. `called` tells what the board calls a channel now.
    """
    everyone = {**resting, **channels}
    wanted = {one.strip().casefold() for one in said if one}
    if not wanted:
        if len(everyone) == len(channels) == 1:
            return next(iter(channels.values()))
        return Unknown(f"the card has no Channel; choose one of {_listed(everyone, called)}")
    named = labels(everyone.values())
    for id_, channel in everyone.items():
        if wanted & {id_.casefold(), named[id_].casefold(), channel.channel_name.strip().casefold()}:
            return channel if id_ in channels else Unknown(f"the file of the channel {named[id_]} is broken")
    now = called(said[0])
    near = difflib.get_close_matches(now[:64], map(called, named.values()), n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return Unknown(f"there is no channel {now[:80]!r} on this board{meant}; choose one of {_listed(everyone, called)}")


def _listed(channels: Mapping[str, Channel], called: Callable[[str], str]) -> str:
    names = [called(name) for name in labels(channels.values()).values()]
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")  # noqa: PLR2004
