"""Make the film: clips, narration and sound effects in, one film and its subtitles (.srt) out.

By hand: python scripts/assemble_video.py --manifest film.json --output film.mp4
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.contract import Progress
from vidctl.errors import BadInput
from vidctl.media.assembly.film import assemble
from vidctl.media.assembly.manifest import load
from vidctl.script import Made, Output, say, script, written_aside


@script
def assemble_video(
    manifest: Annotated[Path, Option(help="JSON: which files make which scene; paths are relative to it")],
    output: Output,
    decode_all: Annotated[
        bool, Option("--decode-all", help="decode the whole film afterwards, not only its cuts")
    ] = False,
) -> Made:
    """Make the film."""
    if output.suffix.lower() != ".mp4":
        raise BadInput(f"the film cannot be written as {output.name}", hint="let --output end in .mp4")
    scenes = load(manifest)
    with written_aside(output.with_suffix(".srt")) as srt, written_aside(output) as film:
        facts = assemble(scenes, film, srt, decode_all=decode_all, tell=lambda done, of: say(Progress(done, of)))
    return Made(output, facts)
