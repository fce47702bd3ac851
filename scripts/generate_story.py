"""Have Gemini turn a topic into a storyboard: words in, one JSON document out. It costs money.

By hand: python scripts/generate_story.py --title "The Salt Road" --topic "How salt crossed the desert" \
--output storyboard.json
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.errors import BadInput
from vidctl.providers.brief import Brief, brief_in, checked
from vidctl.providers.gemini.client import connected
from vidctl.providers.gemini.text import MAX_OUTPUT_TOKENS, MODEL, Writer
from vidctl.providers.prices import prices
from vidctl.providers.storyteller.fit import WORDS_PER_MINUTE
from vidctl.providers.storyteller.telling import tell
from vidctl.script import Made, Note, Output, Take, script, written_aside

USUAL = Brief()


@script
def generate_story(
    *,
    output: Output,
    brief: Annotated[Path | None, Option(help="JSON document that says all of the below at once")] = None,
    title: Annotated[str, Option(help="the film's title")] = "",
    topic: Annotated[str, Option(help="what it is about, in a sentence")] = "",
    story_direction: Annotated[str, Option(help="how to tell it; up to 50,000 characters")] = "",
    style: Annotated[str, Option(help="joins every image prompt; chosen by the topic if empty")] = "",
    assets: Annotated[int, Option(help="images to draw")] = USUAL.assets,
    scenes: Annotated[int, Option(help="scenes of the film")] = USUAL.scenes,
    clip_seconds: Annotated[float, Option(help="length of a clip; what is said is shorter")] = USUAL.clip_seconds,
    take: Take = 1,
    note: Note = "",
    model: Annotated[str, Option(help="who writes it")] = MODEL,
    words_per_minute: Annotated[float, Option(min=60, max=300, help="how fast the voice speaks")] = WORDS_PER_MINUTE,
    max_output_tokens: Annotated[int, Option(min=1, help="of one answer, thinking included")] = MAX_OUTPUT_TOKENS,
    timeout_s: Annotated[
        float,
        Option(min=1, envvar="GEMINI_TIMEOUT_S", help="how long to wait for it; what comes later is paid and lost"),
    ] = 240,
) -> Made:
    """Have a topic turned into a storyboard."""
    if brief is None and not (title.strip() or topic.strip()):
        raise BadInput("there is nothing to tell a story about", hint="give --brief, or --title and --topic")
    by_hand = Brief(title, topic, story_direction, "", style, assets, scenes, clip_seconds)
    asked = brief_in(brief) if brief else checked(by_hand)
    with connected(timeout_s=timeout_s) as gemini, written_aside(output) as aside:
        aside.touch()  # a folder that takes no file is found before anything is bought
        writer = Writer(gemini, prices(), model, max_output_tokens)
        told = tell(writer, asked, words_per_minute=words_per_minute, take=take, note=note)
        aside.write_bytes(told.document)
    facts = {"assets": len(told.board.assets), "scenes": len(told.board.scenes), "model": model}
    return Made(output, facts={**facts, "orders": told.orders, "mended": list(told.mended[:50])})
