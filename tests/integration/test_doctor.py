"""What the doctor finds in one part of an installation, and that nothing it meets is the end of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.board import Desk
from tests.studio import Studio
from vidctl.engine.doctor import channels, cron, database, examination, machine, mending
from vidctl.engine.doctor.findings import Finding, Level
from vidctl.engine.doctor.ground import Ground
from vidctl.errors import Misconfigured
from vidctl.settings import load
from vidctl.store import locks, notices, outbox, ticks


def ground(root: Path, **environment: str) -> Ground:
    """Return what checks stand on: a machine that has only what is in a folder."""
    told = {"VIDCTL_HOME": str(root / "home"), "PATH": str(root / "bin"), "HOME": str(root)} | environment
    return Ground(load(told), lambda: datetime.now(UTC), root=root)


def levels(findings: Iterator[Finding]) -> list[tuple[str, str]]:
    return [(one.level, one.what) for one in findings]


def test_who_hangs_in_a_transaction_and_who_holds_up_ticks_is_named_with_the_command_that_ends_it(
    studio: Studio,
) -> None:
    at = ground(studio.root, DATABASE_URL=studio.dsn)
    at.dsn = studio.dsn
    assert {one.level for one in database.locks(at)} == {Level.OK}
    at.clock = lambda: datetime.now(UTC) + timedelta(minutes=10)
    with studio.session("vidctl tick") as tick, studio.session("psql") as hung:
        assert locks.try_lock(tick, locks.TICK)
        hung.execute("begin; select 1")
        found = [one for one in database.locks(at) if one.level is not Level.OK]
        for one, session in zip(found, (hung, tick), strict=True):
            assert f"session {session.info.backend_pid} (" in one.what
            assert f"pg_terminate_backend({session.info.backend_pid})" in one.cure
    assert "holds the lock of ticks" in found[1].what


def test_a_clock_that_is_off_is_said_and_in_which_direction(studio: Studio) -> None:
    at = ground(studio.root)
    at.dsn = studio.dsn
    at.clock = lambda: datetime.now(UTC) - timedelta(minutes=3)
    [found] = database.clock(at)
    assert (found.level, "180 s behind the database" in found.what) == (Level.WARNING, True)


@pytest.mark.parametrize(
    ("line", "starts"),
    [
        ("* * * * *  cd /srv/vidctl && .venv/bin/vidctl tick", True),
        ("*/2 * * * * /opt/vidctl/bin/python -m vidctl tick >> /tmp/log 2>&1", True),
        ("# * * * * *  vidctl tick", False),
        ("* * * * *  vidctl tickets", False),
        ("17 4 1 * *  vidctl audit archive", False),
    ],
)
def test_what_starts_ticks_is_found_in_a_crontab_and_what_does_not_is_not(
    tmp_path: Path, line: str, starts: bool
) -> None:
    crontab, comm = tmp_path / "etc/crontab", tmp_path / "proc/712/comm"
    for path, text in ((crontab, f"SHELL=/bin/sh\n{line}\n"), (comm, "cron\n"), (tmp_path / "proc/self/comm", "")):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    found = levels(cron.ticking(ground(tmp_path)))
    assert found == (
        [("ok", f"vidctl tick is in {crontab}"), ("ok", "cron runs")]
        if starts
        else [("broken", "nothing on this machine starts vidctl tick")]
    )


def test_a_crontab_of_ones_own_without_a_daemon_and_a_timer_of_systemd_without_any(studio: Studio) -> None:
    root = studio.root
    for name, text in {
        "bin/crontab": "#!/bin/sh\necho '* * * * * vidctl tick'\n",
        "proc/self/comm": "",
        ".config/systemd/user/films.service": "[Service]\nExecStart=/opt/bin/vidctl tick\n",
        ".config/systemd/user/films.timer": "[Timer]\nOnCalendar=minutely\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "bin/crontab").chmod(0o755)
    at = ground(root)
    at.dsn = studio.dsn
    ticks.record(
        studio.db, host="attic:7", began=datetime.now(UTC) - timedelta(hours=1), ended=datetime.now(UTC), dispatched=0
    )
    found = levels(cron.ticking(at))
    assert [level for level, _ in found] == ["broken", "ok", "broken"]
    assert "then on attic" in found[0][1]
    assert found[1:] == [
        ("ok", "vidctl tick is in this user's crontab, systemd's films.timer"),
        ("broken", "no cron daemon runs here"),
    ]
    now, why = datetime.now(UTC), "_defaults.yaml:3: no YAML"
    outbox.alert(studio.db, "not begun", why, hint="mend it", now=now)
    notices.unsaid(studio.db, "attic", [why], now=now)
    assert levels(cron.ticking(at)) == [
        ("broken", f"ticks run, and none comes to its end: {why}"),
        found[1],
        ("warning", "no cron daemon is seen here, and yet ticks run"),
    ]


def test_while_env_cannot_be_read_nothing_is_made_at_the_place_that_would_be_meant_without_it(tmp_path: Path) -> None:
    at = ground(tmp_path)
    at.trouble = Misconfigured(".env:1: this is no NAME=value", hint="mend that line")
    assert [one.what.partition(":")[0] for one in mending.mend(at)] == ["nothing else was mended"]
    assert not at.settings.home.exists()
    assert [one.cure for one in machine.home(at)] == ["mend .env first, as said here: it may name another"]


def test_a_check_that_fails_itself_is_a_finding_and_shows_no_secret(tmp_path: Path) -> None:
    def hasty(at: Ground) -> Iterator[Finding]:
        yield from machine.python(at)
        raise ValueError("s3cret-word\x1b[31m\nand more")

    found = examination._looked(hasty, ground(tmp_path, KIE_API_KEY="s3cret-word"))
    assert [one.level for one in found] == ["ok", "warning"]
    assert found[1].what == "the check 'hasty' itself failed: ValueError: [KIE_API_KEY] [31m and more"


def test_a_board_in_notion_and_an_account_on_youtube_are_looked_at_as_their_own_commands_do(desk: Desk) -> None:
    studio = desk.studio
    environment = {**studio.environment, **desk.environment}
    at = ground(studio.root, **environment)
    at.dsn = studio.dsn
    assert levels(channels.files(at)) == [("ok", "1 channel file is in order")]
    found = levels(channels.notion(at))
    assert found[0][0] == "ok"
    assert "broken" not in {level for level, _ in found}
    at = ground(studio.root, **environment | {"NOTION_TOKEN": "ntn_another"})
    at.dsn, at.files = studio.dsn, studio.files()
    [(level, what)] = levels(channels.notion(at))
    assert (level, "Notion refuses the token" in what) == ("broken", True)
    studio.channel("two", scripts={})
    at.dsn, at.files = None, studio.files()
    assert levels(channels.youtube(at)) == [], "without a database nothing is known"
    at.dsn = studio.dsn
    assert levels(channels.youtube_as_known(at)) == [("broken", "YouTube: nobody has authorised two")]
