"""The HTTP server on loopback: reads requests, lets faults strike, keeps the record."""

import contextlib
import email.parser
import email.policy
import json
import socket
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.wire.faults import KINDS, Fault, Faults
from tests.fakes.wire.ledger import Ledger, Seen

PAGE = "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad gateway</h1></body></html>"


@dataclass
class Call:
    """One request, read: names of headers are in lower case."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    content: bytes
    seen: Seen = field(init=False)
    """What the ledger keeps of it."""

    @property
    def text(self) -> str:
        """What of its body is text and not long: prompts, but no pictures."""
        if "json" in self.headers.get("content-type", ""):
            return self.content[:20_000].decode("utf-8", "replace")
        return ""

    @property
    def json(self) -> Any:
        """The document in it.

        Raises:
            ValueError: there is none.
        """
        return json.loads(self.content)

    @property
    def form(self) -> dict[str, "Part"]:
        """The fields of a multipart body."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        whole = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + self.content)
        parts = {}
        for one in whole.iter_parts():
            name = str(one.get_param("name", header="content-disposition"))
            parts[name] = Part(one.get_filename(), one.get_content_type(), one.get_payload(decode=True) or b"")  # type: ignore[arg-type]
        return parts


@dataclass
class Part:
    """One field of a form; a file has a name."""

    filename: str | None
    media_type: str
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


@dataclass
class Answer:
    """What a request is answered with."""

    status: int = 200
    content: bytes = b""
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    """Return a JSON document as an answer."""
    return Answer(status, json.dumps(body).encode(), headers=headers)


