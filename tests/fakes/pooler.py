"""A pooling proxy for PostgreSQL on loopback, like PgBouncer: many clients, few server sessions.

    python -m tests.fakes.pooler --port N --upstream DSN [--mode transaction|session] [--pool-size N]

In mode `transaction` (PgBouncer's own name for it) a client has a server session from the first message
of a transaction until the server says that it is idle again; then whoever comes next gets it, with
every lock and setting that was left in it. Clients need no password, the upstream needs no TLS.
`--port 0` picks a free port. It prints `listening on 127.0.0.1:PORT` when it is ready.
"""

import argparse
import asyncio
import contextlib
import os
import socket
import struct
from dataclasses import dataclass, field

import psycopg

_ALLOWED_AT_START = {"user", "database", "client_encoding", "application_name", "datestyle", "timezone"}
"""Parameters that PgBouncer takes from a client; it refuses all others, such as `options`."""
_SSL, _GSS, _CANCEL = 80877103, 80877104, 80877102
_ENDS_IN_READY = (b"Q", b"S", b"F")
"""Query, Sync and function call: each is answered by one ReadyForQuery."""
_REPORTED = (
    *("server_version", "server_encoding", "client_encoding", "DateStyle", "TimeZone", "IntervalStyle"),
    *("integer_datetimes", "standard_conforming_strings", "is_superuser", "session_authorization"),
)


def message(kind: bytes, body: bytes) -> bytes:
    """Return one message of the protocol: kind, length of the rest, body."""
    return kind + struct.pack("!I", len(body) + 4) + body


