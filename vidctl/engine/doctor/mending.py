"""What the doctor can put right itself: nothing that spends, deletes, ends another's work, or has to be asked."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Final, TypeAlias

from vidctl.engine.doctor import machine
from vidctl.engine.doctor.findings import Finding, Level
from vidctl.engine.doctor.ground import Ground
from vidctl.errors import CannotWrite, VidctlError
from vidctl.storage.files import cannot_write
from vidctl.store import channels
from vidctl.store.connection import connect, prove_session_locks
from vidctl.store.migrate import ensure_migrated, revision_of

Mend: TypeAlias = Callable[[Ground], Iterator[str]]


def mend(ground: Ground) -> Iterator[Finding]:
    """Do what can be done, and yield each thing that was, or could not be; what is right already stays as it is."""
    for one in _MENDS:
        try:
            for sentence in one(ground):
                yield Finding(Level.OK, sentence)
        except VidctlError as exc:
            yield Finding(Level.WARNING, f"could not be mended: {exc}", exc.hint)
        except OSError as exc:
            error = _as_ours(exc)
            yield Finding(Level.WARNING, f"could not be mended: {error}", error.hint)


def _as_ours(exc: OSError) -> CannotWrite:
    from pathlib import Path

    return cannot_write(Path(str(exc.filename or ".")), exc)


def _home(ground: Ground) -> Iterator[str]:
    home = ground.settings.home
    if not home.exists():
        home.mkdir(parents=True)
        yield f"made the folder {home} (VIDCTL_HOME)"


def _env_files(ground: Ground) -> Iterator[str]:
    for path in machine.dotenvs(ground):
        if machine.readable_by_others(path):
            path.chmod(0o600)
            yield f"made {path} readable for this user alone"


def _database(ground: Ground) -> Iterator[str]:
    """Start the embedded server, and bring the schema up to date."""
    dsn = ground.settings.external_database
    if dsn is not None:
        prove_session_locks(dsn)
    else:
        from vidctl.store import embedded

        ran = embedded.status(ground.settings.home).state == "running"
        dsn = embedded.ensure_running(ground.settings.home)
        if not ran:
            yield "started the embedded database server"
    with closing(connect(dsn, application_name="vidctl doctor")) as db:
        was = revision_of(db)
        ensure_migrated(db, dsn)
        now = revision_of(db)
        if was != now:
            yield f"brought the database from schema {was or 'nothing'} to {now}"
        yield from _channel_files(ground, has_channels=channels.any_known(db))


def _channel_files(ground: Ground, *, has_channels: bool) -> Iterator[str]:
    """Make the folder of channel files; not where there were channels: an empty one would retire all of them."""
    folder = ground.settings.channel_configs
    if not has_channels and not folder.exists():
        folder.mkdir(parents=True)
        yield f"made the folder {folder} for channel files"


_MENDS: Final[tuple[Mend, ...]] = (_home, _env_files, _database)
