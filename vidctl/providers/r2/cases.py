"""The table: what can be the matter with R2, by its own codes, and what each means for the next try."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vidctl.contract import ErrorClass, Scope, ScriptError


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that can be the matter: `name` is the `error_type`, `is_so` what people are told."""

    name: str
    is_so: str
    hint: str
    error_class: ErrorClass
    scope: Scope = Scope.ITEM
    wait_s: float | None = None

    def error(self, message: str) -> ScriptError:
        """Return it as an error."""
        return ScriptError(
            f"Cloudflare R2: {message}",
            hint=self.hint,
            error_class=self.error_class,
            scope=self.scope,
            error_type=self.name,
            retry_after_s=self.wait_s,
        )


def _config(name: str, is_so: str, hint: str) -> Case:
    return Case(name, is_so, hint, ErrorClass.PERMANENT, Scope.SERVICE)


def _refused(name: str, is_so: str, hint: str) -> Case:
    return Case(name, is_so, hint, ErrorClass.PERMANENT)


def _later(name: str, is_so: str, wait_s: float | None = None) -> Case:
    return Case(name, is_so, "nothing has to be done: it is tried again", ErrorClass.TRANSIENT, wait_s=wait_s)


def _amiss(name: str) -> Case:
    return _refused(name, "it refuses the request", "it would fail again: this is a bug of vidctl, or a setting of R2")


_NEW_KEY: Final = "make an API token with Object Read & Write for this bucket, and set its two R2_… keys in .env"

NO_KEY: Final = _config("NoKey", "there is no key", _NEW_KEY)
KEY_REFUSED: Final = _config("KeyRefused", "it refuses the key", _NEW_KEY)
NOT_STORED: Final = _refused("NotStored", "there is no such file in the bucket", "store it again: store_file.py")
WRONG_BYTES: Final = _later("WrongBytes", "what it sends is not the file that was stored")
NOT_KEPT: Final = _later("NotKept", "it does not have the file after taking it")
BUSY: Final = _later("TooManyRequests", "it is asked too often", wait_s=1)
WEB_PAGE: Final = _later("WebPage", "a web page came where R2 should have answered")
UNREADABLE: Final = _later("Unreadable", "its answer cannot be read")
UNREACHABLE: Final = _later("Unreachable", "it cannot be reached")
CONNECTION_LOST: Final = _later("ConnectionLost", "the connection broke")
UNEXPLAINED: Final = _later("Unexplained", "something went wrong that vidctl does not know")
BAD_REQUEST: Final = _amiss("BadRequest")

_CASES: Final = (
    _config("NotEntitled", "the account has no R2", "subscribe to R2 in Cloudflare's dashboard"),
    _config("RequestTimeTooSkewed", "this machine's clock is wrong", "set the clock, and let NTP keep it right"),
    _config("ObjectLockedByBucketPolicy", "a lock rule of the bucket forbids it", "take the rule out of its settings"),
    _config(
        "NoSuchBucket", "there is no such bucket", "look at R2_BUCKET, and for a bucket of the EU at R2_ENDPOINT_URL"
    ),
    # The checksums that the client is told not to send were once refused like this.
    _config("NotImplemented", "it cannot do what was asked", "look whether R2_ENDPOINT_URL is R2; else this is a bug"),
    _refused("EntityTooLarge", "the file is too large", "R2 keeps up to 4.9 TiB, in at most 10,000 parts"),
    _refused("InvalidObjectName", "it does not take the key", "a key has up to 1,024 bytes of UTF-8"),
    _amiss("EntityTooSmall"),
    _amiss("InvalidPart"),
    _amiss("MetadataTooLarge"),
    _amiss("BadDigest"),
    _amiss("MissingContentLength"),
    _amiss("PreconditionFailed"),
    _later("IncompleteBody", "the file did not arrive whole"),
    _later("ClientDisconnect", "the connection broke"),
    _later("NoSuchUpload", "the upload was ended from elsewhere"),
    # Amazon's code for bytes that were damaged on their way; R2's own list has none.
    _later("XAmzContentSHA256Mismatch", "the file was damaged on its way"),
    _later("InternalError", "it has a fault of its own"),
    _later("ServiceUnavailable", "it is not there for the moment"),
    BUSY,
)

_OF_CODE: Final[Mapping[str, Case]] = {case.name: case for case in _CASES} | {
    "Unauthorized": KEY_REFUSED,
    "AccessDenied": KEY_REFUSED,
    "SignatureDoesNotMatch": KEY_REFUSED,
    "NoSuchKey": NOT_STORED,
}
# A HEAD is answered without a code.
_OF_STATUS: Final[Mapping[int, Case]] = {
    401: KEY_REFUSED,
    403: KEY_REFUSED,
    404: NOT_STORED,
    408: CONNECTION_LOST,
    429: BUSY,
}


def case_of(status: Any, code: str) -> Case:
    """Return what an answer means: by its code, and by its status where that is missing or new."""
    if case := _OF_CODE.get(code):
        return case
    if case := _OF_STATUS.get(status):
        return case
    if isinstance(status, int) and 400 <= status < 500:  # noqa: PLR2004  # HTTP's own numbers
        return _amiss("Refused")
    return _later("Trouble", "it answers with a fault")
