"""The sky: its colours, its lights, its clouds, and what falls from it."""

import numpy as np
from PIL import Image, ImageDraw

from vidctl.providers.preview.painter.canvas import COARSE, HIGH, SIZE, UNIT_PX, WIDE, Stencil, coarse_grid
from vidctl.providers.preview.painter.colour import lch, lighter, mix
from vidctl.providers.preview.painter.outline import ellipse, limb, smooth
from vidctl.providers.preview.painter.palette import FOG, SNOW, storms
from vidctl.providers.preview.painter.stage import Stage
from vidctl.providers.preview.painter.texture import chance, noise


def paint_sky(stage: Stage) -> None:
    """Cover the sheet with sky, down to below the horizon."""
    _gradient(stage)
    _stars(stage)
    if stage.brief.says("aurora", "northern"):
        _aurora(stage)
    _sun(stage)
    _clouds(stage)
    if stage.brief.says("lightning", "thunder", "thunderstorm", "tempest"):
        _lightning(stage)
    if stage.light.moon or storms(stage.brief):
        return
    _birds(stage)


def _gradient(stage: Stage) -> None:
    light = stage.light
    xs, ys = coarse_grid()
    down = np.clip(ys / stage.horizon, 0, 1.15)[..., None]
    field = np.where(
        down < 0.55,  # noqa: PLR2004  # the middle colour lies a little below the middle
        light.top + (light.middle - light.top) * (down / 0.55) ** 0.9,
        light.middle + (light.horizon - light.middle) * ((down - 0.55) / 0.45),
    )
    near_sun = np.exp(-np.abs(xs - stage.sun_x) / 7)[..., None]
    field[..., :1] += (0.05 * (near_sun - 0.5) * down)[..., :1]
    field[..., 0] += 0.025 * (noise(stage.canvas.rng, COARSE, (4, 9), octaves=3) - 0.5)
    stage.canvas.wash(field)


def _stars(stage: Stage) -> None:
    count = round(330 * stage.light.stars)
    if not count:
        return
    spots = stage.rng.uniform((0, 0), (WIDE, stage.horizon * 0.95), (count, 2))
    sizes = stage.rng.pareto(2.6, count).clip(0, 3.2) * 0.75 + 0.6
    stage.canvas.dots(spots, sizes, lighter(stage.light.sun, 0.03), 0.85)
    if stage.brief.says("milky", "galaxy", "starry", "cosmos", "universe"):
        xs, ys = coarse_grid()
        band = np.exp(-(((ys - 0.35 * xs + 1.2) / 1.1) ** 2)) * noise(stage.rng, COARSE, (9, 6), octaves=4)
        stage.canvas.blend(band * 0.6, stage.film.tone(0.72, 0.05, 0.3))
        spots = stage.rng.normal(0, 0.6, (500, 2)) + np.linspace((-0.5, -1.3), (16.5, 4.6), 500)
        stage.canvas.dots(spots, np.full(500, 0.9), stage.light.sun, 0.7)


def _aurora(stage: Stage) -> None:
    xs, ys = coarse_grid()
    for lift, warmth in ((0.0, 0.0), (0.9, 0.25)):
        foot = 3.4 - lift + 0.8 * np.sin(xs * 0.55 + 4 * stage.rng.random()) + 0.3 * np.sin(xs * 1.7)
        rays = 0.55 + 0.45 * noise(stage.rng, COARSE, (26, 1), octaves=2)
        curtain = np.where(ys < foot, np.exp((ys - foot) / 1.3), np.exp(-((ys - foot) ** 2) / 0.03))
        stage.canvas.blend(curtain * rays * 0.75, mix(lch(0.80, 0.15, 165), stage.film.tone(0.75, 0.13, 0.0), warmth))


def _sun(stage: Stage) -> None:
    light, canvas = stage.light, stage.canvas
    x, y = stage.sun_x, stage.sun_y
    canvas.glow(x, y, 4.6, light.sun, 0.5 * light.glow)
    canvas.glow(x, y, 1.35, light.sun, 0.75 * light.glow)
    if storms(stage.brief) or stage.brief.says("fog", "foggy", "overcast", "cave", "blizzard"):
        return
    radius = 0.52 if light.moon else 0.62
    sheet = Stencil().add(ellipse(x, y, radius, radius, corners=90))
    crescent = light.moon and stage.brief.says("crescent", "sickle")
    if crescent:
        sheet.add(ellipse(x + 0.24, y - 0.1, radius * 0.9, radius * 0.9, corners=90), cut=True)
    disc = sheet.mask()
    canvas.soft(disc, light.sun, 26, 0.9)
    canvas.flat(disc, lighter(light.sun, 0.03))
    if light.moon and not crescent:
        marks = Stencil()
        for dx, dy, size in ((-0.15, -0.1, 0.14), (0.18, 0.12, 0.1), (-0.05, 0.22, 0.08), (0.16, -0.2, 0.06)):
            marks.add(ellipse(x + dx, y + dy, size, size * 0.9))
        canvas.flat(marks.mask(), light.middle, 0.22)


