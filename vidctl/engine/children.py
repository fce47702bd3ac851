"""Run scripts as child processes, several at once, in one thread; tell apart every way they can end.

A piece of work is a generator: it yields the `Command` to run next and is sent its `Ended`.
`Children.run` drives many of them with a bounded number of processes at a time; None in the place of a piece
means that the next one may not begin yet. Each child leads a
process group of its own, which ends with it: no grandchild outlives its script.
"""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from vidctl.contract import MAX_LINE_BYTES

MAX_STDOUT_BYTES: Final = 20_000_000
"""A script that prints more is broken: its standard output is for messages only."""

STDERR_TAIL_BYTES: Final = 8_000
GRACE_S: Final = 5.0
"""How long a child may take to end after SIGTERM."""
ANSWER_S: Final = 60.0
"""How long one that waits for the answer to an order is left alone: ended before, it would have bought in vain."""

_POLL_S: Final = 0.1
_READ_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True)
class Command:
    """A program to run; `on_line` is called for each whole line that it prints, as it comes.

    What it returns, if anything, is a line for the program's standard input.
    """

    argv: Sequence[str]
    environment: Mapping[str, str]
    folder: Path
    timeout_s: float
    on_line: Callable[[str], str | None]
    owes: Callable[[], bool] = lambda: False
    """Whether it has bought something that is lost with it: then it is not ended at once."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended. `status` is its exit status, negative for the signal that killed it."""

    status: int
    stderr: str
    timed_out: bool = False
    too_loud: bool = False
    stopped: bool = False


Piece: TypeAlias = Generator[Command, Ended, None]


@dataclass(slots=True)
class _Child:
    """One running process and what it printed so far."""

    piece: Piece
    command: Command
    process: "subprocess.Popen[bytes]"
    deadline: float
    line: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    printed: int = 0
    open_pipes: int = 2
    verdict: dict[str, bool] = field(default_factory=dict)
    kill_at: float | None = None

    @property
    def too_loud(self) -> bool:
        """Whether nothing that it prints counts any more; one that is only told to end is still listened to."""
        return "too_loud" in self.verdict