class Fake:
    """A service on loopback: serves from when it is made until it is closed. Subclasses say what it answers.

    `url` is its base URL. `down` cuts every connection, those that are open and those to come.
    """

    service = ""
    fault_type: type[Fault] = Fault

    def __init__(self, *, port: int = 0, ledger: Path | None = None, seed: int = 0) -> None:
        self.faults, self.ledger = Faults(seed), Ledger(ledger)
        self._server = _Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.005,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def down(self) -> bool:
        return self._server.down

    @down.setter
    def down(self, down: bool) -> None:
        self._server.down = down
        if down:
            self._server.cut_all()

    def fault(self, kind: str, **rule: Any) -> Fault:
        """Add a rule: fields of `Fault`, and whatever else its kind takes."""
        if kind not in (*KINDS, *self.troubles()):
            raise ValueError(f"no such fault: {kind}; there are {', '.join((*KINDS, *self.troubles()))}")
        own = {name: rule.pop(name) for name in list(rule) if name in self.fault_type.__dataclass_fields__}
        fault = self.fault_type(kind, **own)
        fault.options |= rule
        self.faults.add(fault)
        return fault

    def troubles(self) -> tuple[str, ...]:
        """Return the kinds of faults that only this service knows."""
        return ()

    def trouble(self, fault: Fault, call: Call) -> Answer | None:
        """Answer a request that such a fault strikes; None cuts the connection."""
        raise NotImplementedError(fault.kind)

    def answer(self, call: Call) -> Answer:
        """Answer a request as the service would."""
        raise NotImplementedError

    def record(self, call: Call) -> Seen:
        """Return what the ledger keeps of a request."""
        return Seen(call.method, call.path, call.query, call.text, has_key="authorization" in call.headers)

    def receive(self, call: Call, body: BufferedIOBase, length: int) -> bytes:  # noqa: ARG002  # who needs it has it
        """Return a request's content; less of it where the client left. A service that keeps a part reads by itself."""
        return body.read(length)

    def strike(self, call: Call) -> Fault | None:
        """Return the fault that a request meets, if it meets one."""
        return self.faults.strike(call.method, call.path, call.text or urlencode(call.query, doseq=True))

    def serve(self, call: Call, fault: Fault | None) -> Answer | None:
        """Return what a request is answered with; None for a cut connection."""
        if fault is None:
            return self.answer(call)
        if fault.kind not in ("late", "slow"):
            self.wait(fault.delay_s)
        match fault.kind:
            case "refuse":
                return _refusal(fault)
            case "html" | "not_json":
                return unreadable(fault.kind, fault)
            case "drop":
                return None
            case "lost" | "late":
                self.answer(call)
                self.wait(fault.delay_s)
                return None
            case "slow":
                self.wait(fault.delay_s)
                return self.answer(call)
            case "cut":
                return self.answer(call)
            case "garbage":
                good = self.answer(call)
                return Answer(good.status, fault.options["content"], good.media_type, good.headers)
            case _:
                return self.trouble(fault, call)

    def leaving(self, call: Call, fault: Fault | None) -> None:
        """Whatever a service does when an answer is in the ledger and has not left yet."""

    def left(self, call: Call, fault: Fault | None) -> None:
        """Whatever it does when the answer is on its way, or the connection is cut."""

    def wait(self, seconds: float) -> None:
        """Let time pass, until the fake is closed at most."""
        if seconds:
            self._server.closing.wait(seconds)

    def close(self) -> None:
        """Stop: no thread and no socket is left.

        Raises:
            AssertionError: something went wrong in the fake itself.
        """
        self._server.close()
        self._thread.join(10)
        if self._server.crashes:
            raise AssertionError("the fake itself has a bug") from self._server.crashes[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, fake: Fake) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.fake = fake
        self.down = False
        self.closing = threading.Event()
        self.crashes: list[BaseException] = []
        self._guard = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}

    def cut_all(self) -> None:
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        with self._guard:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        with self._guard:
            self._open.pop(request, None)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ARG002  # the base class names them
        return not self.down

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  # the base class names them
        error = sys.exception()
        if error is not None and not isinstance(error, OSError):
            self.crashed(error)

    def crashed(self, error: BaseException) -> None:
        traceback.print_exception(error)
        self.crashes.append(error)

    def close(self) -> None:
        self.closing.set()
        self.shutdown()
        self.cut_all()
        with self._guard:
            threads = list(self._open.values())
        for thread in threads:
            thread.join(10)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    """Head and body of an answer leave in one packet."""
    server: _Server

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()

    def handle_expect_100(self) -> bool:
        """Let the client send its body now, and not when the buffer is full."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def serve(self) -> None:
        """Answer one request."""
        call, fake = self._read(), self.server.fake
        seen = call.seen = fake.record(call)
        fake.ledger.arrived(seen)
        fault = None if self.server.down else fake.strike(call)
        seen.fault = fault.kind if fault else None
        told = self._told(call, fault)
        seen.status, seen.answered_at = told.status if told else None, time.monotonic()
        fake.leaving(call, fault)
        self._send(told, fault)
        fake.left(call, fault)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815  # the base class wants these names

    def _told(self, call: Call, fault: Fault | None) -> Answer | None:
        if self.server.down:
            return None
        try:
            return self.server.fake.serve(call, fault)
        except Exception as bug:  # noqa: BLE001  # told at the end; the client gets what a client gets of bugs
            self.server.crashed(bug)
            return Answer(500, b"a bug of the fake", "text/plain")

    def _read(self) -> Call:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        query = parse_qs(parts.query, keep_blank_values=True)
        call = Call(self.command, parts.path, query, headers, b"")
        call.content = self._content(call)
        return call

    def _content(self, call: Call) -> bytes:
        headers = call.headers
        if headers.get("transfer-encoding", "").lower() != "chunked":
            length = int(headers.get("content-length", 0))
            if len(content := self.server.fake.receive(call, self.rfile, length)) < length:
                raise ConnectionError("the client left in the middle of its request")
            return content
        content = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            content += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return content

    def _send(self, told: Answer | None, fault: Fault | None) -> None:
        if told is None or self.server.down:
            self._cut()
            return
        content = told.content
        if fault is not None and fault.kind == "cut":
            content = content[: int(len(content) * float(fault.options.get("share", 0.5)))]
        self.send_response_only(told.status)
        self.send_header("Date", told.headers.get("Date") or self.date_time_string())
        self.send_header("Content-Type", told.media_type)
        self.send_header("Content-Length", str(len(told.content)))
        for name, value in told.headers.items():
            if name != "Date":
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()
        if len(content) < len(told.content):
            self._cut()

    def _cut(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_: Any) -> None:
        """Say nothing: the ledger has it all."""


def unreadable(what: str, fault: Fault) -> Answer:
    """Return what no client can read: a web page (`html`), or half of a JSON document (`not_json`)."""
    if what == "html":
        return Answer(int(fault.options.get("status", 502)), PAGE.encode(), "text/html; charset=utf-8")
    return Answer(int(fault.options.get("status", 200)), b'{"code": 200, "data": {"ta')


def _refusal(fault: Fault) -> Answer:
    status, headers = int(fault.options.get("status", 500)), dict(fault.options.get("headers", {}))
    if "text" in fault.options:
        return Answer(status, str(fault.options["text"]).encode(), "text/plain; charset=utf-8", headers)
    return Answer(status, json.dumps(fault.options.get("body", {})).encode(), headers=headers)
