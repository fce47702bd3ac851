"""Step 3: one 1920×1080 picture for each scene, put together from the images."""

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Layout, Panel, Scene
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return one job for each scene."""
    return [_composite(work, scene) for scene in work.board.scenes]


def _composite(work: Work, scene: Scene) -> Job:
    split = scene.composite.layout is Layout.SPLIT
    sides = ("left-", "right-") if split else ("",)
    inputs: dict[str, tuple[Artifact, ...]] = {}
    for side, panel in zip(sides, scene.composite.panels, strict=True):
        inputs |= _panel(work, panel, side)
    makes = Artifact(Kind.COMPOSITE, scene.number)
    return Job(
        makes=makes,
        output=layout.composite(scene.number),
        script="create_split_screen.py" if split else "create_composite.py",
        inputs=inputs,
        expect={"expect": "composite"},
    )


def _panel(work: Work, panel: Panel, side: str) -> dict[str, tuple[Artifact, ...]]:
    def images(*names: str) -> tuple[Artifact, ...]:
        return tuple(Artifact(Kind.IMAGE, work.board.image_index(name)) for name in names)

    return {
        f"{side}environment": images(panel.environment),
        f"{side}character": images(*panel.characters),
        f"{side}prop": images(*panel.props),
    }


STEP = Step("composites", Status.GENERATING_COMPOSITES, plan, service="local", limit="max_concurrent_composite")
