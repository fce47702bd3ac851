"""What a task can be, and what may happen to it next.

The only list of statuses and moves. The engine, the board and the CLI ask `next_status`;
`store.moves.move` writes the answer. Gates, errors, phases, the database's CHECK, the README's
diagram and the order of the board's columns are computed from it.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from vidctl.errors import InvalidStateTransitionError


class Status(StrEnum):
    """The 26 statuses, in the order of the board's columns."""

    DRAFT = "Draft"
    QUEUED = "Queued"
    CLAIMED = "Claimed"
    GENERATING_ASSETS = "Generating Assets"
    ASSETS_READY = "Assets Ready"
    ASSETS_APPROVED = "Assets Approved"
    GENERATING_COMPOSITES = "Generating Composites"
    COMPOSITES_READY = "Composites Ready"
    GENERATING_VIDEO = "Generating Video"
    VIDEO_READY = "Video Ready"
    VIDEO_APPROVED = "Video Approved"
    GENERATING_AUDIO = "Generating Audio"
    GENERATING_SFX = "Generating SFX"
    SFX_READY = "SFX Ready"
    AUDIO_READY = "Audio Ready"
    AUDIO_APPROVED = "Audio Approved"
    ASSEMBLING = "Assembling"
    ASSEMBLY_READY = "Assembly Ready"
    FINAL_REVIEW = "Final Review"
    APPROVED = "Approved"
    UPLOADING = "Uploading"
    PUBLISHED = "Published"
    ASSET_ERROR = "Asset Error"
    VIDEO_ERROR = "Video Error"
    AUDIO_ERROR = "Audio Error"
    UPLOAD_ERROR = "Upload Error"


class Event(StrEnum):
    """What can happen to a task."""

    QUEUE = "queue"
    """A person wants the film made."""
    CLAIM = "claim"
    """A tick picked it for the first time."""
    START = "start"
    """The engine enters the next step, or passes a status where nothing has to be done."""
    FINISH = "finish"
    """Everything the step has to make exists."""
    DEFER = "defer"
    """The step goes on later: an automatic retry, or its service is paused."""
    FAIL = "fail"
    """The step cannot go on without a person."""
    APPROVE = "approve"
    REJECT = "reject"
    RETRY = "retry"
    HOLD = "hold"


class Phase(StrEnum):
    """What a status means to the person who looks at it."""

    WAITING = "waiting"
    WORKING = "working"
    REVIEW = "review"
    DONE = "done"
    ERROR = "error"


class Who(StrEnum):
    """Who may cause an event."""

    ENGINE = "engine"
    HUMAN = "human"


_S = Status

_WORKING_ERROR: Final[Mapping[Status, Status]] = MappingProxyType(
    {
        _S.CLAIMED: _S.ASSET_ERROR,
        _S.GENERATING_ASSETS: _S.ASSET_ERROR,
        _S.GENERATING_COMPOSITES: _S.ASSET_ERROR,
        _S.GENERATING_VIDEO: _S.VIDEO_ERROR,
        _S.GENERATING_AUDIO: _S.AUDIO_ERROR,
        _S.GENERATING_SFX: _S.AUDIO_ERROR,
        _S.ASSEMBLING: _S.VIDEO_ERROR,
        _S.UPLOADING: _S.UPLOAD_ERROR,
    }
)
"""Each status in which a step works, in the order of the steps, and where its failure shows."""

