"""The evidence as one page that needs nothing else: for a browser, a printer, or whoever asks. Pure."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from vidctl import __version__
from vidctl.cli import words
from vidctl.cli.evidence.film import film_of
from vidctl.cli.evidence.style import CSS
from vidctl.cli.markup import Html, el, empty, join
from vidctl.domain.decisions import Action
from vidctl.engine.context import ENGINE
from vidctl.engine.evidence import Evidence, Reviewed

_NOTHING_ELSE: Final = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Whatever a title or a note smuggled in, a browser loads nothing and runs nothing for it."""
_HOW_TO_CHECK: Final = (
    "Each decision is kept in a table that can only be added to. Its SHA-256 covers who decided, about what, when, and "
    "the SHA-256 of the decision before it, so that no decision can be changed, removed or inserted later without all "
    "that follow not fitting any more. The last one of each day is posted elsewhere. What a reviewer saw is named by "
    "the SHA-256 of the very files: a film is published only while it is, byte for byte, the one that was approved."
)


def page(document: Evidence, pictures: Mapping[UUID, tuple[str, bytes]]) -> str:
    """Return the whole page."""
    head = el(
        "head",
        empty("meta", charset="utf-8"),
        empty("meta", name="viewport", content="width=device-width, initial-scale=1"),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{_NOTHING_ELSE}">'),
        el("title", "Evidence of human review"),
        Html(f"<style>{CSS}</style>"),
    )
    films = [film_of(document, film, pictures.get(film.film.id)) for film in document.films]
    body = el("body", _header(document), _tiles(document), _seal(document), _list(document), *films, _footer())
    return f"<!doctype html>\n{el('html', head, body, lang='en')}\n"


def _header(document: Evidence) -> Html:
    return el(
        "header",
        el("div", "Evidence of human review", class_="kicker"),
        el("h1", "Who reviewed which film, and when"),
        el("p", f"{_scope(document)} · generated {words.moment(document.at)}", class_="soft"),
    )


def _scope(document: Evidence) -> str:
    scope = document.scope
    parts = [
        f"Channel {scope.channel}" if scope.channel else "",
        f"Video {scope.video}" if scope.video else "",
        f"since {words.moment(scope.since)}" if scope.since else "",
    ]
    return ", ".join(filter(None, parts)) or "All channels"


def _tiles(document: Evidence) -> Html:
    decisions = [one for film in document.films for one in film.decisions if one.reviewer_id != ENGINE]
    published = sum(film.video_id is not None or film.published_at is not None for film in document.films)
    rejected = sum(one.action == Action.REJECTED for one in decisions)
    tiles = [
        (len(document.films), "film" if len(document.films) == 1 else "films"),
        (published, "published"),
        (len(decisions), "decision by people" if len(decisions) == 1 else "decisions by people"),
        (rejected, "of them: sent back"),
        (len(document.reviewers), "reviewer" if len(document.reviewers) == 1 else "reviewers"),
    ]
    return el(
        "section", *(el("div", el("b", f"{number:,}"), what, class_="tile") for number, what in tiles), class_="tiles"
    )


def _seal(document: Evidence) -> Html:
    verdict = document.verdict
    count = words.count(verdict.decisions, "decision")
    if verdict.complaints:
        mood, sentence = "bad", f"The record was tampered with: {'; '.join(verdict.complaints)}"
    elif verdict.missing:
        mood, sentence = "unknown", f"A part of the record is not here: {', '.join(verdict.missing)}"
    else:
        mood, sentence = "good", f"✓ The record is whole: {count}, each as it was made."
    head = [el("p", "Last decision: ", el("code", verdict.head), class_="small")] if verdict.head else []
    return el("section", el("p", sentence), *head, class_=f"seal {mood}")


def _list(document: Evidence) -> Html:
    """Return the films at a glance; one alone needs no list."""
    if len(document.films) == 1:
        return Html()
    if not document.films:
        return el("p", "Nothing was decided about any film, and none was published.", class_="soft")
    rows = [_row(document, film) for film in document.films]
    header = el("tr", *(el("th", name) for name in ("Film", "Channel", "Published", "Approved by")))
    return join(el("h3", "Films"), el("table", el("thead", header), el("tbody", *rows)))


def _row(document: Evidence, about: Reviewed) -> Html:
    approval, film = about.approval, about.film
    published = f"{about.published_at:%Y-%m-%d}" if about.published_at else film.status
    by = document.name_of(approval.reviewer_id) if approval else "–"
    link = el("a", film.title or "(no title)", href=f"#{film.id}")
    return el("tr", el("td", link), el("td", film.channel_name), el("td", published, class_="at"), el("td", by))


def _footer() -> Html:
    return el("footer", el("p", _HOW_TO_CHECK), el("p", f"Made by vidctl {__version__}: vidctl audit export"))
