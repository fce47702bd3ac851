"""The scripts that make pictures, run as the engine runs them: options in, one JSON object a line out."""

import hashlib
import json
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from vidctl.errors import ExitCode
from vidctl.media.encode import GOP

ROOT = Path(__file__).resolve().parents[2]
STYLE = "gouache, teal and amber"


@dataclass(frozen=True)
class Ran:
    status: int
    messages: list[dict[str, Any]]
    stderr: str

    @property
    def last(self) -> dict[str, Any]:
        return self.messages[-1]


def run(script: str, **options: object) -> Ran:
    arguments: list[str] = []
    for name, value in options.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            arguments += [f"--{name.replace('_', '-')}", str(one)]
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    return Ran(done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr)


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """Draw an asset once: `drawn("prop", "a wooden boat")`."""
    folder = tmp_path_factory.mktemp("drawn")

    def draw(kind: str, prompt: str) -> Path:
        output = folder / f"{hashlib.sha256((kind + prompt).encode()).hexdigest()[:8]}.png"
        if not output.exists():
            made = run("preview/generate_asset.py", name="thing", kind=kind, prompt=prompt, style=STYLE, output=output)
            assert made.status == ExitCode.OK, made.stderr
        return output

    return draw


def test_an_asset_is_the_same_bytes_every_time_and_says_so(tmp_path: Path) -> None:
    wanted = {"name": "boat", "kind": "prop", "prompt": "a small boat", "style": STYLE}
    first = run("preview/generate_asset.py", **wanted, output=tmp_path / "a.png")
    again = run("preview/generate_asset.py", **wanted, output=tmp_path / "b.png")
    other = run("preview/generate_asset.py", **wanted, take=2, output=tmp_path / "c.png")
    assert first.last["event"] == "result"
    assert first.last["sha256"] == hashlib.sha256((tmp_path / "a.png").read_bytes()).hexdigest()
    assert first.last["sha256"] == again.last["sha256"] != other.last["sha256"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png", "c.png"]


def test_everybody_in_a_composite_can_be_seen_and_stands_low_in_the_frame(
    tmp_path: Path, drawn: Callable[[str, str], Path]
) -> None:
    place = drawn("environment", "a beach at noon")
    made = run(
        "create_composite.py",
        environment=place,
        character=[drawn("character", "a sailor"), drawn("character", "a child")],
        prop=drawn("prop", "a wooden boat"),
        output=tmp_path / "composite.png",
    )
    assert made.status == ExitCode.OK, made.stderr
    with Image.open(tmp_path / "composite.png") as image:
        assert (image.mode, image.size) == ("RGB", (1920, 1080))
    changed = np.abs(pixels(tmp_path / "composite.png") - pixels(place)).sum(axis=2) > 40
    columns = changed[300:1000].mean(axis=0) > 0.12
    starts = int((np.diff(columns.astype(int), prepend=0) == 1).sum())
    assert starts >= 3, "three bodies side by side, with the place between them"
    assert changed[:150].mean() < 0.01
    assert changed[900:1020].any()


@pytest.mark.parametrize("backdrop", ["plain", "busy"])
def test_an_opaque_picture_of_a_character_still_gives_a_good_composite(
    tmp_path: Path, drawn: Callable[[str, str], Path], backdrop: str
) -> None:
    rng = np.random.default_rng(1)
    if backdrop == "plain":
        portrait = Image.new("RGB", (1600, 900), (236, 236, 233))
    else:
        portrait = Image.fromarray(rng.integers(0, 255, (9, 16, 3), dtype=np.uint8)).resize((1600, 900))
    ImageDraw.Draw(portrait).ellipse((620, 120, 980, 880), fill=(150, 30, 40))
    portrait.save(tmp_path / "portrait.jpg", quality=90)
    place = drawn("environment", "a beach at noon")
    made = run(
        "create_composite.py", environment=place, character=tmp_path / "portrait.jpg", output=tmp_path / "composite.png"
    )
    assert made.status == ExitCode.OK, made.stderr
    before, after = pixels(place), pixels(tmp_path / "composite.png")
    red = (after[..., 0] > 90) & (after[..., 1] < 80) & (after[..., 2] < 90)
    assert 0.02 < red.mean() < 0.5, "the character is there"
    changed = np.abs(after - before).sum(axis=2)
    assert (changed > 40).mean() < 0.55, "and the place is not covered by its backdrop"
    if backdrop == "plain":
        pale = (after.min(axis=2) > 228) & (changed > 40)
        assert pale.mean() < 0.004, "nothing of the plain backdrop is left"
    else:
        edges = np.abs(np.diff(changed, axis=1)).max(axis=1)
        assert np.median(edges[edges > 0]) < 200, "its edges are soft"


def test_a_split_screen_shows_two_places_with_a_line_between(tmp_path: Path, drawn: Callable[[str, str], Path]) -> None:
    left, right = drawn("environment", "a beach at noon"), drawn("environment", "a city at night")
    made = run(
        "create_split_screen.py",
        left_environment=left,
        left_character=drawn("character", "a sailor"),
        right_environment=right,
        right_prop=drawn("prop", "a wooden boat"),
        output=tmp_path / "split.png",
    )
    assert made.status == ExitCode.OK, made.stderr
    both = pixels(tmp_path / "split.png")
    assert both.shape == (1080, 1920, 3)
    assert np.ptp(both[:, 958:962], axis=(0, 1)).max() < 4, "the divider has one colour from top to bottom"
    assert both[:, :950].mean() > 1.5 * both[:, 970:].mean(), "day on the left, night on the right"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory, drawn: Callable[[str, str], Path]) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("clips")
    made = {}
    for name, motion, duration_s in (("in", "push in", 2.5), ("pan", "pan left", 1.0)):
        image = drawn("environment", "a beach at noon" if name == "in" else "a city at night")
        made[name] = folder / f"{name}.mp4"
        ran = run("preview/generate_video.py", image=image, motion=motion, duration_s=duration_s, output=made[name])
        assert ran.status == ExitCode.OK, ran.stderr
        assert ran.messages[0] == {"event": "progress", "done": 0, "total": duration_s * 24}
        assert ran.last["facts"] == {"duration_s": duration_s, "frames": duration_s * 24}
    return made


