"""Publish a film to a folder on this machine: film and metadata in, one receipt out.

By hand: python scripts/preview/upload_video.py --film film.mp4 --metadata metadata.json --output receipt.json
"""

from pathlib import Path
from typing import Annotated

import msgspec
from typer import Option

from vidctl.providers.preview import outbox
from vidctl.script import Made, Output, script, written_aside


@script
def upload_video(
    *,
    film: Annotated[Path, Option(help="the film; subtitles beside it (.srt) go with it")],
    metadata: Annotated[Path, Option(help="JSON document: title, description, tags, privacy, channel_id, folder")],
    output: Output,
) -> Made:
    """Publish a film to a folder on this machine."""
    published = outbox.publish(film, outbox.read_metadata(metadata))
    with written_aside(output) as aside:
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(published), indent=2) + b"\n")
    return Made(output, url=published.url, facts={"film_sha256": published.sha256})
