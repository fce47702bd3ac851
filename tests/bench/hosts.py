"""What more hosts give: films through their first steps on one, two and four, each with room for two films at once.

    python -m tests.bench.hosts [--films 8] [--seconds 10]

Starts a PostgreSQL and an S3 of its own. Scripts wait (`--seconds` each) instead of computing, as they do for a paid
service: all hosts share this machine's processors. Prints films a minute and the ratios. Ends with 1 where a film was
lost, something was sold twice, or two hosts are not half as quick again as one.
"""

import argparse
import shutil
import sys
from collections import Counter
from collections.abc import Iterator

from tests.bench.engine import home, say, verdict
from tests.fakes.r2.fake import FakeR2
from tests.fakes.r2.moto import Moto
from tests.hosts import Hosts
from tests.studio import Studio

_SCRIPTS = ("generate_story.py", "generate_asset.py", "generate_video.py")
_ROOM = 2
_LEAST_GAIN = 1.5


def films_a_minute(studio: Studio, machines: Hosts, films: int, name: str) -> float:
    """Make so many films up to their clips, and return how many a minute that were."""
    ids = [studio.film("channel0", title=f"{name} {n}") for n in range(films)]

    def all_there() -> bool:
        query = "select bool_and(status = 'Video Ready') from tasks where id = any(%s)"
        row = studio.db.execute(query, (ids,)).fetchone()
        return bool(row and row[0])

    took_s = machines.until(all_there, seconds=900, every_s=0.2)
    machines.wait_for_the_end()
    return films * 60 / took_s


def measure(studio: Studio, films: int) -> Iterator[str]:
    """Print what one, two and four hosts make, and yield a sentence for each promise that does not hold."""
    figures: dict[int, float] = {}
    for hosts in (1, 2, 4):
        machines = Hosts(studio, [f"h{n}" for n in range(hosts)])
        figures[hosts] = films_a_minute(studio, machines, films, f"{hosts} hosts")
        say(
            f"{hosts} of them: films a minute", f"{figures[hosts]:.1f}", f"{figures[hosts] / figures[1]:.2f} x one host"
        )
        for name in machines.names:
            shutil.rmtree(machines.home(name), ignore_errors=True)
    sold = Counter(str(sorted(entry["options"].items())) for entry in studio.ledger("sold"))
    if twice := [what for what, times in sold.items() if times > 1]:
        yield f"{len(twice)} things were sold twice"
    if figures[2] < _LEAST_GAIN * figures[1]:
        yield "two hosts are not half as quick again as one"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--films", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10, help="how long each script waits")
    options = parser.parse_args()
    with home() as studio, Moto() as s3, FakeR2(s3.url) as fake:
        studio.told = {**fake.environment, "R2_PUBLIC_URL": fake.public_url}
        limits = {f"max_concurrent_{step}": 50 for step in ("story", "asset", "composite", "video")}
        studio.limit(**limits, max_concurrent_per_host=_ROOM)
        gates = {"assets": "auto"}
        studio.channel("channel0", scenes=1, max_concurrent=50, storage_strategy="r2", review_gates=gates)
        wait = {"fault": "sleep", "seconds": options.seconds}
        order = {"fault": "order", "then": wait}
        studio.faults(*({"script": name, **order, "times": 10_000} for name in _SCRIPTS))
        return verdict(list(measure(studio, options.films)))


if __name__ == "__main__":
    sys.exit(main())