@dataclass
class Stream:
    """One side of the proxy, read message by message."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    buffer: bytearray = field(default_factory=bytearray)

    async def next(self) -> bytes:
        """Return the next whole message, or nothing at the end. May be cancelled: no byte is lost by that."""
        while True:
            if len(self.buffer) >= 5 and len(self.buffer) >= (size := 1 + struct.unpack_from("!I", self.buffer, 1)[0]):
                whole = bytes(self.buffer[:size])
                del self.buffer[:size]
                return whole
            try:
                chunk = await self.reader.read(65536)
            except ConnectionError:
                return b""
            if not chunk:
                return b""
            self.buffer += chunk

    def send(self, data: bytes) -> None:
        if not self.writer.is_closing():
            self.writer.write(data)


@dataclass
class Server:
    """One session at the upstream."""

    stream: Stream
    opened_by: psycopg.Connection

    @property
    def alive(self) -> bool:
        return not self.stream.reader.at_eof() and not self.stream.writer.is_closing()

    @property
    def parameters(self) -> dict[str, str]:
        told = self.opened_by.info.parameter_status
        return {name: value for name in _REPORTED if (value := told(name)) is not None}

    def close(self) -> None:
        self.stream.writer.close()
        self.opened_by.close()


class Pool:
    """At most `size` sessions; the one that was given back last is the first to go out again, as in PgBouncer."""

    def __init__(self, upstream: str, size: int) -> None:
        self._upstream, self._idle = upstream, list[Server]()
        self._places = asyncio.Semaphore(size)

    async def take(self) -> Server:
        await self._places.acquire()
        while self._idle:
            if (server := self._idle.pop()).alive:
                return server
        try:
            return await self._open()
        except BaseException:
            self._places.release()
            raise

    def give_back(self, server: Server, *, clean: bool) -> None:
        if clean and server.alive:
            self._idle.append(server)
        else:
            server.close()
        self._places.release()

    async def _open(self) -> Server:
        """Let psycopg start a session, which knows every kind of authentication, and talk over its socket."""
        # In this thread: nobody is served meanwhile, which is how a full pool looks anyway.
        db = psycopg.connect(self._upstream, sslmode="disable", gssencmode="disable", autocommit=True)
        own = socket.socket(fileno=os.dup(db.fileno()))
        own.setblocking(False)
        return Server(Stream(*await asyncio.open_connection(sock=own)), db)


@dataclass
class Proxy:
    """Serves one client after another, and many at once."""

    pool: Pool
    by_session: bool
    server_version: str | None = None
    """What clients are told instead of the upstream's own version."""
    parameters: dict[str, str] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = Stream(reader, writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            if await self._greet(client):
                await (self._whole_session(client) if self.by_session else self._transactions(client))
        writer.close()

    async def _greet(self, client: Stream) -> bool:
        """Answer a client's start-up packet; return whether it may go on."""
        while True:
            size = struct.unpack("!I", await client.reader.readexactly(4))[0]
            body = await client.reader.readexactly(size - 4)
            code = struct.unpack_from("!I", body)[0]
            if code == _CANCEL:
                return False
            if code not in (_SSL, _GSS):
                break
            client.send(b"N")
        names = body[4:].decode().split("\0")[:-2:2]
        if strangers := {name.lower() for name in names} - _ALLOWED_AT_START:
            client.send(_error("08P01", f"unsupported startup parameter: {min(strangers)}"))
            return False
        await self._welcome(client)
        return True

    async def _welcome(self, client: Stream) -> None:
        """Tell a client what the first session told us: later ones may all be taken."""
        if not self.parameters:
            server = await self.pool.take()
            self.parameters |= server.parameters
            self.pool.give_back(server, clean=True)
        if self.server_version:
            self.parameters["server_version"] = self.server_version
        client.send(message(b"R", struct.pack("!I", 0)))
        for name, value in self.parameters.items():
            client.send(message(b"S", f"{name}\0{value}\0".encode()))
        client.send(message(b"K", struct.pack("!II", 1, 1)))  # no process of the server's: PgBouncer makes it up too
        client.send(message(b"Z", b"I"))

    async def _transactions(self, client: Stream) -> None:
        """Give the client whichever session is free, for one transaction at a time."""
        while (first := await client.next()) and first[:1] != b"X":
            server, clean = await self.pool.take(), False
            try:
                clean = await _until_idle(client, server, first)
            finally:
                self.pool.give_back(server, clean=clean)

    async def _whole_session(self, client: Stream) -> None:
        """Give the client one session until it leaves, then wipe that."""
        server, clean = await self.pool.take(), True
        try:
            while clean and (first := await client.next()) and first[:1] != b"X":
                clean = await _until_idle(client, server, first)
            if clean:
                clean = await _wiped(server)
        finally:
            self.pool.give_back(server, clean=clean)


async def _until_idle(client: Stream, server: Server, first: bytes) -> bool:
    """Pass messages both ways until no transaction is open; return False if one side left before that."""
    owed, idle = 0, False  # answers that end in ReadyForQuery; whether the last of them said "no transaction"

    def up(said: bytes) -> None:
        nonlocal owed
        owed += said[:1] in _ENDS_IN_READY
        server.stream.send(said)

    up(first)
    from_client = asyncio.ensure_future(client.next())
    from_server = asyncio.ensure_future(server.stream.next())
    try:
        while True:
            await asyncio.wait({from_client, from_server}, return_when=asyncio.FIRST_COMPLETED)
            if from_server.done():
                if not (said := from_server.result()):
                    return False
                client.send(said)
                owed -= said[:1] == b"Z"
                idle = said[:1] == b"Z" and said[5:6] == b"I" and not owed
                if idle and not from_client.done():
                    return True
                from_server = asyncio.ensure_future(server.stream.next())
            if from_client.done():
                if not (said := from_client.result()) or said[:1] == b"X":
                    return idle
                up(said)
                from_client = asyncio.ensure_future(client.next())
    finally:
        for task in (from_client, from_server):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def _wiped(server: Server) -> bool:
    server.stream.send(message(b"Q", b"DISCARD ALL\0"))
    while said := await server.stream.next():
        if said[:1] == b"Z":
            return True
    return False


def _error(sqlstate: str, words: str) -> bytes:
    return message(b"E", f"SFATAL\0VFATAL\0C{sqlstate}\0M{words}\0\0".encode())


async def run(port: int, proxy: Proxy) -> None:
    """Serve until the process is ended."""
    listener = await asyncio.start_server(proxy.serve, "127.0.0.1", port)
    host, bound = listener.sockets[0].getsockname()
    print(f"listening on {host}:{bound}", flush=True)
    async with listener:
        await listener.serve_forever()


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m tests.fakes.pooler", description="a pooling proxy on loopback")
    options.add_argument("--port", type=int, required=True)
    options.add_argument("--upstream", required=True)
    options.add_argument("--mode", choices=("transaction", "session"), default="transaction")
    options.add_argument("--pool-size", type=int, default=1)
    options.add_argument("--server-version", help="tell clients this version instead of the upstream's")
    chosen = options.parse_args()

    async def serve() -> None:
        pool = Pool(chosen.upstream, chosen.pool_size)
        await run(chosen.port, Proxy(pool, chosen.mode == "session", chosen.server_version))

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve())


if __name__ == "__main__":
    main()