def _clouds(stage: Stage) -> None:
    """Long torn banks by noise, and over them a few heaps with flat feet, cut from paper."""
    light, canvas = stage.light, stage.canvas
    _, ys = coarse_grid()
    cover = 0.62 - 0.26 * light.clouds
    veil = noise(stage.rng, COARSE, (3.2, 11), octaves=4)
    fade = np.clip(1.1 - ys / stage.horizon, 0, 1)
    lit = lighter(mix(light.horizon, light.sun, 0.5), 0.01)
    canvas.blend(np.clip((veil - cover) / 0.2, 0, 1) * fade * 0.55, mix(lit, light.top, 0.35 if light.stormy else 0.1))
    for at in range(int(stage.rng.integers(2, 4)) + round(4 * max(0.0, light.clouds - 0.5))):
        y = stage.rng.uniform(0.12, 0.72) * stage.horizon
        _heap(stage, float(stage.rng.uniform(-0.5, WIDE)), float(y), float(stage.rng.uniform(0.7, 1.5)), at)


def _heap(stage: Stage, x: float, y: float, size: float, at: int) -> None:
    rng, light = stage.rng, stage.light
    reach = size * rng.uniform(1.5, 2.6)
    knots = [(x - reach, y)]
    knots += [
        (x + share * reach, y - size * 0.5 * (1 - share**2) * float(rng.uniform(0.45, 1.15)) - 0.08)
        for share in np.linspace(-0.75, 0.75, 6)
    ]
    knots += [(x + reach, y), (x + 0.4 * reach, y + 0.1 * size), (x - 0.5 * reach, y + 0.1 * size)]
    mask = Stencil().add(smooth(*knots)).mask()
    stormy = light.stormy
    body = mix(light.middle, light.top, 0.55) if stormy else mix(light.horizon, light.sun, 0.25)
    foot = mix(light.middle, light.horizon, 0.5) if not stormy else light.middle
    if light.moon:
        body, foot = lighter(light.middle, 0.06), light.middle
    stage.canvas.layer(mask, mix(body, light.middle, 0.12 * (at % 3)), foot, rim=mix(body, light.sun, 0.55), shade=0.10)


def _lightning(stage: Stage) -> None:
    x, y = float(stage.rng.uniform(3, 13)), 0.4
    bolt = Stencil()
    while y < stage.horizon:
        step = (x + float(stage.rng.normal(0, 0.35)), y + float(stage.rng.uniform(0.35, 0.7)))
        bolt.add(limb([(x, y), step], [0.035, 0.028], steps=1))
        if chance(stage.rng, 0.4):  # forks now and then
            away = step[0] + float(stage.rng.normal(0, 0.8))
            bolt.add(limb([step, ((step[0] + away) / 2, step[1] + 0.3), (away, step[1] + 0.8)], [0.022, 0.015, 0.005]))
        x, y = step
    mask = bolt.mask()
    stage.canvas.soft(mask, stage.light.sun, 40, 1.0)
    stage.canvas.flat(mask, lighter(stage.light.sun, 0.05))


def _birds(stage: Stage) -> None:
    sheet = Stencil()
    x, y = stage.rng.uniform(2, 13), stage.rng.uniform(0.16, 0.45) * stage.horizon
    for _ in range(int(stage.rng.integers(3, 8))):
        at, up, size = x + stage.rng.normal(0, 1.1), y + stage.rng.normal(0, 0.35), stage.rng.uniform(0.1, 0.2)
        bird = [(-1.0, -0.3), (-0.4, -0.5), (0.0, 0.0), (0.4, -0.5), (1.0, -0.25)]
        wings = [(at + size * right, up + size * down) for right, down in bird]
        sheet.add(limb(wings, [0.004, 0.014, 0.018, 0.014, 0.004], steps=4))
    stage.canvas.flat(sheet.mask(), mix(stage.light.top, stage.film.tone(0.2, 0.03, 0.2), 0.7), 0.8)


def paint_weather(stage: Stage) -> None:
    """Let fall, over everything, what the words let fall."""
    if stage.brief.says(*FOG):
        thick = 0.42 if stage.brief.says("thick", "dense", "fog", "foggy") else 0.22
        for y, depth in ((stage.horizon - 0.4, 1.6), (stage.horizon + 1.3, 0.7)):
            stage.canvas.mist(y, depth, lighter(stage.light.haze, 0.02), thick)
    if stage.brief.says(*SNOW):
        spots = stage.rng.uniform((0, 0), (WIDE, HIGH), (420, 2))
        stage.canvas.dots(spots, stage.rng.pareto(2.2, 420).clip(0, 4.5) + 0.9, lch(0.97, 0.01, 240), 0.8)
    elif storms(stage.brief):
        _rain(stage)
    if stage.brief.says("fire", "burning", "ember", "volcano", "forge", "furnace", "battle", "firefly"):
        spots = stage.rng.uniform((0, 2), (WIDE, HIGH), (130, 2))
        stage.canvas.dots(spots, stage.rng.pareto(2.4, 130).clip(0, 3) + 0.8, lch(0.80, 0.16, 60), 0.9)


def _rain(stage: Stage) -> None:
    sheet = Image.new("L", SIZE)
    draw = ImageDraw.Draw(sheet)
    for x, y, length in stage.rng.uniform((-1, -0.5, 0.2), (WIDE + 1, HIGH, 0.7), (430, 3)) * UNIT_PX:
        draw.line([(x, y), (x - 0.22 * length, y + length)], fill=int(stage.rng.integers(60, 170)), width=2)
    stage.canvas.flat(sheet, lighter(stage.light.horizon, 0.1), 0.55)