class Children:
    """The children of one process.

    `stopping` is asked often: once it says True, running children are ended (their pieces are sent
    an `Ended` with `stopped`) and nothing new begins. Who waits for the answer to an order may wait for it a while.
    """

    def __init__(self, limit: int, *, stopping: Callable[[], bool]) -> None:
        self._limit = limit
        self._stopping = stopping
        self._selector = selectors.DefaultSelector()
        self._running: list[_Child] = []
        self._stopped_at: float | None = None

    def run(self, pieces: Iterable[Piece | None]) -> None:
        """Drive all pieces to their end."""
        waiting = iter(pieces)
        try:
            while True:
                exhausted = not self._fill(waiting)
                if exhausted and not self._running:
                    return
                self._wait()
        finally:
            self._end_all()

    def _fill(self, waiting: Iterator[Piece | None]) -> bool:
        """Begin pieces while there is room; False when there are none left."""
        while len(self._running) < self._limit:
            if self._stopping():
                return False
            try:
                piece = next(waiting)
            except StopIteration:
                return False
            if piece is None:
                return True
            self._advance(piece, None)
        return True

    def _advance(self, piece: Piece, ended: Ended | None) -> None:
        """Hand a piece the end of its last command, and start the one it yields next."""
        with contextlib.suppress(StopIteration):
            command = next(piece) if ended is None else piece.send(ended)
            while True:
                try:
                    self._running.append(self._start(piece, command))
                except OSError as exc:
                    command = piece.throw(exc)
                else:
                    return

    def _start(self, piece: Piece, command: Command) -> _Child:
        process = subprocess.Popen(
            command.argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=command.folder,
            env=dict(command.environment),
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  # this process has one thread
        )
        child = _Child(piece, command, process, time.monotonic() + command.timeout_s)
        assert process.stdout is not None
        assert process.stderr is not None
        for pipe, reader in ((process.stdout, self._read_stdout), (process.stderr, self._read_stderr)):
            os.set_blocking(pipe.fileno(), False)
            self._selector.register(pipe, selectors.EVENT_READ, (child, reader))
        return child

    def _wait(self) -> None:
        for key, _ in self._selector.select(_POLL_S):
            child, read = key.data
            self._read(key.fileobj, child, read)
        now = time.monotonic()
        if self._stopping():
            self._stopped_at = self._stopped_at or now
            for child in self._running:
                if not child.command.owes() or now > self._stopped_at + ANSWER_S:
                    self._end(child, "stopped")
        for child in list(self._running):
            if now > child.deadline:
                self._end(child, "timed_out")
            if child.kill_at is not None and now > child.kill_at:
                _signal_group(child, signal.SIGKILL)
            if child.process.poll() is not None:
                self._finish(child)

    def _read(self, pipe: Any, child: _Child, read: Callable[[_Child, bytes], None]) -> None:
        try:
            data = os.read(pipe.fileno(), _READ_BYTES)
        except BlockingIOError:
            return
        if data:
            read(child, data)
        else:
            self._selector.unregister(pipe)
            child.open_pipes -= 1
            if child.open_pipes == 0:  # nearly always its end: no need to poll for it
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.process.wait(_POLL_S)

    def _read_stdout(self, child: _Child, data: bytes) -> None:
        child.printed += len(data)
        if child.too_loud:
            return
        child.line += data
        *lines, rest = child.line.split(b"\n")
        child.line = bytearray(rest)
        if child.printed > MAX_STDOUT_BYTES or len(rest) > MAX_LINE_BYTES:
            self._end(child, "too_loud")
            return
        for line in lines:
            if line.strip():
                _tell(child, child.command.on_line(line.decode("utf-8", "replace")))

    @staticmethod
    def _read_stderr(child: _Child, data: bytes) -> None:
        child.stderr += data
        if len(child.stderr) > STDERR_TAIL_BYTES:
            del child.stderr[:-STDERR_TAIL_BYTES]
            # From a whole line on: of a key that was cut in two, the second half would not be known for one.
            del child.stderr[: child.stderr.find(b"\n") + 1 or None]

    def _end(self, child: _Child, why: str) -> None:
        """Ask a child to end; it is killed if it does not."""
        if not child.verdict:
            child.verdict[why] = True
            child.kill_at = time.monotonic() + GRACE_S
            _signal_group(child, signal.SIGTERM)

    def _finish(self, child: _Child) -> None:
        """Read what is left, end whatever the child left running, and let its piece go on."""
        _signal_group(child, signal.SIGKILL)
        self._drain(child)
        self._running.remove(child)
        stderr = child.stderr.decode("utf-8", "replace")
        self._advance(child.piece, Ended(child.process.returncode, stderr, **child.verdict))

    def _drain(self, child: _Child) -> None:
        for key in [key for key in self._selector.get_map().values() if key.data[0] is child]:
            with contextlib.suppress(BlockingIOError):
                # Bounded: what a script let go of may hold the other end and write for ever.
                for _ in range(MAX_STDOUT_BYTES // _READ_BYTES):
                    if not (data := os.read(key.fd, _READ_BYTES)) or child.too_loud:
                        break
                    key.data[1](child, data)
            self._selector.unregister(key.fileobj)
        _close(child)
        if child.line.strip() and not child.too_loud:
            child.command.on_line(child.line.decode("utf-8", "replace"))

    def _end_all(self) -> None:
        """Leave no child behind, whatever ended this process's work."""
        for child in self._running:
            _signal_group(child, signal.SIGKILL)
            child.process.wait()
            _close(child)
            child.piece.close()
        self._running.clear()
        self._selector.close()


def _tell(child: _Child, word: str | None) -> None:
    """Answer a child; one that does not listen any more misses nothing."""
    if word is not None:
        assert child.process.stdin is not None
        with contextlib.suppress(OSError):
            child.process.stdin.write(f"{word}\n".encode())
            child.process.stdin.flush()


def _close(child: _Child) -> None:
    for pipe in (child.process.stdin, child.process.stdout, child.process.stderr):
        assert pipe is not None
        with contextlib.suppress(OSError):
            pipe.close()


def _signal_group(child: _Child, signum: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signum)


if sys.platform == "linux":
    import ctypes

    _LIBC: Final = ctypes.CDLL(None, use_errno=True)
    _PR_SET_PDEATHSIG: Final = 1
    _PR_SET_CHILD_SUBREAPER: Final = 36
    _GENERATIONS: Final = 100

    def _die_with_parent() -> None:
        """Ask the kernel to end this child when the engine's process is killed."""
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    def adopt_orphans() -> None:
        """Make processes that a script let go of children of this one, so that `end_orphans` finds them."""
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1)

    def end_orphans() -> None:
        """Kill every process that still descends from this one: each death may hand us its children."""
        for _ in range(_GENERATIONS):
            if not (pids := children_of(os.getpid())):
                return
            for pid in pids:
                with contextlib.suppress(ProcessLookupError, ChildProcessError):
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)

    def children_of(pid: int) -> list[int]:
        """Return the children of a process."""
        listed = Path(f"/proc/{pid}/task/{pid}/children")
        return [int(child) for child in listed.read_text().split()] if listed.exists() else []

else:

    def _die_with_parent() -> None:
        """Elsewhere the next claim of the film ends what is left: see `vidctl.engine.leftovers`."""

    def adopt_orphans() -> None:
        """There is no such thing here."""

    def end_orphans() -> None:
        """There is no such thing here."""

    def children_of(pid: int) -> list[int]:  # noqa: ARG001  # as Linux has it
        """Nobody is told here."""
        return []
