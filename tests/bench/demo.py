"""What the free film costs: the whole demo by step, and where a preview clip's time goes.

    python tests/bench/demo.py [--scenes 18] [--films 3]

Each demo runs in a folder of its own, as a newcomer runs it, and is erased afterwards. The clip is one of
its composites, filmed again stage by stage, single-handed.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from vidctl.media import encode, lens  # noqa: E402  # the bench is run by its path
from vidctl.media.inspection.kinds import Kind, inspect  # noqa: E402
from vidctl.media.inspection.verdict import Length  # noqa: E402
from vidctl.media.planes import FRAME, Planes, part_of  # noqa: E402
from vidctl.providers.preview import camera  # noqa: E402
from vidctl.store import embedded  # noqa: E402

T = TypeVar("T")

LIMIT_S = 120
CLIP_FRAMES = 240
MOVE = camera.move("slow push in, drifting left")
STATUS = re.compile(r"^ *([0-9.]+) s +.*: ([A-Z][A-Za-z ]+)$")


def demo(folder: Path, scenes: int) -> dict[str, Any]:
    """Make one film and print what each step took.

    Returns:
        What the demo says of it.
    """
    command = [sys.executable, "-m", "vidctl", "demo", "--dir", str(folder), "--scenes", str(scenes), "--yes", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SystemExit(ran.stderr)
    seen = [(float(match[1]), match[2]) for line in ran.stderr.splitlines() if (match := STATUS.match(line))]
    made: dict[str, Any] = json.loads(ran.stdout)
    steps = ", ".join(
        f"{status.removeprefix('Generating ').lower()} {after - at:.1f}"
        for (at, status), (after, _) in pairwise(seen)
        if status.startswith(("Generating", "Assembling"))
    )
    print(f"demo of {scenes} scenes, {made['duration_s']:.0f} s of film: {made['wall_s']:6.1f} s   ({steps})")
    return made


def clip(composite: Path, folder: Path) -> None:
    """Film one composite, and print what each stage takes of the processor."""
    picture, boxes = Image.open(composite).convert("RGB"), list(camera.boxes(MOVE, CLIP_FRAMES, FRAME))
    planes, turned_s = timed(lambda: Planes.of(picture))
    print(f"one clip of {CLIP_FRAMES} frames, in CPU seconds")
    row("into planes", turned_s)
    row("resampled", timed(partial(through, planes.seen, boxes))[1])
    luma, parts = Image.effect_noise((2112, 1188), 40), [part_of(box) for box in boxes]
    for name, make in {"by vector instructions": lens.vector_lens, "by Pillow": lens.plain_lens}.items():
        with suppress(ImportError):  # there is no wheel for this machine
            row(f"  its brightness {name}", timed(partial(through, make(luma, FRAME), parts))[1])
    few = [planes.seen(box) for box in boxes[100:140]]
    output = folder / "clip.mp4"
    row("encoded", timed(lambda: encode.encode(few * (CLIP_FRAMES // len(few)), output, size=FRAME))[1])
    row("inspected", timed(lambda: inspect(output, Kind.CLIP, Length(1, 60)))[1])


def through(look: Callable[[camera.Box], object], boxes: list[camera.Box]) -> None:
    """Look at each; nothing is kept, since 240 frames fill 750 MB."""
    for box in boxes:
        look(box)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what some work gives, and its CPU seconds, children included."""
    before = os.times()
    result = work()
    after = os.times()
    return result, sum(after[:4]) - sum(before[:4])


def row(name: str, spent_s: float) -> None:
    """Print one stage."""
    print(f"  {name:<40}{spent_s:6.2f}   {spent_s / CLIP_FRAMES * 1000:6.2f} ms a frame")


def main() -> None:
    """Make films, then film one composite again."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--scenes", type=int, default=18)
    options.add_argument("--films", type=int, default=3, help="how often the demo is run, at least once")
    given = options.parse_args()
    walls, loop = [], time.perf_counter()
    sum(range(20_000_000))
    print(f"{os.cpu_count()} cores; 20 million additions take {time.perf_counter() - loop:.2f} s")
    films = max(given.films, 1)
    for number in range(films):
        root = Path(tempfile.mkdtemp(prefix="bench-demo-"))
        root.chmod(0o755)
        try:
            made = demo(root / "demo", given.scenes)
            walls.append(float(made["wall_s"]))
            if number == films - 1:
                clip(next(Path(one["path"]) for one in made["artifacts"] if one["kind"] == "composite"), root)
        finally:
            embedded.erase(root / "demo" / "home")
            shutil.rmtree(root)
    print(f"slowest demo: {max(walls):.1f} s (18 scenes: at most {LIMIT_S} s)")


if __name__ == "__main__":
    main()
