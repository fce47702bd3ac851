"""The evidence as data, for programs. Pure."""

from typing import Any

from vidctl import __version__
from vidctl.domain.chain import Entry
from vidctl.engine.evidence import Evidence, Reviewed
from vidctl.store.details import Move


def data(document: Evidence) -> dict[str, Any]:
    """Return the whole document as JSON can hold it."""
    scope, verdict = document.scope, document.verdict
    return {
        "generated_at": document.at,
        "generated_by": f"vidctl {__version__}",
        "scope": {"channel": scope.channel, "video": scope.video, "since": scope.since},
        "record": {
            "ok": verdict.is_whole,
            "decisions": verdict.decisions,
            "archived": verdict.archived,
            "head": verdict.head,
            "complaints": verdict.complaints,
            "missing_archives": verdict.missing,
        },
        "films": [_film(document, film) for film in document.films],
    }


def _film(document: Evidence, about: Reviewed) -> dict[str, Any]:
    film, approval = about.film, about.approval
    return {
        "id": film.id,
        "title": film.title,
        "status": film.status,
        "channel": {"id": film.channel_id, "name": film.channel_name, "youtube_channel_id": film.account},
        "video": {"id": about.video_id, "url": about.url, "published_at": about.published_at},
        "synthetic_media": {"declared": film.synthetic_said, "by_channel_file": film.synthetic_by_file},
        "film": {
            "approved_sha256": about.approved_sha256,
            "approved_at": approval.at if approval else None,
            "approved_by": document.name_of(approval.reviewer_id) if approval else None,
            "published_sha256": about.published_sha256,
            "approved_is_published": about.is_same,
        },
        "decisions": [_decision(document, one) for one in about.decisions],
        "moves": [_move(document, move) for move in about.moves],
    }


def _decision(document: Evidence, one: Entry) -> dict[str, Any]:
    return {
        "number": one.id,
        "at": one.at,
        "gate": one.gate,
        "decision": one.action,
        "reviewer": document.name_of(one.reviewer_id),
        "reviewer_id": one.reviewer_id,
        "notes": one.notes,
        "seen": [{"kind": kind, "number": index, "sha256": sha256} for kind, index, sha256 in one.seen],
        "seen_sha256": one.content_sha256,
        "video_id": one.video_id,
        "hash": one.hash,
    }


def _move(document: Evidence, move: Move) -> dict[str, Any]:
    return {
        "at": move.at,
        "from": move.from_status,
        "event": move.event,
        "to": move.to_status,
        "by": document.name_of(move.actor),
        "why": move.reason,
    }
