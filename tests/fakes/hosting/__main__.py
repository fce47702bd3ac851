"""catbox.moe on loopback, by hand: `python -m tests.fakes.hosting --port N [--faults SPEC.json] [--ledger FILE]`."""

from tests.fakes.hosting.fake import FakeCatbox
from tests.fakes.wire.by_hand import main


def settings(catbox: FakeCatbox) -> list[str]:
    return [f"CATBOX_BASE_URL={catbox.url}"]


if __name__ == "__main__":
    main(FakeCatbox, settings, name="hosting", about="catbox.moe on loopback")
