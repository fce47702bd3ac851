"""What a manifest may say."""

import json
from pathlib import Path

import pytest

from vidctl.errors import BadInput, NotFound
from vidctl.media.assembly.manifest import load


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "a.mp4").touch()
    return tmp_path


def test_paths_are_relative_to_the_manifest(here: Path) -> None:
    (here / "m.json").write_text(json.dumps({"scenes": [{"clip": "a.mp4", "narration": "", "sfx": None}], "intro": ""}))
    manifest = load(here / "m.json")
    scene = manifest.scenes[0]
    assert (scene.clip, scene.narration, scene.sfx, scene.text) == (str(here / "a.mp4"), None, None, None)
    assert (manifest.intro, manifest.outro, manifest.tail_s) == (None, None, 0.6)


def test_a_missing_manifest_is_not_found(here: Path) -> None:
    with pytest.raises(NotFound, match=r"none\.json"):
        load(here / "none.json")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("rubbish", "malformed"),
        ("\xff\xfe", "no manifest"),
        ("[]", "object"),
        ("[" * 100_000, "no manifest"),
        ('{"scenes": []}', "$.scenes"),
        ('{"scenes": [{"narration": "a.wav"}]}', "clip"),
        ('{"scenes": [{"clip": "a.mp4", "narratoin": "b.wav"}]}', "narratoin"),
        ('{"scenes": [{"clip": "nowhere.mp4"}]}', "$.scenes[0].clip"),
        ('{"scenes": [{"clip": "a.mp4\\u0000"}]}', "$.scenes[0].clip"),
        ('{"scenes": [{"clip": "a.mp4"}, {"clip": "a.mp4", "sfx": "x.wav"}]}', "$.scenes[1].sfx"),
        ('{"scenes": [{"clip": 7}]}', "$.scenes[0].clip"),
        ('{"scenes": [{"clip": "a.mp4"}], "tail_s": -1}', "$.tail_s"),
        ('{"scenes": [{"clip": "a.mp4", "min_s": "long"}]}', "$.scenes[0].min_s"),
        ('{"scenes": [{"clip": "a.mp4"}], "intro": "gone.mp4"}', "$.intro"),
    ],
)
def test_what_is_wrong_is_named(here: Path, text: str, named: str) -> None:
    (here / "m.json").write_text(text, "latin-1")
    with pytest.raises(BadInput) as refusal:
        load(here / "m.json")
    assert named in str(refusal.value)
