"""`vidctl install-cron`: vidctl's jobs into the user's crontab, or into timers of systemd."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import SET_UP, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.cli.install_cron_words import Done
    from vidctl.domain.cron_jobs import Job
    from vidctl.engine.installing.place import Place


@app.command(name="install-cron", rich_help_panel=SET_UP, cls=Writing)
def install_cron(
    systemd: Annotated[
        bool, typer.Option("--systemd", help="As timers of systemd: this user's; root's are the machine's.")
    ] = False,
    worker: Annotated[
        bool, typer.Option("--worker", help="A further machine with the same database: only tick and cleanup.")
    ] = False,
    mail: Annotated[
        bool, typer.Option("--mail", help="Let cron mail what jobs print, in place of a file in VIDCTL_HOME/logs.")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="Take all of them away again.")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Have vidctl's jobs started by themselves: tick, cleanup, backup, weekly report and archive.

    They go into this user's crontab, between two lines that mark them; nothing
    else in it is touched, and it is kept in VIDCTL_HOME as it was. Each line has
    what cron does not give: where vidctl is, PATH, VIDCTL_HOME and the channel
    files. Keys are in no line: they stay in .env. Run it again after you moved
    or set something. There is a backup as soon as VIDCTL_BACKUP_PASSPHRASE is in
    .env. On the boards every tick looks anyway.

    Example: vidctl install-cron --dry-run
    """
    from vidctl.cli.install_cron_words import sentences
    from vidctl.cli.show import show
    from vidctl.domain.cron_jobs import wanted
    from vidctl.engine.installing.place import place_of
    from vidctl.settings import load

    if mail and systemd:
        raise typer.BadParameter("systemd's journal has what jobs print", param_hint="--mail")
    settings = load()
    place = None if remove else place_of(settings)
    jobs = wanted(place.has, is_worker=worker) if place else []
    done = (_timers if systemd else _crontab)(settings.home, place, jobs, mail=mail, dry_run=dry_run)
    data = {
        "where": done.where,
        "jobs": [job.name for job in jobs],
        "lines": done.lines,
        "changed": done.changed,
        "kept": done.kept,
        "trouble": done.trouble or None,
        "commands": done.commands,
        "dry_run": dry_run,
    }
    show(data, "\n".join(sentences(done, place, jobs, worker=worker, mail=mail, dry_run=dry_run)), as_json=as_json)


def _crontab(home: Path, place: "Place | None", jobs: "list[Job]", *, mail: bool, dry_run: bool) -> "Done":
    """Put the lines of the jobs into the crontab, or take them out where there is no place for any."""
    from vidctl.cli.install_cron_words import Done
    from vidctl.engine.installing import cron_program, crontab

    lines = crontab.block(place, jobs, mail=mail) if place else ""
    try:
        was = cron_program.read()
    except cron_program.NoCrontab:
        if not dry_run:
            raise
        was = ""  # the lines are worth seeing where another scheduler shall have them
    becomes = crontab.put_in(was, place, lines) if place else crontab.take_out(was, home)
    done = Done("this user's crontab", lines.splitlines(), changed=becomes != was)
    done.ticks_besides = crontab.ticks_besides(was, home)
    if place and not dry_run:
        done.trouble = _trouble()
    if done.changed and not dry_run:
        _make_folder(home / "logs")
        done.kept = _kept(home, was)
        cron_program.write(becomes)
    return done


def _trouble() -> str:
    from vidctl.cli.session import now
    from vidctl.engine.doctor import cron
    from vidctl.engine.doctor.findings import Level
    from vidctl.engine.doctor.ground import Ground
    from vidctl.settings import load

    finding = cron.daemon(Ground(load(), now))
    return f"But {finding.what}. To do: {finding.cure}" if finding.level is Level.BROKEN else ""


def _kept(home: Path, crontab: str) -> Path | None:
    """Keep a crontab as it was, for this user's eyes alone: other jobs may have secrets in it."""
    from vidctl.cli.session import now
    from vidctl.storage.beside import put

    if not crontab:
        return None
    return put(home / f"crontab.{now():%Y%m%dT%H%M%SZ}", crontab.encode("utf-8", "surrogateescape"), private=True).path


def _make_folder(folder: Path) -> None:
    from vidctl.storage.files import cannot_write

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise cannot_write(folder, exc) from exc


def _timers(home: Path, place: "Place | None", jobs: "list[Job]", *, mail: bool, dry_run: bool) -> "Done":  # noqa: ARG001  # as _crontab
    from vidctl.cli.install_cron_words import Done
    from vidctl.engine.installing import systemd

    manager = systemd.manager_of(os.environ)
    change = systemd.installing(manager, place, jobs) if place else systemd.removing(manager, home)
    lines = [line for name, text in change.write.items() for line in (f"# {manager.folder / name}", *text.splitlines())]
    done = Done(str(manager.folder), lines, changed=bool(change.write or change.remove))
    if not dry_run:
        if place:
            _make_folder(home)
        systemd.carry_out(manager, change)
    if dry_run or not manager.runs:
        done.commands = [" ".join(command) for command in change.commands]
    if place and not manager.system:
        done.commands.append("loginctl enable-linger  # or they stop when you log out")
    return done
