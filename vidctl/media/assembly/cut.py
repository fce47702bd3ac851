"""Where a stream of packets may be cut without breaking the pictures that are left. Pure."""

from collections.abc import Sequence
from itertools import accumulate

from vidctl.errors import BadInput


def clean_cut(pts: Sequence[int], needed: int) -> int:
    """Return how many packets to keep: the fewest, at least `needed`, that end in a clean cut.

    `pts` are the presentation times of packets in the order in which they are stored. With B-frames
    that is not the order in which they are shown, so cutting anywhere can keep a picture and lose an
    earlier one. A cut is clean when everything kept is shown before everything dropped.

    Raises:
        BadInput: there are fewer packets than needed.
    """
    if needed > len(pts):
        raise BadInput(f"a clip of {len(pts)} frames has no {needed}", hint="hold its last picture for the rest")
    latest_kept = [-1, *accumulate(pts, max)]
    earliest_dropped = [*accumulate(reversed(pts), min)][::-1]
    clean = (kept for kept in range(needed, len(pts)) if kept == 0 or latest_kept[kept] < earliest_dropped[kept])
    return next(clean, len(pts))


def places(pts: Sequence[int]) -> list[int]:
    """Return for each packet the place of its picture in the order of showing, from 0."""
    order = sorted(range(len(pts)), key=pts.__getitem__)
    result = [0] * len(pts)
    for place, packet in enumerate(order):
        result[packet] = place
    return result
