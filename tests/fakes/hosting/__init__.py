"""catbox.moe on loopback: keeps pictures, and refuses in its own ways."""

from tests.fakes.hosting.fake import FakeCatbox

__all__ = ["FakeCatbox"]
