"""A fake of what YouTube needs of Google, on loopback: consent, tokens, uploads, videos, and their troubles.

In tests `FakeGoogle` is a context manager; by hand it is `python -m tests.fakes.google --port N`.
"""

from tests.fakes.google.accounts import Account, Channel
from tests.fakes.google.fake import FakeGoogle
from tests.fakes.google.videos import Outcome

__all__ = ["Account", "Channel", "FakeGoogle", "Outcome"]
