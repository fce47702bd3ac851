"""Step 8: the approved film, where people can watch it."""

from vidctl.domain import layout
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Job, Kind, Step, Work


def plan(work: Work) -> list[Job]:
    """Return the one job that publishes the film."""
    return [
        Job(
            makes=Artifact(Kind.RECEIPT),
            output=layout.RECEIPT,
            script="upload_video.py",
            inputs={"film": (Artifact(Kind.FILM),)},
            document={
                "title": work.title,
                "description": work.board.summary,
                "tags": list(work.channel.tags),
                "privacy": work.privacy,
                "channel_id": work.channel.channel_id,
            },
            document_option="metadata",
            expect={"expect": "receipt"},
            timeout_s=3_600,
        )
    ]


STEP = Step("publish", Status.UPLOADING, plan, service="youtube", limit="max_concurrent_upload")
