"""The commands that cron starts: silent when there is nothing to say, since cron mails what they print."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import CRON, app, complain
from vidctl.errors import VidctlError

if TYPE_CHECKING:
    from vidctl.engine.tick import Ticked
    from vidctl.settings import Settings


@app.command(rich_help_panel=CRON)
def tick(
    as_json: Annotated[bool, typer.Option("--json", help="Print what was begun as one JSON object.")] = False,
) -> None:
    """Look at every film once, start the next step of those that can go on, and exit.

    Ticks may overlap and may be killed: the next one goes on. A film that cannot
    be begun is named, and does not stop the others. What is wrong is said once,
    and every six hours while it lasts: cron mails whatever is printed. What a
    tick began, and what was wrong, is also in its log: vidctl logs.

    Example: * * * * * vidctl tick
    """
    from vidctl.settings import load

    settings = load()
    with _heartbeat(settings):
        _tick(settings, as_json=as_json)


def _heartbeat(settings: "Settings") -> "AbstractContextManager[None]":
    """Return what tells a monitor of a tick; without one nothing is imported for it."""
    if not settings.environment.get("VIDCTL_HEARTBEAT_URL"):
        return nullcontext()
    from vidctl.engine.heartbeat import beating

    return beating(settings)


def _tick(settings: "Settings", *, as_json: bool) -> None:
    from vidctl.cli.session import context_of, session
    from vidctl.engine.tick import tick as run_tick

    with _logged(), session("tick", settings) as opened:
        ticked = run_tick(opened.db, opened.dsn, opened.settings.channel_configs, context_of(opened.settings))
        if ticked.begun or ticked.unsaid:
            _log(ticked, opened.settings)
    for what, hint in ticked.complaints:
        if what in ticked.unsaid or sys.stderr.isatty():
            complain(what, hint)
    if as_json:
        import json

        begun = [{"id": str(pick.id), "channel_id": pick.channel_id, "status": pick.status} for pick in ticked.begun]
        print(json.dumps({"begun": begun}))
    if ticked.troubles:
        raise typer.Exit(ticked.troubles[0].exit_code)


@contextmanager
def _logged() -> Iterator[None]:
    """Log what a tick breaks off by."""
    try:
        yield
    except VidctlError as error:
        from vidctl.cli.tick_log import broke_off

        broke_off(error)
        raise


def _log(ticked: "Ticked", settings: "Settings") -> None:
    from vidctl.cli.tick_log import write

    write(ticked, settings)


@app.command(name="run-step", rich_help_panel=CRON)
def run_step(
    task_id: Annotated[str, typer.Argument(metavar="TASK", help="The task's id, or its first characters.")],
) -> None:
    """Take one film one step along, here and now, and exit.

    Ends with 0 also where there was nothing to do, and with 75 when it was told to stop.

    Example: vidctl run-step 3f2a
    """
    from dataclasses import replace

    from vidctl.cli.session import context_of, session
    from vidctl.engine import channel_files, process
    from vidctl.store import channels, tasks

    with session("run-step") as opened:
        task = tasks.find(opened.db, task_id)
        files = channel_files.load(opened.settings.channel_configs)
        channels.put(opened.db, files.channels, broken=files.broken)
    context = replace(context_of(opened.settings), limits=files.limits)
    raise typer.Exit(process.run(opened.dsn, task.id, context))
