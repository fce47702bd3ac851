"""The `vidctl` command: where all commands meet, and the one boundary where errors become words.

Modules of commands register theirs with `app` (`vidctl.cli.commands` loads them all), and import nothing heavy at their
top: `vidctl --help` must be quick, and a tick imports only what it uses.
"""

import errno
import os
import sys
from copy import copy
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Final, TextIO, cast

import typer

from vidctl.cli.menu import Menu
from vidctl.errors import ExitCode, VidctlError

EVERY_DAY: Final = "Every day"
CRON: Final = "Cron runs these"
SET_UP: Final = "Set-up"

# Typer brings its own copy of click along, so click's classes are reached through one that Typer names.
_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
_AnyComplaint = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[2])

app = typer.Typer(
    name="vidctl",
    cls=Menu,
    help="Films planned as cards, made step by step, published with a person's approval.",
    epilog="A film without any keys: vidctl demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from vidctl import __version__

        print(f"vidctl {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Films planned as cards, made step by step, published with a person's approval."""


def main() -> None:
    """Run the command that the arguments name, and end with its exit status."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started this: nobody writes or reads there
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115  # for as long as the process lives
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:  # noqa: C901  # one branch for each way that a command can end
    """Run one command; errors that a person can put right become two lines and an exit status."""
    try:
        result = built(arguments).main(arguments, prog_name="vidctl", standalone_mode=False)
        sys.stdout.flush()  # here a full disk can still be told in words
    except VidctlError as error:
        return _complain(str(error), error.hint, error.exit_code)
    except _UsageError as error:
        if not error.format_message():  # a group without a command: its help was shown
            return ExitCode.USAGE
        where = error.ctx.command_path if error.ctx else "vidctl"
        return _complain(error.format_message(), f"see: {where} --help", ExitCode.USAGE)
    except _AnyComplaint as error:
        return _complain(error.format_message(), "see: vidctl --help", ExitCode.FAILED)
    except UnicodeError:  # bytes of an argument or a variable that no text has, met where text is needed
        return _complain("an argument or a variable is not UTF-8 text", "write it in UTF-8", ExitCode.BAD_DATA)
    except (typer.Abort, KeyboardInterrupt):
        result = ExitCode.INTERRUPTED
    except (BrokenPipeError, SystemExit) as end:
        if isinstance(end, SystemExit) and not isinstance(end.__context__, BrokenPipeError):
            raise  # Rich and Typer make only this of a closed pipe
        _into_nothing(sys.stdout)  # whoever read this has seen enough
        return ExitCode.OK
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EIO, errno.EBADF}:
            raise
        _into_nothing(sys.stdout)
        return _complain(
            f"cannot write: {error.strerror}", "free disk space where the output goes", ExitCode.CANNOT_WRITE
        )
    if result == ExitCode.INTERRUPTED:  # Typer too makes this of Ctrl-C, without a word
        return _complain("interrupted", "nothing is lost; run the command again", ExitCode.INTERRUPTED)
    return result if isinstance(result, int) else ExitCode.OK


def built(arguments: list[str]) -> Any:
    """Return the command line with the one command in it that is named first: all of them take a tick 10 ms more.

    Where that is the tick, whose next one comes in a minute, the modules of the others are not even loaded.
    """
    if arguments[:1] == ["tick"]:
        import_module("vidctl.cli.cron")
    else:
        import_module("vidctl.cli.commands")
    part = copy(app)
    part.registered_commands = [one for one in app.registered_commands if _name_of(one) in arguments[:1]]
    part.registered_groups = [one for one in app.registered_groups if _name_of(one) in arguments[:1]]
    return typer.main.get_command(part if part.registered_commands or part.registered_groups else app)


def _name_of(registered: Any) -> str:
    """Return what a command or a group is called."""
    named = registered.name or (registered.typer_instance.info.name if hasattr(registered, "typer_instance") else None)
    return str(named or typer.main.get_command_name(registered.callback.__name__))


def _complain(message: str, hint: str, code: ExitCode) -> int:
    complain(message, hint)
    return code


def complain(message: object, hint: str, *, what: str = "error") -> None:
    """Say what is wrong and what to do, in the two lines that every error has."""
    try:
        print(f"{what}: {message}\nhint: {hint}", file=sys.stderr)
    except OSError:  # a disk that is full, say: the exit status says it all the same
        _into_nothing(sys.stderr)


def _into_nothing(stream: TextIO) -> None:
    """Let what could not be written go nowhere, or it fails once more at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
