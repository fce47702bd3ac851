"""Ten ticks at once over fifty films and five channels: the limits hold at every instant."""

import re
from collections import defaultdict
from collections.abc import Iterable

from tests.processes import processes_of, until, vidctl
from tests.studio import Studio
from vidctl.domain.status import Status

CHANNEL_LIMIT, STORY_LIMIT, ASSET_LIMIT = 2, 5, 3


def test_ten_ticks_at_once_keep_every_limit_and_never_work_on_a_film_twice(studio: Studio) -> None:
    studio.limit(max_concurrent_story=STORY_LIMIT, max_concurrent_asset=ASSET_LIMIT, items_per_step=2)
    names = [f"c{n}" for n in range(5)]
    for name in names:
        studio.channel(name, scenes=1, max_concurrent=CHANNEL_LIMIT)
    films = [studio.film(name) for name in names for _ in range(10)]

    def all_ready() -> bool:
        ticks = [vidctl("tick", environment=studio.environment) for _ in range(10)]
        for process in ticks:
            said = process.communicate(timeout=60)
            assert (process.returncode, *said) == (0, "", "")
        statuses = studio.db.execute("select distinct status from tasks").fetchall()
        return statuses == [(Status.ASSETS_READY,)]

    until(all_ready, seconds=180, what="the images of all films")
    until(lambda: not processes_of((str(studio.root),)), what="the end of all steps")
    spans = _spans(studio)
    for step, limit in (("generate_story.py", STORY_LIMIT), ("generate_asset.py", ASSET_LIMIT)):
        assert _most_at_once(span for (script, _, _), span in spans.items() if script == step) <= limit
    for name in names:
        assert _most_at_once(span for (_, channel, _), span in spans.items() if channel == name) <= CHANNEL_LIMIT
    assert len(studio.ledger()) == len(films) * 3, "a storyboard, an image and a contact sheet each, and each once"
    studio.assert_legal(films)


def _spans(studio: Studio) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Return from when to when each (script, channel, film) was at work."""
    times = defaultdict(list)
    for event in ("began", "made"):
        for entry in studio.ledger(event):
            at = re.search(r"channels/(\w+)/projects/([\w-]+)/", entry["options"]["output"])
            assert at is not None
            times[entry["script"], at[1], at[2]].append(entry["at"])
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
