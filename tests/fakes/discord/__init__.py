"""Discord's webhooks on loopback: keeps messages within their limits, and refuses in its own ways."""

from tests.fakes.discord.fake import FakeDiscord

__all__ = ["FakeDiscord"]
