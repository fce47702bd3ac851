"""A fake of the Gemini Developer API on loopback: pictures, structured text, and the service's own troubles.

In tests `FakeGemini` is a context manager; by hand it is `python -m tests.fakes.gemini --port N`.
"""

from tests.fakes.gemini.fake import FakeGemini, Order

__all__ = ["FakeGemini", "Order"]
