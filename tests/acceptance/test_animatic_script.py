"""The animatic: real pictures, a moving camera and a scratch voice, before a single clip is bought."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from vidctl.contract import Failure, Result, from_line
from vidctl.errors import ExitCode
from vidctl.places import shipped

SCRIPT = shipped("scripts") / "make_animatic.py"
LONG = "It went on and on over the dunes, day after day, until nobody knew any more when it had begun. "


def run(tmp_path: Path, **document: object) -> tuple[int, Result | Failure | None]:
    manifest = tmp_path / "animatic.json"
    manifest.write_text(json.dumps(document))
    words = [sys.executable, str(SCRIPT), f"--manifest={manifest}", f"--output={tmp_path / 'film.mp4'}"]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    said = [from_line(line) for line in ran.stdout.splitlines()]
    return ran.returncode, next((one for one in reversed(said) if isinstance(one, Result | Failure)), None)


def test_it_is_as_long_as_the_film_will_be_and_names_what_does_not_fit(tmp_path: Path) -> None:
    for name, colour in (("a.png", "teal"), ("b.png", "sienna")):
        Image.new("RGB", (1920, 1080), colour).save(tmp_path / name)
    scenes = [
        {"image": "a.png", "motion": "slow push in", "text": ""},
        {"image": "b.png", "motion": "pan left", "text": LONG},
    ]
    status, said = run(tmp_path, scenes=scenes, clip_s=2, tail_s=0.5)
    assert status == 0
    assert isinstance(said, Result)
    assert said.facts is not None
    [late] = said.facts["too_long"]
    assert (late["scene"], late["clip_s"]) == (2, 2.0)
    assert (said.facts["width"], said.facts["height"]) == (1920, 1080)
    assert abs(said.facts["duration_s"] - (2 + late["spoken_s"] + 0.5)) < 0.2
    assert "on and on" in (tmp_path / "film.srt").read_text()


@pytest.mark.parametrize("document", [{"scenes": []}, {}, {"scenes": [{"image": "nowhere.png"}]}, {"scenes": 3}])
def test_what_is_no_animatic_is_refused_in_words(tmp_path: Path, document: dict[str, object]) -> None:
    status, said = run(tmp_path, **document)
    assert status in (ExitCode.BAD_DATA, ExitCode.NO_INPUT)
    assert isinstance(said, Failure)
    assert said.hint
    assert not (tmp_path / "film.mp4").exists()
