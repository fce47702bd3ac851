"""Weather, water, fire and animals. Each takes a studio and returns its track, at about RMS 1 where it is steady."""

from typing import Final

import numpy as np

from vidctl.providers.preview.ambience_tools import RATE_HZ, Signal, Studio, band, place, silence, tone

BED: Final = 0.06
"""The air under sounds that come one by one, so that it is never silent between them."""

_CREST: Final = 0.35
"""The part of a wave's time that it takes to come in; the rest is drawing back."""


def air(studio: Studio) -> Signal:
    """Return hardly anything: the sound of a quiet place."""
    quiet: Signal = studio.noise(band(60, 350), up_to_hz=4_000) * studio.sway(4, 0.7, 1.0)
    return quiet


def wind(studio: Studio) -> Signal:
    """Return gusts: a low body, and two higher voices that come and go on their own."""
    body = studio.noise(band(50, 220), up_to_hz=3_000) * studio.sway(3, 0.5, 1.0)
    voice = studio.noise(band(280, 480, 2), up_to_hz=3_000) * studio.sway(2.2, 0.05, 0.9)
    whistle = studio.noise(band(650, 900, 2), up_to_hz=4_000) * studio.sway(1.6, 0.0, 0.4)
    gusts: Signal = body + 0.8 * voice + 0.5 * whistle
    return gusts


def rain(studio: Studio) -> Signal:
    """Return steady soft rain, with single drops near by."""
    sheet = studio.noise(band(350, 1_700), up_to_hz=14_000, width=0.9) * studio.sway(3, 0.75, 1.0)
    near = silence(studio)
    for at in studio.times(28):
        hz, level = studio.chance.uniform(900, 2_600), studio.chance.uniform(0.1, 0.9) ** 2
        place(near, tone(hz, 0.05, decay_s=0.008), at, pan=studio.chance.uniform(-1, 1), level=level)
    return 0.8 * sheet + 1.1 * near


def drips(studio: Studio) -> Signal:
    """Return single drops that fall into water in a large room."""
    track = BED * air(studio)
    for at in studio.times(1.1):
        drop = tone(studio.chance.uniform(700, 1_500), 0.2, decay_s=0.04, glide_hz=900)
        pan, level = studio.chance.uniform(-0.8, 0.8), studio.chance.uniform(0.6, 1.6)
        for echo in range(4):
            place(track, drop, at + echo * 9_600, pan=pan * (-0.6) ** echo, level=level * 0.4**echo)
    return track


def sea(studio: Studio) -> Signal:
    """Return waves that roll in, break and draw back, over a deep steady swell."""
    swell = studio.noise(band(40, 160), up_to_hz=2_000) * studio.sway(4, 0.7, 1.0)
    wash = studio.noise(band(250, 1_000), up_to_hz=9_000, width=0.8)
    foam = studio.noise(band(1_500, 4_000), up_to_hz=9_000, width=0.9)
    t = np.arange(studio.n, dtype=np.float32)[:, None] / RATE_HZ
    period, start = studio.chance.uniform(5.2, 6.8), studio.chance.uniform(0, 1)
    phase = (t / np.float32(period) + np.float32(start) + np.array([[0.0, 0.07]], np.float32)) % 1
    rising, falling = (phase / _CREST) ** 2, np.exp(-(phase - _CREST) * 4) * (1 - phase) / (1 - _CREST)
    roll = np.where(phase < _CREST, rising, falling).astype(np.float32)
    waves: Signal = 0.6 * swell + (0.15 + roll) * wash + 0.3 * roll**2 * foam
    return waves


def river(studio: Studio) -> Signal:
    """Return running water: a soft rush, and bubbles that rise in pitch."""
    rush = studio.noise(band(300, 1_000), up_to_hz=14_000, width=0.9) * studio.sway(0.5, 0.8, 1.0)
    bubbles = silence(studio)
    for at in studio.times(45):
        hz = studio.chance.uniform(350, 1_300)
        bubble = tone(hz, 0.09, decay_s=0.022, glide_hz=hz * 0.5, attack_s=0.006)
        place(bubbles, bubble, at, pan=studio.chance.uniform(-1, 1), level=studio.chance.uniform(0.1, 0.7))
    return 0.7 * rush + bubbles


