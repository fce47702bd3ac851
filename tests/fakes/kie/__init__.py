"""KIE on loopback: sells clips, keeps uploads, and knows every way in which the real one refuses."""

from tests.fakes.kie.fake import FakeKie

__all__ = ["FakeKie"]
