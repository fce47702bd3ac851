"""Make the sound of one scene with ElevenLabs: a description in, one stereo WAV out.

By hand: ELEVENLABS_API_KEY=... python scripts/generate_sound_effects.py --description "waves, distant gulls" \
--duration-s 10 --output coast.wav
"""

import tempfile
from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.errors import BadInput
from vidctl.media.assembly.sound import RATE, decode
from vidctl.media.sound_files import write_wav
from vidctl.providers import refusals
from vidctl.providers.elevenlabs import client, kinds, models
from vidctl.providers.elevenlabs.sounds import FADE_S, LONGEST_S, Description, Samples, make, repeated
from vidctl.script import Made, Note, Output, Take, script, written_aside


def decoded(audio: bytes, output_format: str) -> Samples:
    """Return what was bought as samples of shape (2, n), 48 kHz."""
    with tempfile.TemporaryDirectory(prefix="vidctl-sound-") as folder:
        file = Path(folder) / f"sound{models.ending(output_format)}"
        file.write_bytes(audio)
        try:
            sound = decode(file)
        except BadInput as exc:
            raise refusals.of(kinds.NO_AUDIO, str(exc).removeprefix(f"{file} ")) from exc
    if not sound.size:
        raise refusals.of(kinds.NO_AUDIO, "there is no sound in it")
    return sound


@script
def generate_sound_effects(
    *,
    description: Annotated[str, Option(help="what is heard, such as 'wind, distant thunder'")],
    output: Output,
    duration_s: Annotated[float, Option(help="length in seconds; what is beyond 30 is a repetition")] = 10.0,
    take: Take = 1,  # noqa: ARG001  # the same order never gives the same sound
    note: Note = "",
    model: Annotated[str, Option(help="model that makes the sound")] = models.SOUND,
    prompt_influence: Annotated[float, Option(help="0 to 1: how closely the description is followed")] = 0.3,
    output_format: Annotated[str, Option(help="what is bought: mp3_…, wav_… or opus_…")] = models.FORMAT,
    timeout_s: Annotated[
        float, Option(envvar="ELEVENLABS_TIMEOUT_S", min=1, max=3_600, help="how long the answer may take, in seconds")
    ] = client.TIMEOUT_S,
) -> Made:
    """Make the sound of one scene."""
    if output.suffix.lower() != ".wav":
        raise BadInput(f"the sound cannot be written as {output.name}", hint="let --output end in .wav")
    asked = ". ".join(part for part in (description, note) if part.strip())
    wanted = Description(asked, duration_s, prompt_influence, model, output_format)
    owner = client.account()
    with written_aside(output) as aside:
        aside.touch()  # a disk that takes nothing is found out before anything is bought
        sound = decoded(make(wanted, owner, timeout_s=timeout_s), output_format)
        if duration_s > LONGEST_S:
            sound = repeated(sound, round(duration_s * RATE), round(FADE_S * RATE))
        write_wav(sound.T, aside, rate_hz=RATE)
    return Made(output, {"duration_s": round(sound.shape[1] / RATE, 3), "model": model})
