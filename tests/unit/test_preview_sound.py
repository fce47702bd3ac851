"""The offline voice and the synthesised effects: never silent, never clipped, as long as asked for, as described."""

import re
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.contract import ErrorClass, ScriptError
from vidctl.errors import BadInput
from vidctl.providers.preview import ambience, demo, voice
from vidctl.providers.preview.ambience_tools import RATE_HZ
from vidctl.providers.preview.arc_lexicon import lexicon

Sound = npt.NDArray[np.float32]

EVERY_KEYWORD = ["wind", "rain", "sea", "fire", "birds", "crowd", "machine", "drone", "river", "thunder", "bells",
                 "crickets", "footsteps", "horse", "clock", "gulls", "ice", "creaking", "city", "dripping", "leaves",
                 "flapping", "night"]  # fmt: skip


def rms_db(sound: Sound) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(sound, dtype=np.float64))) + 1e-12))


def brightness_hz(sound: Sound) -> float:
    """Return the centre of gravity of the spectrum."""
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    return float((np.fft.rfftfreq(len(sound), 1 / RATE_HZ) * power).sum() / power.sum())


def fingerprint(sound: Sound) -> npt.NDArray[np.float64]:
    """Return how the sound's power is spread over fourteen bands, in dB around their mean."""
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    edges = np.geomspace(40, 12_000, 15) * len(sound) / RATE_HZ
    bands = [power[int(low) : int(high) + 1].sum() for low, high in pairwise(edges)]
    spread = 10 * np.log10(np.array(bands) + 1e-9)
    centred: npt.NDArray[np.float64] = spread - spread.mean()
    return centred


@settings(max_examples=40, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(EVERY_KEYWORD)).map(" and ".join)), st.floats(0.5, 4))
def test_whatever_is_described_is_heard_and_not_clipped(description: str, seconds: float) -> None:
    sound = ambience.make(description, seconds)
    assert sound.shape == (round(seconds * RATE_HZ), 2)
    assert np.isfinite(sound).all()
    assert np.abs(sound).max() < 0.7
    assert -34 < rms_db(sound) < -18
    assert np.abs(sound[[0, -1]]).max() < 1e-3


@pytest.mark.parametrize("keyword", EVERY_KEYWORD)
def test_a_sound_is_there_from_end_to_end_and_is_pleasant(keyword: str) -> None:
    sound = ambience.make(keyword, 6)
    parts = sound.reshape(12, -1)
    assert min(rms_db(part) for part in parts[1:-1]) > -52
    power = np.abs(np.fft.rfft(sound.mean(axis=1))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    assert power[hz > 6_000].sum() < 0.1 * power.sum(), "it hisses"
    assert power[hz < 20].sum() < 0.05 * power.sum(), "it rumbles where nobody hears it"
    assert abs(float(sound.mean())) < 1e-3, "it is off centre"


def test_every_keyword_calls_for_a_sound_of_its_own() -> None:
    prints = {keyword: fingerprint(ambience.make(keyword, 4)) for keyword in EVERY_KEYWORD}
    assert len({tuple(ambience.layers(keyword)) for keyword in EVERY_KEYWORD}) == len(EVERY_KEYWORD)
    for one, mine in prints.items():
        for other, theirs in prints.items():
            assert one == other or np.abs(mine - theirs).max() > 3, (one, other)
    bright = {keyword: brightness_hz(ambience.make(keyword, 4)) for keyword in ("thunder", "wind", "sea", "birds")}
    assert bright["thunder"] < bright["wind"] < bright["sea"] < bright["birds"]


def test_the_same_words_sound_the_same_and_another_take_does_not() -> None:
    assert np.array_equal(ambience.make("sea", 2), ambience.make("sea", 2))
    assert not np.array_equal(ambience.make("sea", 2), ambience.make("sea", 2, take=2))
    assert not np.array_equal(ambience.make("sea", 2), ambience.make("sea", 2, note="with gulls"))


@pytest.mark.parametrize(
    ("description", "heard"),
    [
        ("Heavy rain, distant thunder", {"rain": 1.5, "thunder": 0.35}),
        ("rain on the window", {"rain": 1.0}),
        ("a spaceship's corridor", {"drone": 1.0}),
        ("forest birds and leaves in the wind", {"birds": 1.0, "leaves": 0.7, "wind": 0.7}),
    ],
)
def test_words_choose_the_layers_and_how_loud_they_are(description: str, heard: dict[str, float]) -> None:
    assert ambience.layers(description) == pytest.approx(heard)


def test_every_sound_that_the_story_teller_asks_for_is_known() -> None:
    """But for quiet places, none falls back to the drone."""
    motifs = (*lexicon().environments, *lexicon().characters, *lexicon().props)
    asked = [motif.sound for motif in motifs] + [light.sound for stage in lexicon().stages for light in stage.lights]
    asked += [scene.sound for scene in demo.demo().storyboard.scenes]
    for sound in filter(None, asked):
        assert "drone" in sound or "drone" not in ambience.layers(sound), sound


@pytest.mark.parametrize("seconds", [0, -1, 0.49, 121, float("nan"), float("inf")])
def test_a_length_that_is_none_is_refused(seconds: float) -> None:
    with pytest.raises(BadInput, match="duration-s"):
        ambience.make("wind", seconds)


def test_the_voice_is_trimmed_and_loud_and_repeats_itself() -> None:
    text = "The lamp still turns."
    first = voice.speak(text)
    assert 0.8 < len(first) / voice.RATE_HZ < 2.5
    assert np.array_equal(first, voice.speak(text))
    for edge in (first[: voice.RATE_HZ // 10], first[-voice.RATE_HZ // 10 :]):
        assert np.abs(edge).max() > 0.01 * np.abs(first).max()
    assert np.abs(first).max() <= 0.85
    assert rms_db(first) > -24


def test_another_take_is_another_reading_and_a_note_sets_the_pace() -> None:
    text = "The lamp still turns."
    assert not np.array_equal(voice.speak(text), voice.speak(text, take=2))
    slower, faster = voice.speak(text, take=2, note="slower please"), voice.speak(text, take=2, note="a bit faster")
    assert len(slower) > 1.1 * len(faster)


@pytest.mark.parametrize("text", ["", "   ", "...", "😀🎬", "日本語", "!?"])
def test_what_cannot_be_spoken_is_refused_for_good(text: str) -> None:
    with pytest.raises(ScriptError, match=re.escape("cannot say")) as refused:
        voice.speak(text)
    assert refused.value.failure.error_class is ErrorClass.PERMANENT
    assert refused.value.hint
