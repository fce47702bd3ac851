"""What people make: voices, steps, machines, bells, ships. Each takes a studio and returns its track."""

import numpy as np

from vidctl.providers.preview.ambience_nature import BED, air
from vidctl.providers.preview.ambience_tools import RATE_HZ, Signal, Studio, band, place, silence, tone


def drone(studio: Studio) -> Signal:
    """Return a warm open chord that breathes, for places with no sound of their own."""
    t = np.arange(studio.n, dtype=np.float32)[:, None] / RATE_HZ
    track = BED * air(studio)
    root = studio.chance.choice([98.0, 110.0, 123.47])
    for ratio, level in ((1, 1.0), (1.5, 0.6), (2, 0.5), (3, 0.22), (4, 0.1)):
        drift = np.array([[0.03, -0.04]], np.float32) * np.float32(ratio)
        phase = np.float32(studio.chance.uniform(0, 2 * np.pi))
        voice = np.sin(np.float32(2 * np.pi) * (np.float32(root * ratio) + drift) * t + phase)
        track += voice * studio.sway(3.5, 0.4, 1.0) * np.float32(level)
    return track


def crowd(studio: Studio) -> Signal:
    """Return a murmur of many voices, none of which can be understood."""
    track = 0.25 * studio.noise(band(180, 500), up_to_hz=3_000)
    for _ in range(4):
        low, high = studio.chance.uniform(260, 520), studio.chance.uniform(900, 1_500)
        speech = studio.mono(band(low, low * 1.25, 3), up_to_hz=3_000)
        speech += 0.5 * studio.mono(band(high, high * 1.15, 3), up_to_hz=4_000)
        syllables = studio.sway(0.28, 0.0, 1.0) ** 2 * studio.sway(1.8, 0.2, 1.0)
        place(track, speech * syllables[:, 0], 0, pan=studio.chance.uniform(-0.7, 0.7), level=0.8)
    return track


def city(studio: Studio) -> Signal:
    """Return a town from far off: a low hum, and now and then something that passes."""
    hum = studio.noise(band(45, 180), up_to_hz=2_500) * studio.sway(4, 0.8, 1.0)
    passing = studio.noise(band(200, 700), up_to_hz=4_000, width=0.9) * studio.sway(2.5, 0.0, 0.8) ** 2
    return hum + 0.7 * passing


def machine(studio: Studio) -> Signal:
    """Return an engine at work: a hum with overtones and an even stroke."""
    t = np.arange(studio.n, dtype=np.float32)[:, None] / RATE_HZ
    hz, stroke = studio.chance.uniform(46, 58), studio.chance.uniform(1.8, 2.6)
    hum = sum((np.sin(2 * np.pi * hz * k * t) / k for k in (1, 2, 3, 4)), start=np.zeros_like(t)) * np.float32(0.5)
    beat = np.clip(np.sin(2 * np.pi * stroke * t), 0, 1) ** 3
    steam = studio.noise(band(300, 1_400), up_to_hz=6_000)
    return (hum + (0.1 + 0.9 * beat) * 0.7 * steam).astype(np.float32)


def bells(studio: Studio) -> Signal:
    """Return a bell, rung slowly, some way off."""
    track = BED * air(studio)
    root = studio.chance.uniform(300, 420)
    partials = ((0.5, 0.5, 3.0), (1, 1.0, 2.2), (1.19, 0.5, 1.6), (1.5, 0.4, 1.2), (2, 0.6, 1.0), (2.74, 0.2, 0.6))
    for at in studio.beats(2.6, jitter=0.02):
        for ratio, level, decay_s in partials:
            place(track, tone(root * ratio, 4.0, decay_s=decay_s), at, pan=0.2, level=0.6 * level)
    return track


def clock(studio: Studio) -> Signal:
    """Return a clock in a quiet room, a tick and a deeper tock each second."""
    track = BED * air(studio)
    for number, at in enumerate(studio.beats(0.5, jitter=0.0)):
        hz = 1_900 if number % 2 else 1_450
        place(track, tone(hz, 0.06, decay_s=0.007, attack_s=0.001), at, pan=0.15, level=1.1)
        place(track, tone(hz / 6, 0.1, decay_s=0.02, attack_s=0.001), at, pan=0.15, level=0.7)
    return track


def steps(studio: Studio) -> Signal:
    """Return somebody who walks slowly over gravel and wood."""
    track = BED * air(studio)
    crunch = studio.mono(band(500, 2_200), up_to_hz=8_000)
    for number, at in enumerate(studio.beats(0.72)):
        pan = 0.2 if number % 2 else -0.2
        place(track, tone(95, 0.2, decay_s=0.035, glide_hz=-40), at, pan=pan, level=1.6)
        grit = crunch[at : at + 7_200]
        shape = np.exp(-(((np.arange(grit.size, dtype=np.float32) - 2_200) / 1_300) ** 2))
        place(track, grit * shape, at, pan=pan, level=0.5)
    return track


def hooves(studio: Studio) -> Signal:
    """Return a horse at a walk: four beats, hollow and uneven."""
    track = BED * air(studio)
    for number, at in enumerate(studio.beats(0.3, jitter=0.09)):
        hz = (520, 640, 480, 600)[number % 4] * studio.chance.uniform(0.95, 1.05)
        clop = tone(hz, 0.14, decay_s=0.018, glide_hz=-120) + 0.5 * tone(hz * 2.3, 0.14, decay_s=0.008)
        place(track, clop, at, pan=0.3 if number % 2 else -0.1, level=studio.chance.uniform(0.7, 1.2))
    return track


def timber(studio: Studio) -> Signal:
    """Return a wooden ship or a tent in the wind: slow creaks."""
    track = BED * air(studio)
    for at in studio.times(0.5):
        hz, at_next = studio.chance.uniform(140, 260), at
        for _ in range(int(studio.chance.integers(12, 26))):
            place(track, tone(hz, 0.06, decay_s=0.012) + 0.4 * tone(hz * 3.1, 0.06, decay_s=0.007), at_next, level=0.7)
            hz, at_next = hz * 1.015, at_next + int(studio.chance.uniform(900, 1_900))
    return track


def canvas(studio: Studio) -> Signal:
    """Return cloth in the wind, or pages: soft flaps."""
    track = silence(studio)
    cloth = studio.mono(band(250, 1_500), up_to_hz=6_000)
    for at in studio.times(1.6):
        flap = cloth[at : at + 9_600]
        shape = np.hanning(flap.size).astype(np.float32) ** 2
        place(track, flap * shape, at, pan=studio.chance.uniform(-0.5, 0.5), level=studio.chance.uniform(0.4, 1.2))
    return track + 0.35 * air(studio)
