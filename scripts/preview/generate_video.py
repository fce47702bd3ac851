"""Move a camera over a still picture: the free stand-in for a clip that costs money.

By hand: python scripts/preview/generate_video.py --image composite.png --motion "slow push in, drifting left" \
--output clip.mp4
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

from typer import Option

from vidctl.contract import Progress
from vidctl.media import encode, images
from vidctl.media.planes import FRAME, Planes
from vidctl.providers.preview import camera
from vidctl.script import Made, Note, Output, Take, say, script, written_aside

LONGEST_S: Final = 600


def _filmed(planes: Planes, move: camera.Move, frames: int) -> Iterator[list[bytes]]:
    for done, box in enumerate(camera.boxes(move, frames, FRAME)):
        if done % encode.FPS == 0:
            say(Progress(done, frames))
        yield planes.seen(box)
    say(Progress(frames, frames))


@script
def generate_video(
    image: Annotated[Path, Option(help="the picture that the camera moves over")],
    motion: Annotated[str, Option(help="how it moves: push in, pull out, pan left, tilt up, hold, ...")],
    output: Output,
    duration_s: Annotated[float, Option(min=0.1, max=LONGEST_S, help="length in seconds, at 24 frames each")] = 10.0,
    take: Take = 1,
    note: Note = "",
) -> Made:
    """Film a picture: H.264, 1920x1080, no sound."""
    planes = Planes.of(images.cover(images.opened(image, longest=2 * FRAME[0]).convert("RGB"), FRAME))
    frames = math.ceil(round(duration_s * encode.FPS, 3))
    with written_aside(output) as aside:
        encode.encode(_filmed(planes, camera.move(motion, take=take, note=note), frames), aside, size=FRAME)
    return Made(output, {"duration_s": frames / encode.FPS, "frames": frames})
