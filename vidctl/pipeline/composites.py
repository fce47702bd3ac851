"""Step 3: one 1920×1080 picture for each scene, from the images; then, where that is wanted, an animatic of them."""

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Layout, Panel, Scene
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return one job for each scene, then the animatic where a person is asked before clips are bought."""
    composites = [_composite(work, scene) for scene in work.board.scenes]
    return [*composites, _animatic(work)] if work.asks_before_clips else composites


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


def _animatic(work: Work) -> Job:
    scenes = work.board.scenes
    return Job(
        makes=Artifact(Kind.ANIMATIC),
        output=layout.ANIMATIC,
        script="make_animatic.py",
        document={
            "scenes": [
                {"image": Artifact(Kind.COMPOSITE, one.number), "motion": one.motion, "text": one.narration}
                for one in scenes
            ],
            "clip_s": work.channel.story.clip_seconds,
            "tail_s": work.channel.story.tail_seconds,
        },
        document_option="manifest",
        expect={"expect": "clip"},  # the scratch voice does not speak every language: it may be silent
        timeout_s=1_800,
    )


STEP = Step("composites", Status.GENERATING_COMPOSITES, plan, service="local", limit="max_concurrent_composite")
