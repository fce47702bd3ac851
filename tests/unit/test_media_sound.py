"""Levels, ducking, limiting, and finding a shift."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.long import long
from tests.media_samples import ffmpeg, speech, tone, wav
from vidctl.errors import BadInput
from vidctl.media.assembly import mix
from vidctl.media.assembly.loudness import limited, measure
from vidctl.media.assembly.master import TOLERANCE_LU, as_heard, encoded, first_gain_db, master, prepare
from vidctl.media.assembly.offset import offset_samples
from vidctl.media.assembly.sound import (
    CHUNK,
    RATE,
    Sound,
    active_dbfs,
    amplitude,
    decode,
    decode_of_clip,
    levelled,
    silence,
)


def stereo(samples: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> Sound:
    return np.stack([samples, samples]).astype(np.float32)


def test_a_voice_is_brought_to_its_level_whatever_pauses_it_has() -> None:
    voice = np.concatenate([tone(1, 300, 0.01), np.zeros(3 * RATE)])
    assert active_dbfs(levelled(stereo(voice), -20)) == pytest.approx(-20, abs=0.1)


def test_silence_stays_silence() -> None:
    assert not levelled(silence(RATE), -20).any()


def test_the_voice_is_never_shortened_and_starts_with_the_scene() -> None:
    voice = stereo(speech(1.0))
    scene = mix.scene(voice, silence(0), 2 * RATE)
    factor = scene[0, 12_000] / voice[0, 12_000]
    assert np.allclose(scene[:, :RATE], voice * factor, atol=1e-6)


def test_the_ambience_goes_down_before_the_voice_and_comes_back_after_it() -> None:
    voice = np.zeros(6 * RATE)
    voice[2 * RATE : 3 * RATE] = tone(1, 300)
    factor = mix.ducking(stereo(voice))
    assert factor[: RATE + RATE // 2] == pytest.approx(1)
    assert factor[2 * RATE - 2400 : 3 * RATE] == pytest.approx(amplitude(mix.DUCK_DB), abs=0.01)
    assert factor[4 * RATE :] == pytest.approx(1)
    assert np.abs(np.diff(factor)).max() < 1e-3


def test_the_ambience_is_quieter_than_the_voice_by_more_than_the_ear_needs() -> None:
    voice, ambience = stereo(speech(2)), stereo(speech(2, seed=1, level=0.9))
    without = mix.scene(voice, silence(0), 2 * RATE)
    bed = mix.scene(voice, ambience, 2 * RATE) - without
    assert active_dbfs(without) - active_dbfs(bed) > 15


loud_sound = st.lists(st.floats(-8, 8, width=32), min_size=1, max_size=40)


@settings(deadline=None)
@given(loud_sound, st.floats(-20, 40), st.floats(-12, -1))
def test_no_sample_is_louder_than_the_ceiling(peaks: list[float], gain_db: float, ceiling_dbfs: float) -> None:
    sound = silence(9_000)
    at = np.linspace(0, sound.shape[1] - 1, len(peaks)).astype(int)
    sound[0, at] = peaks
    louder = np.hstack(list(limited(sound, gain_db, ceiling_dbfs)))
    assert louder.shape == sound.shape
    assert np.abs(louder).max() <= amplitude(ceiling_dbfs) * 1.0001


def test_what_is_quiet_gets_exactly_the_gain() -> None:
    sound = stereo(tone(1, 300, 0.05))
    louder = np.hstack(list(limited(sound, 6.0)))
    assert np.allclose(louder, sound * amplitude(6.0), atol=1e-6)


@pytest.mark.parametrize("level", [0.003, 0.08, 0.9])
def test_quiet_and_loud_speech_end_at_the_same_loudness(level: float) -> None:
    made = master(stereo(speech(6, level=level)))
    assert made.loudness.integrated_lufs == pytest.approx(-14, abs=0.3)
    assert made.loudness.true_peak_dbtp <= -1


def hiss(seconds: float) -> np.ndarray:
    """Broad noise, of which AAC keeps only what lies below some 18 kHz."""
    return np.asarray(np.random.default_rng(3).normal(0, 0.1, round(seconds * RATE)), np.float32)


def claps(seconds: float, height: float = 20) -> np.ndarray:
    """Short, so many times higher than everything else: the limiter has work."""
    return np.asarray(hiss(seconds) * (1 + height * (np.arange(round(seconds * RATE)) % 48_000 < 480)))


def by_turns(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The sample of a film of this length hears one of them only."""
    turn = np.arange(min(one.size, other.size)) // CHUNK % 2
    return np.asarray(np.where(turn == 0, one[: turn.size], other[: turn.size]))


