"""Connections to KIE's own hosts, which get to see the key; nothing that comes back over them shows it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from vidctl.providers.http import Client, Reply
from vidctl.providers.kie.answers import Answer

TIMEOUT_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Connection:
    """Connections to one host. Its methods raise `NotSent` and `AnswerLost` as those of `Client` do."""

    client: Client
    key: str = field(repr=False)

    def get(self, path: str, *, params: Mapping[str, str] | None = None, timeout_s: float | None = None) -> Answer:
        """Return the answer to a GET."""
        return self._read(self.client.get(path, params=params, timeout_s=timeout_s))

    def post(
        self,
        path: str,
        *,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes, str]] | None = None,
    ) -> Answer:
        """Return the answer to a POST of a JSON document, or of a form with files."""
        return self._read(self.client.post(path, json=json, data=data, files=files))

    def _read(self, reply: Reply) -> Answer:
        # Services like to repeat a key that they refuse.
        return Answer.of(Reply(reply.status, reply.headers, reply.content.replace(self.key.encode(), b"[key]")))


@contextmanager
def connected(base_url: str, key: str) -> Iterator[Connection]:
    """Open new connections to a host of KIE's."""
    with Client(base_url, headers={"Authorization": f"Bearer {key}"}, timeout_s=TIMEOUT_S) as client:
        yield Connection(client, key)