def fire(studio: Studio) -> Signal:
    """Return a fire: a low breathing body, fine crackle, and now and then a snap."""
    body = studio.noise(band(60, 260), up_to_hz=3_000) * studio.sway(0.6, 0.5, 1.0)
    hiss = studio.noise(band(1_200, 3_000), up_to_hz=14_000, width=0.9) * studio.sway(0.4, 0.02, 0.14)
    sparks = silence(studio)
    grain = studio.chance.standard_normal(1_200).astype(np.float32)
    for at in studio.times(22):
        size = studio.chance.uniform(0.05, 1.0) ** 3
        snap = grain * np.exp(-np.arange(1_200, dtype=np.float32) / (60 + 240 * size))
        snap = np.convolve(snap, np.ones(5, np.float32) / 5, mode="same")
        place(sparks, snap, at, pan=studio.chance.uniform(-0.7, 0.7), level=0.3 + 3.2 * size)
    return 0.8 * body + hiss + sparks


def birds(studio: Studio) -> Signal:
    """Return a few birds, each with a song of its own, in soft air."""
    track = BED * air(studio)
    for _ in range(3):
        pan, home = studio.chance.uniform(-0.9, 0.9), studio.chance.uniform(2_300, 4_200)
        song = [(studio.chance.uniform(0.8, 1.15), studio.chance.uniform(-600, 700)) for _ in range(4)]
        for at in studio.times(0.35):
            level = studio.chance.uniform(0.25, 0.8)
            for note, (step, glide) in enumerate(song):
                chirp = tone(home * step, 0.13, decay_s=0.05, glide_hz=glide, attack_s=0.015)
                for echo, faint in ((0, 1.0), (7_900, 0.2), (15_100, 0.08)):
                    place(track, chirp, at + note * 7_200 + echo, pan=pan * faint, level=level * faint)
    return track


def gulls(studio: Studio) -> Signal:
    """Return gulls far off: falling calls with a few overtones."""
    track = BED * air(studio)
    for at in studio.times(0.3):
        pan, hz = studio.chance.uniform(-0.9, 0.9), studio.chance.uniform(900, 1_150)
        for cry in range(int(studio.chance.integers(2, 5))):
            call = sum(
                (tone(hz * k, 0.38, decay_s=0.16, glide_hz=-hz * k * 0.35, attack_s=0.05) / k**1.3 for k in (1, 2, 3)),
                start=np.zeros(int(0.38 * RATE_HZ), np.float32),
            )
            place(track, call, at + cry * 19_000, pan=pan, level=0.5 * 0.8**cry)
    return track


def insects(studio: Studio) -> Signal:
    """Return crickets on a warm night, some left and some right."""
    track = BED * air(studio)
    t = np.arange(studio.n, dtype=np.float32) / RATE_HZ
    for pan in (-0.8, 0.1, 0.7):
        hz, chirps = studio.chance.uniform(3_600, 4_600), studio.chance.uniform(1.6, 2.4)
        trill = np.clip(np.sin(2 * np.pi * 28 * t), 0, 1) * np.clip(np.sin(2 * np.pi * chirps * t + pan * 3), 0, 1) ** 2
        place(track, (np.sin(2 * np.pi * hz * t) * trill).astype(np.float32), 0, pan=pan, level=0.28)
    return track


def thunder(studio: Studio) -> Signal:
    """Return distant thunder: a roll that arrives, breaks up and goes."""
    rumble = studio.noise(band(28, 110), up_to_hz=1_500, width=0.7)
    t = np.arange(studio.n, dtype=np.float32) / RATE_HZ
    strength = np.full(studio.n, 0.12, np.float32)
    for at in (0.12, 0.62):
        since = t - studio.seconds * (at + studio.chance.uniform(-0.05, 0.1))
        strength += np.where(since > 0, np.clip(since / 0.25, 0, 1) * np.exp(-since / 1.5), 0).astype(np.float32)
    return 1.8 * rumble * strength[:, None] * studio.sway(0.35, 0.35, 1.0)


def ice(studio: Studio) -> Signal:
    """Return ice at work: long groans and small cracks in cold air."""
    track = BED * air(studio)
    for at in studio.times(0.25):
        groan = tone(studio.chance.uniform(90, 170), 2.2, decay_s=0.8, glide_hz=-60, attack_s=0.3)
        place(track, groan, at, pan=studio.chance.uniform(-0.6, 0.6), level=0.9)
    for at in studio.times(0.9):
        crack = tone(studio.chance.uniform(1_400, 2_600), 0.3, decay_s=0.03, glide_hz=-1_200)
        place(track, crack, at, pan=studio.chance.uniform(-1, 1), level=studio.chance.uniform(0.2, 0.8))
    return track


def leaves(studio: Studio) -> Signal:
    """Return leaves or grass that rustle when the wind passes."""
    rustle = studio.noise(band(1_300, 2_800), up_to_hz=14_000, width=1.0)
    return 0.7 * rustle * studio.sway(1.2, 0.05, 1.0) ** 2 + 0.4 * air(studio)
