"""The preview set's story, voice, effects and publishing, as the programs that the engine starts."""

import json
import os
import subprocess
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from vidctl.domain.storyboard import check_size, parse
from vidctl.script import sha256_of

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "scripts" / "preview"


@dataclass(frozen=True)
class Ran:
    status: int
    message: dict[str, Any]
    err: str


def run(script: str, /, *prefix: str, env: dict[str, str] | None = None, **options: object) -> Ran:
    """Run a script with its options; it prints exactly one message and never a traceback."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    done = subprocess.run(
        [*prefix, sys.executable, str(SCRIPTS / script), *words],
        capture_output=True,
        timeout=60,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **(env or {})},
        check=False,
    )
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    lines = done.stdout.decode().splitlines()
    assert len(lines) == 1, (lines, err)
    return Ran(done.returncode, json.loads(lines[0]), err)


def refused(ran: Ran, status: int, *words: str) -> None:
    """The program ended with that status, one clear error, and a hint."""
    assert ran.status == status, ran
    assert ran.message["event"] == "error"
    assert ran.message["class"] == "permanent"
    assert ran.err.startswith("error: ")
    assert "\nhint: " in ran.err
    for word in words:
        assert word in ran.err


def without_network() -> list[str]:
    """Return a prefix that runs a program where no network can be reached, or nothing where there is no such thing."""
    probe = (
        subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)
        if Path("/usr/bin/unshare").exists()
        else None
    )
    return ["unshare", "-rn"] if probe and probe.returncode == 0 else []


def test_a_brief_becomes_the_same_storyboard_in_every_process(tmp_path: Path) -> None:
    brief = tmp_path / "brief.json"
    brief.write_text(
        json.dumps({"title": "The Salt Road", "topic": "Salt 🐫 $(rm -rf /) \"'", "assets": 9, "scenes": 7})
    )
    made = [tmp_path / f"{seed}.json" for seed in "01"]
    for seed, output in enumerate(made):
        ran = run("generate_story.py", env={"PYTHONHASHSEED": str(seed)}, brief=brief, output=output)
        assert ran.status == 0, ran
        assert ran.message["sha256"] == sha256_of(output)
    check_size(parse(made[0].read_bytes()), assets=9, scenes=7)
    assert made[0].read_bytes() == made[1].read_bytes()


def test_a_story_can_be_told_by_hand_and_again_differently(tmp_path: Path) -> None:
    words: dict[str, Any] = {
        "title": "Wolves",
        "topic": "The return of the wolves",
        "scenes": 3,
        "assets": 4,
        "clip_seconds": 5,
    }
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    assert run("generate_story.py", output=first, **words).status == 0
    assert run("generate_story.py", output=second, take=2, note="at sea", **words).status == 0
    assert first.read_bytes() != second.read_bytes()
    assert "sea" in second.read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"title": "x", "assets": 0}', ["$.assets"]),
        ('{"title": "x", "scene": 3}', ["scene"]),
        ('{"title": 7}', ["$.title"]),
        ("{", ["not a brief"]),
        (json.dumps({"story_direction": "x" * 50_001}), ["$.story_direction"]),
    ],
)
def test_a_wrong_brief_is_refused_with_its_field(tmp_path: Path, text: str, words: list[str]) -> None:
    brief = tmp_path / "brief.json"
    brief.write_text(text)
    refused(run("generate_story.py", brief=brief, output=tmp_path / "x.json"), 65, *words)
    assert list(tmp_path.iterdir()) == [brief]


def test_no_words_at_all_and_a_missing_brief_are_refused(tmp_path: Path) -> None:
    refused(run("generate_story.py", output=tmp_path / "x.json"), 65, "--title")
    refused(run("generate_story.py", brief=tmp_path / "none.json", output=tmp_path / "x.json"), 66, "none.json")


def test_words_become_an_mp3_without_any_network(tmp_path: Path) -> None:
    output = tmp_path / "narration.mp3"
    env = {"HF_HUB_OFFLINE": "1", "HOME": str(tmp_path / "no-home")}
    text = 'The lamp still turns. -- "Quotes" & $HOME'
    ran = run("generate_audio.py", *without_network(), env=env, text=text, voice_id="ana", output=output)
    assert ran.status == 0, ran
    with av.open(output) as file:
        stream = file.streams.audio[0]
        assert (stream.codec_context.name, stream.rate, stream.channels) == ("mp3float", 44_100, 1)
        samples = np.concatenate([frame.to_ndarray()[0] for frame in file.decode(stream)])
    assert ran.message["facts"]["duration_s"] == pytest.approx(len(samples) / 44_100, abs=0.06)
    assert np.sqrt(np.mean(samples**2)) > 0.05
    assert np.abs(samples).max() < 1
    assert list(tmp_path.iterdir()) == [output], "the voice leaves something in the home folder"


def test_emoji_alone_are_refused_for_good_and_nothing_is_left(tmp_path: Path) -> None:
    ran = run("generate_audio.py", text="😀😀", voice_id="ana", output=tmp_path / "x.mp3")
    refused(ran, 65, "cannot say", "Latin")
    assert list(tmp_path.iterdir()) == []


def test_an_effect_is_a_stereo_wav_of_the_length_asked_for(tmp_path: Path) -> None:
    output = tmp_path / "sfx" / "sfx_01.wav"
    ran = run("generate_sound_effects.py", description="stormy sea, howling wind", duration_s=2.5, output=output)
    assert ran.status == 0, ran
    with wave.open(str(output)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 48_000, 2)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert len(samples) == 2 * 2.5 * 48_000
    assert 500 < np.abs(samples).max() < 32_000
    again = run("generate_sound_effects.py", description="stormy sea, howling wind", duration_s=2.5, output=output)
    assert again.message["sha256"] == ran.message["sha256"]


def test_an_effect_of_no_length_is_refused(tmp_path: Path) -> None:
    refused(
        run("generate_sound_effects.py", description="x", duration_s=0, output=tmp_path / "x.wav"), 65, "duration-s"
    )


def publish(place: Path, film: Path, **fields: object) -> Ran:
    metadata = place / "metadata.json"
    metadata.write_text(json.dumps({"title": "A film: «No. 1» / ../x", "folder": str(place / "out"), **fields}))
    return run("upload_video.py", film=film, metadata=metadata, output=place / "receipt.json")


def test_a_film_is_published_once_with_its_subtitles(tmp_path: Path) -> None:
    film = tmp_path / "abc_final.mp4"
    film.write_bytes(b"not really a film")
    film.with_suffix(".srt").write_text("1\n")
    first, receipt = publish(tmp_path, film, tags=["a"], privacy="unlisted"), (tmp_path / "receipt.json").read_bytes()
    second = publish(tmp_path, film, tags=["a"], privacy="unlisted")
    digest = sha256_of(film)
    name = f"A-film-No-1-x-{digest[:8]}"
    assert first.message == second.message
    assert first.message["url"] == (tmp_path / "out" / f"{name}.mp4").as_uri()
    assert (tmp_path / "receipt.json").read_bytes() == receipt
    said = json.loads(receipt)
    assert (said["url"], said["sha256"], said["privacy"]) == (first.message["url"], digest, "unlisted")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [f"{name}.mp4", f"{name}.srt"]


def test_a_published_film_that_was_damaged_is_made_whole(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"whole")
    target = Path(publish(tmp_path, film).message["url"].removeprefix("file://"))
    target.unlink()
    target.write_bytes(b"half")
    assert publish(tmp_path, film).status == 0
    assert target.read_bytes() == b"whole"


def test_a_film_without_a_folder_named_goes_beside_itself_whatever_youtube_would_be_told(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"whole")
    metadata = tmp_path / "metadata.json"
    metadata.write_text(
        '{"title": "日本", "account": "UCx", "thumbnail": "nowhere.png", "captions": true, "playlist": "PL"}'
    )
    ran = run("upload_video.py", film=film, metadata=metadata, output=tmp_path / "receipt.json")
    assert Path(ran.message["url"].removeprefix("file://")).parent == tmp_path / "published"
    assert "/film-" in ran.message["url"]


def test_what_cannot_be_published_is_refused(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    refused(publish(tmp_path, film), 66, "film.mp4")
    film.write_bytes(b"whole")
    refused(publish(tmp_path, film, tags="a"), 65, "$.tags")
    refused(publish(tmp_path, film, folder=" "), 65, "$.folder")
    (tmp_path / "taken").write_text("a file")
    blocked = publish(tmp_path, film, folder=str(tmp_path / "taken"))
    assert (blocked.status, blocked.message["class"]) == (73, "transient")
