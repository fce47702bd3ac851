"""Google on loopback, started by hand: python -m tests.fakes.google --port N [--faults SPEC.json] [--ledger FILE]."""

from tests.fakes.google.fake import FakeGoogle
from tests.fakes.wire.by_hand import main


def settings(google: FakeGoogle) -> list[str]:
    return [
        f"GOOGLE_BASE_URL={google.url}",
        f"GOOGLE_CLIENT_ID={google.client_id}",
        f"GOOGLE_CLIENT_SECRET={google.client_secret}",
        *(f"# {one.email}: {one.channel.channel_id if one.channel else 'no channel'}" for one in google.accounts),
    ]


if __name__ == "__main__":
    main(FakeGoogle, settings, name="google", about="what YouTube needs of Google, on loopback")