_FORWARD: Final[Mapping[tuple[Status, Event], Status]] = MappingProxyType(
    {
        (_S.DRAFT, Event.QUEUE): _S.QUEUED,
        (_S.QUEUED, Event.CLAIM): _S.CLAIMED,
        (_S.CLAIMED, Event.FINISH): _S.GENERATING_ASSETS,
        (_S.GENERATING_ASSETS, Event.FINISH): _S.ASSETS_READY,
        (_S.ASSETS_READY, Event.APPROVE): _S.ASSETS_APPROVED,
        (_S.ASSETS_APPROVED, Event.START): _S.GENERATING_COMPOSITES,
        (_S.GENERATING_COMPOSITES, Event.FINISH): _S.COMPOSITES_READY,
        (_S.COMPOSITES_READY, Event.START): _S.GENERATING_VIDEO,
        (_S.GENERATING_VIDEO, Event.FINISH): _S.VIDEO_READY,
        (_S.VIDEO_READY, Event.APPROVE): _S.VIDEO_APPROVED,
        (_S.VIDEO_APPROVED, Event.START): _S.GENERATING_AUDIO,
        (_S.GENERATING_AUDIO, Event.FINISH): _S.GENERATING_SFX,
        (_S.GENERATING_SFX, Event.FINISH): _S.SFX_READY,
        (_S.SFX_READY, Event.START): _S.AUDIO_READY,
        (_S.AUDIO_READY, Event.APPROVE): _S.AUDIO_APPROVED,
        (_S.AUDIO_APPROVED, Event.START): _S.ASSEMBLING,
        (_S.ASSEMBLING, Event.FINISH): _S.ASSEMBLY_READY,
        (_S.ASSEMBLY_READY, Event.START): _S.FINAL_REVIEW,
        (_S.FINAL_REVIEW, Event.APPROVE): _S.APPROVED,
        (_S.APPROVED, Event.START): _S.UPLOADING,
        (_S.UPLOADING, Event.FINISH): _S.PUBLISHED,
    }
)
"""The way of a film that meets no trouble."""

_REJECTED_TO: Final[Mapping[Status, tuple[Status, ...]]] = MappingProxyType(
    {
        _S.ASSETS_READY: (_S.ASSET_ERROR,),
        _S.VIDEO_READY: (_S.VIDEO_ERROR, _S.ASSET_ERROR),
        _S.AUDIO_READY: (_S.AUDIO_ERROR, _S.VIDEO_ERROR, _S.ASSET_ERROR),
        _S.FINAL_REVIEW: (_S.VIDEO_ERROR, _S.AUDIO_ERROR, _S.ASSET_ERROR),
    }
)
"""Each gate, and the error statuses a person may set there: its own stage's first, then earlier ones."""

_ASKED: Final[Mapping[Status, Status]] = MappingProxyType({_S.COMPOSITES_READY: _S.ASSET_ERROR})
"""Where some channels have a gate and the others none, and the error status that a person may set there."""


def _retried_to(error: Status) -> tuple[Status, ...]:
    """Return the working statuses of every step up to the last one whose failure shows as `error`.

    Not only that stage's own: a step that finds an earlier step's file gone fails in its own stage
    and is resumed where that file is made.
    """
    working = tuple(_WORKING_ERROR)
    last = max(at for at, status in enumerate(working) if _WORKING_ERROR[status] is error)
    return working[: last + 1]


def _rows() -> Mapping[tuple[Status, Event], tuple[Status, ...]]:
    rows: dict[tuple[Status, Event], tuple[Status, ...]] = {at: (to,) for at, to in _FORWARD.items()}
    for working, error in _WORKING_ERROR.items():
        rows[working, Event.DEFER] = (working,)
        rows[working, Event.FAIL] = (error,)
    for gate, errors in _REJECTED_TO.items():
        rows[gate, Event.REJECT] = errors
    for gate, error in _ASKED.items():
        rows[gate, Event.APPROVE] = rows[gate, Event.START]
        rows[gate, Event.REJECT] = (error,)
    for error in dict.fromkeys(_WORKING_ERROR.values()):
        rows[error, Event.RETRY] = _retried_to(error)
    for status in Status:
        if status not in {_S.DRAFT, _S.UPLOADING, _S.PUBLISHED}:
            rows[status, Event.HOLD] = (_S.DRAFT,)
    return MappingProxyType(rows)


TRANSITIONS: Final = _rows()
"""Every move there is. Where an event may lead to several statuses, whoever causes it says which."""

GATES: Final = tuple(_REJECTED_TO)
"""Where a film waits for a person, in order; the last one can never be passed by a setting."""

OPTIONAL_GATES: Final = tuple(_ASKED)
"""Where a film waits for a person if its channel wants that: whether it does is the film's own, not its status's."""

WORKING: Final = tuple(_WORKING_ERROR)
"""Where a step works, in the order of the steps."""

