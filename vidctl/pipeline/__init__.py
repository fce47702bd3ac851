"""The eight steps, in order. Each module's `plan` says what has to exist before the film moves on."""

from typing import Final

from vidctl.domain.status import GATES, Event, Status, engine_event, next_status
from vidctl.domain.work import Kind, Step
from vidctl.pipeline import assembly, assets, clips, composites, narration, publish, sfx, story

STEPS: Final = (
    story.STEP,
    assets.STEP,
    composites.STEP,
    clips.STEP,
    narration.STEP,
    sfx.STEP,
    assembly.STEP,
    publish.STEP,
)

STEP_OF_WORKING: Final = {step.working: step for step in STEPS}

STEP_OF_KIND: Final = {
    Kind.STORYBOARD: story.STEP,
    Kind.IMAGE: assets.STEP,
    Kind.COMPOSITE: composites.STEP,
    Kind.ANIMATIC: composites.STEP,
    Kind.CLIP: clips.STEP,
    Kind.NARRATION: narration.STEP,
    Kind.SFX: sfx.STEP,
    Kind.FILM: assembly.STEP,
    Kind.THUMBNAIL: assembly.STEP,
}
"""The step that makes an item a person can reject."""


def step_named(name: str) -> Step:
    """Return the step called `name`.

    Raises:
        KeyError: there is none.
    """
    return {step.name: step for step in STEPS}[name]


def step_at(status: Status) -> Step | None:
    """Return the step that the engine works on, or would enter next, in `status`.

    In a status that is only passed on the way to a gate it is the step that came before. None where
    the engine has nothing to do.
    """
    if status in STEP_OF_WORKING:
        return STEP_OF_WORKING[status]
    return _STEP_AT.get(status)


def _steps_between() -> dict[Status, Step]:
    """Walk the way of a film without trouble, and note the step at each status between two steps."""
    found: dict[Status, Step] = {}
    at, last = Status.QUEUED, STEPS[0]
    while at is not Status.PUBLISHED:
        if at in STEP_OF_WORKING:
            last, at = STEP_OF_WORKING[at], next_status(at, Event.FINISH)
        elif at in GATES:
            at = next_status(at, Event.APPROVE)
        else:
            between, at = at, next_status(at, engine_event(at))
            found[between] = STEP_OF_WORKING.get(at, last)
    return found


_STEP_AT: Final = _steps_between()
