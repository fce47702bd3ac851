"""Step 5: the words of each scene, spoken in the channel's voice."""

from vidctl.domain import layout
from vidctl.domain.channel import voice_of
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return one job for each spoken scene; silent scenes need no file."""
    return [
        Job(
            makes=(makes := Artifact(Kind.NARRATION, scene.number)),
            output=layout.narration(scene.number),
            script="generate_audio.py",
            args={"voice-id": voice_of(work.channel), "text": scene.narration, **work.retake(makes)},
            expect={"expect": "narration"},
            timeout_s=120,
        )
        for scene in work.board.scenes
        if scene.narration.strip()
    ]


STEP = Step("narration", Status.GENERATING_AUDIO, plan, service="elevenlabs", limit="max_concurrent_audio")
