"""`vidctl cron`: what a container runs in the place of cron."""

from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import CRON, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from vidctl.domain.cron_jobs import Job


@app.command(name="cron", rich_help_panel=CRON, cls=Writing)
def cron(
    only: Annotated[
        list[str] | None, typer.Option(metavar="JOB", help="Only this one; several times for several.")
    ] = None,
    worker: Annotated[
        bool, typer.Option("--worker", help="On a further machine: only what each one of several needs.")
    ] = False,
    grace_s: Annotated[
        float, typer.Option("--grace", metavar="SECONDS", min=0, help="How long steps may take to end.")
    ] = 75,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Be cron where there is none, as in a container: start what a crontab would, until told to end.

    Each minute a tick; cleanup, the backup (where VIDCTL_BACKUP_PASSPHRASE is
    set), the weekly report and the archive of decisions at their times, in UTC.
    What was missed while it did not run is made up for, once. Every entry of
    every process is a line of JSON on standard output, and in the logs as ever.
    On SIGTERM steps finish what they have begun; nothing is lost if they cannot.
    It keeps nothing itself: a machine with cron needs none of it.

    Example: vidctl cron --dry-run
    """
    from vidctl import logs
    from vidctl.cli.session import now
    from vidctl.engine.cron.loop import Loop
    from vidctl.settings import load

    if as_json and not dry_run:
        raise typer.BadParameter("only for --dry-run: what it logs is JSON in a pipe anyway", param_hint="--json")
    settings = load()
    jobs = _wanted(only or [], settings.environment, is_worker=worker)
    if dry_run:
        _say(jobs, settings.home, as_json=as_json)
        return
    logs.hide(settings.environment)
    logs.into(None, aloud=False)
    Loop(jobs, settings, now).run(grace_s)


def _wanted(names: "Sequence[str]", environment: "Mapping[str, str]", *, is_worker: bool) -> "list[Job]":
    """Return the jobs to start: those that were asked for, else all that can do something here."""
    from vidctl.domain.cron_jobs import JOBS, wanted

    known = {job.name: job for job in JOBS}
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"{name!r} is none of {', '.join(known)}", param_hint="--only")
    return [known[name] for name in names] or wanted(filter(environment.get, environment), is_worker=is_worker)


def _say(jobs: "Sequence[Job]", home: "Path", *, as_json: bool) -> None:
    """Say what would be started, and when next."""
    import shlex

    from vidctl.cli.session import now
    from vidctl.cli.show import line, show
    from vidctl.domain.crontab import next_of

    found = [(job, next_of(job, now()), ["vidctl", *job.arguments(str(home))]) for job in jobs]
    data = [{"job": job.name, "when": job.when, "next_at": at, "command": words} for job, at, words in found]
    said = [f"{at:%Y-%m-%d %H:%M} UTC   {line(shlex.join(words))}" for _, at, words in found if at]
    show({"jobs": data}, "\n".join(said), as_json=as_json)
