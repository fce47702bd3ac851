"""What is said, as any service takes it: no control characters, nobody is called by name, and not too long."""

import json
from dataclasses import dataclass, replace
from typing import Any, Final

from vidctl.domain.graphemes import tears
from vidctl.errors import BadInput
from vidctl.providers.untrusted import text

MAX_TITLE: Final = 120
MAX_BODY: Final = 1_900
"""Discord takes 2,000 characters, and others more; a mark before each of them doubles that at the most."""
LEVELS: Final = ("info", "success", "warning", "failure")
SHORT: Final = "More than this is not taken here; see: vidctl alerts"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `url` is where its title leads to."""

    title: str
    body: str
    url: str = ""
    level: str = "info"

    @property
    def short(self) -> "Message":
        """What is left of it for a service that did not take the whole: that may have been for its address too."""
        return replace(self, body=SHORT, url="")


def read(document: str) -> Message:
    """Return the message that a JSON document holds: `title`, `body`, and perhaps `url` and `level`.

    Raises:
        BadInput: it holds none.
    """
    fields = _fields(document)
    title, body = cut(harmless(text(fields.get("title")), " "), MAX_TITLE), harmless(text(fields.get("body")), "\n")
    if not title.strip() or not body.strip():
        raise BadInput(
            "the message has no title or no text",
            hint='give it on standard input: {"title": "…", "body": "…", "url": "…", "level": "failure"}',
        )
    url, level = text(fields.get("url")), text(fields.get("level"))
    return Message(
        title,
        cut(body, MAX_BODY),
        url if url.startswith(("https://", "http://")) and url.isprintable() and " " not in url else "",
        level if level in LEVELS else "info",
    )


def harmless(words: str, new_line: str) -> str:
    """Return a text in which no name is called: an invisible blank stands behind each @. Lines end in `new_line`."""
    lines = ("".join(one if one.isprintable() else " " for one in line) for line in words.splitlines())
    return new_line.join(lines).replace("@", "@\u200b")


def cut(words: str, longest: int) -> str:
    """Return a text, or as much of its beginning as has room, without tearing a character apart."""
    if len(words) <= longest:
        return words
    at = longest - 1
    while tears(words, at):
        at -= 1
    return f"{words[:at]}…"


def _fields(document: str) -> dict[str, Any]:
    try:
        fields = json.loads(document)
    except (ValueError, RecursionError):
        fields = None
    return fields if isinstance(fields, dict) else {}
