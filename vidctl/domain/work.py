"""What a step has to make, what is there already, and therefore what is missing: like make.

A `Job` says which script makes which artifact from what. Its fingerprint covers the script, its
options and the bytes of its inputs; an artifact made with the same fingerprint is never made again.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from vidctl.domain.channel import Channel
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Storyboard
from vidctl.errors import BadInput


class Kind(StrEnum):
    """What an artifact is; with an index from 1 it names one file of a film."""

    STORYBOARD = "storyboard"
    IMAGE = "image"
    CONTACT_SHEET = "contact_sheet"
    COMPOSITE = "composite"
    ANIMATIC = "animatic"
    CLIP = "clip"
    FILMSTRIP = "filmstrip"
    NARRATION = "narration"
    SFX = "sfx"
    FILM = "film"
    THUMBNAIL = "thumbnail"
    FINGERPRINT = "fingerprint"
    """What films are compared by, to tell one that was published before."""
    RECEIPT = "receipt"


class State(StrEnum):
    """How far one artifact is."""

    PENDING = "pending"
    SUBMITTED = "submitted"
    """Bought: its job id is known, and only the result has to be fetched."""
    DONE = "done"
    REJECTED = "rejected"


SEALED: Final = "gAAAAA"
"""How all that Fernet seals begins, and so the job id of our own upload for as long as there is no video. That of a
finished one is the video's, and a channel's own program has others."""

SHEETS: Final = frozenset({Kind.CONTACT_SHEET, Kind.ANIMATIC, Kind.FILMSTRIP})
"""What only shows other artifacts, at one glance or in motion."""

SINGLE: Final = frozenset({Kind.STORYBOARD, Kind.FILM, Kind.THUMBNAIL, Kind.FINGERPRINT, Kind.RECEIPT})
"""Of which a film has one, besides the sheets."""

UNCOUNTED: Final = SHEETS | {Kind.THUMBNAIL, Kind.FINGERPRINT}
"""What nobody counts as progress: it follows from the rest in a moment."""

BOUGHT: Final = frozenset({Kind.IMAGE, Kind.CLIP, Kind.NARRATION, Kind.SFX})
"""What is bought of services one by one; all else of a film but its story is made on this machine, for nothing."""

GATE_KINDS: Final[Mapping[Status, tuple[Kind, ...]]] = {
    Status.ASSETS_READY: (Kind.IMAGE,),
    Status.COMPOSITES_READY: (Kind.ANIMATIC,),
    Status.VIDEO_READY: (Kind.CLIP,),
    Status.AUDIO_READY: (Kind.NARRATION, Kind.SFX),
    Status.FINAL_REVIEW: (Kind.FILM, Kind.THUMBNAIL),
}
"""What a person approves at each gate; an approval is bound to the sha256 of exactly these."""


@dataclass(frozen=True, slots=True, order=True)
class Artifact:
    """The name of one thing a film is made of."""

    kind: Kind
    index: int = 1

    def __str__(self) -> str:
        """Return how people call it: "clip 3", or "film" where there is only one."""
        single = self.kind in SHEETS | SINGLE
        name = self.kind.replace("_", " ")
        return name if single else f"{name} {self.index}"


@dataclass(frozen=True, slots=True)
class Made:
    """An artifact that is whole: `path` is relative to the film's folder."""

    artifact: Artifact
    path: str
    sha256: str
    size_bytes: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Retake:
    """What people asked for when they rejected an artifact; `take` is 1 until they do."""

    take: int = 1
    note: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """One artifact to make: `script` run with `args`, `inputs` and, where it needs one, a document.

    `inputs` maps an option to the artifacts whose files it is given, in order. `document` is JSON
    that the engine writes to a file for `document_option`; an `Artifact` in it stands for the path
    of that artifact's file, relative to the document.
    """

    makes: Artifact
    output: str
    script: str
    args: Mapping[str, str] = field(default_factory=dict)
    inputs: Mapping[str, tuple[Artifact, ...]] = field(default_factory=dict)
    document: Mapping[str, Any] | None = None
    document_option: str = ""
    how: Mapping[str, str] = field(default_factory=dict)
    """Options that change how it is made and not what: they may change without anything being made again."""
    given: Mapping[str, str] = field(default_factory=dict)
    """The sha256 of files that no script made and that this one reads, such as an intro, by what they are."""
    after: tuple[Artifact, ...] = ()
    """What has to be there first, although it decides nothing of what is made."""
    expect: Mapping[str, str] = field(default_factory=dict)
    """What `inspect_media.py` must find true of the file: its options."""
    timeout_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Work:
    """Everything a step's plan may look at."""

    task_id: str
    title: str
    topic: str
    story_direction: str
    privacy: str
    channel: Channel
    storyboard: Storyboard | None = None
    retakes: Mapping[Artifact, Retake] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    """The sha256 of each file of the channel's own that films are made with, by its path."""
    account: str = ""
    """The id that YouTube knows the channel by, once somebody has authorised it."""
    has_thumbnail: bool = False
    """Whether the film has one, and its channel wants it shown: earlier versions of vidctl made none."""
    publish_at: datetime | None = None
    whole: Mapping[Artifact, Made] = field(default_factory=dict)
    """What there was of the film when the step began."""
    film_facts: Mapping[str, Any] = field(default_factory=dict)
    """What was measured of the film: see `assemble_video.py`."""

    @property
    def board(self) -> Storyboard:
        """The storyboard, for the steps that come after it.

        Raises:
            BadInput: there is none yet.
        """
        if self.storyboard is None:
            raise BadInput("this film has no storyboard yet", hint="it is made in the first step: see vidctl status")
        return self.storyboard

    @property
    def is_paid(self) -> bool:
        """Whether the film is made by the paid services: these are told which models to use."""
        return self.channel.mode != "preview"

    @property
    def asks_before_clips(self) -> bool:
        """Whether a person sees the film as an animatic before its clips are bought."""
        return self.is_paid and self.channel.review_gates.animatic == "manual"

    def retake(self, artifact: Artifact) -> dict[str, str]:
        """Return the options that tell a script what was asked for when its last take was rejected."""
        retake = self.retakes.get(artifact, Retake())
        options = {"take": str(retake.take)} if retake.take > 1 else {}
        return options | ({"note": retake.note} if retake.note else {})


