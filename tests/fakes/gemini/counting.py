"""Tokens, and what they cost: the arithmetic of the service, not that of vidctl."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

PICTURES: dict[str, dict[str, str]] = {
    "gemini-nano-banana-2.1": {"1K": "0.0336", "2K": "0.101", "4K": "0.151"},
    "gemini-3.1-flash-lite-image": {"1K": "0.0336", "out": "30"},
    "gemini-3.1-flash-image": {"1K": "0.067", "2K": "0.101", "4K": "0.151", "in": "0.50", "out": "60"},
    "gemini-3-pro-image": {"1K": "0.134", "2K": "0.134", "4K": "0.24"},
}
"""A picture by its size, and a million tokens, in dollars."""
TEXTS: dict[str, dict[str, str]] = {
    "gemini-3.8-flash": {"in": "0.75", "out": "3.75"},
    "gemini-3.5-flash-lite": {"in": "0.30", "out": "2.50"},
    "gemini-3.1-flash-lite": {"in": "0.25", "out": "1.50"},
}
DOUBLES = ("gemini-3.8-flash", "2027-01-01")
PICTURE_TOKENS = {"1K": 1_120, "2K": 1_680, "4K": 2_520}
REFERENCE_TOKENS = 258


@dataclass(frozen=True)
class Count:
    """The tokens of one answer. `size` is that of the picture in it, empty where there is none."""

    prompt: int
    candidates: int = 0
    thoughts: int = 0
    size: str = ""

    @property
    def total(self) -> int:
        return self.prompt + self.candidates + self.thoughts

    @property
    def usage(self) -> dict[str, Any]:
        """The `usageMetadata` of the answer: what is 0 is left out, as protocol buffers do."""
        counts = {
            "promptTokenCount": self.prompt,
            "candidatesTokenCount": self.candidates,
            "totalTokenCount": self.total,
            "thoughtsTokenCount": self.thoughts,
        }
        said: dict[str, Any] = {name: count for name, count in counts.items() if count}
        said["promptTokensDetails"] = [{"modality": "TEXT", "tokenCount": self.prompt}]
        if self.size:
            said["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": self.candidates}]
        return said

    def usd(self, model: str) -> Decimal:
        """What is charged: for a picture at least its list price."""
        rates = {**PICTURES, **TEXTS}[model]
        late = model == DOUBLES[0] and datetime.now(UTC).date().isoformat() >= DOUBLES[1]
        tokens = Decimal(rates.get("in", 0)) * self.prompt + Decimal(rates.get("out", 0)) * (self.total - self.prompt)
        usd = (tokens * (2 if late else 1) / 1_000_000).quantize(Decimal("0.000001"), ROUND_HALF_EVEN)
        return max(usd, Decimal(rates[self.size])) if self.size else usd


def in_text(text: str) -> int:
    return len(text) // 4 + 1
