"""Show many images, or frames of many clips, on one page.

By hand: python scripts/contact_sheet.py --manifest sheet.json --output sheet.png
with {"title": "...", "subtitle": "...", "items": [{"path": "...", "label": "..."}]}, paths relative to the manifest.
"""

from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.media import images
from vidctl.media.sheet import read, sheet
from vidctl.script import Made, Output, script


@script
def contact_sheet(
    manifest: Annotated[Path, Option(help="JSON: the title, and the path and label of each item")],
    output: Output,
) -> Made:
    """Make one page."""
    page = sheet(read(manifest), manifest.parent)
    images.save_png(page, output)
    return Made(output, {"width": page.width, "height": page.height})
