"""The HTTP server on loopback: reads requests, lets faults strike, keeps the record."""

import contextlib
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.notion import trouble
from tests.fakes.notion.api import Answer, Api, Incoming, body_of, refused
from tests.fakes.notion.call import Stale
from tests.fakes.notion.errors import ApiError
from tests.fakes.notion.faults import Fault, Faults
from tests.fakes.notion.ledger import Ledger, Request


def _nothing(_: Request) -> None:
    """Let nothing happen."""


class Server(ThreadingHTTPServer):
    """Serves an API until it is closed. `down` cuts every connection, those that are open and those to come."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, api: Api, faults: Faults, ledger: Ledger) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.api, self.faults, self.ledger = api, faults, ledger
        self.closing = threading.Event()
        self.crashes: list[BaseException] = []
        """What went wrong in the fake itself: bugs, not faults."""
        self.per_minute: int | None = None
        self.before: Callable[[Request], None] = _nothing
        """What happens elsewhere in the moment in which a request arrives."""
        self.after: Callable[[Request], None] = _nothing
        """What happens when it is saved and not answered yet."""
        self._down = False
        self._guard = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}

    @property
    def down(self) -> bool:
        return self._down

    @down.setter
    def down(self, down: bool) -> None:
        self._down = down
        if down:
            self.cut_all()

    def cut_all(self) -> None:
        """Cut every open connection."""
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer a connection in a thread of its own, which `close` can wait for."""
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._guard:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._guard:
            self._open.pop(request, None)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002  # the base class names them
        return not self._down

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  # the base class names them
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.crashed(error)

    def crashed(self, error: BaseException) -> None:
        """Note a bug of the fake; whoever closes it gets to hear of it."""
        traceback.print_exception(error)
        self.crashes.append(error)

    def close(self) -> None:
        """Stop: no thread and no socket is left."""
        self.closing.set()
        self.shutdown()
        self.cut_all()
        with self._guard:
            threads = list(self._open.values())
        for thread in threads:
            thread.join(10)
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    """Head and body of an answer leave in one packet."""
    server: Server

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def serve(self) -> None:
        """Answer one request."""
        incoming = self._read()
        if self.server.down:
            self._cut()
            return
        record = Request(incoming.method, incoming.path, incoming.query, body_of(incoming))
        fault = self._fault(record)
        self.server.before(record)
        record.fault = fault.kind if fault else None
        self._respond(incoming, record, fault)

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = serve  # noqa: N815  # the base class wants these names

    def _fault(self, record: Request) -> Fault | None:
        """Note the arrival of a request; return what strikes it."""
        server = self.server
        crowded = server.per_minute is not None and server.ledger.within(60) >= server.per_minute
        server.ledger.arrived(record)
        if crowded:
            return Fault("429", options={"retry_after": 60})
        return server.faults.strike(record.method, record.path)

    def _respond(self, incoming: Incoming, record: Request, fault: Fault | None) -> None:
        if fault is None:
            self._send(self._save(incoming, record), record)
            return
        if fault.timing == "late":
            self.close_connection = True  # the client must not wait for the next answer on this connection
            self._send(trouble.answer(fault, None), record, last=False)
            self._wait(fault)
            self._save(incoming, record)
            self.server.ledger.finished(record)
            return
        good = None
        if fault.timing == "saved":
            good = self._save(incoming, record)
        self._wait(fault)
        if fault.what in ("slow", "stale") and good is None:
            good = self._save(incoming, record, fault)
        self._send(trouble.answer(fault, good), record)

    def _wait(self, fault: Fault) -> None:
        if fault.delay_s:
            self.server.closing.wait(fault.delay_s)

    def _save(self, incoming: Incoming, record: Request, fault: Fault | None = None) -> Answer:
        stale = None
        if fault is not None and fault.what == "stale":
            stale = Stale(fault.since if fault.option("hide_new", default=False) else None)
        try:
            answer, saved = self.server.api.answer(incoming, stale)
        except Exception as bug:  # noqa: BLE001  # told at the end; the client gets what a client gets of bugs
            self.server.crashed(bug)
            return refused(ApiError(500, "internal_server_error", f"a bug of the fake: {bug!r}"))
        record.saved = saved
        return answer

    def _read(self) -> Incoming:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(parts.query, keep_blank_values=True)
        return Incoming(self.command, parts.path, query, headers, self._content(headers))

    def _content(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding", "").lower() != "chunked":
            length = int(headers.get("content-length", 0))
            if len(content := self.rfile.read(length)) < length:
                raise ConnectionError("the client left in the middle of its request")
            return content
        content = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _send(self, answer: Answer | None, record: Request, *, last: bool = True) -> None:
        """Answer, or cut the connection; before that the request is in the ledger, unless more of it is to come."""
        record.status = answer.status if answer else None
        if last:
            self.server.ledger.finished(record)
        self.server.after(record)
        if answer is None or self.server.down:
            self._cut()
            return
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.content)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(answer.content)
        self.wfile.flush()

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the ledger has it all."""
