"""Gemini on loopback, started by hand: python -m tests.fakes.gemini --port N [--faults SPEC.json] [--ledger FILE]."""

from tests.fakes.gemini.fake import FakeGemini
from tests.fakes.wire.by_hand import main

if __name__ == "__main__":
    main(
        FakeGemini,
        lambda fake: [f"GEMINI_BASE_URL={fake.url}", f"GEMINI_API_KEY={fake.key}"],
        name="gemini",
        about="Gemini on loopback",
    )
