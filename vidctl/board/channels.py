"""Which channel a card belongs to, and what its Channel property says then. Pure."""

import difflib
from collections.abc import Iterable, Mapping
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
    said: str, channels: Mapping[str, Channel], resting: Mapping[str, Channel] = MappingProxyType({})
) -> Channel | Unknown:
    """Return the channel that a card names, by name or id; the only one of its database where it names none.

    `channels` are those whose cards are in the card's database, by id; `resting` those whose cards are there
    too, and whose files cannot be read now: they get no card, but no card of theirs goes to another one either.
    """
    everyone = {**resting, **channels}
    if not said:
        if len(everyone) == len(channels) == 1:
            return next(iter(channels.values()))
        return Unknown(f"the card has no Channel; choose one of {_listed(everyone)}")
    wanted = said.strip().casefold()
    named = labels(everyone.values())
    for id_, channel in everyone.items():
        if wanted in {id_.casefold(), named[id_].casefold(), channel.channel_name.strip().casefold()}:
            return channel if id_ in channels else Unknown(f"the file of the channel {named[id_]} is broken")
    near = difflib.get_close_matches(said[:64], named.values(), n=1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return Unknown(f"there is no channel {said[:80]!r} on this board{meant}; choose one of {_listed(everyone)}")


def _listed(channels: Mapping[str, Channel]) -> str:
    names = list(labels(channels.values()).values())
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")  # noqa: PLR2004
