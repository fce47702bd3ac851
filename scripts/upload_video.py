"""Publish a film on YouTube: film and metadata in, one receipt out. It goes up once, whatever happens on the way.

By hand: python scripts/upload_video.py --film film.mp4 --metadata metadata.json --output receipt.json

The environment needs GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET, YOUTUBE_REFRESH_TOKEN and FERNET_KEY. What it says as
job_id before the film goes up leads on, with --resume-job, where it was broken off.
"""

from pathlib import Path
from typing import Annotated

import msgspec
from typer import Option

from vidctl.errors import BadInput
from vidctl.providers import publication
from vidctl.providers.youtube import readback, rehearsal
from vidctl.providers.youtube.film import BLOCK
from vidctl.providers.youtube.patience import USUAL, Patience
from vidctl.providers.youtube.publish import Manner, publish
from vidctl.providers.youtube.upload import CHUNK_BYTES
from vidctl.script import Made, Output, ResumeJob, script, written_aside

_OF_THE_RESULT = (
    *("video_id", "account", "privacy", "privacy_asked", "publish_at", "processing", "film_sha256"),
    *("synthetic_media", "made_for_kids"),
    *("captions", "thumbnail", "playlist", "warnings"),
)


@script
def upload_video(
    *,
    film: Annotated[Path, Option(help="the film; subtitles beside it (.srt) go with it where the metadata says so")],
    metadata: Annotated[Path, Option(help="JSON document: title, description, tags, privacy, account, …")],
    output: Output,
    resume_job: ResumeJob = "",
    wait_s: Annotated[
        float, Option(envvar="YOUTUBE_WAIT_S", min=0, max=86_400, help="how long its processing is waited for")
    ] = readback.WAIT_S,
    chunk_bytes: Annotated[
        int, Option(envvar="YOUTUBE_CHUNK_BYTES", min=BLOCK, help="how much is sent at once, a multiple of 256 KiB")
    ] = CHUNK_BYTES,
    pause_s: Annotated[
        float, Option(envvar="YOUTUBE_PAUSE_S", min=0, max=60, help="before the first of the tries that follow one")
    ] = USUAL.pause_s,
    dry_run: Annotated[
        bool, Option("--dry-run", help="write to --output what would be sent, and send nothing")
    ] = False,
) -> Made:
    """Publish a film on YouTube."""
    if chunk_bytes % BLOCK:
        raise BadInput(f"--chunk-bytes {chunk_bytes} is no multiple of {BLOCK}", hint="leave it out")
    words = publication.read(metadata)
    if dry_run:
        asked = rehearsal.requests(film, words, metadata.parent)
        with written_aside(output) as aside:
            aside.write_bytes(msgspec.json.format(msgspec.json.encode(asked), indent=2) + b"\n")
        return Made(output)
    with written_aside(output) as aside:
        aside.touch()  # a disk that takes nothing is found out before anything is published
        manner = Manner(wait_s, chunk_bytes, Patience(pause_s))
        receipt = publish(film, words, metadata.parent, manner, resume_job)
        aside.write_bytes(msgspec.json.format(msgspec.json.encode(receipt), indent=2) + b"\n")
    facts = {name: getattr(receipt, name) for name in _OF_THE_RESULT}
    return Made(output, facts | {"warnings": list(receipt.warnings)}, receipt.url)
