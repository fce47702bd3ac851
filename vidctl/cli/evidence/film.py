"""One film on the page with the evidence. Pure."""

from base64 import b64encode
from typing import Final

from vidctl.cli import words
from vidctl.cli.markup import Html, el, empty, join
from vidctl.domain.chain import Entry
from vidctl.domain.decisions import Action
from vidctl.engine.context import ENGINE
from vidctl.engine.evidence import Evidence, Reviewed
from vidctl.store.details import Move

_MOOD: Final = {
    Action.APPROVED: "good",
    Action.PUBLISHED: "good",
    Action.REJECTED: "bad",
    Action.ALLOWED: "unknown",
    Action.SETTLED: "",
}
_SAID: Final = {
    Action.REJECTED: "sent back",
    Action.SETTLED: "order settled",
    Action.ALLOWED: "allowed although it is like another film",
}


def film_of(document: Evidence, about: Reviewed, picture: tuple[str, bytes] | None) -> Html:
    """Return the part of the page that is about one film."""
    shown = [empty("img", src=_data(*picture), alt="")] if picture else []
    heading = el("div", el("h2", about.film.title or "(no title)"), _facts(about))
    top = el("div", *shown, heading, class_="about" if shown else "about bare")
    decisions = [_decision(document, one) for one in about.decisions]
    listed = el("ol", *decisions) if decisions else el("p", "Nobody decided anything about it.", class_="soft")
    return el(
        "article",
        top,
        _same(about),
        el("h3", "Decisions"),
        listed,
        _moves(document, about.moves),
        id=str(about.film.id),
    )


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _facts(about: Reviewed) -> Html:
    film = about.film
    account = [" · ", el("code", film.account)] if film.account else []
    facts: list[tuple[str, Html]] = [("Channel", join(film.channel_name, *account))]
    if about.url:
        facts.append(("Video", _link(about.url)))
    published = words.moment(about.published_at) if about.published_at else ""
    facts.append(("Published", join(published)) if published else ("Status", join(film.status)))
    facts.append(("Synthetic media", join(_synthetic(about))))
    facts.append(("Film", el("code", str(film.id))))
    return el("dl", *(piece for name, value in facts for piece in (el("dt", name), el("dd", value))))


def _link(url: str) -> Html:
    """Return an address as a link, unless it is something else that a browser would follow."""
    return el("a", url, href=url) if url.startswith("https://") else el("code", url)


def _synthetic(about: Reviewed) -> str:
    film = about.film
    if film.synthetic_said is not None:
        return "declared to YouTube" if film.synthetic_said else "declared to YouTube: none"
    if film.synthetic_by_file is None:
        return "not known"
    return f"{'to be declared' if film.synthetic_by_file else 'none'}, by the channel's settings of today"


def _same(about: Reviewed) -> Html:
    approved, published = about.approved_sha256, about.published_sha256
    if about.is_same:
        return _box("good", "✓ The published film is the one that was approved, byte for byte.", published)
    if about.is_same is False:
        return _box("bad", "The published film is not the one that was approved.", f"{published}, approved: {approved}")
    if published:
        return _box("bad", "The record holds no approval of the film that was published.", published)
    if approved:
        return _box("unknown", "This film was approved; which file is with the public is not recorded.", approved)
    return Html()


def _box(mood: str, sentence: str, sha256: str | None) -> Html:
    digest = el("p", "SHA-256 ", el("code", sha256 or ""), class_="small")
    return el("div", el("p", sentence), digest, class_=f"seal same {mood}")


def _decision(document: Evidence, one: Entry) -> Html:
    action = next((known for known in Action if known == one.action), None)
    mood, said = (_MOOD[action], _SAID.get(action, one.action)) if action else ("", one.action)
    who = [" by ", el("b", document.name_of(one.reviewer_id))] if one.reviewer_id != ENGINE else []
    first = join(el("b", one.gate), " ", el("span", said, class_=f"word {mood}".strip()), *who)
    when = words.moment(one.at) if one.at else "at no moment that a clock shows"
    about = el("p", f"{when} · decision {one.id}", class_="soft small")
    notes = [el("blockquote", one.notes)] if one.notes else []
    return el("li", el("div", first), about, *notes, _seen(one), class_=action.value if action else "")


def _seen(one: Entry) -> Html:
    if not one.seen:
        return Html()
    kinds = [f"{kind} {index}" for kind, index, _ in one.seen]
    what = "film" if kinds == ["film 1"] else words.count(len(kinds), "file")
    items = [
        piece
        for kind, index, sha256 in one.seen
        for piece in (el("span", f"{kind.replace('_', ' ')} {index}"), el("code", sha256))
    ]
    video = [el("p", "Video ", el("code", one.video_id))] if one.video_id else []
    about = "What was published" if one.action == Action.PUBLISHED else "What was looked at"
    return el("details", el("summary", f"{about}: {what}"), *video, el("div", *items, class_="seen"))


def _moves(document: Evidence, moves: list[Move]) -> Html:
    if not moves:
        return Html()
    rows = [
        el(
            "tr",
            el("td", words.moment(move.at), class_="at"),
            el("td", document.name_of(move.actor)),
            el("td", f"{move.event}: {move.from_status} → {move.to_status}"),
            el("td", move.reason),
        )
        for move in moves
    ]
    header = el("tr", *(el("th", name) for name in ("When", "Who", "What", "Why")))
    return join(el("h3", "What else people did"), el("table", el("thead", header), el("tbody", *rows)))
