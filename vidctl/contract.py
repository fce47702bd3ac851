"""What the engine and a script say to each other: the plug-in boundary, the same for both sides.

A script is any program that takes options, reads its secrets from the environment and prints one
JSON object a line on standard output (one of the messages below); standard error is for people.
Its exit status is an `ExitCode`. `vidctl.script` is this side of it for scripts written in Python;
a script in another language only has to keep the same promises.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, TypeAlias

from vidctl.errors import BadInput, ExitCode, VidctlError

MAX_LINE_BYTES: Final = 1_000_000
"""A longer line is no message: the script is treated as broken."""

MAX_FACTS: Final = 100_000
MAX_UNITS: Final = Decimal(10) ** 9
MAX_COST_USD: Final = Decimal(10) ** 5
"""No single call costs as much: it is a mistake of the script."""
MAX_AT_ONCE: Final = 1_000
MAX_QUOTA: Final = 1_000_000

LISTENING: Final = "VIDCTL_ENGINE"
"""The environment variable that is set where an engine listens, and answers an `Ordering`."""
GO: Final = "go"
"""The answer to an `Ordering` that may be sent, and to a job that is kept."""
NOT_LET: Final = "NotLet"
"""The `error_type` of a script that got another answer."""


class ErrorClass(StrEnum):
    """What a failure means for the next try."""

    TRANSIENT = "transient"
    """Again later, without anybody doing anything."""
    PERMANENT = "permanent"
    """The same request can never succeed: a person has to change something."""
    QUOTA = "quota"
    """The service is used up until its reset; this costs no attempt."""


class Scope(StrEnum):
    """How far a failure reaches."""

    ITEM = "item"
    CHANNEL = "channel"
    """The account that one channel has with the service; the other channels go on."""
    SERVICE = "service"


class Basis(StrEnum):
    """Where the amount of a charge comes from."""

    PROVIDER = "provider"
    """The provider said what it counted (credits, tokens, characters)."""
    LIST_PRICE = "list price"
    """The provider did not say; it is what the price list has for such a call."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """An order is about to be sent, for about `cost_usd`. Say it in the moment before, and before each order.

    Where `LISTENING` is set in the environment, wait for one line on standard input: only after `GO` may the order
    be sent, for then it is journaled, and there is money for it. On any other word, or at the end of the input,
    end without it. Until `Submitted`, `Cost`, `Result` or `Failure` follows, nobody knows whether it was taken: a
    script that dies in between may have bought something.
    """

    component: str
    cost_usd: Decimal
    by_job: bool = True
    """The answer names a job, by which what was bought can be fetched later: so a lost answer is not ordered again."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What the account has left, in dollars: the only witness of an order whose answer was lost.

    Say it before an order, after its answer, and once more, a little later, where there was no answer.
    """

    left_usd: Decimal


@dataclass(frozen=True, slots=True)
class AtOnce:
    """How many calls the provider says that it takes at once."""

    calls: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """A purchase was accepted: `job_id` is enough to fetch its result in a later process.

    Who `waits` does nothing more before it is kept: where `LISTENING` is set, the answer is `GO` as for an `Ordering`.
    """

    job_id: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Quota:
    """A call is about to be sent that takes `units` out of one of the service's buckets, whatever comes of it."""

    bucket: str
    units: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a long job is; `total` is in the same unit as `done`."""

    done: float
    total: float


@dataclass(frozen=True, slots=True)
class Cost:
    """What was charged, whether or not the job succeeds in the end."""

    component: str
    units: Decimal
    cost_usd: Decimal
    basis: Basis = Basis.LIST_PRICE


@dataclass(frozen=True, slots=True)
class Result:
    """The file is whole and in place. `sha256` is of its bytes, in lower-case hexadecimal."""

    path: str
    sha256: str
    url: str | None = None
    facts: Mapping[str, Any] | None = None
    """Measured properties worth keeping with the artifact, such as `duration_s`."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no result, and what that means for the next try."""

    error_type: str
    error_class: ErrorClass
    scope: Scope
    message: str
    hint: str
    retry_after_s: float | None = None
    in_doubt: bool = False
    """An order was sent and its answer was lost: it may have been taken, and charged."""
    job_over: bool = False
    """The provider's word is that the submitted job came to nothing: it is never resumed."""


Message: TypeAlias = Ordering | Balance | AtOnce | Submitted | Quota | Progress | Cost | Result | Failure


