"""A faithful, stateful fake of Notion's public API (version 2026-03-11) on loopback.

In tests `FakeNotion` is a context manager; by hand it is `python -m tests.fakes.notion --port N`.
"""

from tests.fakes.notion.fake import FREE_UPLOAD_BYTES, PAID_UPLOAD_BYTES, FakeNotion
from tests.fakes.notion.faults import Fault
from tests.fakes.notion.ledger import Request
from tests.fakes.notion.onlooker import Board

__all__ = ["FREE_UPLOAD_BYTES", "PAID_UPLOAD_BYTES", "Board", "FakeNotion", "Fault", "Request"]
