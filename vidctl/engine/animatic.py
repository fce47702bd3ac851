"""What a person is asked before a film's clips are bought, where the channel wants to be asked: with the quote."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec
from msgspec import Struct

from vidctl.domain.limits import Limits
from vidctl.domain.work import Artifact, Kind, Work
from vidctl.engine import estimate
from vidctl.engine.estimate import Part
from vidctl.pipeline import clips, narration, sfx
from vidctl.store import Db, artifacts
from vidctl.store.tasks import Task

_NAMED: Final = 4
"""Narrations that are told apart; of more it is said how many there are."""
_SOUNDS: Final = {narration.STEP.name: "narration", sfx.STEP.name: "sound"}
_CENT: Final = Decimal("0.01")


class Late(Struct, frozen=True):
    """A narration that is longer than its clip, as the scratch voice speaks it; in seconds."""

    scene: int
    spoken_s: float
    clip_s: float


def question(db: Db, task: Task, work: Work, limits: Limits, *, home: Path, now: datetime) -> str:
    """Return what a person is asked about a film whose composites are all there; "" where nobody is.

    That is what its clips and sounds will cost, and which narrations are longer than their clips. Nobody is asked
    where no clip is to be bought.
    """
    if not work.asks_before_clips:
        return ""
    parts = {part.step: part for part in estimate.of(db, task, limits, home=home, now=now).parts}
    if clips.STEP.name not in parts:
        return ""
    animatic = artifacts.done(db, task.id)[Artifact(Kind.ANIMATIC)]
    sounds = [_about(parts[step], name) for step, name in _SOUNDS.items() if step in parts]
    return "; ".join([_exactly(parts[clips.STEP.name]), *sounds, *_longer(_late(animatic.facts))])


def _exactly(part: Part) -> str:
    """Return "18 clips × $0.42 = $7.56"; where one is to be bought, "1 clip for $0.42"."""
    if part.usd is None:
        return f"{_count(part, 'clip')}, at a price that nobody knows ({part.model})"
    if part.items == 1:
        return f"1 clip for {_usd(part.usd)}"
    return f"{part.items} clips × {_usd(part.usd / part.items)} = {_usd(part.usd)}"


def _about(part: Part, name: str) -> str:
    if part.usd is None:
        return f"{_count(part, name)} at a price that nobody knows"
    price = f"about {_usd(part.usd)}" if part.usd >= _CENT else "less than a cent"
    return f"{_count(part, name)} for {price}"


def _count(part: Part, name: str) -> str:
    return f"{part.items} {name}{'s' if part.items > 1 else ''}"


def _usd(usd: Decimal) -> str:
    """Return dollars with cents, and with more digits where cents would say that it is nothing."""
    return f"${usd:.2f}" if usd >= _CENT else f"${usd:.4f}"


def _late(facts: Mapping[str, Any]) -> Sequence[Late]:
    """Return what the script found out; a channel's own may not look, or say it in other words."""
    try:
        return msgspec.convert(facts.get("too_long", []), list[Late])
    except msgspec.ValidationError:
        return ()


def _longer(late: Sequence[Late]) -> Iterator[str]:
    for one in late[:_NAMED]:
        yield f"narration {one.scene} is longer than its clip ({one.spoken_s:g} s, and the clip {one.clip_s:g} s)"
    if len(late) > _NAMED:
        yield f"and so are {len(late) - _NAMED} more"
