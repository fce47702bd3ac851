"""What a change of a film makes out of date, from the changed item down to the film."""

from collections.abc import Mapping

from vidctl.domain.work import Artifact, Job, Kind, Made, Step, Work, fingerprint, needs
from vidctl.pipeline import STEPS, story


def out_of_date(work: Work, made: Mapping[Artifact, Made]) -> dict[Step, list[Artifact]]:
    """Return, for each step after the storyboard, the artifacts that are missing or not as it asks for now.

    An artifact made from one of them is out of date too. Steps where all is well are left out. An animatic only shows
    what clips will be: where these are all there, it is not missed. Nor is a fingerprint: it is made before the upload.
    """
    stale: set[Artifact] = set()
    found: dict[Step, list[Artifact]] = {}
    for step in STEPS[STEPS.index(story.STEP) + 1 :]:
        for job in step.plan(work):
            if _is_stale(job, made, stale):
                stale.add(job.makes)
                found.setdefault(step, []).append(job.makes)
    if not any(item.kind is Kind.CLIP for item in stale):
        found = {step: [item for item in items if item.kind is not Kind.ANIMATIC] for step, items in found.items()}
    found = {step: [item for item in items if item.kind is not Kind.FINGERPRINT] for step, items in found.items()}
    return {step: items for step, items in found.items() if items}


def _is_stale(job: Job, made: Mapping[Artifact, Made], stale: set[Artifact]) -> bool:
    if job.makes not in made or any(need in stale or need not in made for need in needs(job)):
        return True
    return made[job.makes].fingerprint != fingerprint(job, made)