class ScriptError(VidctlError):
    """Raised inside a script to end it with a `Failure` message and the exit status that fits."""

    def __init__(
        self,
        message: str,
        *,
        hint: str,
        error_class: ErrorClass = ErrorClass.PERMANENT,
        scope: Scope = Scope.ITEM,
        error_type: str = "ScriptError",
        retry_after_s: float | None = None,
        in_doubt: bool = False,
        job_over: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.failure = Failure(error_type, error_class, scope, message, hint, retry_after_s, in_doubt, job_over)


EXIT_CODE_OF: Final[Mapping[ErrorClass, ExitCode]] = {
    ErrorClass.TRANSIENT: ExitCode.TRY_AGAIN,
    ErrorClass.PERMANENT: ExitCode.BAD_DATA,
    ErrorClass.QUOTA: ExitCode.PAUSED,
}

_CLASS_OF: Final[Mapping[ExitCode, ErrorClass]] = {
    ExitCode.TRY_AGAIN: ErrorClass.TRANSIENT,
    # A disk that is full now is emptied by somebody: worth another try, and never worth the card.
    ExitCode.CANNOT_WRITE: ErrorClass.TRANSIENT,
}


def failure_of(error: VidctlError) -> Failure:
    """Return the message for any error of ours; only a `ScriptError` says more than its exit status."""
    if isinstance(error, ScriptError):
        return error.failure
    error_class = _CLASS_OF.get(error.exit_code, ErrorClass.PERMANENT)
    return Failure(type(error).__name__, error_class, Scope.ITEM, str(error), error.hint)


_NAMED: Final[Mapping[type, str]] = {Failure: "error", AtOnce: "at_once"}


def to_line(message: Message) -> str:
    """Return the message as the one line of JSON that stands for it, without a newline."""
    fields = {key: value for key, value in asdict(message).items() if value is not None}
    if isinstance(message, Failure):
        fields["class"] = fields.pop("error_class")
    event = _NAMED.get(type(message), type(message).__name__.lower())
    return json.dumps({"event": event, **fields}, default=str)


def from_line(line: str) -> Message:
    """Return the message that one line of a script's standard output stands for.

    Raises:
        BadInput: the line is not one of the contract's messages.
    """
    try:
        fields = json.loads(line, parse_constant=_no_constant)
        return _READERS[fields["event"]](fields)
    except (ValueError, KeyError, TypeError, InvalidOperation, OverflowError, RecursionError) as exc:
        raise BadInput(  # without the line itself, which may hold anything: whoever shows it takes the secrets out
            "a line of the script's output is no message of the contract",
            hint="print one JSON object a line on standard output, and everything for people on standard error",
        ) from exc


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    value.encode()  # half of a surrogate pair is no text
    if "\0" in value:
        raise ValueError(value)
    return value


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)


def _facts(value: object) -> dict[str, Any] | None:
    if value is None:
        return None
    text = _text(json.dumps(value, ensure_ascii=False, allow_nan=False))
    if not isinstance(value, dict) or len(text) > MAX_FACTS or "\\u0000" in text:
        raise TypeError(value)
    return value


def _number(value: object, below: Decimal) -> Decimal:
    number = Decimal(str(value))
    if not 0 <= number < below:
        raise ValueError(value)
    return number


def _cost(fields: Mapping[str, Any]) -> Cost:
    units, cost_usd = _number(fields["units"], MAX_UNITS), _number(fields["cost_usd"], MAX_COST_USD)
    return Cost(_text(fields["component"]), units, cost_usd, Basis(fields.get("basis", Basis.LIST_PRICE)))


def _at_once(fields: Mapping[str, Any]) -> AtOnce:
    if type(calls := fields["calls"]) is not int or not 1 <= calls <= MAX_AT_ONCE:
        raise ValueError(calls)
    return AtOnce(calls)


def _quota(fields: Mapping[str, Any]) -> Quota:
    if type(units := fields["units"]) is not int or not 0 <= units <= MAX_QUOTA:
        raise ValueError(units)
    return Quota(_text(fields["bucket"]), units)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _failure(fields: Mapping[str, Any]) -> Failure:
    wait_s = fields.get("retry_after_s")
    return Failure(
        _text(fields["error_type"]),
        ErrorClass(fields["class"]),
        Scope(fields["scope"]),
        _text(fields["message"]),
        _text(fields.get("hint", "")),
        None if wait_s is None else float(wait_s),
        _flag(fields.get("in_doubt", False)),
        _flag(fields.get("job_over", False)),
    )


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Message]]] = {
    "ordering": lambda fields: Ordering(
        _text(fields["component"]), _number(fields["cost_usd"], MAX_COST_USD), _flag(fields.get("by_job", True))
    ),
    "balance": lambda fields: Balance(_number(fields["left_usd"], MAX_UNITS)),
    "at_once": _at_once,
    "submitted": lambda fields: Submitted(_text(fields["job_id"]), _flag(fields.get("waits", False))),
    "quota": _quota,
    "progress": lambda fields: Progress(float(fields["done"]), float(fields["total"])),
    "cost": _cost,
    "result": lambda fields: Result(
        _text(fields["path"]), _text(fields["sha256"]), _optional(fields.get("url")), _facts(fields.get("facts"))
    ),
    "error": _failure,
}