FILMS: dict[str, Callable[[], np.ndarray]] = {
    "speech": lambda: speech(40),
    "hiss": lambda: hiss(40),
    "a tone": lambda: tone(40, 400, 0.1),
    "low claps": lambda: claps(30, height=5),
    "claps": lambda: claps(30),
    "now claps, now hiss": lambda: by_turns(claps(40), hiss(40)),
    "now hiss, now claps": lambda: by_turns(hiss(40), claps(40)),
    "now a tone, now hiss": lambda: by_turns(tone(40, 400, 0.02), hiss(40)),
    "now silence, now hiss": lambda: by_turns(0 * hiss(40), hiss(40)),
}
"""Made when asked for: each process that a test starts begins as a copy of all that is in memory."""


@pytest.mark.parametrize("film", ["speech", long("hiss"), long("a tone"), "low claps"])
def test_the_first_encoding_of_an_even_film_already_has_the_right_loudness(film: str) -> None:
    mixed = stereo(FILMS[film]())
    heard = as_heard(*encoded(limited(mixed, first_gain_db(mixed))))
    assert measure(heard, peaks=False).integrated_lufs == pytest.approx(-14, abs=TOLERANCE_LU)


HARD = ("low claps", "now claps, now hiss", "now a tone, now hiss")
"""Those that are not alike from end to end, or hardly heard: the others are right at once, or like one of these."""


@pytest.mark.parametrize("film", [film if film in HARD else long(film) for film in FILMS])
def test_whatever_it_is_made_of_a_film_ends_at_the_right_loudness(film: str) -> None:
    made = master(stereo(FILMS[film]()))
    assert made.loudness.integrated_lufs == pytest.approx(-14, abs=TOLERANCE_LU)
    assert made.loudness.true_peak_dbtp <= -1


def test_true_peaks_stay_below_the_limit_even_where_samples_do_not_show_them() -> None:
    # A quarter of the sampling rate, sampled beside its crests: the waveform is 3 dB above every sample.
    count = np.arange(4 * RATE)
    made = master(stereo(np.sin(count * np.pi / 2 + np.pi / 4) * (count % 4_800 < 480)))
    assert made.loudness.true_peak_dbtp <= -1


def test_a_silent_film_is_no_reason_to_fail() -> None:
    assert master(silence(RATE)).loudness.integrated_lufs <= -69


@pytest.mark.parametrize("shift", [0, 1, 1024, -300, 2000])
def test_a_shift_of_the_sound_is_found_to_the_sample(shift: int) -> None:
    wanted = stereo(np.concatenate([np.zeros(RATE), speech(3), np.zeros(RATE)]))
    heard = np.roll(wanted, shift, axis=1) * np.float32(0.5)
    assert offset_samples(heard, wanted, RATE // 2, 4 * RATE) == shift


def test_a_pure_tone_counts_as_in_its_place() -> None:
    wanted = stereo(tone(3, 400))
    assert offset_samples(wanted, wanted, 0, 3 * RATE) == 0
    assert offset_samples(silence(3 * RATE), silence(3 * RATE), 0, 3 * RATE) == 0


def test_every_format_becomes_48_khz_stereo_of_the_same_length(tmp_path: Path) -> None:
    wav(tmp_path / "voice.wav", speech(2))
    for name, options in {"a.mp3": ["-ar", "44100"], "b.m4a": ["-ac", "1"], "c.flac": ["-ar", "16000"]}.items():
        ffmpeg("-i", tmp_path / "voice.wav", *options, tmp_path / name)
        assert decode(tmp_path / name).shape[1] / RATE == pytest.approx(2, abs=0.03)


def test_sound_that_starts_later_than_its_picture_is_kept_in_its_place(tmp_path: Path) -> None:
    wav(tmp_path / "tone.wav", tone(1, 500))
    picture = ["-f", "lavfi", "-i", "testsrc2=s=160x90:r=24:d=2", "-itsoffset", "0.5"]
    ffmpeg(*picture, "-i", tmp_path / "tone.wav", "-c:a", "aac", "-pix_fmt", "yuv420p", tmp_path / "late.mp4")
    heard = decode_of_clip(tmp_path / "late.mp4")
    first = int(np.flatnonzero(np.abs(heard[0]) > 0.1)[0])
    assert first / RATE == pytest.approx(0.5, abs=0.03)


def test_a_picture_is_no_narration(tmp_path: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=160x90:d=0.2", tmp_path / "mute.mp4")
    with pytest.raises(BadInput, match="no sound"):
        decode(tmp_path / "mute.mp4")


def test_encoded_sound_decodes_to_what_went_in() -> None:
    from av.codec import CodecContext

    context = CodecContext.create("aac", "w")
    prepare(context)
    wanted = stereo(tone(2, 500))
    made = master(wanted)
    context.open()
    heard = np.hstack(list(as_heard(made.packets, context.extradata)))
    assert heard.shape[1] - 1024 >= wanted.shape[1]
