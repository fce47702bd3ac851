"""Two ticks of each of five hosts at once, over many films and channels: the limits hold at every instant."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.long import long
from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.status import Status

CHANNEL_LIMIT = 2
LIMITS = {
    "generate_story.py": ("story", 5),
    "generate_asset.py": ("asset", 3),
    "create_composite.py": ("composite", 4),
    "generate_video.py": ("video", 2),
    "generate_audio.py": ("audio", 3),
    "generate_sound_effects.py": ("sfx", 2),
    "assemble_video.py": ("assembly", 1),
}
"""A step's script, and how many films may be in that step at once."""


@pytest.mark.parametrize(
    ("each", "to", "made"),
    [(3, Status.ASSETS_READY, 3), long(10, Status.ASSETS_READY, 3), long(10, Status.FINAL_REVIEW, 9)],
)
def test_ten_ticks_at_once_keep_every_limit_and_never_work_on_a_film_twice(
    studio: Studio, each: int, to: Status, made: int
) -> None:
    studio.limit(items_per_step=2, **{f"max_concurrent_{step}": limit for step, limit in LIMITS.values()})
    gates = {} if to is Status.ASSETS_READY else dict.fromkeys(("assets", "video", "audio"), "auto")
    names = [f"c{n}" for n in range(5)]
    for name in names:
        studio.channel(name, scenes=1, max_concurrent=CHANNEL_LIMIT, review_gates=gates)
    films = [studio.film(name) for name in names for _ in range(each)]
    studio.faults(*({"script": script, "fault": "sleep", "seconds": 0.2, "times": 1_000} for script in LIMITS))

    def all_ready() -> bool:
        hosts = [{**studio.environment, "VIDCTL_HOST": f"h{n % 5}"} for n in range(10)]
        ticks = [vidctl("tick", environment=host) for host in hosts]
        for process in ticks:
            said = process.communicate(timeout=60)
            assert (process.returncode, *said) == (0, "", "")
        statuses = studio.db.execute("select distinct status from tasks").fetchall()
        return statuses == [(to,)]

    until(all_ready, seconds=900, what="the way of all films")
    until(lambda: not processes_of((str(studio.root),)), what="the end of all steps")
    spans = _spans(studio)
    for at_work in LIMITS.keys() & {script for script, _, _ in spans}:
        assert _most_at_once(span for (script, _, _), span in spans.items() if script == at_work) <= LIMITS[at_work][1]
    for name in names:
        assert _most_at_once(span for (_, channel, _), span in spans.items() if channel == name) <= CHANNEL_LIMIT
    assert len(studio.ledger()) == len(films) * made, "each thing of each film, and each once"
    studio.assert_legal(films)


def _spans(studio: Studio) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Return from when to when each (script, channel, film) was at work, a sheet's by the name of its file."""
    times = defaultdict(list)
    for event in ("began", "made"):
        for entry in studio.ledger(event):
            at = re.search(r"channels/(\w+)/projects/([\w-]+)/", entry["options"]["output"])
            assert at is not None
            sheet = entry["script"] == "contact_sheet.py"  # two steps make one, so it is told apart by its file
            what = Path(entry["options"]["output"]).name if sheet else entry["script"]
            times[what, at[1], at[2]].append(entry["at"])
    return {key: (min(at), max(at)) for key, at in times.items()}


def _most_at_once(spans: Iterable[tuple[float, float]]) -> int:
    """Return the largest number of spans that overlap at any instant."""
    edges = sorted(edge for begin, end in spans for edge in ((begin, 1), (end, -1)))
    most = now = 0
    for _, change in edges:
        now += change
        most = max(most, now)
    assert most > 0
    return most
