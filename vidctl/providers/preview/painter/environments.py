"""Environments: the order in which a landscape is painted, from far to near."""

from PIL import Image

from vidctl.providers.preview.painter import places
from vidctl.providers.preview.painter.brief import Brief
from vidctl.providers.preview.painter.canvas import Canvas
from vidctl.providers.preview.painter.frames import FRAMES
from vidctl.providers.preview.painter.ground import GROUNDS, path
from vidctl.providers.preview.painter.hollows import HOLLOWS
from vidctl.providers.preview.painter.land import paint_range
from vidctl.providers.preview.painter.palette import Scheme, light
from vidctl.providers.preview.painter.rooms import ROOMS
from vidctl.providers.preview.painter.settlement import SETTLEMENTS
from vidctl.providers.preview.painter.sky import paint_sky, paint_weather
from vidctl.providers.preview.painter.stage import Stage
from vidctl.providers.preview.painter.texture import chance


def paint_environment(brief: Brief, film: Scheme) -> Image.Image:
    """Return a picture of 1920x1080 that fills the frame and leaves room in front for who stands in it."""
    rng = brief.rng("landscape")
    left = chance(rng, 0.5)
    stage = Stage(
        brief=brief,
        film=film,
        light=light(brief, film),
        canvas=Canvas(brief.rng("paper")),
        rng=rng,
        horizon=float(rng.uniform(5.0, 5.7)),
        sun_x=float(rng.uniform(2.4, 5.8) if left else rng.uniform(10.2, 13.6)),
    )
    if within := places.enclosed(brief):
        {**ROOMS, **HOLLOWS}[within](stage)
    else:
        _landscape(stage, places.plan(brief))
    return stage.canvas.finished(stage.paint.ink)


def _landscape(stage: Stage, plan: places.Plan) -> None:
    paint_sky(stage)
    for backdrop in plan.backdrops:
        paint_range(stage, backdrop)
    if plan.ground == "sea":
        _afloat(stage, plan)
    else:
        _ashore(stage, plan)
    if plan.frame:
        FRAMES[plan.frame](stage)
    paint_weather(stage)


def _afloat(stage: Stage, plan: places.Plan) -> None:
    """Paint what stands behind the water first, so that it is mirrored, and set it afloat again afterwards."""
    for name in plan.standing:
        SETTLEMENTS[name](stage)
    mirrored = tuple(stage.pasted)
    GROUNDS["sea"](stage)
    for picture, corner in mirrored:
        stage.canvas.image.paste(picture, corner, picture)


def _ashore(stage: Stage, plan: places.Plan) -> None:
    if "city" in plan.standing:  # its streets lie in front of it
        SETTLEMENTS["city"](stage)
    GROUNDS[plan.ground](stage)
    if stage.brief.says("road", "path", "trail", "railway", "track", "journey", "highway"):
        path(stage)
    for name in plan.standing:
        if name != "city":
            SETTLEMENTS[name](stage)