@dataclass(frozen=True, slots=True)
class Step:
    """One of the eight: `plan` says what has to exist before the film may leave `working`."""

    name: str
    working: Status
    plan: Callable[[Work], list[Job]]
    service: str
    limit: str
    """The key of `limits` (max_concurrent_…) that bounds how many films are in this step at once."""


def needs(job: Job) -> list[Artifact]:
    """Return the artifacts whose files the job reads, and those that it waits for."""
    read = [artifact for artifacts in job.inputs.values() for artifact in artifacts] + _named_in(job.document)
    return [*read, *job.after]


def _named_in(value: object) -> list[Artifact]:
    if isinstance(value, Artifact):
        return [value]
    if isinstance(value, Mapping):
        return [artifact for item in value.values() for artifact in _named_in(item)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [artifact for item in value for artifact in _named_in(item)]
    return []


def document_json(document: Mapping[str, Any], text_of: Callable[[Artifact], str]) -> str:
    """Return the document as JSON, each artifact in it replaced by `text_of` it."""
    return json.dumps(document, default=text_of, sort_keys=True, ensure_ascii=False)


def fingerprint(job: Job, made: Mapping[Artifact, Made]) -> str:
    """Return the sha256 over everything that decides what the job makes.

    The script counts by its name, not by its bytes: an upgrade of vidctl must not buy a film again.

    Raises:
        KeyError: an input is not made yet.
    """

    def content(artifact: Artifact) -> str:
        return made[artifact].sha256

    inputs = {option: [content(artifact) for artifact in artifacts] for option, artifacts in job.inputs.items()}
    document = job.document and document_json(job.document, content)
    decides: list[object] = [job.script, dict(job.args), inputs, document]
    if job.given:
        decides.append(dict(job.given))
    whole = json.dumps(decides, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def subject(job: Job, made: Mapping[Artifact, Made]) -> str:
    """Return what a submitted job is for: it is resumed for the same, and for nothing else.

    That is its fingerprint; but a film that is handed to the public is the same film under another title.

    Raises:
        KeyError: an input is not made yet.
    """
    return made[Artifact(Kind.FILM)].sha256 if job.makes.kind is Kind.RECEIPT else fingerprint(job, made)


def missing(jobs: Iterable[Job], made: Mapping[Artifact, Made]) -> list[Job]:
    """Return the jobs that can be done now and whose artifact is not there as it should be.

    A job whose input is itself out of date or not yet made is left for the next round.
    """
    jobs = list(jobs)
    stale: set[Artifact] = set()
    ready = []
    for job in jobs:  # plans list a job after those it reads from
        if any(need in stale or need not in made for need in needs(job)):
            stale.add(job.makes)
        elif job.makes not in made or made[job.makes].fingerprint != fingerprint(job, made):
            stale.add(job.makes)
            ready.append(job)
    return ready
