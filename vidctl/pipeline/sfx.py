"""Step 6: the sound of each scene."""

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return one job for each scene."""
    return [
        Job(
            makes=(makes := Artifact(Kind.SFX, scene.number)),
            output=layout.sfx(scene.number),
            script="generate_sound_effects.py",
            args={
                "description": scene.sound,
                "duration-s": str(work.channel.story.clip_seconds),
                **({"model": work.channel.models.sound} if work.is_paid else {}),
                **work.retake(makes),
            },
            expect={"expect": "sfx"},
            timeout_s=120,
        )
        for scene in work.board.scenes
    ]


STEP = Step("sfx", Status.GENERATING_SFX, plan, service="elevenlabs", limit="max_concurrent_sfx")
