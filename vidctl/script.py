"""The script's side of the contract: write one function, get a program that keeps every promise.

    @script
    def generate_audio(text: Annotated[str, Option(help="the words of one scene")], output: Output) -> Made:
        '''Speak one scene.'''

The decorated function becomes the program when its file is run. It returns `Made`, or raises
`ScriptError` (or any other `VidctlError`); what it prints to standard error is for people.
"""

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, NoReturn, ParamSpec, TypeVar

from typer import Exit, Option, Typer

from vidctl.contract import (
    EXIT_CODE_OF,
    GO,
    LISTENING,
    NOT_LET,
    ErrorClass,
    Message,
    Ordering,
    Result,
    ScriptError,
    Submitted,
    failure_of,
    to_line,
)
from vidctl.errors import CannotWrite, ExitCode, VidctlError

P = ParamSpec("P")
R = TypeVar("R")

Output = Annotated[Path, Option(help="the file to make; it appears only when it is whole")]
Take = Annotated[int, Option(min=1, help="counts up each time a person rejected the result: 2 must differ from 1")]
Note = Annotated[str, Option(help="what a person asked for when rejecting the last take")]
ResumeJob = Annotated[str, Option(help="go on with this submitted job instead of starting another")]


@dataclass(frozen=True, slots=True)
class Made:
    """A file that is whole and in place, with the measured facts worth keeping about it."""

    path: Path
    facts: Mapping[str, Any] | None = None
    url: str | None = None


def say(message: Message) -> None:
    """Tell the engine something now, before the result: it is flushed at once.

    An `Ordering`, and a `Submitted` that waits, return once the engine has journaled it; at once, where none listens.

    Raises:
        ScriptError: the engine does not want it sent, or is not there any more: send nothing.
    """
    _print(message)
    waits = isinstance(message, Ordering) or (isinstance(message, Submitted) and message.waits)
    if waits and os.environ.get(LISTENING) and sys.stdin.readline().strip() != GO:
        raise ScriptError(
            "nothing more was sent: the engine did not let it",
            hint="the engine says why, where it is still there; the next tick goes on",
            error_type=NOT_LET,
            error_class=ErrorClass.TRANSIENT,
        )


@contextmanager
def written_aside(output: Path) -> Iterator[Path]:
    """Yield a path beside `output` to write to; put it in place when the block ends well.

    The path has the ending of `output`, since many writers choose their format by it. Nothing is
    left behind when the block fails.

    Raises:
        CannotWrite: the folder is missing or read-only, or the disk is full.
    """
    aside = output.with_name(f".{output.stem}.{os.getpid()}.part{output.suffix}")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        aside.replace(output)
    except OSError as exc:
        raise CannotWrite(
            f"cannot write {output}: {exc.strerror or exc}",
            hint="free disk space, or make the folder writable for this user",
        ) from exc
    finally:
        with suppress(OSError):  # where nothing can be written, nothing was
            aside.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file's bytes in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def script(function: Callable[P, Made]) -> Callable[P, Made]:
    """Make `function` the program of its file, with one option for each parameter."""
    if function.__module__ == "__main__":
        _run(function)
    return function


def tool(function: Callable[P, R]) -> Callable[P, R]:
    """Make `function` the program of its file; it returns the JSON object to print, not a file."""
    if function.__module__ == "__main__":
        _run(function)
    return function


def _run(function: Callable[..., object]) -> NoReturn:
    signal.signal(signal.SIGTERM, _stop)
    app = Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(_reporting(function))
    app()
    sys.exit(ExitCode.OK)


def _reporting(function: Callable[P, object]) -> Callable[P, None]:
    """Return `function` with its result and its errors printed as the contract says."""

    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            made = function(*args, **kwargs)
        except VidctlError as error:
            failure = failure_of(error)
            print(f"error: {failure.message}\nhint: {failure.hint}", file=sys.stderr)
            _print(failure)
            raise Exit(_exit_code_of(error)) from error
        if isinstance(made, Made):
            _print(Result(str(made.path), sha256_of(made.path), made.url, made.facts))

    run.__doc__, run.__name__ = sys.modules["__main__"].__doc__ or function.__doc__, function.__name__
    run.__annotations__ = function.__annotations__
    run.__wrapped__ = function  # type: ignore[attr-defined]  # Typer reads the signature through it
    return run


def _exit_code_of(error: VidctlError) -> ExitCode:
    if isinstance(error, ScriptError):
        return EXIT_CODE_OF[error.failure.error_class]
    return error.exit_code


def _print(message: Message) -> None:
    sys.stdout.write(f"{to_line(message)}\n")  # at once: another thread may tell how far it is
    sys.stdout.flush()


def _stop(_signum: int, _frame: FrameType | None) -> None:
    """Leave through the `finally` blocks, so that nothing half-written stays behind."""
    sys.exit(ExitCode.TRY_AGAIN)
