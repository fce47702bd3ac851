"""What is nearest to us, dark, at the edges of the view: it gives the picture depth and leaves the middle free."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from vidctl.providers.preview.painter import growing
from vidctl.providers.preview.painter.canvas import HIGH, WIDE, Stencil
from vidctl.providers.preview.painter.colour import Lab, lighter, mix
from vidctl.providers.preview.painter.outline import Point, ellipse, limb, polygon, smooth
from vidctl.providers.preview.painter.stage import Stage
from vidctl.providers.preview.painter.texture import chance


def _dark(stage: Stage) -> Lab:
    return mix(stage.paint.ink, stage.surface(0.3, 0.05, 140), 0.45)


def _glue(stage: Stage, sheet: Stencil) -> None:
    dark = _dark(stage)
    stage.canvas.layer(
        sheet.mask(), dark, lighter(dark, -0.05), rim=mix(dark, stage.light.sun, 0.4), shade=0.3, light_x=stage.sun_x
    )


def branches(stage: Stage) -> None:
    """Let a leafy branch hang into an upper corner."""
    left = stage.sun_x > WIDE / 2
    way = 1 if left else -1
    x0 = -0.3 if left else WIDE + 0.3
    sheet = Stencil()
    for drop, reach in ((0.2, 4.4), (1.1, 3.0)):
        spine: list[Point] = [(x0, drop), (x0 + way * reach * 0.5, drop + 0.35), (x0 + way * reach, drop + 0.25)]
        sheet.add(limb(spine, [0.12, 0.06, 0.015]))
        for share in np.linspace(0.15, 1, 22):
            x, y = x0 + way * reach * share, drop + 0.35 * np.sin(share * 2.4) + 0.05
            tilt = float(stage.rng.uniform(-70, 70))
            sheet.add(ellipse(float(x), float(y + stage.rng.normal(0, 0.16)), 0.21, 0.075, turn=tilt, corners=14))
    _glue(stage, sheet)


def firs(stage: Stage) -> None:
    """Stand tall firs at one edge and smaller ones at the other."""
    sheet = Stencil()
    near = 1 if stage.sun_x > WIDE / 2 else 0
    for x, high in ((0.1, 6.6), (1.4, 4.6), (15.7, 3.9), (14.7, 2.8)):
        at = x if near else WIDE - x
        sheet.figure(growing.conifer(stage.paint), at, HIGH + 0.4, high * float(stage.rng.uniform(0.85, 1.1)))
    _glue(stage, sheet)


def reeds(stage: Stage) -> None:
    """Paint reeds at the edges."""
    sheet = Stencil()
    for _ in range(46):
        share = float(stage.rng.beta(0.7, 2.2)) * 5
        x = share if chance(stage.rng, 0.5) else WIDE - share  # left or right
        high, lean = float(stage.rng.uniform(1.0, 2.6)) * (1.1 - share / 6), float(stage.rng.normal(0.1, 0.25))
        sheet.add(
            limb(
                [(x, HIGH + 0.1), (x + lean * 0.3, HIGH - high * 0.6), (x + lean, HIGH - high)],
                [0.035, 0.025, 0.006],
                steps=4,
            )
        )
        if chance(stage.rng, 0.4):  # some carry a cob
            sheet.add(
                limb([(x + lean * 0.8, HIGH - high * 0.92), (x + lean, HIGH - high * 1.08)], [0.065, 0.06], steps=2)
            )
    _glue(stage, sheet)


def rocks(stage: Stage) -> None:
    """Heap rocks in the lower corners."""
    sheet = Stencil()
    for x, wide, high in ((0.3, 2.2, 1.7), (2.3, 1.3, 0.8), (15.9, 2.0, 1.3), (14.1, 1.0, 0.55)):
        lift = high * float(stage.rng.uniform(0.8, 1.2))
        sheet.add(smooth((x - wide, HIGH + 0.4), (x - wide * 0.7, HIGH - lift * 0.6), (x - 0.1 * wide, HIGH - lift),
            (x + 0.5 * wide, HIGH - lift * 0.75), (x + wide, HIGH + 0.4), steps=4))  # fmt: skip
    _glue(stage, sheet)


def grasses(stage: Stage) -> None:
    """Let tall grass lean in from both corners."""
    sheet = Stencil()
    for _ in range(90):
        share = float(stage.rng.beta(0.8, 2.6)) * 6.5
        left = chance(stage.rng, 0.5)  # left or right
        x, lean = (share if left else WIDE - share), float(stage.rng.uniform(0.1, 0.9)) * (1 if left else -1)
        high = float(stage.rng.uniform(0.5, 1.9)) * (1.05 - share / 8)
        sheet.add(
            polygon(
                (x - 0.04, HIGH + 0.1),
                (x + lean * 0.35, HIGH - high * 0.62),
                (x + lean, HIGH - high),
                (x + lean * 0.45, HIGH - high * 0.55),
                (x + 0.04, HIGH + 0.1),
            )
        )
    _glue(stage, sheet)


def palms(stage: Stage) -> None:
    """Stand a palm at one edge."""
    left = stage.sun_x > WIDE / 2
    sheet = Stencil().figure(growing.palm(stage.paint), 0.9 if left else WIDE - 0.9, HIGH + 0.5, 7.4, flip=not left)
    for at in range(14):
        x = float(stage.rng.uniform(0, 3)) if left else WIDE - float(stage.rng.uniform(0, 3))
        lean = float(stage.rng.normal(0, 0.6))
        sheet.add(
            smooth(
                (x, HIGH + 0.1),
                (x + lean * 0.4 - 0.1, HIGH - 0.5),
                (x + lean, HIGH - 0.9 - 0.04 * at),
                (x + lean * 0.5 + 0.12, HIGH - 0.4),
            )
        )
    _glue(stage, sheet)


def post(stage: Stage) -> None:
    """Stand a street lamp at one edge, lit."""
    x = 1.3 if stage.sun_x > WIDE / 2 else WIDE - 1.3
    sheet = Stencil()
    sheet.add(limb([(x, HIGH + 0.2), (x, 2.9)], [0.09, 0.05])).add(
        limb([(x - 0.5, 3.35), (x, 3.2), (x + 0.5, 3.35)], [0.03] * 3)
    )
    sheet.add(polygon((x - 0.26, 2.2), (x + 0.26, 2.2), (x + 0.17, 2.95), (x - 0.17, 2.95))).add(
        polygon((x - 0.34, 2.2), (x, 1.85), (x + 0.34, 2.2))
    )
    _glue(stage, sheet)
    stage.canvas.flat(
        Stencil().add(polygon((x - 0.2, 2.27), (x + 0.2, 2.27), (x + 0.13, 2.88), (x - 0.13, 2.88))).mask(),
        stage.paint.glow,
        0.95,
    )
    stage.canvas.glow(x, 2.55, 0.9, stage.paint.glow, 0.55)


FRAMES: Final[Mapping[str, Callable[[Stage], None]]] = { "branches": branches, "firs": firs, "reeds": reeds,
    "rocks": rocks, "grasses": grasses, "palms": palms, "post": post }  # fmt: skip
