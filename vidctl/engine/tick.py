"""What cron starts every minute: look once, hand out what can go on, exit."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Protocol
from uuid import UUID

from vidctl.domain.limits import Limits
from vidctl.domain.status import ENGINE_WAITS, Status
from vidctl.engine import anchor, budget_stops, channel_files
from vidctl.engine.alerting import in_tick
from vidctl.engine.channel_files import Loaded, Problem
from vidctl.engine.context import Context
from vidctl.errors import Misconfigured, VidctlError
from vidctl.pipeline import STEPS, step_at
from vidctl.store import Db, channels, locks, notices, picks, ticks
from vidctl.store.picks import HostRoom, Pick, StepRoom

TURN_S: Final = 55.0
"""How long a host waits for the tick of another, since cron begins all of them in the same second: nearly a minute."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick did. `files` is None when another tick was at it, or no channel file can be used."""

    files: Loaded | None
    begun: tuple[Pick, ...] = ()
    troubles: tuple[VidctlError, ...] = ()
    """Why films that were picked could not be begun, or boards not be read; what is wrong for many is here once."""
    idle: tuple[VidctlError | Problem, ...] = ()
    """What keeps films from being begun that could be: people are told of it wherever they are."""
    unheard: tuple[VidctlError, ...] = ()
    """Why alerts do not get where they should: that is no failure of the tick."""
    unsaid: frozenset[str] = frozenset()
    """Which of the complaints cron was not told lately."""

    @property
    def complaints(self) -> list[tuple[str, str]]:
        """Everything that is wrong, in channel files and beyond, each with its cure."""
        problems = self.files.problems if self.files else ()
        return [
            *((str(one), one.hint) for one in problems),
            *((str(one), one.hint) for one in (*self.troubles, *self.unheard)),
        ]


def tick(db: Db, dsn: str, channel_configs: Path, context: Context) -> Ticked:
    """Read the channel files, pick every film that can go on, and start its step in a process of its own."""
    if not _has_its_turn(db, context):
        return Ticked(None)
    try:
        files = channel_files.load(channel_configs)
    except Misconfigured as error:
        return _told(db, dsn, Ticked(None, troubles=(error,), idle=(error,)), context)
    return look(db, dsn, files, context)


def _has_its_turn(db: Db, context: Context) -> bool:
    """Take the lock of ticks, in turn with other hosts; a host whose last tick is still at it leaves it at that."""
    ours = locks.Key(locks.TICKS_HERE, locks.number_of(context.machine))
    return locks.try_lock(db, ours) and locks.wait_for(db, locks.TICK, seconds=TURN_S)


def look(db: Db, dsn: str, files: Loaded, context: Context) -> Ticked:
    """Look at every film once, as the channel files have it; the caller holds the tick's lock."""
    began = context.clock()
    channels.put(db, files.channels, broken=files.broken)
    with _boards(db, files, context) as board:
        down = board.down
        if not down:
            board.read()
        stops = budget_stops.holding(db, files, now=context.clock())
        picked = picks.pick(db, rooms(files.limits), now=context.clock(), stops=stops, here=here(files.limits, context))
        if picked:
            picks.served(db, [pick.channel_id for pick in picked], now=began)
        begun, troubles = _begin(db, dsn, picked, replace(context, limits=files.limits))
        before = ticks.record(db, host=context.host, began=began, ended=context.clock(), dispatched=len(begun))
        anchor.post_head(db, now=context.clock())
        in_tick.look(db, files.limits, before=before, now=began)
        if down:
            board.read()
        board.push()
        _show_pages(db, dsn, board.behind(db, context), context)
    ticked = Ticked(files, begun, (*board.troubles, *troubles), (*files.problems, *troubles))
    return _told(db, dsn, ticked, context)


def _told(db: Db, dsn: str, ticked: Ticked, context: Context) -> Ticked:
    """Return what a tick did, with which of its complaints are news to cron; people elsewhere are told meanwhile."""
    ticked = replace(ticked, unheard=tuple(in_tick.send_due(db, dsn, context)))
    sentences = [what for what, _ in ticked.complaints]
    with db.transaction() if ticked.idle else nullcontext():  # a tick that is well need not ask for it
        unsaid = notices.unsaid(db, context.machine, sentences, now=context.clock())
        in_tick.say_idle(db, [one for one in ticked.idle if str(one) in unsaid], now=context.clock())
    return replace(ticked, unsaid=frozenset(unsaid))


def _show_pages(db: Db, dsn: str, films: Sequence[UUID], context: Context) -> None:
    """Have the pages of films brought up to date by processes of their own; what goes wrong there waits for a tick."""
    if films:
        from vidctl.engine.dispatch import dispatch
        from vidctl.engine.sync.exhibit import exhibit
        from vidctl.logs import bound
    for task_id in films:
        with suppress(VidctlError), bound(correlation_id=str(task_id), step="page"):
            dispatch(db, dsn, task_id, context, exhibit, doing="page")


@contextmanager
def _boards(db: Db, files: Loaded, context: Context) -> Iterator["Boards"]:
    """Yield the boards of the channels that are planned in Notion; without any, nothing is imported for them."""
    planned = [channel for channel in files.channels if channel.board == "notion"]
    if not planned:
        yield _NoBoards()
        return
    from vidctl.engine.sync.in_tick import boards_of

    with boards_of(db, planned, context) as board:
        yield board


class Boards(Protocol):
    """What a tick asks of the boards: before it picks films, and after it began them."""

    @property
    def troubles(self) -> Sequence[VidctlError]:
        """What a person has to put right."""
        ...

    @property
    def down(self) -> bool:
        """Whether they could not be read the last time: work never waits for them."""
        ...

    def read(self) -> None:
        """Take over what people did."""
        ...

    def push(self) -> None:
        """Show what vidctl did."""
        ...

    def behind(self, db: Db, context: Context) -> Sequence[UUID]:
        """Return films whose pages do not show everything yet."""
        ...


class _NoBoards:
    troubles: Sequence[VidctlError] = ()
    down = False

    def read(self) -> None:
        """Nothing is planned in Notion."""

    def push(self) -> None:
        """Nothing is planned in Notion."""

    def behind(self, db: Db, context: Context) -> Sequence[UUID]:  # noqa: ARG002  # as others have it
        """Nothing is planned in Notion."""
        return ()


def _begin(
    db: Db, dsn: str, picked: Sequence[Pick], context: Context
) -> tuple[tuple[Pick, ...], tuple[VidctlError, ...]]:
    """Start each film by itself: one that cannot be begun must not stop those behind it."""
    begun: list[Pick] = []
    troubles: dict[str, VidctlError] = {}
    if picked:
        from vidctl.logs import bound  # an idle tick need not know how entries are written
    for pick in picked:
        step = step_at(Status(pick.status))
        try:
            with bound(correlation_id=str(pick.id), channel_id=pick.channel_id, step=step and step.name):
                context.world.begin(db, dsn, pick.id, context)
            begun.append(pick)
        except VidctlError as trouble:
            troubles.setdefault(str(trouble), trouble)
    return tuple(begun), tuple(troubles.values())


def here(limits: Limits, context: Context) -> HostRoom:
    """Return this machine, and how many films it works on at once."""
    return HostRoom(context.machine, limits.max_concurrent_per_host)


def rooms(limits: Limits) -> list[StepRoom]:
    """Return, for each status that waits for the engine, its step and how many may be in it."""
    steps = {status: step for status in ENGINE_WAITS if (step := step_at(status))}
    return [
        StepRoom(status, STEPS.index(step), step.service, getattr(limits, step.limit)) for status, step in steps.items()
    ]
