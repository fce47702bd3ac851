"""What starts vidctl's jobs: lines that arrive as they were meant, and a crontab of which nothing else is touched."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import crontab as example
from vidctl.domain.cron_jobs import JOBS, wanted
from vidctl.engine.installing import crontab, units
from vidctl.engine.installing.place import Place
from vidctl.errors import Misconfigured

NASTY = "/srv/a b/50%/$HOME #'\"\\;&`é"
LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"))


def place(folder: str = "/srv/vidctl", program: str = "/srv/vidctl/.venv/bin/vidctl") -> Place:
    home = Path(folder)
    return Place((program,), home, home, {"PATH": "/usr/bin:/bin", "VIDCTL_HOME": folder}, frozenset())


def test_the_jobs_of_the_example_are_those_that_are_installed() -> None:
    assert example.EXAMPLE.read_text("utf-8") == example.written(), "run: python -m tests.crontab"
    lines = [line for line in example.written().splitlines() if re.match(r"[\d*]", line)]
    assert [line.split("vidctl && ")[1].split()[1] for line in lines] == [job.words[0] for job in JOBS]


def test_a_further_machine_has_what_each_needs_and_a_backup_needs_its_passphrase() -> None:
    assert [job.name for job in wanted([])] == ["tick", "cleanup", "report", "archive"]
    assert [job.name for job in wanted(["VIDCTL_BACKUP_PASSPHRASE"])] == [job.name for job in JOBS]
    assert [job.name for job in wanted(["VIDCTL_BACKUP_PASSPHRASE"], is_worker=True)] == ["tick", "cleanup"]


@given(LINES, st.sampled_from(["/srv/vidctl", NASTY]))
def test_whatever_is_in_a_crontab_stays_and_to_do_it_twice_changes_nothing(was: str, folder: str) -> None:
    at = place(folder)
    block = crontab.block(at, JOBS, mail=True)
    once = crontab.put_in(was, at, block)
    assert crontab.put_in(once, at, block) == once
    assert once.count(block) == 1
    without = crontab.take_out(once, at.home)
    assert without == (was if not was or was.endswith("\n") else f"{was}\n")
    assert crontab.take_out(without, at.home) == without


def test_lines_are_replaced_where_they_are_and_those_of_another_installation_stay() -> None:
    mine, other = place(), place("/srv/other")
    both = "A=1\n" + crontab.block(mine, JOBS[:1], mail=True) + crontab.block(other, JOBS, mail=True) + "B=2\n"
    changed = crontab.put_in(both, mine, crontab.block(mine, JOBS[1:2], mail=False))
    assert changed == "A=1\n" + crontab.block(mine, JOBS[1:2], mail=False) + crontab.block(other, JOBS, mail=True) + (
        "B=2\n"
    )


@pytest.mark.parametrize("which", [0, -1])
def test_a_mark_alone_is_not_guessed_about(which: int) -> None:
    at = place()
    lines = crontab.block(at, JOBS, mail=True).splitlines()
    del lines[which]
    with pytest.raises(Misconfigured, match="first or last line alone"):
        crontab.put_in("\n".join(lines), at, "")


def test_cron_and_the_shell_pass_every_path_on_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / NASTY[1:]
    folder.mkdir(parents=True)
    program = folder / "vidctl"
    program.write_text('#!/bin/sh\nprintf "%s|" "$PWD" "$VIDCTL_HOME" "$PATH" "$@"\n')
    program.chmod(0o755)
    (folder / "logs").mkdir()
    line = crontab.line(place(str(folder), str(program)), JOBS[2], mail=False)
    when, command = line.split("  ", 1)
    assert when == JOBS[2].when
    assert not re.search(r"(?<!\\)%", command), "a bare % is where cron ends the command"
    expected = f"{folder}|{folder}|/usr/bin:/bin|backup|{folder}/backups|--keep|14|"
    for passed_on in (command.replace(r"\%", "%"), command):  # as cron does, and as BusyBox's does
        subprocess.run(["/bin/sh", "-c", passed_on], check=True, env={"PATH": "/usr/bin:/bin"})
        [log] = (folder / "logs").iterdir()
        assert re.fullmatch(r"cron-\d{4}-\d\d\.log", log.name)
        assert log.read_text() == expected
        log.unlink()


def test_a_unit_starts_the_program_with_every_path_as_it_is() -> None:
    text = units.units(place(NASTY, NASTY + "/vidctl"), JOBS[2:3], system=True)["vidctl-backup.service"]
    said = dict(line.split("=", 1) for line in text.splitlines() if re.match(r"(Exec|Work|Kill|Type)", line))
    program, *words = shlex.split(said["ExecStart"].replace("%%", "%"))  # it quotes as the shell does
    assert program == NASTY + "/vidctl", "where there are no variables"
    assert [word.replace("$$", "$") for word in words] == ["backup", NASTY + "/backups", "--keep", "14"]
    assert said["WorkingDirectory"] == NASTY.replace("%", "%%")
    assert (said["Type"], said["KillMode"]) == ("oneshot", "process")
