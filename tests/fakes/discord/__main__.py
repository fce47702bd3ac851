"""Discord's webhooks on loopback, by hand: `python -m tests.fakes.discord --port N [--faults SPEC.json]`."""

from tests.fakes.discord.fake import FakeDiscord
from tests.fakes.wire.by_hand import main


def settings(discord: FakeDiscord) -> list[str]:
    return [f"DISCORD_WEBHOOK_URL={discord.webhook}"]


if __name__ == "__main__":
    main(FakeDiscord, settings, name="discord", about="Discord's webhooks on loopback")
