"""Notion's official client on a fake, and what tests of both need. The only module here that needs more than Python."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from notion_client import Client
from notion_client.errors import APIResponseError

from tests.fakes.notion.api import VERSION
from tests.fakes.notion.errors import Json
from tests.fakes.notion.fake import FakeNotion

FILMS: Json = {
    "Title": {"title": {}},
    "Status": {"select": {"options": [{"name": "Draft", "color": "gray"}, {"name": "Queued", "color": "blue"}]}},
    "Stage": {"status": {}},
    "Story": {"rich_text": {}},
    "Priority": {"number": {"format": "number"}},
    "Publish At": {"date": {}},
    "Tags": {"multi_select": {"options": [{"name": "sea"}]}},
    "Done": {"checkbox": {}},
    "Link": {"url": {}},
    "Team": {"people": {}},
    "Assets": {"files": {}},
    "Length": {"formula": {"expression": "1"}},
    "Edited": {"last_edited_time": {}},
    "Made": {"created_time": {}},
}
"""A schema with a property of most types."""


class Clock:
    """A clock that stands still until it is told."""

    def __init__(self, now: str = "2026-11-22T06:01:40+00:00") -> None:
        self.now = datetime.fromisoformat(now).astimezone(UTC)

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@contextmanager
def connected(notion: FakeNotion, *, timeout_s: float = 5, **options: Any) -> Iterator[Any]:
    """Return the official client, without its own retries. Typed as Any: its answers may be awaitable for mypy."""
    chosen = {"auth": notion.token, "notion_version": VERSION, "retry": False, **options}
    http = httpx.Client(verify=False)  # there is no TLS on loopback, and to load the certificates takes a while
    client = Client(
        client=http, base_url=notion.url, timeout_ms=int(timeout_s * 1000), log_level=logging.CRITICAL, **chosen
    )
    try:
        yield client
    finally:
        client.close()


def text(words: str) -> list[Json]:
    """Return rich text as a request writes it."""
    return [{"type": "text", "text": {"content": words}}]


def refused(call: Any, **kwargs: Any) -> str:
    """Return the message of a call that must be a validation error."""
    with pytest.raises(APIResponseError) as refusal:
        call(**kwargs)
    assert (refusal.value.status, refusal.value.code) == (400, "validation_error")
    return str(refusal.value)
