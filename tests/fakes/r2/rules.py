"""Where R2 is not S3: what it does not take, and how often it takes it."""

import re
import threading
import time

from tests.fakes.wire.server import Call

MAX_KEY_BYTES = 1_024
MAX_METADATA_BYTES = 8_192
SECONDS_BETWEEN_WRITES = 1.0
_TRAILERS = ("x-amz-trailer", "x-amz-sdk-checksum-algorithm", "x-amz-checksum-algorithm")
_UNKNOWN = ("x-amz-acl", "x-amz-tagging", "x-amz-grant-read", "x-amz-object-lock-mode")


class Rules:
    """What R2 remembers in order to refuse: when each key was written, and how long the parts of uploads are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._written = dict[str, float]()
        self._parts = dict[tuple[str, int], int]()

    def refused(self, call: Call, key: str) -> str | None:
        """Return why R2 does not take a request, by the name of a trouble; None: it does."""
        headers = call.headers
        # Refused like a wrong key, which is what makes it hard to find.
        if any(name in headers for name in _TRAILERS) or "aws-chunked" in headers.get("content-encoding", ""):
            return "unauthorized"
        if any(name in headers for name in _UNKNOWN):
            return "not_implemented"
        if call.method == "PUT" and "content-length" not in headers:
            return "no_length"
        if len(key.encode()) > MAX_KEY_BYTES:
            return "object_name"
        metadata = sum(len(name) + len(text) for name, text in headers.items() if name.startswith("x-amz-meta-"))
        return "metadata_too_large" if metadata > MAX_METADATA_BYTES else self._of_writes(call)

    def _of_writes(self, call: Call) -> str | None:
        upload = call.query.get("uploadId", [""])[0]
        if call.method == "PUT" and upload:
            with self._lock:
                self._parts[upload, int(call.query["partNumber"][0])] = len(call.content)
            return None
        if call.method == "POST" and upload and self._are_unequal(call, upload):
            return "invalid_part"
        begins = call.method == "POST" and not upload
        return None if call.method not in {"PUT", "POST"} or begins else self._too_soon(call.path)

    def _are_unequal(self, call: Call, upload: str) -> bool:
        numbers = sorted(int(number) for number in re.findall(rb"<PartNumber>(\d+)</PartNumber>", call.content))
        with self._lock:
            sizes = [self._parts.get((upload, number), 0) for number in numbers]
        return len(set(sizes[:-1])) > 1 or bool(sizes[:-1] and sizes[-1] > sizes[0])

    def _too_soon(self, path: str) -> str | None:
        now = time.monotonic()
        with self._lock:
            if now - self._written.get(path, -SECONDS_BETWEEN_WRITES) < SECONDS_BETWEEN_WRITES:
                return "too_many"
            self._written[path] = now
        return None