def test_a_clip_has_exactly_the_frames_asked_for_and_no_sound(clips: dict[str, Path]) -> None:
    for name, frames in (("in", 60), ("pan", 24)):
        with av.open(str(clips[name])) as clip:
            stream = clip.streams.video[0]
            assert [stream.type for stream in clip.streams] == ["video"]
            assert (stream.codec_context.name, stream.profile, stream.pix_fmt) == ("h264", "High", "yuv420p")
            assert (stream.width, stream.height) == (1920, 1080)
            assert stream.average_rate == Fraction(24)
            times = [frame.time for frame in clip.decode(stream)]
        assert times == pytest.approx([at / 24 for at in range(frames)], abs=1e-4)


def test_clips_share_their_codec_parameters_so_that_they_can_be_joined_as_streams(clips: dict[str, Path]) -> None:
    said = []
    for path in clips.values():
        with av.open(str(path)) as clip:
            stream = clip.streams.video[0]
            context = stream.codec_context
            said.append((bytes(context.extradata or b""), stream.time_base, context.color_range, context.colorspace))
            keys = [at for at, packet in enumerate(clip.demux(stream)) if packet.is_keyframe]
        assert keys == list(range(0, keys[-1] + 1, GOP)), "key frames come at a fixed distance"
    assert said[0] == said[1]
    assert said[0][0], "there are parameters to compare"
    assert said[0][2:] == (1, 1), "limited range, BT.709"


def test_the_camera_really_moves(clips: dict[str, Path]) -> None:
    with av.open(str(clips["in"])) as clip:
        first, *_, last = (frame.to_ndarray(format="gray").astype(float) for frame in clip.decode(video=0))
    assert np.abs(first - last).mean() > 3


def test_a_clip_has_the_colours_of_its_picture_each_in_its_place(tmp_path: Path) -> None:
    fields = {(0, 0): (200, 40, 30), (960, 0): (30, 60, 190), (0, 540): (40, 170, 60), (960, 540): (230, 210, 170)}
    picture = Image.new("RGB", (1920, 1080))
    for corner, colour in fields.items():
        picture.paste(colour, (*corner, corner[0] + 960, corner[1] + 540))
    picture.save(tmp_path / "fields.png")
    made = {"output": tmp_path / "fields.mp4", "duration_s": 0.2}
    assert run("preview/generate_video.py", image=tmp_path / "fields.png", motion="hold", **made).status == ExitCode.OK
    with av.open(str(made["output"])) as clip:
        seen = next(clip.decode(video=0)).to_ndarray(format="rgb24", src_colorspace="ITU709").astype(float)
    for (left, top), colour in fields.items():
        middle = seen[top + 200 : top + 340, left + 400 : left + 560].mean(axis=(0, 1))
        assert np.abs(middle - colour).max() < 6, (middle, colour)


def test_the_same_clip_is_the_same_bytes(tmp_path: Path, drawn: Callable[[str, str], Path]) -> None:
    image = drawn("prop", "a wooden boat")
    once, again, other = (
        run("preview/generate_video.py", image=image, motion="hold", duration_s=0.5, output=tmp_path / name, take=take)
        for name, take in (("a.mp4", 1), ("b.mp4", 1), ("c.mp4", 2))
    )
    assert once.last["sha256"] == again.last["sha256"] != other.last["sha256"]


def sheet(folder: Path, items: list[dict[str, str]], title: str = "Assets") -> Ran:
    (folder / "sheet.json").write_text(json.dumps({"title": title, "subtitle": "22 of them", "items": items}))
    return run("contact_sheet.py", manifest=folder / "sheet.json", output=folder / "sheet.png")


