"""Step 7: the film, from clips, narrations and sounds."""

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Scene
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return the one job that puts the film together."""
    branding = work.channel.branding
    return [
        Job(
            makes=Artifact(Kind.FILM),
            output=layout.film(work.task_id),
            script="assemble_video.py",
            document={
                "scenes": [_scene(scene) for scene in work.board.scenes],
                "intro": branding.intro_video,
                "outro": branding.outro_video,
                "tail_s": work.channel.story.tail_seconds,
                "size": list(layout.FILM_SIZE),
            },
            document_option="manifest",
            given={path: work.given.get(path, "") for path in (branding.intro_video, branding.outro_video) if path},
            expect={"expect": "film"},
            timeout_s=1_800,
        )
    ]


def _scene(scene: Scene) -> dict[str, object]:
    return {
        "clip": Artifact(Kind.CLIP, scene.number),
        "narration": Artifact(Kind.NARRATION, scene.number) if scene.narration.strip() else None,
        "sfx": Artifact(Kind.SFX, scene.number),
        "text": scene.narration,
    }


STEP = Step("assembly", Status.ASSEMBLING, plan, service="local", limit="max_concurrent_assembly")
