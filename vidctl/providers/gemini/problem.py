"""The error document of Google's APIs, read without trusting any of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from vidctl.providers.http import Reply
from vidctl.providers.untrusted import mapping, mappings, short, text

_CODES: Final[Mapping[str, int]] = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "CANCELLED": 499,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
_DELAY: Final = re.compile(r"(\d{1,7}(?:\.\d{1,9})?)s")
_IN_WORDS: Final = re.compile(r"retry in (\d{1,7}(?:\.\d{1,9})?)s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Problem:
    """What an error document says; `details` are its typed parts, `shown` its message for people."""

    code: int
    status: str
    message: str
    details: tuple[Mapping[str, Any], ...]
    retry_after_s: float | None

    @property
    def shown(self) -> str:
        """Its status and its message, on one line."""
        return short(": ".join(filter(None, (self.status or str(self.code), self.message))))

    @property
    def reasons(self) -> frozenset[str]:
        """The reasons it names, such as API_KEY_INVALID."""
        return frozenset(text(detail.get("reason")) for detail in self.details) - {""}

    def violations(self) -> Iterator[Mapping[str, Any]]:
        """Yield the quotas that it says were exceeded."""
        for detail in self.details:
            yield from mappings(detail.get("violations"))


def problem_in(reply: Reply) -> Problem | None:
    """Return the problem that an answer holds, whatever its HTTP status; None where it holds none."""
    document = reply.json
    if isinstance(document, list) and document:
        document = document[0]
    error = mapping(document).get("error")
    if not isinstance(error, dict):
        return None
    status, details = text(error.get("status")), tuple(mappings(error.get("details")))
    message = text(error.get("message"))
    wait_s = _delay_s(details, message)
    code = _code(reply.status, error.get("code"), status)
    return Problem(code, status, message, details, reply.retry_after_s if wait_s is None else wait_s)


def _code(http_status: int, said: object, status: str) -> int:
    """Return the code to judge by: that of HTTP, and where HTTP says that all is well, the document's own."""
    if http_status >= HTTPStatus.BAD_REQUEST:
        return http_status
    return said if type(said) is int and said >= HTTPStatus.BAD_REQUEST else _CODES.get(status, 0)


def _delay_s(details: tuple[Mapping[str, Any], ...], message: str) -> float | None:
    for detail in details:
        if found := _DELAY.fullmatch(text(detail.get("retryDelay"))):
            return float(found[1])
    found = _IN_WORDS.search(message)
    return float(found[1]) if found else None
