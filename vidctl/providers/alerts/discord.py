"""Discord, as Apprise knows it, but for three things: it calls nobody, waits for nothing, and hears what was kept.

Apprise fixes the address of Discord, cuts at 2,000 characters, lets texts call people, sleeps where Discord asks it
to and sends once more: all of that is left to whoever asked for the message.
"""

import re
from typing import Any, Final

from apprise import NotifyType
from apprise.plugins.discord import NotifyDiscord

from vidctl.providers.alerts.message import cut

_WEBHOOK: Final = re.compile(
    r"(?P<base>https?://[^/?#\s]+(?:/[^?#\s]*)?/webhooks)/(?P<id>\w+)/(?P<token>[\w.-]+)/?(?:\?(?P<query>[^#\s]*))?\Z"
)
_THREAD: Final = re.compile(r"(?:^|&)thread_id=(\d+)")
_ADDRESS: Final = re.compile(r"https?://[\w./?=&%:~+-]+[\w/]")
_MARK: Final = re.compile(r"[\\*_~`|<>\[\]#]")
MAX_TITLE: Final = 256
MAX_TEXT: Final = 4_096


class Discord(NotifyDiscord):  # type: ignore[no-untyped-call]  # its base class has no types
    """One webhook. A message is one embed: a coloured bar, a title that leads to the card, the text."""

    def send(
        self,
        body: str,
        title: str = "",
        notify_type: NotifyType = NotifyType.INFO,
        *_: Any,
        **__: Any,
    ) -> bool:
        """Send one message; False where it was not taken."""
        embed = {
            "title": cut(literal(title), MAX_TITLE),
            "description": cut(literal(body), MAX_TEXT),
            "color": self.color(notify_type, int),
            **({"url": self.href} if self.href else {}),
        }
        params = {"thread_id": self.thread_id} if self.thread_id else {}
        return self._send({"embeds": [embed]}, params=params)

    def _send(
        self,
        payload: dict[str, Any],
        attach: object = None,  # noqa: ARG002  # as the base class has it
        params: dict[str, str] | None = None,
        rate_limit: int = 0,
        **_: Any,
    ) -> bool:
        """Post one document: nobody is called, and Discord says whether it kept it."""
        whole = {**payload, "allowed_mentions": {"parse": []}}
        return bool(super()._send(whole, params={**(params or {}), "wait": "true"}, rate_limit=rate_limit))

    def throttle(self, *_: Any, **__: Any) -> None:
        """Never wait in here: who comes too early is told so, and by when to come again."""


def of_webhook(url: str, **options: Any) -> Discord | None:
    """Return the destination that a webhook's own address stands for, whatever its host; None: it is no webhook's."""
    if not (found := _WEBHOOK.match(url)):
        return None
    thread = _THREAD.search(found["query"] or "")
    made = Discord(found["id"], found["token"], thread=thread[1] if thread else None, **options)
    made.notify_url = found["base"]
    return made


def of_apprise(url: str, **options: Any) -> Discord | None:
    """Return the destination that one of Apprise's own addresses of Discord stands for; None: it is none."""
    fields = NotifyDiscord.parse_url(url) if url.lower().startswith("discord://") else None
    return Discord(**{**fields, **options}) if fields else None


def literal(text: str) -> str:
    """Return a text that Discord shows as it is: its marks mean nothing. An address stays one that can be followed."""
    parts, at = [], 0
    for address in _ADDRESS.finditer(text):
        parts += [_MARK.sub(r"\\\g<0>", text[at : address.start()]), address[0]]
        at = address.end()
    return "".join([*parts, _MARK.sub(r"\\\g<0>", text[at:])])
