"""What the doctor can put right itself: nothing that spends, deletes, ends another's work, or has to be asked."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from typing import Final, TypeAlias

from vidctl.engine.doctor import machine
from vidctl.engine.doctor.findings import Finding, Level
from vidctl.engine.doctor.ground import Ground
from vidctl.errors import CannotWrite, VidctlError
from vidctl.storage.files import cannot_write
from vidctl.store import channels
from vidctl.store.connection import connect, prove_session_locks
from vidctl.store.migrate import ensure_migrated, head, refuse_newer, revision_of

Cure: TypeAlias = tuple[str, Callable[[], object]]
"""What is said of it afterwards, and what does it: before the next one is asked for, or never."""
Mend: TypeAlias = Callable[[Ground], Iterator[Cure]]


def mend(ground: Ground, *, dry_run: bool = False) -> Iterator[Finding]:
    """Do what can be done, and yield each thing that was, or could not be; what is right already stays as it is.

    A dry run only yields what would be done.
    """
    for one in _MENDS if ground.trouble is None else (_env_files,):
        try:
            for sentence, do in one(ground):
                if not dry_run:
                    do()
                yield Finding(Level.OK, f"would be: {sentence}" if dry_run else sentence)
        except VidctlError as exc:
            yield Finding(Level.WARNING, f"could not be mended: {exc}", exc.hint)
        except OSError as exc:
            error = _as_ours(exc)
            yield Finding(Level.WARNING, f"could not be mended: {error}", error.hint)
    if ground.trouble is not None:
        unread = "nothing else was mended: while .env cannot be read, nobody knows which folders and database are meant"
        yield Finding(Level.WARNING, unread, "mend .env first, as said below; then: vidctl doctor --fix")


def _as_ours(exc: OSError) -> CannotWrite:
    from pathlib import Path

    return cannot_write(Path(str(exc.filename or ".")), exc)


def _home(ground: Ground) -> Iterator[Cure]:
    home = ground.settings.home
    if not home.exists():
        yield f"made the folder {home} (VIDCTL_HOME)", partial(home.mkdir, parents=True)


def _env_files(ground: Ground) -> Iterator[Cure]:
    for path in machine.dotenvs(ground):
        if machine.readable_by_others(path):
            yield f"made {path} readable for this user alone", partial(path.chmod, 0o600)


def _database(ground: Ground) -> Iterator[Cure]:
    """Start the embedded server, and bring the schema up to date."""
    dsn = ground.settings.external_database
    if dsn is None:
        yield from _server(ground)
        dsn = _running(ground)
        if dsn is None:
            yield "brought its schema up to date, if it is of an older vidctl", partial(_start_and_migrate, ground)
            return
    else:
        prove_session_locks(dsn)
    with closing(connect(dsn, application_name="vidctl doctor")) as db:
        was = revision_of(db)
        refuse_newer(was)
        if was != head():
            sentence = f"brought the database from schema {was or 'nothing'} to {head()}"
            yield sentence, partial(ensure_migrated, db, dsn)
        yield from _channel_files(ground, has_channels=revision_of(db) is not None and channels.any_known(db))


def _server(ground: Ground) -> Iterator[Cure]:
    from vidctl.store import embedded

    if _running(ground) is None:
        yield "started the embedded database server", partial(embedded.ensure_running, ground.settings.home)


def _start_and_migrate(ground: Ground) -> None:
    """Do what is said also where a server that was started is too busy to answer at once."""
    from vidctl.store import embedded

    dsn = embedded.ensure_running(ground.settings.home)
    with closing(connect(dsn, application_name="vidctl doctor")) as db:
        ensure_migrated(db, dsn)


def _running(ground: Ground) -> str | None:
    """Return the URL of the embedded server; None where it does not run: a dry run does not start it."""
    from vidctl.store import embedded

    known = embedded.status(ground.settings.home)
    return known.dsn if known.state == "running" else None


def _channel_files(ground: Ground, *, has_channels: bool) -> Iterator[Cure]:
    """Make the folder of channel files; not where there were channels: an empty one would retire all of them."""
    folder = ground.settings.channel_configs
    if not has_channels and not folder.exists():
        yield f"made the folder {folder} for channel files", partial(folder.mkdir, parents=True)


_MENDS: Final[tuple[Mend, ...]] = (_home, _env_files, _database)
