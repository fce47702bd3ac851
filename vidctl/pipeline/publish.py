"""Step 8: the approved film, where people can watch it, once it is known what it is recognised by."""

from typing import Final

from msgspec import to_builtins
from msgspec.structs import replace

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Step, Work
from vidctl.pipeline import assembly

SCRIPT: Final = "upload_video.py"
NO_LIMIT_S: Final = 7 * 86_400.0
"""An upload may take as long as it gets on; its program gives up by itself when it does not."""


def plan(work: Work) -> list[Job]:
    """Return the job that publishes the film, after the one that says what it is recognised by."""
    film = Artifact(Kind.FILM)
    return [
        assembly.fingerprint(),
        Job(
            makes=Artifact(Kind.RECEIPT),
            output=layout.RECEIPT,
            script=SCRIPT,
            inputs={"film": (film,)},
            document=_document(work, film),
            document_option="metadata",
            after=(Artifact(Kind.FINGERPRINT),),
            expect={"expect": "receipt"},
            timeout_s=NO_LIMIT_S,
        ),
    ]


def _document(work: Work, film: Artifact) -> dict[str, object]:
    """Return what is said of the film, and which one that is."""
    from vidctl.domain import metadata  # a tick that only picks films need not know what is said of them

    said, thumbnail = metadata.written(work, work.film_facts).publication, Artifact(Kind.THUMBNAIL)
    approved = replace(said, film_sha256=_sha256(work, film), thumbnail_sha256=_sha256(work, thumbnail))
    document: dict[str, object] = to_builtins(approved)
    return document | ({"thumbnail": thumbnail} if work.has_thumbnail else {})


def _sha256(work: Work, artifact: Artifact) -> str:
    return work.whole[artifact].sha256 if artifact in work.whole else ""


STEP = Step("publish", Status.UPLOADING, plan, service="youtube", limit="max_concurrent_upload")
