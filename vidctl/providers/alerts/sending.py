"""Send one message to one destination, by Apprise."""

import logging
from collections.abc import Mapping
from typing import Any, Final

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, NotifyType

from vidctl.errors import Misconfigured
from vidctl.providers.alerts import discord, refusals
from vidctl.providers.alerts.message import Message

WEBHOOK: Final = "DISCORD_WEBHOOK_URL"
URLS: Final = "VIDCTL_ALERT_URLS"
CONNECT_S: Final = 10.0
ANSWER_S: Final = 20.0

_FORM: Final = {
    WEBHOOK: "copy it in Discord: Edit Channel > Integrations > Webhooks > Copy Webhook URL",
    URLS: "its forms are at https://appriseit.com/services/, and .env.example has some",
}

# What Apprise logs holds whole addresses: it is for us to read, and nowhere to be written.
_LOGGER: Final = logging.getLogger("apprise")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False
_LOGGER.setLevel(logging.DEBUG)


def destination(environment: Mapping[str, str]) -> tuple[NotifyBase, str]:
    """Return the one destination that the environment names, and its address.

    Raises:
        Misconfigured: it names none, or several, or what is no address.
    """
    named = [(name, url) for name in (WEBHOOK, URLS) for url in environment.get(name, "").split()]
    if len(named) != 1:
        many = "several destinations are" if named else "no destination is"
        raise Misconfigured(f"{many} named", hint=f"one message goes to one: set {WEBHOOK}, or {URLS} with one address")
    name, url = named[0]
    made = _made(url, is_webhook=name == WEBHOOK)
    if made is None:
        raise Misconfigured(f"an address in {name} is none that can be used", hint=_FORM[name])
    made.socket_connect_timeout, made.socket_read_timeout = CONNECT_S, ANSWER_S
    return made, url


def send(target: NotifyBase, url: str, message: Message) -> None:
    """Send a message; where the service takes only shorter ones, the beginning of it.

    Raises:
        KeyRefused: there is no such destination any more, or its key is refused.
        ScriptError: it was not taken; transient, where it may be later.
    """
    heard = _sent(target, message)
    if heard is not None and refusals.is_too_long(heard):
        heard = _sent(target, message.short)
    if heard is not None:
        raise refusals.refusal(heard, url)


def _made(url: str, *, is_webhook: bool) -> NotifyBase | None:
    asset = AppriseAsset(app_id="vidctl", app_desc="vidctl", app_url="", storage_mode="memory", async_mode=False)
    if is_webhook or (made := discord.of_webhook(url, asset=asset)):
        return discord.of_webhook(url, asset=asset) if is_webhook else made
    return discord.of_apprise(url, asset=asset) or Apprise.instantiate(url, asset=asset)


def _sent(target: NotifyBase, message: Message) -> list[str] | None:
    """Return None where a message was taken, else all that Apprise logged meanwhile."""
    heard: list[str] = []
    body = message.body
    if isinstance(target, discord.Discord):
        target.href = message.url or None
    elif message.url:
        body = f"{body}\n{message.url}"
    told: Any = Apprise(asset=target.asset)
    told.add(target)
    is_taken = told.notify(
        body=body,
        title=message.title,
        notify_type=NotifyType(message.level),
        body_format=NotifyFormat.TEXT,
        log_callback=lambda entry, _: heard.append(entry.message),
        log_level=logging.DEBUG,
    )
    return None if is_taken else heard
