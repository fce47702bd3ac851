"""Judge an artifact before anything is built on it: it decodes, has the right size and length, is not blank.

By hand: python scripts/inspect_media.py clip_01.mp4 --expect clip --min-duration-s 9.5
"""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from vidctl.media.inspection.kinds import Kind, inspect
from vidctl.media.inspection.verdict import Length, require_counts
from vidctl.script import Made, script


@script
def inspect_media(
    file: Annotated[Path, Argument(help="the file to judge; it is only read")],
    expect: Annotated[Kind, Option(help="what it has to be")],
    min_duration_s: Annotated[float, Option(min=0, help="of a recording: shorter is refused")] = 0.2,
    max_duration_s: Annotated[float, Option(min=0, help="of a recording: longer is refused")] = 14_400,
    assets: Annotated[int, Option(min=0, help="of a storyboard: how many images it must have; 0: any")] = 0,
    scenes: Annotated[int, Option(min=0, help="of a storyboard: how many scenes it must have; 0: any")] = 0,
) -> Made:
    """Judge an artifact."""
    facts = inspect(file, expect, Length(min_duration_s, max_duration_s))
    require_counts(file, facts, assets=assets, scenes=scenes)
    return Made(file, facts)
