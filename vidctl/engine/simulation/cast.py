"""The channels of a simulation: the user's own with their limits, budgets and gates, or as many as she asks for."""

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from vidctl.domain.channel import Channel
from vidctl.engine.channel_files import Loaded
from vidctl.errors import BadInput, Misconfigured

MOST: Final = 500
"""More channels than that are no plan of one person's."""
_PLAIN: Final = Channel("channel", "A channel", board="local")


def cast(files: Loaded, wanted: int | None) -> Loaded:
    """Return the channel files as a simulation plays them: all in production, and with our programs.

    With `wanted`, so many channels: copies of the active ones in turn, or of what no file changes.

    Raises:
        BadInput: there is no active channel to play, and no number was asked for; or the number is no plan.
        Misconfigured: a file cannot be used: what would come of a plan without its channel is not what was asked.
    """
    for problem in files.problems:
        raise Misconfigured(str(problem), hint=problem.hint)
    active = [channel for channel in files.channels if channel.is_active]
    if wanted is None:
        if not active:
            raise BadInput("there is no active channel to simulate", hint="say how many: vidctl simulate --channels 10")
        return replace_channels(files, map(played, active))
    if not 1 <= wanted <= MOST:
        raise BadInput(f"{wanted} channels cannot be simulated", hint=f"from 1 to {MOST}: --channels 10")
    models = active or [_PLAIN]
    width = len(str(wanted))
    return replace_channels(
        files,
        (
            replace(
                played(models[number % len(models)]),
                channel_id=f"channel{number + 1:0{width}}",
                channel_name=f"Channel {number + 1:0{width}}",
            )
            for number in range(wanted)
        ),
    )


def played(channel: Channel) -> Channel:
    """Return a channel as it is played: no board and no bucket is there, and no program but ours."""
    return replace(channel, mode="production", board="local", storage_strategy="notion", scripts={})


def replace_channels(files: Loaded, channels: Iterable[Channel]) -> Loaded:
    """Return the files with other channels in them, and the same limits."""
    return Loaded(tuple(channels), files.limits, ())
