"""Have Kling film a picture, through KIE: one paid order, one clip.

By hand: KIE_API_KEY=... python scripts/generate_video.py --image composite.png --motion "slow push in" \
--output clip.mp4
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.errors import BadInput
from vidctl.media import images
from vidctl.media.probe import probe
from vidctl.providers.hosting.choice import HostName, hosted, hosts
from vidctl.providers.kie import models
from vidctl.providers.kie.account import account
from vidctl.providers.kie.ordering import Patience
from vidctl.providers.kie.purchase import Purchase
from vidctl.providers.kie.seeds import seed
from vidctl.script import Made, Note, Output, ResumeJob, Take, script, written_aside


def trouble_with(file: Path) -> str:
    """Return why a file does not play, or nothing."""
    try:
        facts = probe(file)
    except BadInput as exc:
        return str(exc)
    return "" if facts.video and facts.duration_s > 0 else "there is no moving picture in it"


@script
def generate_video(
    *,
    image: Annotated[Path, Option(help="the picture to film; PNG or JPEG, 1920x1080 at best")],
    motion: Annotated[str, Option(help="what moves, and how; what is too long is cut")],
    output: Output,
    duration_s: Annotated[
        float, Option(min=0.1, help="length in seconds; Kling makes 5 or 10, the next longer")
    ] = 10.0,
    take: Take = 1,  # noqa: ARG001  # no two clips are alike
    note: Note = "",
    resume_job: ResumeJob = "",
    model: Annotated[str, Option(help="the model that films")] = models.USUAL,
    negative_prompt: Annotated[str, Option(help="what must not be seen")] = "blur, distort, and low quality",
    cfg_scale: Annotated[float, Option(min=0, max=1, help="how closely the prompt is followed")] = 0.5,
    image_host: Annotated[
        HostName | None, Option(help="where the picture is put for KIE to fetch; default: r2 if it is set up, else kie")
    ] = None,
    wait_s: Annotated[
        float, Option(min=0, envvar="KIE_WAIT_S", help="how long the clip is waited for; a later run goes on with it")
    ] = 600,
    poll_s: Annotated[
        float, Option(min=0.01, envvar="KIE_POLL_S", help="the shortest pause between two looks at it")
    ] = 5,
) -> Made:
    """Film a picture."""
    owner = account()
    purchase = Purchase(owner, Patience(wait_s, poll_s), trouble_with)
    wish = models.Wish(model, motion, note, duration_s, negative_prompt, cfg_scale)
    # What a job was ordered with was checked then; nothing that can be wrong with it now may keep it from its clip.
    wanted = wish.as_it_is() if resume_job else wish.checked()
    picture = None if resume_job else seed(image, images.opened(image))
    with written_aside(output) as aside:
        job_id = resume_job
        if picture:
            aside.touch()  # where nothing can be written, nothing is bought
            job_id = purchase.buy(wanted, lambda: hosted(picture, hosts(owner, image_host)))
        record = purchase.collect(job_id, wanted, aside, resumed=bool(resume_job))
        duration_s = probe(aside).duration_s
    return Made(output, {"duration_s": round(duration_s, 3), "job_id": job_id, "model": record.model})
