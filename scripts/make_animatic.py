"""Make an animatic: pictures under a moving camera, spoken by a voice of this machine. Free, and without a network.

By hand: python scripts/make_animatic.py --manifest animatic.json --output animatic.mp4
"""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.contract import Progress, ScriptError
from vidctl.media import encode, images
from vidctl.media.assembly.film import assemble
from vidctl.media.assembly.manifest import Entry, Manifest
from vidctl.media.planes import FRAME, Planes
from vidctl.media.sound_files import write_sound
from vidctl.providers.preview import animatic as pictures
from vidctl.providers.preview import camera, voice
from vidctl.providers.preview.animatic import Animatic, Scene
from vidctl.script import Made, Output, say, script, written_aside


def _filmed(scene: Scene, frames: int) -> Iterator[list[bytes]]:
    picture = images.cover(images.opened(Path(scene.image), longest=2 * FRAME[0]).convert("RGB"), FRAME)
    planes = Planes.of(picture)
    for box in camera.boxes(camera.move(scene.motion, take=1, note=""), frames, FRAME):
        yield planes.seen(box)


def _spoken(scene: Scene, file: Path) -> float:
    """Speak a scene's words into a file; return how long that takes, 0 where there is nothing to say."""
    if not scene.text.strip():
        return 0.0
    try:
        samples = voice.speak(scene.text)
    except ScriptError:  # what the scratch voice cannot say is silent here, and spoken in the film
        return 0.0
    write_sound(samples, file, rate_hz=voice.RATE_HZ)
    return float(samples.size / voice.RATE_HZ)


def _scenes(wanted: Animatic, folder: Path, spoken_s: dict[int, float]) -> Iterator[Entry]:
    for number, scene in enumerate(wanted.scenes, 1):
        clip, narration = folder / f"{number}.mp4", folder / f"{number}.mp3"
        spoken_s[number] = _spoken(scene, narration)
        frames = pictures.frames(spoken_s[number], wanted)
        encode.encode(_filmed(scene, frames), clip, size=FRAME)
        say(Progress(number, len(wanted.scenes)))
        said = {"narration": str(narration), "text": scene.text} if spoken_s[number] else {}
        yield Entry(clip=str(clip), min_s=math.floor(frames / encode.FPS * 1_000) / 1_000, **said)


@script
def make_animatic(
    manifest: Annotated[Path, Option(help="JSON: scenes with image, motion and text; clip_s; tail_s")], output: Output
) -> Made:
    """Make an animatic."""
    wanted, spoken_s = pictures.read(manifest), dict[int, float]()
    with tempfile.TemporaryDirectory(prefix="vidctl-animatic-") as folder, written_aside(output) as film:
        entries = tuple(_scenes(wanted, Path(folder), spoken_s))
        put_together = Manifest(scenes=entries, tail_s=wanted.tail_s, size=FRAME)
        with written_aside(output.with_suffix(".srt")) as srt:
            facts = assemble(put_together, film, srt, decode_all=False, tell=lambda _done, _of: None)
    return Made(output, {**facts, "too_long": list(pictures.too_long(spoken_s, wanted))})
