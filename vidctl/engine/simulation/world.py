"""The world of a simulation: programs that play, turns that are counted, and processes that are workers."""

import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from vidctl.contract import to_line
from vidctl.engine.children import Command, Ended, Piece
from vidctl.engine.context import Context
from vidctl.engine.simulation.clockwork import Clockwork
from vidctl.engine.simulation.programs import Play, Programs
from vidctl.engine.simulation.wares import Call
from vidctl.store import Db

LOOK_S: float = 2.0
"""How often a step looks whether a service has room for it again."""
_SIGTERM: int = -15


@dataclass(slots=True)
class Running:
    """One program that plays. `goes_on_s` is when it has something to say."""

    piece: Piece
    command: Command
    play: Play
    goes_on_s: float
    ends_by_s: float


@dataclass(slots=True)
class Stage:
    """Runs the programs of one worker, as `vidctl.engine.children` runs real ones."""

    clock: Clockwork
    programs: Programs
    limit: int
    _running: list[tuple[float, int, Running]] = field(default_factory=list)
    _turn: Iterator[int] = field(default_factory=itertools.count)

    def run(self, pieces: Iterable[Piece | None]) -> None:
        """Drive all pieces to their end."""
        waiting = iter(pieces)
        while True:
            blocked, exhausted = self._fill(waiting)
            if exhausted and not self._running:
                return
            until_s = self._running[0][0] if self._running else self.clock.elapsed_s + LOOK_S
            if blocked:
                until_s = min(until_s, self.clock.elapsed_s + LOOK_S)
            self.clock.wait(until_s - self.clock.elapsed_s)
            while self._running and self._running[0][0] <= self.clock.elapsed_s:
                self._go_on()

    def close(self) -> None:
        """End all programs, as they end whose process was killed."""
        for _, _, running in self._running:
            running.play.close()

    def _fill(self, waiting: Iterator[Piece | None]) -> tuple[bool, bool]:
        """Begin pieces while there is room; return whether the next one may not begin yet, and whether none is left."""
        while len(self._running) < self.limit:
            try:
                piece = next(waiting)
            except StopIteration:
                return False, True
            if piece is None:
                return True, False
            self._advance(piece, None)
        return False, False

    def _advance(self, piece: Piece, ended: Ended | None) -> None:
        """Hand a piece the end of its last command, and begin the one that it yields next."""
        with suppress(StopIteration):
            command = next(piece) if ended is None else piece.send(ended)
            play = self.programs.play(Call.of(command.argv, command.folder))
            now_s = self.clock.elapsed_s
            running = Running(piece, command, play, now_s, now_s + command.timeout_s)
            heapq.heappush(self._running, self._next(running))

    def _next(self, running: Running) -> tuple[float, int, Running]:
        return running.goes_on_s, next(self._turn), running

    def _go_on(self) -> None:
        """Let the program whose turn it is speak until it waits or ends.

        It stays among those that run until then: whoever hears it may be killed by what it says, and ends them all.
        """
        running = self._running[0][2]
        if self.clock.elapsed_s >= running.ends_by_s:
            running.play.close()
            self._end(running, Ended(_SIGTERM, "", timed_out=True))
            return
        answer: str | None = None
        try:
            while True:
                said = running.play.send(answer)
                if isinstance(said, float):
                    break
                answer = running.command.on_line(to_line(said))
        except StopIteration as end:
            self._end(running, Ended(end.value, ""))
            return
        running.goes_on_s = min(self.clock.elapsed_s + said, running.ends_by_s)
        heapq.heapreplace(self._running, self._next(running))

    def _end(self, running: Running, ended: Ended) -> None:
        heapq.heappop(self._running)
        self._advance(running.piece, ended)


@dataclass(slots=True)
class SimulatedWorld:
    """Everything outside of vidctl. `begins` takes a film one step along, as a process of its own would."""

    clock: Clockwork
    plays: Programs
    cores: int
    begins: Callable[[UUID, Context], None]
    _free_s: dict[str, float] = field(default_factory=dict)
    """When each service has its next turn."""

    def free_bytes(self, folder: Path) -> None:
        """Tell nothing: what is bought here takes no room."""

    def seconds(self) -> float:
        """Return the simulated seconds since the beginning."""
        return self.clock.elapsed_s

    def chance(self) -> float:
        """Return the next number of the simulation's own dice."""
        return self.plays.random.random()

    def programs(self, limit: int, *, stopping: Callable[[], bool]) -> Stage:  # noqa: ARG002  # nobody stops a worker
        """Return what plays at most `limit` programs at a time."""
        stage = Stage(self.clock, self.plays, limit)
        self.clock.worker.dies_with_it.append(stage.close)
        return stage

    def turn(self, db: Db, service: str, spacing_s: float, patience_s: float) -> bool:  # noqa: ARG002  # no real one
        """Take the next turn, if it comes soon enough."""
        now_s = self.clock.elapsed_s
        next_s = max(now_s, self._free_s.get(service, now_s))
        if next_s > now_s + patience_s:
            return False
        self._free_s[service] = next_s + spacing_s
        return True

    def begin(self, db: Db, dsn: str, task_id: UUID, context: Context) -> None:  # noqa: ARG002  # it has its own
        """Begin a worker."""
        self.begins(task_id, context)
