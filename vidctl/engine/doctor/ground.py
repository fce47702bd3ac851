"""What all checks stand on: the settings, and the database and the channel files where there are any."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from vidctl.engine.channel_files import Loaded
from vidctl.errors import VidctlError
from vidctl.settings import Settings
from vidctl.store import Db
from vidctl.store.connection import connect


@dataclass(slots=True)
class Ground:
    """One examination. `trouble` is what was wrong with the settings already; `root` is `/`, but for tests."""

    settings: Settings
    clock: Callable[[], datetime]
    trouble: VidctlError | None = None
    dsn: str | None = None
    """The database, if it can be used: it answers, and has the schema of this version."""
    files: Loaded | None = None
    root: Path = Path("/")

    @property
    def environment(self) -> Mapping[str, str]:
        """The environment with `.env`."""
        return self.settings.environment

    def or_mend_env(self, cure: str) -> str:
        """Return a cure for what is missing; while the settings cannot be read, another place may be meant."""
        return cure if self.trouble is None else "mend .env first, as said here: it may name another"

    @contextmanager
    def database(self) -> Iterator["Db | None"]:
        """Open a connection of one's own, so that checks may run side by side; yields None where there is none."""
        if self.dsn is None:
            yield None
            return
        with closing(connect(self.dsn, application_name="vidctl doctor")) as db:
            yield db
