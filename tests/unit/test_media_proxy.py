"""Proxies are small enough, and show and play what they stand for."""

import shlex
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from tests.media_samples import brightness, clip, complaints, ffmpeg, sound, tone, wav
from vidctl.errors import BadInput
from vidctl.media import ffmpeg as the_real_one
from vidctl.media.probe import AudioFacts, MediaFacts, VideoFacts, probe
from vidctl.media.proxy.make import make
from vidctl.media.proxy.plan import SOUNDS, film_for, sound_for

MIB = 1 << 20
NOISY = "testsrc2=s={size}:r={rate},noise=alls=30:allf=t"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[float, int, bool], Path]:
    """Make a film that is hard to compress: `film(seconds, frames a second, with sound)`."""
    folder = tmp_path_factory.mktemp("films")

    @cache
    def made(seconds: float, rate: int, sounding: bool) -> Path:
        path = folder / f"{seconds}-{rate}-{sounding}.mp4"
        picture = ["-f", "lavfi", "-i", NOISY.format(size="320x180", rate=rate)]
        heard = ["-f", "lavfi", "-i", "sine=330:r=48000"] if sounding else []
        options = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "20", "-pix_fmt", "yuv420p"]
        ffmpeg(*picture, *heard, "-t", str(seconds), *options, path)
        return path

    return made


@pytest.fixture
def ffmpeg_is(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], None]]:
    """Put lines of shell in the place of ffmpeg, which is `$FFMPEG` to them."""
    program, real = tmp_path_factory.mktemp("programs") / "ffmpeg", the_real_one.executable()

    def put(script: str) -> None:
        program.write_text(f"#!/bin/sh\nFFMPEG={shlex.quote(real)}\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("VIDCTL_FFMPEG", str(program))
        the_real_one.executable.cache_clear()

    yield put
    the_real_one.executable.cache_clear()


def ratio(facts: dict[str, Any]) -> float:
    return float(facts["width"] / facts["height"])


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    budget=st.integers(100, 300_000),
    seconds=st.sampled_from([0.2, 1.3, 4.0]),
    rate=st.sampled_from([24, 25]),
    sounding=st.booleans(),
)
@example(budget=20_000, seconds=4.0, rate=24, sounding=True)
@example(budget=8_000, seconds=1.3, rate=25, sounding=True)
def test_a_film_is_never_larger_than_asked_and_as_long_as_before(
    tmp_path: Path, film: Callable[[float, int, bool], Path], budget: int, seconds: float, rate: int, sounding: bool
) -> None:
    source, output = film(seconds, rate, sounding), tmp_path / "proxy.mp4"
    output.unlink(missing_ok=True)
    try:
        facts = make(source, output, max_bytes=budget)
    except BadInput:
        assert list(tmp_path.iterdir()) == []
        return
    assert output.stat().st_size <= budget
    assert facts["proxy"] is (source.stat().st_size > budget)
    assert abs(facts["duration_s"] - probe(source).duration_s) <= 0.1
    assert complaints(output) == ""


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(budget=st.integers(100, 120_000), seconds=st.sampled_from([0.1, 2.0, 7.3]))
def test_a_sound_is_never_larger_than_asked_and_as_long_as_before(tmp_path: Path, budget: int, seconds: float) -> None:
    source, output = tmp_path / "tone.wav", tmp_path / "tone.mp3"
    output.unlink(missing_ok=True)
    wav(source, tone(seconds, 440))
    try:
        facts = make(source, output, max_bytes=budget)
    except BadInput:
        assert list(tmp_path.iterdir()) == [source]
        return
    assert output.stat().st_size <= budget
    assert abs(facts["duration_s"] - seconds) <= 0.1
    assert complaints(output) == ""
    heard = probe(output).audio
    assert heard is not None
    assert heard.channels == 1, "two would take more and say no more"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(budget=st.integers(200, 60_000), size=st.tuples(st.integers(1, 400), st.integers(1, 400)))
def test_a_picture_is_never_larger_than_asked_and_keeps_its_shape(
    tmp_path: Path, budget: int, size: tuple[int, int]
) -> None:
    source, output = tmp_path / "noise.png", tmp_path / "noise.jpg"
    output.unlink(missing_ok=True)
    pixels = np.random.default_rng(3).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    Image.fromarray(pixels).save(source)
    try:
        facts = make(source, output, max_bytes=budget)
    except BadInput:
        assert list(tmp_path.iterdir()) == [source]
        return
    assert output.stat().st_size <= budget
    scale = max(facts["width"], facts["height"]) / max(size)
    assert max(abs(facts["width"] - size[0] * scale), abs(facts["height"] - size[1] * scale)) <= 1


