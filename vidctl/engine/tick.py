"""What cron starts every minute: look once, hand out what can go on, exit."""

from dataclasses import dataclass, replace
from pathlib import Path

from vidctl.domain.channel import Limits
from vidctl.domain.status import ENGINE_WAITS
from vidctl.engine import channel_files
from vidctl.engine.channel_files import Loaded
from vidctl.engine.context import Context
from vidctl.pipeline import STEPS, step_at
from vidctl.store import Db, channels, locks, picks, ticks
from vidctl.store.picks import Pick, StepRoom


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did. `files` is None when another tick was at it."""

    files: Loaded | None
    picked: tuple[Pick, ...] = ()


def tick(db: Db, dsn: str, channel_configs: Path, context: Context) -> Ticked:
    """Read the channel files, pick every film that can go on, and start its step in a process of its own.

    Raises:
        Misconfigured: `_defaults.yaml` cannot be used.
    """
    if not locks.try_lock(db, locks.TICK):
        return Ticked(None)
    began = context.clock()
    files = channel_files.load(channel_configs)
    channels.put(db, files.channels, broken=files.broken)
    picked = picks.pick(db, rooms(files.limits), now=began)
    if picked:
        picks.served(db, [pick.channel_id for pick in picked], now=began)
    context = replace(context, limits=files.limits)
    if picked:
        from vidctl.engine.dispatch import dispatch  # an idle tick need not know how a step is done

        for pick in picked:
            dispatch(db, dsn, pick.id, context)
    ticks.record(db, host=context.host, began=began, ended=context.clock(), dispatched=len(picked))
    return Ticked(files, tuple(picked))


def rooms(limits: Limits) -> list[StepRoom]:
    """Return, for each status that waits for the engine, its step and how many may be in it."""
    steps = {status: step for status in ENGINE_WAITS if (step := step_at(status))}
    return [
        StepRoom(status, STEPS.index(step), step.service, getattr(limits, step.limit)) for status, step in steps.items()
    ]
