"""`vidctl install-cron`: vidctl's jobs into a crontab in which nothing else is touched, and they run there."""

import os
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.place import Place, Ran
from tests.processes import trust
from vidctl.domain.cron_jobs import JOBS
from vidctl.engine.doctor import cron
from vidctl.engine.doctor.ground import Ground
from vidctl.engine.installing import systemd
from vidctl.engine.installing.place import place_of
from vidctl.errors import BadInput, Misconfigured
from vidctl.settings import load
from vidctl.store import Db

Run = Callable[..., Ran]

CRONTAB = """\
#!/bin/sh
# What the real one does: it has no empty crontab, and refuses a last line without an end.
at="$(dirname "$0")/../crontab"
case "$1" in
-l) [ -e "$at.locked" ] && { echo "You (ana) are not allowed to use this program (crontab)" >&2; exit 1; }
    [ -e "$at" ] || { echo "no crontab for ana" >&2; exit 1; }
    cat "$at" ;;
-)  cat > "$at.new"
    [ -z "$(tail -c 1 "$at.new")" ] || { echo "new crontab file is missing newline before EOF" >&2; exit 1; }
    mv "$at.new" "$at" ;;
esac
"""


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Place:
    """An installation in a folder with an awkward name, its settings in `.env`; and a `crontab` that keeps a file."""
    root = tmp_path / "a b 50% $HOME's #1"
    (root / "bin").mkdir(parents=True)
    (root / "bin/crontab").write_text(CRONTAB)
    (root / "bin/crontab").chmod(0o755)
    (root / "channel_configs").mkdir()
    (root / ".env").write_text(f'VIDCTL_HOME="{root}/home"\nDATABASE_URL={database_url}\nKIE_API_KEY=s3cret-word\n')
    environment = {"HOME": str(tmp_path), "PATH": f"{root}/bin:{os.environ['PATH']}"}
    here = Place(root, environment | trust())
    here.channel()
    return here


def test_jobs_go_in_and_out_and_all_else_in_the_crontab_stays_as_it_is(place: Place, quick: Run) -> None:
    crontab = place.root / "crontab"
    was = b"MAILTO=ana@example.com\n# caf\xe9\n0 0 * * *  true"
    crontab.write_bytes(was)
    assert "Would go into this user's crontab" in quick("install-cron", "--dry-run").out
    assert (crontab.read_bytes(), place.home.exists()) == (was, False)

    ran = quick("install-cron", "--json")
    assert (ran.status, ran.json["jobs"], ran.json["changed"]) == (0, ["tick", "cleanup", "report", "archive"], True)
    now = crontab.read_bytes()
    assert now.startswith(was + b"\n")
    assert b"s3cret-word" not in now
    [kept] = place.home.glob("crontab.*")
    assert (kept.read_bytes(), kept.stat().st_mode & 0o777) == (was, 0o600)
    assert "Already in" in quick("install-cron").out
    assert crontab.read_bytes() == now

    with (place.root / ".env").open("a") as file:
        file.write("VIDCTL_BACKUP_PASSPHRASE=four random words\n")
    assert "backup" in quick("install-cron", "--json").json["jobs"]
    assert quick("install-cron", "--remove").status == 0
    assert crontab.read_bytes() == was + b"\n"


def test_the_installed_line_runs_a_tick_with_what_cron_gives_it_and_the_doctor_finds_it(
    place: Place, quick: Run, db: Db
) -> None:
    assert quick("install-cron").status == 0
    line = next(one for one in (place.root / "crontab").read_text().splitlines() if one.startswith("* * * * *"))
    command = line.removeprefix("* * * * *").replace(r"\%", "%")
    given = {"SHELL": "/bin/sh", "HOME": place.environment["HOME"], "LOGNAME": "ana", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(["/bin/sh", "-c", command], env=given, cwd=given["HOME"], capture_output=True, check=False)
    [log] = (place.home / "logs").glob("cron-*.log")
    assert (ran.returncode, ran.stdout, ran.stderr, log.read_text()) == (0, b"", b"", "")
    assert db.execute("select count(*) from ticks").fetchone() == (1,)
    assert db.execute("select channel_id from channels").fetchall() == [("one",)]
    at = Ground(load(), lambda: datetime.now(UTC), root=place.root)
    assert "vidctl tick is in this user's crontab" in [one.what for one in cron.ticking(at)]


def test_a_crontab_that_cannot_be_read_is_not_taken_for_an_empty_one(place: Place, quick: Run) -> None:
    (place.root / "crontab").write_text("0 0 * * *  true\n")
    (place.root / "crontab.locked").touch()
    ran = quick("install-cron")
    assert (ran.status, "not allowed to use this program" in ran.err, "--systemd" in ran.err) == (78, True, True)
    assert (place.root / "crontab").read_text() == "0 0 * * *  true\n"


def test_without_a_crontab_program_it_names_the_other_way_and_shows_the_lines(
    place: Place, quick: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    ran = quick("install-cron")
    assert (ran.status, ran.err.count("\n"), "vidctl install-cron --systemd" in ran.err) == (78, 2, True)
    assert "* * * * *  cd " in quick("install-cron", "--dry-run").out


def test_what_only_this_shell_says_is_named_and_never_shown(
    place: Place, quick: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana:s3cret-word@example.com/x")
    monkeypatch.setenv("KIE_API_KEY", "s3cret-word")  # .env says the same
    ran = quick("install-cron")
    assert ran.status == 78
    assert "only this shell says DATABASE_URL:" in ran.err
    assert "s3cret-word" not in ran.err + ran.out
    assert not (place.root / "crontab").exists()


def test_units_are_written_replaced_and_removed_and_nobody_elses(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place.root)
    at = place_of(load({}), {})
    manager = systemd.Manager(tmp_path / "units", system=False, runs=False)
    change = systemd.installing(manager, at, list(JOBS))
    assert change.commands[-1][:4] == ["systemctl", "--user", "enable", "--now"]
    systemd.carry_out(manager, change)
    assert len(list(manager.folder.iterdir())) == 2 * len(JOBS)
    assert systemd.installing(manager, at, list(JOBS)).write == {}
    systemd.carry_out(manager, systemd.installing(manager, at, list(JOBS)[:1]))
    assert sorted(path.name for path in manager.folder.iterdir()) == ["vidctl-tick.service", "vidctl-tick.timer"]
    theirs = manager.folder / "vidctl-report.timer"
    theirs.write_text("[Timer]\n")
    with pytest.raises(BadInput, match="not of"):
        systemd.installing(manager, at, list(JOBS))
    systemd.carry_out(manager, systemd.removing(manager, at.home))
    assert list(manager.folder.iterdir()) == [theirs]


def test_what_systemd_refuses_is_told_with_its_words(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = place.root / "bin/systemctl"
    fake.write_text(
        '#!/bin/sh\necho "$@" >> "$(dirname "$0")/asked"\n[ "$1" != enable ] || { echo "no bus" >&2; exit 1; }\n'
    )
    fake.chmod(0o755)
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(place.root)
    manager = systemd.Manager(tmp_path / "units", system=True, runs=True)
    at = place_of(load({}), {})
    with pytest.raises(Misconfigured, match=r"enable --now vidctl-tick\.timer failed: no bus"):
        systemd.carry_out(manager, systemd.installing(manager, at, list(JOBS)[:1]))
    assert (place.root / "bin/asked").read_text() == "daemon-reload\nenable --now vidctl-tick.timer\n"
