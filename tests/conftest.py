"""A real PostgreSQL for every test that asks for one, and a database of its own.

The server is an embedded one that all workers of a run share: started for the first test that needs it, deleted
at the end. Or it is that of `TEST_DATABASE_URL`, whose user may create databases.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import certifi
import pytest
from psycopg import sql

from vidctl.store import embedded
from vidctl.store.connection import Connection, connect

_RUN_HOME = "VIDCTL_TEST_RUN_HOME"
"""Set by the process that starts the run, inherited by its workers: the home of the shared server."""


_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 2_000_000_000
"""Several times what the shared server ever holds."""

_LONGER_THAN_ANY_RUN_S = 24 * 3600

_COPY = sql.SQL("create database {} template {} {}")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _keep_bytecode()
        _forget_killed_runs()
        home = reachable_folder(_MEMORY if _has_room(_MEMORY) else None)
        os.environ[_RUN_HOME] = str(home)
        os.environ["SSL_CERT_FILE"] = str(_one_authority(home))


def _keep_bytecode() -> None:
    """Let Python keep what it compiled, whatever the shell says: else each worker, and each process, does all anew."""
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _forget_killed_runs() -> None:
    """Give back the memory that a run which was killed could not."""
    for left in _MEMORY.glob("vidctl-test-*"):
        with suppress(OSError):  # another run was quicker
            if time.time() - left.stat().st_mtime > _LONGER_THAN_ANY_RUN_S:
                shutil.rmtree(left, ignore_errors=True)


def _one_authority(folder: Path) -> Path:
    """Write a list of authorities with one in it: to load all takes longer than most requests, for each client anew."""
    one, end, _ = Path(certifi.where()).read_text("utf-8").partition("-----END CERTIFICATE-----\n")
    file = folder / "authorities.pem"
    file.write_text(one + end, "utf-8")
    return file


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Twice as many workers as there are cores: many tests wait for a process, or for a clock."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * cores


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and (home := os.environ.get(_RUN_HOME)):
        if given := os.environ.get("TEST_DATABASE_URL"):
            with connect(given, application_name="tests") as server:
                _drop(server, _template())
        embedded.erase(Path(home))
        shutil.rmtree(home)


def reachable_folder(where: Path | None = None) -> Path:
    """Return a new folder that the server's user can reach too: pytest's own are closed to it when root tests."""
    folder = Path(tempfile.mkdtemp(prefix="vidctl-test-", dir=where))
    folder.chmod(0o755)
    return folder


def _has_room(memory: Path) -> bool:
    """Say whether the shared server fits into memory: a database is 460 files, and a disk is slow with these."""
    return os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free > _ENOUGH_BYTES


@pytest.fixture
def vidctl_home() -> Iterator[Path]:
    """A VIDCTL_HOME that does not exist yet; a server that is started in it is deleted after the test."""
    folder = reachable_folder()
    yield folder / "home"
    embedded.erase(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def _made_home() -> Iterator[Path]:
    folder = reachable_folder()
    embedded.ensure_running(folder)
    embedded.stop(folder)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def used_home(vidctl_home: Path, _made_home: Path) -> Path:
    """A VIDCTL_HOME with an empty database, its server stopped: far quicker than to make one."""
    subprocess.run(["cp", "-a", _made_home, vidctl_home], check=True)
    return vidctl_home


@pytest.fixture(scope="session")
def server_url() -> str:
    """The URL of a server with the template database in it, which the first worker makes."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url is None:
        url = embedded.ensure_running(Path(os.environ[_RUN_HOME]))
    with connect(url, application_name="tests") as db:
        db.execute("select pg_advisory_lock(hashtext('vidctl tests'))")
        if not db.execute("select 1 from pg_database where datname = %s", (_template(),)).fetchone():
            _make_template(db, url)
    return url


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The URL of an S3 that checks no key, for all tests of a worker: it takes two seconds to start."""
    from tests.fakes.r2.moto import Moto

    with Moto() as s3:
        yield s3.url


@pytest.fixture(scope="session")
def _server(server_url: str) -> Iterator[Connection]:
    """The connection through which a worker makes and drops its tests' databases."""
    with connect(server_url, application_name="tests") as server:
        yield server


@pytest.fixture
def database_url(server_url: str, _server: Connection) -> Iterator[str]:
    """The URL of a new database with all tables in it (none, as long as there are no migrations)."""
    yield from _new_database(server_url, _server)


@pytest.fixture
def other_database_url(server_url: str, _server: Connection) -> Iterator[str]:
    """The URL of one more."""
    yield from _new_database(server_url, _server)


def _new_database(server_url: str, server: Connection) -> Iterator[str]:
    name = f"test_{uuid4().hex}"
    server.execute(_COPY.format(sql.Identifier(name), sql.Identifier(_template()), sql.SQL(_strategy())))
    yield _url_of(server_url, name)
    _drop(server, name)


@pytest.fixture
def db(database_url: str) -> Iterator[Connection]:
    """An autocommit connection to a new database."""
    with connect(database_url, application_name="test") as connection:
        yield connection


def _is_ours() -> bool:
    """Say whether the server is thrown away after the run: it need not survive a power cut."""
    return "TEST_DATABASE_URL" not in os.environ


def _strategy() -> str:
    """Return how to copy a database: where no checkpoint waits for a disk, as files, in less than half the time."""
    return "strategy file_copy" if _is_ours() else ""


def _template() -> str:
    return f"template_{Path(os.environ[_RUN_HOME]).name}"


def _make_template(db: Connection, server_url: str) -> None:
    """Make it under another name first: what has the template's name is whole."""
    if _is_ours():
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
            db.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
        db.execute("select pg_reload_conf()")
    draft, template = sql.Identifier(f"draft_{_template()}"), sql.Identifier(_template())
    db.execute(sql.SQL("drop database if exists {} with (force)").format(draft))
    db.execute(sql.SQL("create database {}").format(draft))
    if find_spec("vidctl.store.migrate"):
        import_module("vidctl.store.migrate").migrate(_url_of(server_url, f"draft_{_template()}"))
    db.execute(sql.SQL("alter database {} rename to {}").format(draft, template))


def _url_of(server_url: str, database: str) -> str:
    return urlsplit(server_url)._replace(path=f"/{database}").geturl()


def _drop(server: Connection, database: str) -> None:
    server.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(database)))
