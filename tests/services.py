"""All paid services on loopback, and a studio whose films are made with them by the real scripts."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.fakes.elevenlabs.fake import FakeElevenLabs
from tests.fakes.gemini.fake import FakeGemini
from tests.fakes.hosting.fake import FakeCatbox
from tests.fakes.kie.fake import FakeKie
from tests.fakes.wire.ledger import Sale
from tests.fakes.wire.server import Fake
from tests.studio import Studio

VOICE = "21m00Tcm4TlvDq8ikWAM"
PAID = {"voice_id": VOICE, "mode": "production", "scripts": {}}
"""What a studio's channel needs to be made with them."""


@dataclass(frozen=True)
class Services:
    """The fakes."""

    gemini: FakeGemini
    kie: FakeKie
    elevenlabs: FakeElevenLabs
    catbox: FakeCatbox

    @property
    def all(self) -> tuple[Fake, ...]:
        return self.gemini, self.kie, self.elevenlabs, self.catbox

    @property
    def environment(self) -> dict[str, str]:
        """What scripts need to be told."""
        return {
            "GEMINI_API_KEY": self.gemini.key,
            "GEMINI_BASE_URL": self.gemini.url,
            "KIE_API_KEY": self.kie.key,
            "KIE_BASE_URL": self.kie.url,
            "KIE_UPLOAD_BASE_URL": self.kie.url,
            "ELEVENLABS_API_KEY": self.elevenlabs.key,
            "ELEVENLABS_BASE_URL": self.elevenlabs.url,
            "CATBOX_BASE_URL": self.catbox.url,
        }

    @property
    def sales(self) -> list[Sale]:
        """Everything that was sold."""
        return [sale for fake in self.all for sale in fake.ledger.sales]

    @property
    def total_usd(self) -> Decimal:
        return sum((sale.cost_usd for sale in self.sales), Decimal(0))

    def sold(self, component: str) -> int:
        """Return how often one thing was sold."""
        return sum(sale.component == component for sale in self.sales)


@contextmanager
def services(**kie: Any) -> Iterator[Services]:
    """Serve all of them."""
    with ExitStack() as stack:
        yield Services(
            stack.enter_context(FakeGemini()),
            stack.enter_context(FakeKie(**{"creations": 1_000, **kie})),
            stack.enter_context(FakeElevenLabs()),
            stack.enter_context(FakeCatbox()),
        )


def paid_channel(studio: Studio, channel_id: str = "one", *, assets: int = 4, scenes: int = 2, **fields: Any) -> None:
    """Add or change a channel of a studio that is made with the services."""
    size = {"assets": assets, "scenes": scenes, "clip_seconds": 5}
    studio.channel(channel_id, **{**PAID, "story": size, **fields})
