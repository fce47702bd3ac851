"""The evidence as a sheet: one decision a row, in CSV (RFC 4180) that no spreadsheet takes for formulas. Pure.

A film about which nobody decided anything has one row as well.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from vidctl.domain.chain import Entry
from vidctl.engine.evidence import Evidence, Reviewed
from vidctl.engine.record import Verdict

_DECISION: Final = ("number", "at", "gate", "decision", "reviewer", "reviewer_id", "notes", "seen", "seen_sha256")
COLUMNS: Final = (
    *("film_id", "title", "channel_id", "channel", "youtube_channel_id", "video_id", "video_url", "published_at"),
    *_DECISION,
    *("approved_is_published", "hash", "record"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may begin to compute at: a quote before it makes it text."""


def sheet(document: Evidence) -> str:
    """Return the whole sheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for film in document.films:
        decisions: Sequence[Entry | None] = film.decisions or [None]
        for one in decisions:
            writer.writerow([harmless(cell) for cell in _cells(document, film, one)])
    return out.getvalue()


def harmless(text: str) -> str:
    """Return a cell that stays text, also with blanks before what would be a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _cells(document: Evidence, about: Reviewed, one: Entry | None) -> Iterator[str]:
    film = about.film
    yield from (str(film.id), film.title, film.channel_id, film.channel_name, film.account or "")
    yield from (about.video_id or "", about.url or "", _moment(about.published_at))
    yield from _decision(document, one) if one else [""] * len(_DECISION)
    yield from ({True: "yes", False: "no", None: ""}[about.is_same], one.hash if one else "")
    yield _record(document.verdict)


def _decision(document: Evidence, one: Entry) -> Iterator[str]:
    yield from (str(one.id), _moment(one.at), one.gate, one.action)
    yield from (document.name_of(one.reviewer_id), one.reviewer_id, one.notes)
    yield from ("; ".join(f"{kind} {index} {sha256}" for kind, index, sha256 in one.seen), one.content_sha256)


def _record(verdict: Verdict) -> str:
    """Return what is to be thought of the record as a whole: a row alone may be taken out of its sheet."""
    if verdict.complaints:
        return "tampered with"
    return "a part is not here" if verdict.missing else "whole"


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
