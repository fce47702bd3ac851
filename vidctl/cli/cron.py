"""What cron starts, silent when there is nothing to say, since cron mails what is printed; and one step by hand."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import CRON, app, complain
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json, TaskId
from vidctl.errors import ExitCode, VidctlError

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.engine.channel_files import Loaded
    from vidctl.engine.context import Context
    from vidctl.engine.tick import Ticked
    from vidctl.settings import Settings
    from vidctl.store.picks import Pick
    from vidctl.store.tasks import Task


@app.command(rich_help_panel=CRON, cls=Writing)
def tick(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be begun; no board is read.")] = False,
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
    if dry_run:
        _foretell(as_json=as_json)  # no monitor is told of it
        return
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

        print(json.dumps({"begun": [_as_json(pick) for pick in ticked.begun], "dry_run": False}))
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


def _as_json(pick: "Pick") -> dict[str, str]:
    return {"id": str(pick.id), "channel_id": pick.channel_id, "status": pick.status}


def _step(pick: "Pick") -> str:
    from vidctl.domain.status import Status
    from vidctl.pipeline import step_at

    step = step_at(Status(pick.status))
    return f"step {step.name}" if step else pick.status


def _foretell(*, as_json: bool) -> None:
    """Say which films a tick would begin now."""
    from vidctl.cli.session import context_of, session, trial
    from vidctl.cli.show import line, tell
    from vidctl.engine import foresight
    from vidctl.store import tasks

    with session("tick") as opened, trial(opened.db, dry_run=True):
        files, picked = foresight.of_tick(opened.db, opened.settings.channel_configs, context_of(opened.settings))
        titles = [tasks.get(opened.db, pick.id).title for pick in picked]
    for problem in files.problems:
        complain(problem, problem.hint)
    if any(channel.board == "notion" for channel in files.channels):
        print("What people did on the boards in Notion since the last tick is not in this.", file=sys.stderr)
    lines = [f"{pick.id}  {_step(pick)} begun  {line(title)}" for pick, title in zip(picked, titles, strict=True)]
    begun = [_as_json(pick) for pick in picked]
    tell({"begun": begun}, "\n".join(lines) or "no film begun", dry_run=True, as_json=as_json)


@app.command(name="run-step", rich_help_panel=CRON, cls=Writing)
def run_step(
    task_id: TaskId,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Take one film one step along, here and now, and exit.

    It says where the film is then, and why where it stands still. Ends with 0
    also where there was nothing to do, and with 75 when it was told to stop.

    Example: vidctl run-step 3f2a
    """
    from dataclasses import replace

    from vidctl.cli.session import context_of, session, trial
    from vidctl.engine import channel_files, process
    from vidctl.store import channels, tasks

    with session("run-step") as opened, trial(opened.db, dry_run=dry_run):
        task = tasks.find(opened.db, task_id)
        files = channel_files.load(opened.settings.channel_configs)
        channels.put(opened.db, files.channels, broken=files.broken)
        context = replace(context_of(opened.settings), limits=files.limits)
        if dry_run:
            _foretell_step(opened, task, files, context, as_json=as_json)
            return
    status = process.run(opened.dsn, task.id, context)
    if as_json or status == ExitCode.OK:
        _tell_what_came_of(task, as_json=as_json)
    raise typer.Exit(status)


def _foretell_step(opened: "Session", task: "Task", files: "Loaded", context: "Context", *, as_json: bool) -> None:
    """Say which step would be done now, or what the film waits for."""
    from vidctl.cli.outlook import next_move
    from vidctl.cli.show import line, tell
    from vidctl.cli.status import board_of_one
    from vidctl.engine import foresight

    board = board_of_one(opened.db, task.id, context.clock(), task.channel_id, files)
    step = foresight.of_step(opened.db, task.id, context)
    does = f"step {step.name} done" if step else f"nothing done now: {next_move(board, board.films[0])}"
    data = {"id": task.id, "status": task.status, "step": step.name if step else None}
    tell(data, line(f"{task.title}: {does}"), dry_run=True, as_json=as_json)


def _tell_what_came_of(before: "Task", *, as_json: bool) -> None:
    """Say where the film is by now; and where it stands still, why."""
    from vidctl.cli.because import because
    from vidctl.cli.explain import case_of
    from vidctl.cli.session import session
    from vidctl.cli.show import folded, line, tell
    from vidctl.domain.status import ERRORS
    from vidctl.store import tasks

    with session("run-step") as opened:
        task = tasks.get(opened.db, before.id)
        is_moved = task.status is not before.status
        stands = not is_moved or task.status in ERRORS or task.next_attempt_at is not None
        found = because(case_of(opened, str(task.id))) if stands else None
    said = f"{before.status} → {task.status}" if is_moved else f"still {task.status}"
    said += f". {found.why} {found.moves}" if found else ""
    tell({"id": task.id, "status": task.status}, folded(line(f"{task.title}: {said}")), dry_run=False, as_json=as_json)
