"""`vidctl restore`: a new server from a backup, with every film held until somebody has looked at it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import SET_UP, app
from vidctl.cli.kinds import Writing

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.engine.backup.check import Contents
    from vidctl.engine.backup.restore import Restored
    from vidctl.engine.record import Verdict


@app.command(rich_help_panel=SET_UP, cls=Writing)
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What vidctl backup made.")],
    moved: Annotated[
        bool,
        typer.Option("--moved", help="Films go on at once: you stopped the old server before this backup was made."),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Prove the file and look at the database; no more.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Make the database, channel files and settings of a backup here, where nothing is yet: all of it, or nothing.

    The database of DATABASE_URL, or the embedded one below VIDCTL_HOME, has to be
    empty. Files are put where there is none; where there is, beside it, as
    NAME.restored. Settings come to VIDCTL_HOME/.env, with the old server's
    DATABASE_URL and folders as comments. Nothing is changed before the whole file
    was proved, and nothing is kept that is not, byte by byte, what was backed up.

    What was bought and published after the backup was made is not known here. So
    films that were on their way are held: look at kie.ai/logs, elevenlabs.io and
    your channels first, then vidctl queue them. Stop the old server's cron for
    good: both would work on the same board.

    Example: vidctl restore /backups/vidctl_20261122T031500Z.backup
    """
    from vidctl.cli import passphrase
    from vidctl.cli.session import database, now
    from vidctl.engine.backup import check
    from vidctl.engine.backup import restore as engine
    from vidctl.settings import load
    from vidctl.store import locks
    from vidctl.store.known import tables

    settings = load()
    sealed = check.asks_for_passphrase(file)
    key = check.key_of(file, passphrase.known(settings.environment)) if sealed else None
    contents = engine.readable(file, key, settings)
    with database("restore") as opened:
        engine.require_unused(opened.db, tables())
        if dry_run:
            _show_plan(contents, as_json=as_json)
            return
        with locks.waiting(opened.db, locks.MIGRATE):
            done = engine.restore(opened.dsn, file, key, settings, tables=tables(), moved=moved, now=now())
        _report(opened, done, moved=moved, as_json=as_json)


def _show_plan(contents: "Contents", *, as_json: bool) -> None:
    from vidctl.cli.backup import held_in
    from vidctl.cli.show import line, show

    head = contents.head
    said = f"would be restored: {line(held_in(contents))}, as of {line(head.made_at)} on {line(head.host)}"
    show({"dry_run": True, "made_at": head.made_at, "films": contents.rows("tasks")}, said, as_json=as_json)


def _report(opened: "Session", done: "Restored", *, moved: bool, as_json: bool) -> None:
    """Look at what was restored as other commands do, and say how it is."""
    from vidctl.cli.show import lines, show
    from vidctl.engine import record
    from vidctl.store import audit

    with audit.snapshot(opened.db):
        verdict = record.verify(opened.db, opened.settings.home / record.FOLDER)
    unread = _unread_tokens(opened)
    data = _as_json(done, verdict, unread)
    show(data, lines("\n".join(_sentences(done, verdict, unread, moved=moved))), as_json=as_json)


def _unread_tokens(opened: "Session") -> dict[str, bool]:
    """Return of each channel with a token whether the keys that there are now read it."""
    from vidctl.engine import sealing
    from vidctl.errors import VidctlError
    from vidctl.settings import load
    from vidctl.store import accounts

    environment, found = load().environment, {}
    for channel_id, token in accounts.tokens(opened.db).items():
        try:
            sealing.opened(token, channel_id, environment)
            found[channel_id] = True
        except VidctlError:
            found[channel_id] = False
    return found


def _as_json(done: "Restored", verdict: "Verdict", tokens: dict[str, bool]) -> dict[str, Any]:
    contents = done.contents
    return {
        "dry_run": False,
        "made_at": contents.head.made_at,
        "films": contents.rows("tasks"),
        "decisions": {"whole": verdict.is_whole, "number": verdict.decisions, "missing": verdict.missing},
        "tokens": tokens,
        "files": [{"path": one.path, "beside": one.beside, "was_there": one.was_there} for _, one in done.puts],
        "held": [
            {"id": one.film.id, "title": one.film.title, "was": one.film.status, "status": one.now_is}
            for one in done.held
        ],
    }


def _sentences(done: "Restored", verdict: "Verdict", tokens: dict[str, bool], *, moved: bool) -> list[str]:
    from vidctl.cli import words
    from vidctl.cli.backup import held_in
    from vidctl.engine.backup.restore import made_at

    said = [f"Restored, as of {words.moment(made_at(done.contents))}: {held_in(done.contents)}."]
    said += _about_decisions(verdict)
    if tokens:
        read = sum(tokens.values())
        rest = "" if read == len(tokens) else "; for the others set FERNET_KEY, then: vidctl auth status"
        said.append(f"Tokens that can be read: {read} of {len(tokens)}{rest}.")
    said += _about_files(done)
    said += _about_held(done, moved=moved)
    said.append("Leave the old server's cron off for good: both would work on the same boards.")
    said.append("Have ticks run here: vidctl install-cron")
    return said


def _about_decisions(verdict: "Verdict") -> list[str]:
    from vidctl.cli import words

    if complaints := verdict.complaints:
        return [f"The record of decisions is not whole, as it was when it was backed up: {complaints[0]}"]
    missing = f"; {words.count(len(verdict.missing), 'archive')} of them not here" if verdict.missing else ""
    return [f"{words.count(verdict.decisions, 'decision')}, each as it was made{missing}."]


def _about_files(done: "Restored") -> list[str]:
    from vidctl.cli import words

    beside = [str(one.path) for _, one in done.puts if one.beside]
    new = [one for _, one in done.puts if not one.beside and not one.was_there]
    said = [f"{words.count(len(new), 'file')} put in place."] if new else []
    if beside:
        said.append(f"Something else was there already, so these lie beside it: {words.listed(beside)}")
    return said


def _about_held(done: "Restored", *, moved: bool) -> list[str]:
    from vidctl.cli import words

    if moved or not done.held:
        return []
    ids = {one.film.id: str(one.film.id)[:8] for one in done.held}
    said = [
        f"Held, since nobody knows here what became of them after the backup: {words.count(len(done.held), 'film')}.",
        *(f"  {ids[one.film.id]}  {one.film.status} → {one.now_is}  {one.film.title}" for one in done.held),
    ]
    said.append("Look where each was bought or published since; let those go on of which nothing was:")
    for status, command in (("Draft", "queue"), ("Upload Error", "retry")):
        if chosen := [ids[one.film.id] for one in done.held if one.now_is == status]:
            said.append(f"  vidctl {command} {' '.join(chosen)}")
    return said