@given(
    duration_s=st.floats(0.5, 14_400),
    fps=st.sampled_from([Fraction(24), Fraction(30_000, 1_001), Fraction(60)]),
    size=st.tuples(st.integers(2, 4_000), st.integers(2, 4_000)),
    of_bytes=st.integers(10_000, 10**10),
    budget=st.integers(1, 50 * MIB),
)
def test_a_plan_stays_within_its_bytes_and_never_enlarges(
    duration_s: float, fps: Fraction, size: tuple[int, int], of_bytes: int, budget: int
) -> None:
    facts = MediaFacts(duration_s, VideoFacts("h264", *size, fps, 0), AudioFacts("aac", 48_000, 2))
    plan = film_for(facts, of_bytes, budget)
    if plan is None:
        return
    bits = plan.most_bps * duration_s + 0.9 * plan.buffer_bits
    assert bits / 8 + (plan.sound.bytes_in(duration_s) if plan.sound else 0) <= budget
    assert 0 < plan.scale <= 1
    assert plan.fps in {None, fps / 2}


def test_less_room_makes_a_film_smaller_step_by_step_and_only_then_halves_its_frames() -> None:
    facts = MediaFacts(180, VideoFacts("h264", 1920, 1080, Fraction(24), 4_320), AudioFacts("aac", 48_000, 2))
    plans = [film_for(facts, 150 * MIB, budget) for budget in range(80 * MIB, 300_000, -100_000)]
    seen = [(round(1080 * plan.scale), plan.fps) for plan in plans if plan]
    assert list(dict.fromkeys(seen)) == [(1080, None), (720, None), (540, None), (360, None), (240, None), (240, 12)]


def test_ten_minutes_of_film_find_room_in_five_mebibytes_with_their_sound() -> None:
    facts = MediaFacts(600, VideoFacts("h264", 1920, 1080, Fraction(24), 14_400), AudioFacts("aac", 48_000, 2))
    plan = film_for(facts, 200 * MIB, 5 * MIB)
    assert plan is not None
    assert plan.sound in SOUNDS
    assert (round(1080 * plan.scale), plan.fps) == (240, None)


