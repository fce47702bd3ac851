"""KIE on loopback, started by hand: `python -m tests.fakes.kie --port N [--faults SPEC.json] [--ledger FILE]`."""

from tests.fakes.kie.fake import FakeKie
from tests.fakes.wire.by_hand import main


def settings(kie: FakeKie) -> list[str]:
    return [f"KIE_BASE_URL={kie.url}", f"KIE_UPLOAD_BASE_URL={kie.url}", f"KIE_API_KEY={kie.key}"]


if __name__ == "__main__":
    main(FakeKie, settings, name="kie", about="KIE on loopback")
