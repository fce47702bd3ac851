"""Connections notice soon when the other end has gone, and never stand on locks that do not hold."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_server
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from tests.integration.embedded_helpers import wait_until
from vidctl.errors import Misconfigured, Unavailable
from vidctl.store import embedded
from vidctl.store.connection import Connection, connect, database_of, prove_session_locks
from vidctl.store.embedded.binaries import runnable_by
from vidctl.store.embedded.places import SHARED, Place
from vidctl.store.embedded.user import server_user


@dataclass
class Proxies:
    """Starts fakes of PgBouncer in front of one database."""

    database_url: str
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *options: str, port: int = 0) -> str:
        """Start one and return the URL to connect to."""
        fake = (sys.executable, "-m", "tests.fakes.pooler", "--port", str(port), "--upstream", self.database_url)
        process = subprocess.Popen([*fake, *options], stdout=subprocess.PIPE, text=True)
        self.started.append(process)
        assert process.stdout is not None
        where = process.stdout.readline().rpartition(" ")[2].strip()
        return f"postgresql://anybody:s3cret@{where}{urlsplit(self.database_url).path}"

    def stop(self) -> None:
        for process in self.started:
            process.terminate()
            process.communicate(timeout=10)
        self.started.clear()


@pytest.fixture
def proxies(database_url: str) -> Iterator[Proxies]:
    made = Proxies(database_url)
    yield made
    made.stop()


@pytest.fixture
def tcp_url(used_home: Path) -> Iterator[str]:
    """A server that listens on the network, as a remote one does."""
    place = Place.of(used_home)
    user = server_user(place)
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = [str(runnable_by(user, SHARED).folder / "postgres"), "-D", str(place.data)]
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={port}", "-c", f"unix_socket_directories={place.log}"]
    user.run(["/bin/sh", "-c", '"$@" 2>&1 &', "sh", *server, *settings], stdout=subprocess.DEVNULL)
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    wait_until(lambda: psycopg.pq.PGconn.ping(url.encode()) == psycopg.pq.Ping.OK)
    yield url
    embedded.stop(used_home)


def setting(db: Connection, name: str) -> str:
    row = db.execute("select current_setting(%s)", (name,)).fetchone()
    assert row is not None
    return str(row[0])


def advisory_locks(database_url: str) -> int:
    """Count those of one database; the server's other databases are other tests'."""
    with connect(database_url, application_name="test") as db:
        row = db.execute(
            "select count(*) from pg_locks join pg_database on pg_database.oid = database"
            " where locktype = 'advisory' and datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_connection_says_whose_it_is_and_commits_each_statement(database_url: str) -> None:
    with connect(database_url, application_name="vidctl: tick at here") as db:
        db.execute("create table seen (n int)")
        with connect(database_url, application_name="x" * 100) as other:
            assert other.execute("select count(*) from seen").fetchone() == (0,)
            assert setting(other, "application_name") == "x" * 63
        assert setting(db, "application_name") == "vidctl: tick at here"


def test_over_the_network_both_ends_ask_whether_the_other_still_lives(tcp_url: str) -> None:
    with connect(tcp_url, application_name="test") as db:
        ours = db.info.get_parameters()
        server = {name: setting(db, f"tcp_keepalives_{name}") for name in ("idle", "interval", "count")}
        assert setting(db, "client_connection_check_interval") == "5s"
    assert server == {"idle": "30", "interval": "10", "count": "3"}
    assert {name: ours[f"keepalives_{name}"] for name in server} == server


def test_what_the_url_says_of_keepalives_counts(database_url: str) -> None:
    with connect(f"{database_url}&keepalives_idle=7", application_name="test") as db:
        assert db.info.get_parameters()["keepalives_idle"] == "7"


def test_the_lock_of_a_killed_client_is_free_though_its_statement_goes_on(database_url: str) -> None:
    code = """
import sys
from vidctl.store.connection import connect
with connect(sys.argv[1], application_name="victim") as db:
    db.execute("select pg_advisory_lock(1)")
    print("locked", flush=True)
    db.execute("select pg_sleep(60)")