def test_an_hour_long_tone_is_too_long_for_one_megabyte_of_mp3_and_says_what_it_needs(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=440:r=8000:d=3600", "-c:a", "pcm_u8", tmp_path / "hour.wav")
    with pytest.raises(BadInput, match="1,000,000 bytes") as caught:
        make(tmp_path / "hour.wav", tmp_path / "hour.mp3", max_bytes=1_000_000)
    assert caught.value.hint == "it takes --max-bytes 3600700 at least"
    assert sound_for(3_600, 3_600_700) == SOUNDS[-1], "8 kbit/s, the least there is"
    assert [path.name for path in tmp_path.iterdir()] == ["hour.wav"]


def test_five_minutes_of_tone_in_a_third_of_a_megabyte_can_still_be_heard(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "sine=440:r=16000:d=300", "-c:a", "pcm_u8", tmp_path / "tone.wav")
    facts = make(tmp_path / "tone.wav", tmp_path / "tone.mp3", max_bytes=330_000)
    assert facts["duration_s"] == pytest.approx(300, abs=0.1)
    heard = sound(tmp_path / "tone.mp3")
    assert len(heard) == pytest.approx(300 * 8_000, abs=800)
    spectrum = np.abs(np.fft.rfft(heard[80_000:88_000]))
    assert spectrum.argmax() == 440


@pytest.mark.parametrize(
    ("size", "shape"), [("641x361", "wide"), ("181x323", "tall"), ("133x77", "small"), ("1920x240", "a banner")]
)
def test_a_film_keeps_its_shape_and_gets_even_sides_whatever_they_were(tmp_path: Path, size: str, shape: str) -> None:
    source = clip(tmp_path / "odd.mp4", size=size, seconds=0.5, pix_fmt="yuv444p", crf="1")
    facts = make(source, tmp_path / "even.mp4", max_bytes=min(12_000, source.stat().st_size - 1))
    width, height = map(int, size.split("x"))
    assert facts["width"] % 2 == facts["height"] % 2 == 0, shape
    with av.open(str(tmp_path / "even.mp4")) as container:
        stream = container.streams.video[0]
        assert (stream.pix_fmt, stream.sample_aspect_ratio) == ("yuv420p", Fraction(1))
    scale = min(1, 240 / min(width, height), 240 * 16 / 9 / max(width, height))
    if facts["height"] < height - 1:
        assert facts["height"] >= height * scale - 1, "not smaller than the last step"
    assert ratio(facts) == pytest.approx(width / height, rel=1.5 / min(facts["width"], facts["height"]) + 0.01)


@pytest.mark.parametrize("filters", ["setsar=2", "setsar=1/2"])
def test_pixels_that_are_not_square_become_square(tmp_path: Path, filters: str) -> None:
    source = clip(tmp_path / "wide.mp4", size="320x240", seconds=0.4, vf=filters)
    with av.open(str(source)) as container:
        pixel = container.streams.video[0].sample_aspect_ratio
    assert pixel is not None
    facts = make(source, tmp_path / "square.mp4", max_bytes=source.stat().st_size - 1)
    assert ratio(facts) == pytest.approx(320 / 240 * float(pixel), rel=0.02)


def test_a_film_that_lies_on_its_side_stands_up(tmp_path: Path) -> None:
    lying = clip(tmp_path / "lying.mp4", size="320x180", seconds=0.4)
    ffmpeg("-display_rotation", "90", "-i", lying, "-c", "copy", tmp_path / "turned.mp4")
    facts = make(tmp_path / "turned.mp4", tmp_path / "proxy.mp4", max_bytes=lying.stat().st_size - 1)
    assert ratio(facts) == pytest.approx(180 / 320, rel=0.02)


@pytest.mark.parametrize("ending", [".mov", ".webm", ".mkv"])
def test_films_in_other_containers_become_mp4_that_every_browser_plays(tmp_path: Path, ending: str) -> None:
    codec: dict[str, Any] = {"c:v": "libvpx", "b:v": "2M", "preset": "0"} if ending == ".webm" else {}
    source = clip(tmp_path / f"film{ending}", 6, seconds=0.6, **codec)
    facts = make(source, tmp_path / "proxy.mp4", max_bytes=source.stat().st_size - 1)
    seen = probe(tmp_path / "proxy.mp4")
    assert facts["proxy"] is True
    assert seen.video is not None
    assert (seen.video.codec, seen.audio) == ("h264", None)
    data = (tmp_path / "proxy.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "it starts to play before it is loaded"
    assert np.abs(brightness(tmp_path / "proxy.mp4") - brightness(source)).max() < 3, "the same pictures"


def test_a_film_with_sound_keeps_it_and_says_so(tmp_path: Path, film: Callable[[float, int, bool], Path]) -> None:
    facts = make(film(4.0, 24, True), tmp_path / "proxy.mp4", max_bytes=150_000)
    assert facts["sound"] is True
    assert np.sqrt(np.mean(sound(tmp_path / "proxy.mp4") ** 2)) > 0.03
    mute = make(film(4.0, 24, False), tmp_path / "mute.mp4", max_bytes=150_000)
    assert mute["sound"] is False


def test_a_film_that_does_not_say_how_long_it_is_is_refused_with_what_to_do(tmp_path: Path) -> None:
    source = clip(tmp_path / "endless.webm", seconds=0.4, f="matroska", live="1")
    with pytest.raises(BadInput, match="does not say how long it plays") as caught:
        make(source, tmp_path / "proxy.mp4", max_bytes=source.stat().st_size - 1)
    assert "-c copy" in caught.value.hint


def test_what_a_file_says_about_itself_stays_behind(tmp_path: Path) -> None:
    source = clip(tmp_path / "film.mp4", seconds=0.4, metadata="title=where I live")
    assert b"where I live" in source.read_bytes()
    make(source, tmp_path / "proxy.mp4", max_bytes=source.stat().st_size - 1)
    assert b"where I live" not in (tmp_path / "proxy.mp4").read_bytes()


def test_silence_is_as_good_as_any_sound(tmp_path: Path) -> None:
    source = wav(tmp_path / "silence.wav", np.zeros(48_000 * 3))
    assert make(source, tmp_path / "silence.mp3", max_bytes=20_000)["duration_s"] == pytest.approx(3, abs=0.1)
    assert np.abs(sound(tmp_path / "silence.mp3")).max() < 1e-3


def test_the_cover_of_a_sound_is_no_film(tmp_path: Path) -> None:
    Image.new("RGB", (64, 64), (200, 30, 30)).save(tmp_path / "cover.png")
    wav(tmp_path / "tone.wav", tone(2, 440))
    both: list[str | Path] = [
        "-i",
        tmp_path / "tone.wav",
        "-i",
        tmp_path / "cover.png",
        "-map",
        "0",
        "-map",
        "1",
        "-c:v",
        "copy",
    ]
    ffmpeg(*both, "-b:a", "192k", tmp_path / "song.mp3")
    facts = make(tmp_path / "song.mp3", tmp_path / "proxy.mp3", max_bytes=20_000)
    assert set(facts) == {"proxy", "of_bytes", "duration_s"}
    assert probe(tmp_path / "proxy.mp3").duration_s == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (160, 160, 160)])