def test_a_contact_sheet_shows_every_image_whatever_its_label(
    tmp_path: Path, drawn: Callable[[str, str], Path]
) -> None:
    labels = ["harbour", "灯台 🗼 \u202e\x00\n", "a very long label " * 30, "", "Ünïcode — “quoted”", "x"]
    pictures = [drawn("environment", "a beach at noon"), drawn("character", "a sailor"), drawn("prop", "a wooden boat")]
    for at, picture in enumerate(pictures):
        (tmp_path / f"{at}.png").write_bytes(picture.read_bytes())
    items = [{"path": f"{at % 3}.png", "label": label} for at, label in enumerate(labels)]
    made = sheet(tmp_path, items, title="Ünïcode 灯台 🗼")
    assert made.status == ExitCode.OK, made.stderr
    page = pixels(tmp_path / "sheet.png")
    assert page.shape[1] == 2000
    assert page[:40].mean() < 60, "dark"
    assert page[150:].std() > 30, "and full of pictures"


def test_a_filmstrip_shows_frames_of_each_clip(tmp_path: Path, clips: dict[str, Path]) -> None:
    for name, path in clips.items():
        (tmp_path / f"{name}.mp4").write_bytes(path.read_bytes())
    made = sheet(tmp_path, [{"path": "in.mp4", "label": "beach"}, {"path": "pan.mp4", "label": "city"}])
    assert made.status == ExitCode.OK, made.stderr
    page = pixels(tmp_path / "sheet.png")
    upper, lower = page[150 : 150 + 260], page[page.shape[0] // 2 + 60 : page.shape[0] // 2 + 300]
    assert upper.mean() > 1.5 * lower.mean(), "day above, night below"
    quarters = np.split(upper[:, 56:1944], 4, axis=1)
    assert all(quarter.std() > 15 for quarter in quarters), "four frames in a row, none of them empty"


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 30,000 x 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


HOSTILE = {
    "empty.png": b"",
    "text.png": b"this is no picture",
    "bomb.png": bomb(),
    "script.png": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n",
}


@pytest.mark.parametrize("name", [*HOSTILE, "cut_off.png", "folder.png", "missing.png"])
def test_a_picture_that_cannot_be_read_is_one_error_that_names_it(
    tmp_path: Path, drawn: Callable[[str, str], Path], name: str
) -> None:
    if name in HOSTILE:
        (tmp_path / name).write_bytes(HOSTILE[name])
    elif name == "folder.png":
        (tmp_path / name).mkdir()
    elif name == "cut_off.png":
        (tmp_path / name).write_bytes(drawn("prop", "a wooden boat").read_bytes()[:9_000])
    ran = run("create_composite.py", environment=tmp_path / name, output=tmp_path / "out.png")
    there_is_none = name in ("missing.png", "folder.png")
    assert ran.status == (ExitCode.NO_INPUT if there_is_none else ExitCode.BAD_DATA)
    assert [message["event"] for message in ran.messages] == ["error"]
    assert ran.last["class"] == "permanent"
    assert name in ran.last["message"]
    assert ran.stderr.startswith("error: ")
    assert "\nhint: " in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize(
    ("manifest", "word"),
    [
        ("{", "sheet.json"),
        ('{"items": []}', "items"),
        ('{"items": [{"label": "x"}]}', "path"),
        ('{"items": [{"path": "gone.mp4"}]}', "gone.mp4"),
        ('{"items": [{"path": "sheet.json"}]}', "sheet.json"),
        ('{"items": [{"path": "noise.mp4"}]}', "noise.mp4"),
    ],
)
def test_a_manifest_that_cannot_be_shown_is_one_error_that_says_where(tmp_path: Path, manifest: str, word: str) -> None:
    (tmp_path / "noise.mp4").write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(range(256)) * 9)
    (tmp_path / "sheet.json").write_text(manifest)
    ran = run("contact_sheet.py", manifest=tmp_path / "sheet.json", output=tmp_path / "out.png")
    assert ran.status in (ExitCode.BAD_DATA, ExitCode.NO_INPUT)
    assert word in ran.last["message"]
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out.png").exists()


def test_a_video_of_a_broken_picture_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "text.png").write_bytes(b"no picture")
    ran = run("preview/generate_video.py", image=tmp_path / "text.png", motion="hold", output=tmp_path / "clip.mp4")
    assert ran.status == ExitCode.BAD_DATA
    assert [path.name for path in tmp_path.iterdir()] == ["text.png"]


@pytest.mark.parametrize(
    "script",
    [
        "preview/generate_asset.py",
        "preview/generate_video.py",
        "create_composite.py",
        "create_split_screen.py",
        "contact_sheet.py",
    ],
)
def test_every_option_is_explained(script: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / script, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
    )
    options = done.stdout.partition("Options:")[2].split("\n  --")[1:]
    assert len(options) > 2
    assert all(len(option.replace("[required]", "").split()) > 3 for option in options)