"""
    with subprocess.Popen([sys.executable, "-c", code, database_url], stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"locked\n"
        time.sleep(0.2)
        victim.send_signal(signal.SIGKILL)
    with connect(database_url, application_name="heir") as db:
        began = time.monotonic()
        db.execute("set lock_timeout = '15s'")
        db.execute("select pg_advisory_lock(1)")
    assert time.monotonic() - began < 12


def test_a_server_that_is_down_can_be_tried_again_and_its_password_is_not_shown() -> None:
    with pytest.raises(Unavailable) as caught:
        connect("postgresql://ann:s3cret@127.0.0.1:9/films", application_name="test")
    assert "127.0.0.1:9/films" in str(caught.value)
    assert "s3cret" not in str(caught.value) + caught.value.hint


def test_a_server_that_never_answers_is_given_up() -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(Unavailable, match="timeout"):
            connect(f"postgresql://127.0.0.1:{port}/films?connect_timeout=2", application_name="test")


def test_an_unknown_database_or_user_is_a_mistake_in_the_settings(database_url: str) -> None:
    for wrong in (
        urlsplit(database_url)._replace(path="/no_such_database").geturl(),
        f"{database_url}&user=no_such_user",
    ):
        with pytest.raises(Misconfigured, match="no_such_"):
            connect(wrong, application_name="test")


@pytest.mark.parametrize(
    "url",
    [
        "my database with s3cret",
        "mysql://ann:s3cret@db/films",
        "postgresql://ann:s3cret/x@db:5432/films",
        "postgresql://ann:1/s3cret@db:5432/films",
        "postgresql://ann:p@s3cret@127.0.0.1:9/films",
        "postgresql://ann:s3cret@db:port/films",
        "postgresql://ann:s3cret%zz@db/films",
        "postgresql://ann:s3cret@db/films?no_such_option=1",
    ],
)
def test_a_url_that_cannot_be_read_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        connect(url, application_name="test")
    assert "s3cret" not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"


def test_a_server_without_a_connection_left_can_be_tried_again(server_url: str, database_url: str) -> None:
    with connect(server_url, application_name="test") as admin:
        role = sql.Identifier(f"narrow_{os.getpid()}")
        admin.execute(sql.SQL("create role {} login connection limit 0").format(role))
        try:
            with pytest.raises(Unavailable, match="too many connections"):
                connect(f"{database_url}&user=narrow_{os.getpid()}", application_name="test")
        finally:
            admin.execute(sql.SQL("drop role {}").format(role))


def test_a_server_older_than_14_is_refused(proxies: Proxies) -> None:
    with pytest.raises(Misconfigured, match="is PostgreSQL 13"):
        connect(proxies.start("--mode", "session", "--server-version", "13.22"), application_name="test")


def test_session_locks_are_proved_on_a_direct_connection_by_many_at_once(database_url: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(prove_session_locks, [database_url] * 16))
    assert advisory_locks(database_url) == 0


@pytest.mark.parametrize("size", [1, 2, 5])
def test_a_proxy_that_pools_transactions_is_refused_and_the_cure_named(proxies: Proxies, size: int) -> None:
    url = proxies.start("--pool-size", str(size))
    with pytest.raises(Misconfigured, match="pools transactions") as caught:
        prove_session_locks(url)
    assert "session mode" in caught.value.hint
    assert "s3cret" not in str(caught.value) + caught.value.hint


def test_the_refused_proxy_keeps_no_lock_of_the_test(proxies: Proxies, database_url: str) -> None:
    with pytest.raises(Misconfigured):
        prove_session_locks(proxies.start())
    assert advisory_locks(database_url) == 0


def test_a_proxy_that_pools_sessions_is_accepted(proxies: Proxies) -> None:
    prove_session_locks(proxies.start("--mode", "session", "--pool-size", "2"))


def test_the_fake_proxy_lies_as_pgbouncer_does(proxies: Proxies, database_url: str) -> None:
    url = proxies.start()
    one, other = (psycopg.connect(url, autocommit=True) for _ in range(2))
    take = "select pg_backend_pid(), pg_try_advisory_lock(7)"
    first, second = one.execute(take).fetchone(), other.execute(take).fetchone()
    assert first == second
    assert first is not None
    assert first[1] is True, "both clients were given the same lock"
    one.close()
    other.close()
    assert advisory_locks(database_url) == 1, "and it stays after both have gone"
    with psycopg.connect(url, autocommit=True) as late, late.transaction():
        pid = late.execute("select pg_backend_pid()").fetchone()
        assert late.execute("select pg_backend_pid()").fetchone() == pid
        late.cursor().executemany("select %s::int", [(n,) for n in range(3)])
    with pytest.raises(psycopg.OperationalError, match="unsupported startup parameter"):
        psycopg.connect(url, options="-c search_path=x")


def test_without_a_url_the_embedded_server_is_started(used_home: Path) -> None:
    with connect(database_of(None, used_home), application_name="test") as db:
        assert db.info.server_version >= 180_000


def test_a_url_is_proved_each_time_before_it_is_used(proxies: Proxies, database_url: str, tmp_path: Path) -> None:
    """Also one that held a moment ago: a proxy may be put behind the same URL on any day."""
    assert database_of(database_url, tmp_path) == database_url
    url = proxies.start("--mode", "session", "--pool-size", "2")
    assert database_of(url, tmp_path) == url
    proxies.stop()
    assert proxies.start(port=urlsplit(url).port or 0) == url
    with pytest.raises(Misconfigured, match="pools transactions"):
        database_of(url, tmp_path)
    assert list(tmp_path.iterdir()) == []