@pytest.mark.parametrize("ending", [".png", ".webp"])
def test_cut_outs_are_visible_whatever_their_colour(tmp_path: Path, colour: tuple[int, int, int], ending: str) -> None:
    shape = Image.new("RGBA", (800, 600), (0, 0, 0, 0))
    ImageDraw.Draw(shape).ellipse((200, 100, 600, 500), fill=(*colour, 255))
    shape.save(tmp_path / f"shape{ending}", lossless=True)
    make(tmp_path / f"shape{ending}", tmp_path / "shape.jpg", max_bytes=60_000)
    with Image.open(tmp_path / "shape.jpg") as image:
        seen = np.asarray(image.convert("L"), dtype=float)
    inside, outside = seen[250:350, 350:450], seen[:90, :190]
    assert inside.std() < 3, "the shape is of one colour"
    assert abs(inside.mean() - np.mean(colour)) < 3
    assert outside.std() > 10, "and the ground is not"


def test_a_photograph_is_turned_as_its_camera_was(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    pixels = np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(tmp_path / "turned.jpg", quality=95, exif=exif)
    facts = make(tmp_path / "turned.jpg", tmp_path / "proxy.jpg", max_bytes=30_000)
    assert ratio(facts) == pytest.approx(2 / 3, rel=0.02)


@pytest.mark.parametrize("name", ["film.mp4", "tone.mp3", "scene.png"])
def test_nothing_useful_is_made_of_a_few_hundred_bytes(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    if name == "scene.png":
        Image.effect_noise((300, 200), 80).save(source)
    elif name == "tone.mp3":
        wav(tmp_path / "tone.wav", tone(3, 440))
        ffmpeg("-i", tmp_path / "tone.wav", source)
        (tmp_path / "tone.wav").unlink()
    else:
        clip(source, seconds=1)
    ending = {".png": ".jpg"}.get(source.suffix, source.suffix)
    with pytest.raises(BadInput, match=r"no proxy of .* is of use in 300 bytes"):
        make(source, tmp_path / f"proxy{ending}", max_bytes=300)
    assert list(tmp_path.iterdir()) == [source]


def test_what_comes_out_too_large_is_made_again_with_less(
    tmp_path: Path, film: Callable[[float, int, bool], Path], ffmpeg_is: Callable[[str], None]
) -> None:
    source, runs = film(4.0, 24, False), tmp_path / "runs"
    ffmpeg_is(f"""
        "$FFMPEG" "$@" || exit
        for output; do :; done  # the last one
        [ -e {runs} ] || head -c 200000 /dev/zero >> "${{output#file:}}"
        echo "$@" >> {runs}
    """)
    make(source, tmp_path / "proxy.mp4", max_bytes=150_000)
    rates = [int(run.partition("-maxrate ")[2].split()[0]) for run in runs.read_text().splitlines()]
    assert len(rates) == 2
    assert rates[1] < rates[0] / 2


def test_a_file_that_vanishes_while_it_is_read_is_one_error_and_leaves_nothing(
    tmp_path: Path, ffmpeg_is: Callable[[str], None]
) -> None:
    source = clip(tmp_path / "film.mp4")
    ffmpeg_is(f'rm {source}; exec "$FFMPEG" "$@"')
    with pytest.raises(BadInput, match="No such file"):
        make(source, tmp_path / "proxy.mp4", max_bytes=9_000)
    assert list(tmp_path.iterdir()) == []
