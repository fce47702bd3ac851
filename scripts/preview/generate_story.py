"""Turn a topic into a storyboard: words in, one JSON document out. Free, offline, the same every time.

By hand: python scripts/preview/generate_story.py --title "The Salt Road" --topic "How salt crossed the desert" \
--output storyboard.json
"""

from pathlib import Path
from typing import Annotated

import msgspec
from typer import Option

from vidctl.domain.storyboard import Storyboard, check_size, parse
from vidctl.errors import BadInput, NotFound
from vidctl.providers.preview.story import Brief, checked, read_brief, tell
from vidctl.script import Made, Note, Output, Take, script, written_aside

USUAL = Brief()


def read(path: Path) -> Brief:
    """Return the brief that a file holds."""
    try:
        return read_brief(path.read_bytes())
    except OSError as exc:
        raise NotFound(f"cannot read {path}: {exc.strerror or exc}", hint="give --brief a file that exists") from exc


def document(board: Storyboard, asked: Brief) -> bytes:
    """Return the storyboard as JSON, proved by reading it the way every later step does."""
    data = msgspec.json.format(msgspec.json.encode(board), indent=2) + b"\n"
    check_size(parse(data), assets=asked.assets, scenes=asked.scenes)
    return data


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
) -> Made:
    """Turn a topic into a storyboard."""
    if brief is None and not (title.strip() or topic.strip()):
        raise BadInput("there is nothing to tell a story about", hint="give --brief, or --title and --topic")
    by_hand = Brief(title, topic, story_direction, "", style, assets, scenes, clip_seconds)
    asked = read(brief) if brief else checked(by_hand)
    board = tell(asked, take=take, note=note)
    with written_aside(output) as aside:
        aside.write_bytes(document(board, asked))
    return Made(output, facts={"assets": len(board.assets), "scenes": len(board.scenes)})
