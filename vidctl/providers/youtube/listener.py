"""The address on this machine that the browser comes back to from Google's page of consent."""

import hmac
import os
import threading
import time
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from vidctl.errors import BadInput

_DONE: Final = b"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>vidctl</title></head>
<body><p>vidctl has heard from Google. Close this window: the rest is said where you started it.</p></body></html>
"""
_LOOK_S: Final = 0.2


class Listener:
    """Listens until somebody comes back with the right `state`; whoever else knocks changes nothing.

    Browsers open connections that they do not use, so several are served at once.

    Raises:
        BadInput: the port is in use, or the address is none of this machine.
    """

    def __init__(self, bind: str, port: int) -> None:
        try:
            self._server = _Server((bind, port), _Handler)
        except (OSError, OverflowError) as exc:
            raise BadInput(
                f"the browser cannot come back to {bind}:{port}: {getattr(exc, 'strerror', None) or exc}",
                hint="--port 0 picks a free one; --bind is an address of this machine, 127.0.0.1 unless in a container",
            ) from exc
        self._parent = os.getppid()  # before anybody is told where to go: from then on it may end
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where to the browser is sent back. Google takes nothing but this machine for a desktop client."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def expect(self, state: str) -> None:
        """Say by what the browser is known."""
        self._server.state = state

    def wait(self, wait_s: float) -> dict[str, str] | None:
        """Return what the browser came back with; None if it did not, or if whoever started this is gone."""
        until = time.monotonic() + wait_s
        while (left_s := until - time.monotonic()) > 0 and os.getppid() == self._parent:
            if self._server.came.wait(min(left_s, _LOOK_S)):
                return self._server.told
        return None


class _Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = os.name == "posix"  # where it lets nobody else listen there; the port was just used, perhaps
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(address, handler)
        self.state = ""
        self.told: dict[str, str] = {}
        self.came = threading.Event()

    def take(self, told: dict[str, str]) -> bool:
        """Take what a browser brought, if it is the one that was sent to Google, and the first time."""
        same = bool(self.state) and hmac.compare_digest(told.get("state", "").encode(), self.state.encode())
        if not same or self.came.is_set() or not {"code", "error"} & told.keys():
            return False
        self.told = told
        self.came.set()
        return True

    def handle_error(self, request: object, client_address: object) -> None:
        """Who hangs up in the middle of a request is nobody's concern."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 20

    def do_GET(self) -> None:
        """Answer a browser."""
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        is_it = self.server.take({name: values[0] for name, values in query.items()})
        page = _DONE if is_it else b""
        self.send_response(HTTPStatus.OK if is_it else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Say nothing: what the browser brings is secret."""
