"""What an operator sees before she spends: her own limits and budgets, played in simulated time."""

import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.place import Place, Ran
from tests.processes import until
from vidctl.errors import ExitCode

Run = Callable[..., Ran]
COLOURS = r"\x1b\[[0-9;?]*[A-Za-z]"
SMALL = """\
channel_id: one
channel_name: One
board: local
mode: preview
story: {{assets: 2, scenes: 2}}
budget: {{day_usd: 5}}
"""
WEEK = ("simulate", "--weeks", "1", "--films-a-week", "1", "--faults", "none", "--seed", "2")


def test_a_week_is_told_with_its_promises_and_what_was_used_of_each_limit(terminal: Run, place: Place) -> None:
    place.channel(text=SMALL)
    shown = " ".join(re.sub(COLOURS, "", terminal(*WEEK, timeout_s=60).out).split())
    assert "1 week of 1 channel, 1 film a week each, played with seed 2" in shown
    assert "films 1 1 planned 1.0 a week" in shown
    assert "bought twice 0 $0.00" in shown
    assert "films lost 0 nothing and nobody would move them on" in shown
    assert "limits exceeded 0 of calls and of budgets" in shown
    assert "budget.day_usd in one.yaml" in shown
    assert "measured here:" in shown


def test_a_script_gets_the_same_as_one_object(vidctl: Run, place: Place) -> None:
    place.channel(text=SMALL)
    ran = vidctl(*WEEK, "--json")
    said = ran.json
    assert (said["planned"], said["published"], said["lost"]) == (1, 1, 0)
    assert (said["bought_twice"], said["exceeded"]) == (0, [])
    assert {peak["what"]: peak["limit"] for peak in said["budgets"]} == {"budget.day_usd in one.yaml": 5}
    assert said["scenario"]["channels"] == said["report"]["films"]["published"] == 1
    assert "measured here:" in ran.err
    assert not place.home.exists(), "nothing of it is kept, and nothing of hers was looked at"


def test_told_to_end_it_leaves_neither_a_folder_nor_a_server(place: Place) -> None:
    command, environment = [sys.executable, "-m", "vidctl", "simulate"], place.environment | {"TMPDIR": str(place.root)}
    with subprocess.Popen(command, cwd=place.root, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            until(lambda: any(place.root.glob("vidctl-scratch-*/home/workspace")))
            process.terminate()
            said = process.communicate(timeout=30)[1]
        finally:
            process.kill()
    assert (said, process.returncode) == (
        "error: interrupted\nhint: nothing is lost; run the command again\n",
        ExitCode.INTERRUPTED,
    )
    assert list(place.root.glob("vidctl-scratch-*")) == []


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("--films-a-week", "0.05", "--weeks", "1"), ExitCode.USAGE, "not even one film"),
        (("--channels", "0"), ExitCode.BAD_DATA, "from 1 to 500"),
        (("--faults", "rain=1"), ExitCode.BAD_DATA, "rain"),
        (("--channels", "500", "--weeks", "520", "--films-a-week", "100"), ExitCode.BAD_DATA, "films"),
    ],
)
def test_what_is_no_plan_is_refused_before_anything_is_played(
    quick: Run, arguments: tuple[str, ...], status: ExitCode, words: str
) -> None:
    ran = quick("simulate", *arguments)
    assert (ran.status, ran.out) == (status, "")
    assert words in " ".join(ran.err.split())


def test_a_channel_whose_file_is_broken_is_named_and_not_left_out_of_the_plan(quick: Run, place: Place) -> None:
    broken = place.channel("two", "channel_id: two\nchannel_name: Two\nboard: local\nmode: soon\n")
    ran = quick("simulate", "--channels", "2")
    assert (ran.status, ran.out) == (ExitCode.MISCONFIGURED, "")
    assert f"{broken}:4" in ran.err