HANDED_OVER: Final = (Status.UPLOADING, Status.PUBLISHED)
"""What is said of a film has gone to YouTube, or is on its way there."""

ERRORS: Final = tuple(dict.fromkeys(_WORKING_ERROR.values()))

HUMAN_EVENTS: Final = frozenset({Event.QUEUE, Event.APPROVE, Event.REJECT, Event.RETRY, Event.HOLD})
"""The engine may cause APPROVE (unchanged or automatic gates) and RETRY (a lost file) too."""

ENGINE_WAITS: Final = frozenset(
    status for status, event in TRANSITIONS if event in {Event.CLAIM, Event.START, Event.FINISH}
)
"""Where the next move is the engine's: what a tick picks from."""


def next_status(status: Status, event: Event, to: Status | None = None) -> Status:
    """Return where `event` leads from `status`; `to` chooses where there are several ways.

    Raises:
        InvalidStateTransitionError: the table has no such row; the hint lists those it has.
    """
    ways = TRANSITIONS.get((status, event), ())
    if to is None and len(ways) == 1:
        return ways[0]
    if to is not None and to in ways:
        return to
    legal = ", ".join(dict.fromkeys(e for s, e in TRANSITIONS if s is status)) or "nothing: this is the end"
    toward = f" to {to}" if to else ""
    raise InvalidStateTransitionError(f"a task that is {status} cannot {event}{toward}", hint=f"it can: {legal}")


def asked_for(status: Status, wanted: Status, *, resumes_at: Status | None = None) -> Event | None:
    """Return what a person asks for who sets a task that is `status` to `wanted` on a board; None: it cannot be.

    To queue a failed task means to resume it, and so does an approved status of its stage, or the
    working status it failed in (`resumes_at`). To queue what is published is for the caller: it makes
    a new version.
    """
    if status in ERRORS and (wanted is resumes_at or wanted in _resumed_by(status)):
        return Event.RETRY
    for event in (Event.HOLD, Event.QUEUE, Event.APPROVE, Event.REJECT):
        if wanted in TRANSITIONS.get((status, event), ()):
            return event
    return None


def _resumed_by(error: Status) -> set[Status]:
    """Return the statuses by which a person resumes a task in `error`."""
    ways = {_S.QUEUED}
    for gate in GATES:
        approved = next_status(gate, Event.APPROVE)
        own = {own_error_of(gate)} if gate is not GATES[-1] else set()  # the last approval is given at its gate alone
        if error in own | _errors_after(approved):
            ways.add(approved)
    return ways


def _errors_after(approved: Status) -> set[Status]:
    """Return where the steps between an approval and the next gate fail to."""
    errors, at = set(), next_status(approved, Event.START)
    while at not in GATES and at is not _S.PUBLISHED:
        if at in WORKING:
            errors.add(error_of(at))
        at = next_status(at, Event.FINISH if at in WORKING else Event.START)
    return errors


def is_gate(status: Status, *, asks: bool) -> bool:
    """Tell whether a film waits for a person's approval: at a gate, or because it asks for one where it is."""
    return status in GATES or asks


def phase_of(status: Status, *, asks: bool = False) -> Phase:
    """Return what the status means to a person; `asks` as in `is_gate`."""
    if status in ERRORS:
        return Phase.ERROR
    if is_gate(status, asks=asks):
        return Phase.REVIEW
    if status is Status.PUBLISHED:
        return Phase.DONE
    return Phase.WORKING if status in WORKING else Phase.WAITING


def error_of(working: Status) -> Status:
    """Return the error status of the stage that `working` belongs to."""
    return _WORKING_ERROR[working]


def own_error_of(gate: Status) -> Status:
    """Return the error status of the gate's own stage."""
    return TRANSITIONS[gate, Event.REJECT][0]


def engine_event(status: Status) -> Event:
    """Return the event by which the engine leaves a status between two steps.

    Raises:
        InvalidStateTransitionError: the engine has nothing to do there.
    """
    event = Event.CLAIM if status is Status.QUEUED else Event.START
    next_status(status, event)
    return event
