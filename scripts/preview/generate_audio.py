"""Speak one scene: words in, one audio file out, in an English voice that needs no network and no key.

By hand: python scripts/preview/generate_audio.py --voice-id preview --text "Hello." --output hello.mp3
"""

from typing import Annotated

from typer import Option

from vidctl.media.sound_files import write_sound
from vidctl.providers.preview import voice
from vidctl.script import Made, Note, Output, Take, script, written_aside


@script
def generate_audio(
    *,
    text: Annotated[str, Option(help="the words of one scene")],
    output: Output,
    voice_id: Annotated[str, Option(help="taken and ignored: there is one voice")] = "",  # noqa: ARG001
    take: Take = 1,
    note: Note = "",
) -> Made:
    """Speak one scene."""
    samples = voice.speak(text, take=take, note=note)
    with written_aside(output) as aside:
        write_sound(samples, aside, rate_hz=voice.RATE_HZ)
    return Made(output, facts={"duration_s": round(samples.size / voice.RATE_HZ, 3)})
