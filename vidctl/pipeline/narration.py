"""Step 5: the words of each scene, spoken in the channel's voice."""

from vidctl.domain import layout
from vidctl.domain.channel import voice_of
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return one job for each spoken scene; silent scenes need no file."""
    scenes = [scene for scene in work.board.scenes if scene.narration.strip()]
    texts = ["", *(scene.narration for scene in scenes), ""]
    return [
        Job(
            makes=(makes := Artifact(Kind.NARRATION, scene.number)),
            output=layout.narration(scene.number),
            script="generate_audio.py",
            args={
                "voice-id": voice_of(work.channel),
                "text": scene.narration,
                **_voice(work),
                **work.retake(makes),
            },
            how=_neighbours(work, before, after),
            expect={"expect": "narration"},
            timeout_s=120,
        )
        for scene, before, after in zip(scenes, texts, texts[2:], strict=False)
    ]


def _voice(work: Work) -> dict[str, str]:
    if not work.is_paid:
        return {}
    speech = work.channel.speech
    settings = {name: str(getattr(speech, name)) for name in ("stability", "similarity", "style", "speed")}
    return {"model": work.channel.models.voice, **settings}


def _neighbours(work: Work, before: str, after: str) -> dict[str, str]:
    """Return what is said just before and after, for an even voice. An edited line makes no other one again."""
    return {"previous-text": before, "next-text": after} if work.is_paid else {}


STEP = Step("narration", Status.GENERATING_AUDIO, plan, service="elevenlabs", limit="max_concurrent_audio")
