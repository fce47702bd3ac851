"""ElevenLabs on loopback, started by hand: python -m tests.fakes.elevenlabs --port N [--faults F] [--ledger F]."""

from collections.abc import Sequence

from tests.fakes.elevenlabs.catalogue import VOICES
from tests.fakes.elevenlabs.fake import FakeElevenLabs
from tests.fakes.wire.by_hand import main


def says(fake: FakeElevenLabs) -> Sequence[str]:
    return f"ELEVENLABS_BASE_URL={fake.url}", f"ELEVENLABS_API_KEY={fake.key}", f"voice={min(VOICES)}"


if __name__ == "__main__":
    main(FakeElevenLabs, says, name="elevenlabs", about="ElevenLabs on loopback")
