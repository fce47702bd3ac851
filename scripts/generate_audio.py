"""Speak one scene with a voice of ElevenLabs: words in, one audio file and its timing out.

By hand: ELEVENLABS_API_KEY=... python scripts/generate_audio.py --voice-id 21m00Tcm4TlvDq8ikWAM --text "Hello." \
--output hello.mp3

When each character is spoken is written beside it (hello.alignment.json); subtitles are timed by it.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.errors import BadInput, CannotWrite
from vidctl.media.probe import probe
from vidctl.providers import refusals
from vidctl.providers.elevenlabs import client, kinds, models
from vidctl.providers.elevenlabs.settings import Settings, adapted, seed_of, seed_of_take
from vidctl.providers.elevenlabs.speech import Spoken, Words, speak
from vidctl.script import Made, Note, Output, Take, script, written_aside

USUAL = Settings()


def put(spoken: Spoken, aside: Path, output: Path) -> None:
    """Write what was bought to `aside`, and its timing to where it lies beside `output`, before that is in place."""
    aside.write_bytes(spoken.audio)
    try:
        sound = probe(aside).audio
    except BadInput as exc:
        raise refusals.of(kinds.NO_AUDIO, str(exc).removeprefix(f"{aside} ")) from exc
    if sound is None:
        raise refusals.of(kinds.NO_AUDIO, "there is no sound in it")
    beside = output.with_name(f"{output.stem}.alignment.json")
    if spoken.timing is not None:
        with suppress(CannotWrite), written_aside(beside) as part:  # the voice is worth keeping without it
            part.write_text(json.dumps(spoken.timing), encoding="utf-8")


@script
def generate_audio(
    *,
    voice_id: Annotated[str, Option(help="voice of the account: its id")],
    text: Annotated[str, Option(help="the words of one scene")],
    output: Output,
    take: Take = 1,
    note: Note = "",
    model: Annotated[str, Option(help="model that speaks")] = models.SPEECH,
    seed: Annotated[int | None, Option(help="of the first take, 0 to 4294967295; from the voice if left out")] = None,
    previous_text: Annotated[str, Option(help="what the scene before says, for an even voice")] = "",
    next_text: Annotated[str, Option(help="what the scene after says, for an even voice")] = "",
    stability: Annotated[float, Option(help="0 to 1: more is calmer and more even")] = USUAL.stability,
    similarity: Annotated[float, Option(help="0 to 1: how close to the voice's recordings")] = USUAL.similarity_boost,
    style: Annotated[float, Option(help="0 to 1: how much the voice's own style is exaggerated")] = USUAL.style,
    speed: Annotated[float, Option(help="0.7 to 1.2: how fast, 1 being the voice's own pace")] = USUAL.speed,
    language: Annotated[str, Option(help="such as en; models that do not take it are not told")] = "",
    output_format: Annotated[str, Option(help="mp3_…, wav_… or opus_…; some need a larger plan")] = models.FORMAT,
    timeout_s: Annotated[
        float, Option(envvar="ELEVENLABS_TIMEOUT_S", min=1, max=3_600, help="how long the answer may take, in seconds")
    ] = client.TIMEOUT_S,
) -> Made:
    """Speak one scene."""
    own = Settings(stability, similarity, style, speed)
    words = Words(
        text,
        voice_id,
        seed_of_take(seed_of(voice_id) if seed is None else seed, take),
        own if own.wrong() else adapted(own, note),
        model,
        previous_text,
        next_text,
        language,
        output_format,
    )
    if output.suffix.lower() != models.ending(output_format):
        raise BadInput(
            f"{output_format} cannot be written as {output.name}",
            hint=f"let --output end in {models.ending(output_format)}",
        )
    owner = client.account()
    with written_aside(output) as aside:
        aside.touch()  # a disk that takes nothing is found out before anything is bought
        spoken = speak(words, owner, timeout_s=timeout_s)
        put(spoken, aside, output)
    facts = {"model": model, "seed": words.seed, "speed": words.settings.speed, "stability": words.settings.stability}
    return Made(output, {**facts, "timed": spoken.timing is not None, "request_id": spoken.request_id})
