"""Make the sound of one scene: a description in, one stereo WAV out. Synthesised here, free and offline.

By hand: python scripts/preview/generate_sound_effects.py --description "waves, distant gulls" --duration-s 10 \
--output coast.wav
"""

from typing import Annotated

from typer import Option

from vidctl.media.sound_files import write_wav
from vidctl.providers.preview import ambience
from vidctl.providers.preview.ambience_tools import RATE_HZ
from vidctl.script import Made, Note, Output, Take, script, written_aside


@script
def generate_sound_effects(
    *,
    description: Annotated[str, Option(help="what is heard, such as 'wind, distant thunder'")],
    output: Output,
    duration_s: Annotated[float, Option(help="length in seconds")] = 10.0,
    take: Take = 1,
    note: Note = "",
) -> Made:
    """Make the sound of one scene."""
    sound = ambience.make(description, duration_s, take=take, note=note)
    with written_aside(output) as aside:
        write_wav(sound, aside, rate_hz=RATE_HZ)
    return Made(output, facts={"duration_s": round(len(sound) / RATE_HZ, 3)})
