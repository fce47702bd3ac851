"""The evidence as a sheet: one decision a row, in CSV (RFC 4180) that no spreadsheet takes for formulas. Pure."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from vidctl.domain.chain import Entry
from vidctl.engine.evidence import Evidence, Reviewed

COLUMNS: Final = (
    *("film_id", "title", "channel_id", "channel", "youtube_channel_id", "video_id", "video_url", "published_at"),
    *("number", "at", "gate", "decision", "reviewer", "reviewer_id", "notes", "seen", "seen_sha256"),
    *("approved_is_published", "hash"),
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a spreadsheet may begin to compute at: a quote before it makes it text."""


def sheet(document: Evidence) -> str:
    """Return the whole sheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for film in document.films:
        writer.writerows([harmless(cell) for cell in _cells(document, film, one)] for one in film.decisions)
    return out.getvalue()


def harmless(text: str) -> str:
    """Return a cell that stays text, also with blanks before what would be a formula."""
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


def _cells(document: Evidence, about: Reviewed, one: Entry) -> Iterator[str]:
    film = about.film
    yield from (str(film.id), film.title, film.channel_id, film.channel_name, film.account or "")
    yield from (about.video_id or "", about.url or "", _moment(about.published_at))
    yield from (str(one.id), _moment(one.at), one.gate, one.action)
    yield from (document.name_of(one.reviewer_id), one.reviewer_id, one.notes)
    yield from ("; ".join(f"{kind} {index} {sha256}" for kind, index, sha256 in one.seen), one.content_sha256)
    yield from ({True: "yes", False: "no", None: ""}[about.is_same], one.hash)


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""
