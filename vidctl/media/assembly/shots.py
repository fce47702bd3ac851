"""The film on paper: how many frames each shot has, from where they come, and when it starts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import Final

from vidctl.media.assembly.alignment import Times
from vidctl.media.assembly.clip import Clip, Format, common_format, common_header, frames_of
from vidctl.media.assembly.cut import clean_cut
from vidctl.media.assembly.sound import RATE, Sound

_NEARLY: Final = 1e-6
"""So much more than a whole frame is the fault of floating point, not another frame."""


@dataclass(frozen=True, slots=True)
class Take:
    """What one shot brings: a clip, and either a voice with its ambience or the clip's own sound."""

    name: str
    clip: Clip
    voice: Sound
    ambience: Path | None = None
    text: str = ""
    spoken: Times | None = None
    """When each character of the text is spoken, where that is known."""
    min_s: float | None = None
    keeps_own_sound: bool = False


@dataclass(frozen=True, slots=True)
class Shot:
    """A take in its place. Its frames are copied, and then held; or all of them are encoded anew."""

    take: Take
    starts: int
    copied: int
    encoded: int

    @property
    def frames(self) -> int:
        """How many frames it is long."""
        return self.copied + self.encoded

    @property
    def ends(self) -> int:
        """The first frame after it."""
        return self.starts + self.frames


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole film: its format, the `avcC` of what is copied (b"" for nothing), and its shots."""

    format: Format
    header: bytes
    shots: tuple[Shot, ...]

    @property
    def frames(self) -> int:
        """How many frames the film is long."""
        return self.shots[-1].ends

    def seconds(self, frame: int) -> float:
        """Return when a frame is shown."""
        return float(frame / self.format.fps)

    def sample(self, frame: int) -> int:
        """Return the sample that is heard when a frame is shown."""
        return round(Fraction(frame * RATE) / self.format.fps)


def plan(takes: Sequence[Take], tail_s: float, size: tuple[int, int] | None = None) -> Plan:
    """Return the film that these takes make, with hard cuts, each spoken shot ending `tail_s` after its voice.

    Where `size` is not that of its clips, all of them are encoded anew.
    """
    scenes = [take.clip for take in takes if not take.keeps_own_sound]
    wanted = common_format(scenes)
    if size is not None:
        wanted = Format(*size, wanted.fps)
    header = common_header(scenes, wanted)
    lengths = [_lengths(take, wanted, header, tail_s) for take in takes]
    return Plan(wanted, header, tuple(_in_a_row(takes, lengths)))


def _in_a_row(takes: Sequence[Take], lengths: Sequence[tuple[int, int]]) -> Iterable[Shot]:
    starts = 0
    for take, (copied, encoded) in zip(takes, lengths, strict=True):
        shot = Shot(take, starts, copied, encoded)
        starts = shot.ends
        yield shot


def _lengths(take: Take, wanted: Format, header: bytes, tail_s: float) -> tuple[int, int]:
    """Return how many frames of a take are copied, and how many are encoded."""
    needed = _needed(take, wanted.fps, tail_s)
    if take.clip.odd or (take.clip.format, take.clip.header) != (wanted, header):
        return 0, needed
    if needed > len(take.clip.places):
        return len(take.clip.places), needed - len(take.clip.places)
    return clean_cut(take.clip.places, needed), 0


def _needed(take: Take, fps: Fraction, tail_s: float) -> int:
    """Return the least number of frames: all words and the tail, or what a silent shot asks for."""
    if take.voice.size:
        seconds: float = max(take.voice.shape[1] / RATE + tail_s, take.min_s or 0)
    elif take.min_s:
        seconds = take.min_s
    else:
        return frames_of(take.clip, fps)
    return max(1, ceil(seconds * float(fps) - _NEARLY))
