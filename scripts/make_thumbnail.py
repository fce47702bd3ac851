"""Make the picture that stands for a film on YouTube: the best of its composites, with a few large words on it.

By hand: python scripts/make_thumbnail.py --picture composite_01.png --picture composite_02.png \
--text "THE LAST KEEPERS" --output thumbnail.jpg
"""

import sys
from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.media.thumbnail.asked import asked_for
from vidctl.media.thumbnail.jpeg import save_jpeg
from vidctl.media.thumbnail.make import thumbnail
from vidctl.media.thumbnail.style import Ground, Place, Style, colour
from vidctl.script import Made, Note, Output, Take, script


@script
def make_thumbnail(
    picture: Annotated[list[Path], Option(help="one to choose from; repeat, in the order of the scenes")],
    output: Output,
    text: Annotated[str, Option(help="the words on it; shortened where they are many")] = "",
    place: Annotated[Place, Option(help="where the words stand; auto: the side where they hide less")] = Place.AUTO,
    ground: Annotated[Ground, Option(help="what the words stand on")] = Ground.SHADE,
    color: Annotated[str, Option(help="of the words: #rrggbb")] = "#ffffff",
    accent: Annotated[str, Option(help="of what sets them off: #rrggbb")] = "#e5252a",
    take: Take = 1,
    note: Note = "",
) -> Made:
    """Make one JPEG of 1280x720."""
    style = Style(place, ground, colour(color), colour(accent))
    made = thumbnail(picture, text, style, asked_for(take, note))
    for warning in made.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    save_jpeg(made.image, output)
    return Made(output, made.facts)
