"""Rich text: what the API takes and what it gives back."""

from typing import Any

from tests.fakes.notion.errors import Json, checked_url, invalid_body, limited

_PLAIN = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}
_MOST_CHARACTERS = 2000
_MOST_MENTIONS = 25
"""A page object shows no more references of one property than that."""


def parse(items: object, where: str) -> list[Json]:
    """Return rich text in the form in which it is read."""
    parsed = [_item(item, f"{where}[{index}]") for index, item in enumerate(limited(items, where))]
    return [item for item in parsed if item["plain_text"]]  # empty pieces are not kept


def of(text: str) -> list[Json]:
    """Return what a person typed, as rich text."""
    pieces = [text[start : start + _MOST_CHARACTERS] for start in range(0, len(text), _MOST_CHARACTERS)]
    return [_text(piece, None, {}) for piece in pieces]


def plain(items: list[Json]) -> str:
    """Return the words without their looks."""
    return "".join(item["plain_text"] for item in items)


def truncated(items: list[Json]) -> list[Json]:
    """Return rich text as a page object shows it: cut before the 26th mention."""
    mentions = 0
    for index, item in enumerate(items):
        mentions += item["type"] == "mention"
        if mentions > _MOST_MENTIONS:
            return items[:index]
    return items


def _item(item: Any, where: str) -> Json:
    if not isinstance(item, dict):
        raise invalid_body(where, "an object", item)
    looks = item.get("annotations") or {}
    match item.get("type") or next((kind for kind in ("text", "mention", "equation") if kind in item), None):
        case "text":
            return _written(item.get("text"), looks, f"{where}.text")
        case "mention":
            return _mention(item.get("mention"), looks, f"{where}.mention")
        case "equation":
            expression = _short((item.get("equation") or {}).get("expression"), f"{where}.equation.expression", 1000)
            return _read("equation", {"expression": expression}, expression, looks)
        case kind:
            raise invalid_body(f"{where}.type", '"text", "mention" or "equation"', kind)


def _written(text: Any, looks: Json, where: str) -> Json:
    if not isinstance(text, dict):
        raise invalid_body(where, "defined", "undefined")
    link = text.get("link")
    if link is not None:
        link = {"url": checked_url(link.get("url"), f"{where}.link.url")}
    return _text(_short(text.get("content"), f"{where}.content", _MOST_CHARACTERS), link, looks)


def _text(content: str, link: Json | None, looks: Json) -> Json:
    return _read("text", {"content": content, "link": link}, content, looks) | {"href": link and link["url"]}


def _mention(mention: Any, looks: Json, where: str) -> Json:
    if not isinstance(mention, dict):
        raise invalid_body(where, "defined", "undefined")
    kind = mention.get("type") or next((one for one in ("user", "page", "database", "date") if one in mention), None)
    if kind is None or not isinstance(mention.get(kind), dict):
        raise invalid_body(where, "a mention", mention)
    words = mention[kind].get("start") or f"@{mention[kind].get('id', '')}"
    return _read("mention", {"type": kind, kind: mention[kind]}, words, looks)


def _read(kind: str, content: Json, words: str, looks: Json) -> Json:
    return {"type": kind, kind: content, "annotations": _PLAIN | looks, "plain_text": words, "href": None}


def _short(text: object, where: str, most: int) -> str:
    if not isinstance(text, str):
        raise invalid_body(where, "a string", text)
    if len(text) > most:
        raise invalid_body(f"{where}.length", f"≤ `{most}`", len(text))
    return text
