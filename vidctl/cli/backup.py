"""`vidctl backup`: everything that cannot be made again, in one file."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import CRON, app
from vidctl.cli.kinds import Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.engine.backup.check import Contents
    from vidctl.engine.backup.write import Written


@app.command(rich_help_panel=CRON, cls=Writing)
def backup(
    target: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help="A new file; in a folder it is named by time.")],
    keep: Annotated[
        int | None,
        typer.Option("--keep", metavar="N", min=1, help="Keep the N newest in the folder, this one among them."),
    ] = None,
    without_secrets: Annotated[
        bool, typer.Option("--without-secrets", help="Leave keys and passwords out; the file is not sealed then.")
    ] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Put the database, the channel files, and all keys into one sealed file; films go on being made meanwhile.

    In it are all tables as they are at one moment, `.env` with FERNET_KEY and
    what only the environment says, archived decisions, and the storyboards of
    films that are not published yet. It is sealed with the passphrase in
    VIDCTL_BACKUP_PASSPHRASE, or one that you are asked for: keep that elsewhere,
    for nobody can open the file without it. It is read back to its end before it
    has its name, and never takes the place of another one.

    The films' files are not in it: copy the folder that it names, or let channels
    keep theirs in a bucket (storage_strategy: r2). Nor are programs of your own.
    `--without-secrets` makes a .tar.gz that any tar opens; tokens in the database
    stay sealed with FERNET_KEY, which is not in it.

    Example: vidctl backup /backups --keep 14
    """
    from vidctl.cli.show import tell

    with _told_of_failure(keep, dry_run=dry_run) as opened:
        written = _made(opened, target, keep=keep, without_secrets=without_secrets, dry_run=dry_run)
        workspace = opened.settings.home / "workspace"
    tell(_as_json(written, workspace), _sentence(written, workspace), dry_run=dry_run, as_json=as_json)


def _made(opened: "Session", target: Path, *, keep: int | None, without_secrets: bool, dry_run: bool) -> "Written":
    from vidctl.cli import passphrase
    from vidctl.cli.session import context_of
    from vidctl.engine.backup import write
    from vidctl.store.known import tables

    settings = opened.settings
    where = write.target_of(target, keep=keep)
    return write.backup(
        opened.db,
        where,
        settings,
        context_of(settings),
        tables=tables(),
        passphrase=None if without_secrets else passphrase.new(settings.environment),
        keep=keep,
        dry_run=dry_run,
    )


@contextmanager
def _told_of_failure(keep: int | None, *, dry_run: bool) -> "Iterator[Session]":
    """Open a session in which a backup by cron that fails is an alert: nobody looks for a file that is not there."""
    from vidctl.cli.session import now, session
    from vidctl.errors import Unavailable, VidctlError
    from vidctl.store import outbox

    with session("backup") as opened:
        try:
            yield opened
        except Unavailable:
            raise
        except VidctlError as exc:
            if keep is not None and not dry_run and not sys.stdin.isatty():
                outbox.alert(opened.db, "backup", f"there is no backup of today: {exc}", hint=exc.hint, now=now())
            raise


def held_in(contents: "Contents") -> str:
    """Return what a backup holds, for a person."""
    from vidctl.cli import words
    from vidctl.engine.backup import files

    channels = sum(name.startswith(files.CHANNELS) and not name.endswith("/_defaults.yaml") for name in contents.items)
    rows = sum(contents.rows(table.name) for table in contents.tables)
    secrets = "with all keys" if files.SETTINGS in contents.items else "without any keys"
    return (
        f"{words.count(contents.rows('tasks'), 'film')} of {words.count(channels, 'channel')}, "
        f"{words.count(rows, 'row')} in {len(contents.tables)} tables, {secrets}"
    )


def _as_json(written: "Written", workspace: Path) -> dict[str, Any]:
    head = written.contents.head
    return {
        "path": written.path.absolute(),
        "size_bytes": written.size_bytes,
        "sha256": written.sha256,
        "made_at": head.made_at,
        "schema": head.schema,
        "secrets": head.secrets,
        "films": written.contents.rows("tasks"),
        "tables": {table.name: written.contents.rows(table.name) for table in written.contents.tables},
        "not_in_it": {"path": workspace, "size_bytes": written.films_bytes},
        "removed": written.removed,
    }


def _sentence(written: "Written", workspace: Path) -> str:
    from vidctl.cli import words
    from vidctl.cli.show import line

    said = [
        f"{line(written.path)}: {held_in(written.contents)}. {words.size(written.size_bytes)}, read back to its end."
    ]
    if written.films_bytes:
        said.append(f"Not in it: the films' files, {words.size(written.films_bytes)}. Copy {line(workspace)} too.")
    if written.removed:
        said.append(f"Removed: {words.listed(written.removed, most=3)}")
    return "\n".join(said)
