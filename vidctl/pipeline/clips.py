"""Step 4: each scene's picture set in motion, and one filmstrip to look at all clips."""

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Scene
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return one job for each scene, then the filmstrip of them all."""
    board = work.board
    strip = Job(
        makes=Artifact(Kind.FILMSTRIP),
        output=layout.FILMSTRIP,
        script="contact_sheet.py",
        document={
            "title": board.title,
            "subtitle": 'what is not good enough is made again: reject it with "clip 3: what should be different"',
            "items": [{"path": Artifact(Kind.CLIP, scene.number), "label": scene.motion} for scene in board.scenes],
        },
        document_option="manifest",
        expect={"expect": "sheet"},
    )
    return [*(_clip(work, scene) for scene in board.scenes), strip]


def _clip(work: Work, scene: Scene) -> Job:
    makes = Artifact(Kind.CLIP, scene.number)
    length_s = work.channel.story.clip_seconds
    return Job(
        makes=makes,
        output=layout.clip(scene.number),
        script="generate_video.py",
        args={"motion": scene.motion, "duration-s": str(length_s), **_model(work), **work.retake(makes)},
        inputs={"image": (Artifact(Kind.COMPOSITE, scene.number),)},
        how={"image-host": work.channel.image_host} if work.is_paid and work.channel.image_host else {},
        expect={"expect": "clip", "min-duration-s": str(length_s * 0.9)},
        timeout_s=1_800,
    )


def _model(work: Work) -> dict[str, str]:
    return {"model": work.channel.models.video} if work.is_paid else {}


STEP = Step("clips", Status.GENERATING_VIDEO, plan, service="kie", limit="max_concurrent_video")
