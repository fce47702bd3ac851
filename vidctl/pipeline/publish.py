"""Step 8: the approved film, where people can watch it."""

from typing import Final

from msgspec import to_builtins
from msgspec.structs import replace

from vidctl.domain import layout, metadata
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Step, Work

SCRIPT: Final = "upload_video.py"
NO_LIMIT_S: Final = 7 * 86_400.0
"""An upload may take as long as it gets on; its program gives up by itself when it does not."""


def plan(work: Work) -> list[Job]:
    """Return the job that publishes the film, with what is said of it."""
    film, thumbnail = Artifact(Kind.FILM), Artifact(Kind.THUMBNAIL)
    said = metadata.written(work, work.film_facts).publication
    sha256 = work.whole[film].sha256 if film in work.whole else ""
    document = to_builtins(replace(said, film_sha256=sha256))
    if thumbnail in work.whole and work.channel.youtube.thumbnail.make:
        document["thumbnail"] = thumbnail
    return [
        Job(
            makes=Artifact(Kind.RECEIPT),
            output=layout.RECEIPT,
            script=SCRIPT,
            inputs={"film": (film,)},
            document=document,
            document_option="metadata",
            expect={"expect": "receipt"},
            timeout_s=NO_LIMIT_S,
        )
    ]


STEP = Step("publish", Status.UPLOADING, plan, service="youtube", limit="max_concurrent_upload")
