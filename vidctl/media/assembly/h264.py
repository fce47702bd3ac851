"""The parameter sets of H.264: what every packet of a stream refers to, kept once in its header.

One track of an MP4 file can hold several of them as long as their ids differ. So a clip that had to
be encoded anew gets an id of its own, and joins copied clips in one valid track without touching them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

SPS: Final = 7
PPS: Final = 8
LENGTH_BYTES: Final = 4
MAX_SPS_ID: Final = 31


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed `avcC`: how packets are framed, and the parameter sets."""

    profile: int
    compatibility: int
    level: int
    length_bytes: int
    sps: tuple[bytes, ...]
    pps: tuple[bytes, ...]
    rest: bytes

    @property
    def sets(self) -> frozenset[bytes]:
        """All parameter sets, to look up those that packets carry along."""
        return frozenset(self.sps + self.pps)

    @property
    def ids(self) -> frozenset[int]:
        """The ids in use, of either kind."""
        return frozenset([*map(_sps_id, self.sps), *map(_pps_id, self.pps)])


def parse(extradata: bytes) -> Header:
    """Return what an `avcC` says.

    Raises:
        ValueError: these bytes are none (a raw stream has start codes instead).
    """
    try:
        if extradata[0] != 1:
            raise ValueError("not an avcC")
        sps, at = _take(extradata, 6, extradata[5] & 31)
        pps, at = _take(extradata, at + 1, extradata[at])
    except IndexError as exc:
        raise ValueError("an avcC that is cut off") from exc
    if not sps or not pps:
        raise ValueError("an avcC without parameter sets")
    return Header(extradata[1], extradata[2], extradata[3], (extradata[4] & 3) + 1, sps, pps, extradata[at:])


def joined(headers: Sequence[bytes]) -> bytes:
    """Return one `avcC` that serves the packets of all; the first decides on profile and level.

    Raises:
        ValueError: two different parameter sets have the same id.
    """
    parsed = [parse(header) for header in dict.fromkeys(headers)]
    sps = tuple(dict.fromkeys(nal for header in parsed for nal in header.sps))
    pps = tuple(dict.fromkeys(nal for header in parsed for nal in header.pps))
    if len({*map(_sps_id, sps)}) < len(sps) or len({*map(_pps_id, pps)}) < len(pps):
        raise ValueError("two parameter sets with one id")
    first = parsed[0]
    level = max(header.level for header in parsed)
    start = bytes([1, first.profile, first.compatibility, level, 0xFC | (first.length_bytes - 1)])
    return start + bytes([0xE0 | len(sps)]) + _put(sps) + bytes([len(pps)]) + _put(pps) + first.rest


def free_id(header: bytes) -> int:
    """Return the lowest id that an `avcC` does not use."""
    used = parse(header).ids
    return next(number for number in range(MAX_SPS_ID + 1) if number not in used)


def sets_within(packet: memoryview) -> Iterator[bytes]:
    """Yield the parameter sets that a packet carries along."""
    at = 0
    while at + LENGTH_BYTES < len(packet):
        size = int.from_bytes(packet[at : at + LENGTH_BYTES])
        at += LENGTH_BYTES
        if packet[at] & 31 in (SPS, PPS):
            yield bytes(packet[at : at + size])
        at += size


def _take(data: bytes, at: int, count: int) -> tuple[tuple[bytes, ...], int]:
    """Read `count` blocks that follow their length of two bytes; return them and the place behind."""
    blocks = []
    for _ in range(count):
        size = data[at] << 8 | data[at + 1]
        blocks.append(data[at + 2 : at + 2 + size])
        at += 2 + size
        if at > len(data):
            raise IndexError(at)
    return tuple(blocks), at


def _put(blocks: Sequence[bytes]) -> bytes:
    return b"".join(len(block).to_bytes(2) + block for block in blocks)


def _sps_id(nal: bytes) -> int:
    return _exp_golomb(nal[4:])


def _pps_id(nal: bytes) -> int:
    return _exp_golomb(nal[1:])


def _exp_golomb(data: bytes) -> int:
    """Return the unsigned Exp-Golomb number that `data` starts with."""
    bits = "".join(f"{byte:08b}" for byte in data[:8])
    zeros = bits.index("1")
    return int(bits[zeros : 2 * zeros + 1], 2) - 1
