"""Step 1: the storyboard, from the topic and the story direction."""

from vidctl.domain import layout
from vidctl.domain.channel import is_free
from vidctl.domain.script_names import STORY_SCRIPT
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return the one job that writes the storyboard."""
    size = work.channel.story
    makes = Artifact(Kind.STORYBOARD)
    return [
        Job(
            makes=makes,
            output=layout.STORYBOARD,
            script=STORY_SCRIPT,
            args={**_model(work), **work.retake(makes)},
            document={
                "title": work.title,
                "topic": work.topic,
                "story_direction": work.story_direction,
                "channel_name": work.channel.channel_name,
                "style": work.channel.style,
                "assets": size.assets,
                "scenes": size.scenes,
                "clip_seconds": size.clip_seconds,
            },
            document_option="brief",
            expect={"expect": "storyboard", "assets": str(size.assets), "scenes": str(size.scenes)},
        )
    ]


def _model(work: Work) -> dict[str, str]:
    if is_free(work.channel, STORY_SCRIPT):
        return {}
    channel = work.channel
    return {"model": channel.models.story, "words-per-minute": str(channel.speech.words_per_minute)}


STEP = Step("plan", Status.CLAIMED, plan, service="gemini", limit="max_concurrent_story")
