"""What the engine itself costs: help, an idle tick, the pick, a dispatch, the bookkeeping of a step, a full drain.

    python -m tests.bench.engine [--films 500]

Starts a PostgreSQL of its own in a temporary folder, prints figures beside their limits, and cleans up.
Ends with 1 when a drained film went an illegal way, something was made twice, or nothing moved for too long.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from tests.processes import processes_of
from tests.studio import Studio
from vidctl.domain.status import Event, Status
from vidctl.domain.work import Artifact, Kind, Made, fingerprint, missing
from vidctl.engine.prepare import channel_of, work_of
from vidctl.engine.tick import rooms
from vidctl.pipeline import narration
from vidctl.store import artifacts, channels, embedded, jobs, marks, moves, picks
from vidctl.store.connection import connect
from vidctl.store.migrate import ensure_migrated

PYTHON = sys.executable
MAX_PROCESSES = 12  # leave the two cores to the steps
MAX_STALL_S = 60.0
SCRIPTS_OF_A_FILM = 12  # with one scene: eight that make something, two sheets, a thumbnail and a fingerprint


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--films", type=int, default=500, help="how many films are drained (0: none)")
    films = parser.parse_args().films
    with home() as studio:
        bench_help()
        bench_bookkeeping(studio)
        bench_dispatch(studio)
        wrong = bench_drain(studio, films) if films else []
        bench_tick_and_pick(studio)
    return verdict(wrong)


def verdict(wrong: Sequence[str]) -> int:
    """Print what went wrong, and return the exit status."""
    for sentence in wrong:
        print(f"WRONG: {sentence}", file=sys.stderr)
    return 1 if wrong else 0


@contextmanager
def home() -> Iterator[Studio]:
    root = Path(tempfile.mkdtemp(prefix="vidctl-bench-"))
    root.chmod(0o755)
    dsn = embedded.ensure_running(root / "home")
    try:
        with closing(connect(dsn, application_name="bench")) as db:
            ensure_migrated(db, dsn)
            studio = Studio(root, dsn, db)
            for n in range(10):
                _open(studio, f"channel{n}")
            yield studio
    finally:
        embedded.erase(root / "home")
        shutil.rmtree(root)


def _open(studio: Studio, channel_id: str) -> None:
    """Add a channel whose gates pass by themselves, up to the last one."""
    gates = dict.fromkeys(("assets", "video", "audio"), "auto")
    studio.channel(channel_id, scenes=1, max_concurrent=50, review_gates=gates)


def say(what: str, figure: str, limit: str = "") -> None:
    print(f"{what:<58} {figure:>14}   {limit}", flush=True)


def median_ms(run: Callable[[], object], times: int = 15) -> float:
    """Return the median wall time of a call in milliseconds."""
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent)


def child_cpu_s(argv: list[str], environment: dict[str, str], times: int = 9) -> float:
    """Return the median CPU time of a child process, its own children included."""
    spent = []
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(argv, env={**os.environ, **environment}, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return statistics.median(spent)


def bench_help() -> None:
    def run(*argv: str) -> None:
        subprocess.run([PYTHON, *argv], check=True, capture_output=True)

    bare, whole = median_ms(lambda: run("-c", "pass")), median_ms(lambda: run("-m", "vidctl", "--help"))
    say("vidctl --help, above python -c pass", f"{whole - bare:.0f} ms", "<= 150 ms")


def bench_tick_and_pick(studio: Studio) -> None:
    """10 channels and 10,000 films, of which none can go on; then 500 that can."""
    studio.db.execute("delete from alerts")
    studio.db.execute(
        """insert into tasks (channel_id, title, topic, status)
           select 'channel' || (n % 10), 'Film ' || n, 'Topic',
                  case when n % 20 = 0 then 'Video Ready' else 'Published' end
             from generate_series(1, 10000) n"""
    )
    studio.db.execute("analyze")
    idle = child_cpu_s([PYTHON, "-m", "vidctl", "tick"], studio.environment)
    bare = child_cpu_s([PYTHON, "-c", "pass"], {})
    say("idle tick, 10 channels and 10,000 films: CPU", f"{idle:.3f} s", "<= 0.3 s")
    say("  as a multiple of python -c pass", f"{idle / bare:.0f} x")
    sql_ms, trips, connecting_ms = _sql_of_a_tick(studio)
    say(f"  its wall time in SQL, all {trips:.0f} round trips", f"{sql_ms:.1f} ms", "<= 30 ms")
    say("  and in connecting", f"{connecting_ms:.1f} ms")
    studio.db.execute(
        """insert into tasks (channel_id, title, topic, status, queued_at)
           select 'channel' || (n % 10), 'Film ' || n, 'Topic', 'Queued', now() from generate_series(1, 500) n"""
    )
    limits = studio.context.limits
    pick = median_ms(lambda: picks.pick(studio.db, rooms(limits), now=studio.now))
    say("pick with 500 films waiting", f"{pick:.1f} ms", "<= 50 ms")


_TICK_WITH_A_WATCH = """
import sys, time, psycopg
spent, connecting = [], []

def watched(call, times):
    def timed(*args, **kwargs):
        began = time.perf_counter()
        try:
            return call(*args, **kwargs)
        finally:
            times.append((time.perf_counter() - began) * 1000)
    return timed

psycopg.Connection.wait = watched(psycopg.Connection.wait, spent)  # every statement, begin and commit goes through it
psycopg.connect = watched(psycopg.connect, connecting)
from vidctl.cli import app
status = app.run(["tick"])
print(sum(spent), len(spent), sum(connecting))
sys.exit(status)
"""


def _sql_of_a_tick(studio: Studio, times: int = 9) -> tuple[float, float, float]:
    """Return the medians of ticks: milliseconds until all SQL was answered, round trips, milliseconds to connect."""
    command, environment = [PYTHON, "-c", _TICK_WITH_A_WATCH], {**os.environ, **studio.environment}
    runs = [subprocess.run(command, env=environment, check=True, capture_output=True, text=True) for _ in range(times)]
    sql_ms, trips, connecting_ms = zip(*(map(float, run.stdout.split()) for run in runs), strict=True)
    return statistics.median(sql_ms), statistics.median(trips), statistics.median(connecting_ms)


def bench_bookkeeping(studio: Studio) -> None:
    """Claim, plan, record and move, as one step does them, without a script."""
    films = [studio.film("channel0") for _ in range(40)]
    first = films[0]
    studio.advance(first, Status.VIDEO_APPROVED)
    folder = studio.folder(first)
    whole = {artifact: kept.made for artifact, kept in artifacts.done(studio.db, first).items()}
    studio.db.execute("update tasks set status = 'Video Approved' where id = any(%s)", (films,))
    left = iter(films[1:])

    def one_step() -> None:
        task = studio.task(next(left))
        known = channels.get(studio.db, task.channel_id)
        with studio.db.transaction():
            entered = moves.move(studio.db, task.seen, Event.START, actor="engine", now=studio.now)
            seen, _ = moves.claim(studio.db, entered, by="bench", settings=known.config, now=studio.now)
        work = work_of(studio.db, task, channel_of(task, known.channel), folder, whole)
        (job,) = missing(narration.plan(work), whole)
        marks.expect(studio.db, seen, done=0, total=1)
        mark = fingerprint(job, whole)
        jobs.begin(studio.db, seen, job.makes, fingerprint=mark, prompt="", now=studio.now)
        made = Made(Artifact(Kind.NARRATION, 1), job.output, "0" * 64, 1, mark)
        artifacts.record(studio.db, seen, made, modified_ns=0, url=None, facts={}, now=studio.now)
        moves.move(studio.db, seen, Event.FINISH, actor="engine", now=studio.now)

    say("claim + plan + record + move", f"{median_ms(one_step, 39):.2f} ms", "<= 5 ms")
    studio.db.execute("update tasks set status = 'Draft' where id = any(%s)", (films,))


def bench_dispatch(studio: Studio) -> None:
    """A tick that dispatches films whose step has nothing left to make, against one that dispatches none."""
    count = 20
    films = [studio.film("channel1") for _ in range(count)]
    studio.db.execute("update tasks set status = 'SFX Ready' where id = any(%s)", (films,))
    studio.channel("channel1", scenes=1, max_concurrent=count)
    studio.limit(max_concurrent_sfx=count)
    before = _cpu_of_all(studio)
    films_s = _cpu_of_all(studio, until_status=films)
    say("dispatching a step: CPU of its whole process", f"{(films_s - before) / count * 1000:.0f} ms", "<= 50 ms")
    studio.db.execute("update tasks set status = 'Draft' where id = any(%s)", (films,))
    _open(studio, "channel1")


def _cpu_of_all(studio: Studio, until_status: Sequence[object] | None = None) -> float:
    """Return the CPU time of one tick and of everything that it started."""
    code = (
        "import os, resource, subprocess, sys, ctypes\n"
        "ctypes.CDLL(None).prctl(36, 1)\n"  # whatever the tick lets go of becomes a child of this process
        "subprocess.run([sys.executable, '-m', 'vidctl', 'tick'], check=True)\n"
        "try:\n"
        "    while True: os.wait()\n"
        "except ChildProcessError: pass\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime + used.ru_stime)\n"
    )
    if until_status is None:
        studio.db.execute("update channels set is_active = false")
        studio.channel("channel1", scenes=1, is_active=False)
    else:
        studio.channel("channel1", scenes=1, max_concurrent=len(until_status))
    done = subprocess.run(
        [PYTHON, "-c", code], env={**os.environ, **studio.environment}, check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def bench_drain(studio: Studio, count: int) -> list[str]:
    """So many films through all eight steps by real ticks, real steps and instant scripts; return what went wrong."""
    names = ("story", "asset", "composite", "video", "audio", "sfx", "assembly", "upload")
    studio.limit(**{f"max_concurrent_{name}": 4 for name in names}, items_per_step=2)
    before = len(studio.ledger())
    films = [studio.film(f"channel{n % 10}", title=f"Film {n}") for n in range(count)]
    began = time.monotonic()
    stall_s = _drain(studio, films)
    took_s = time.monotonic() - began
    made = studio.ledger()[before:]
    say(f"{count} films x 8 steps, instant scripts", f"{count * 8 / took_s:.1f} steps/s", f"{took_s:.0f} s")
    say("  longest time without any move", f"{stall_s:.1f} s", f"<= {MAX_STALL_S:.0f} s")
    say("  scripts run, and of them needed", f"{len(made)} / {count * SCRIPTS_OF_A_FILM}")
    return list(_wrong_with(studio, films, scripts_run=len(made), stall_s=stall_s))


def _drain(studio: Studio, films: Sequence[UUID]) -> float:
    """Tick until all are published or nothing moves any more; return the longest time without a move, in seconds."""
    moves, moved_at, stall_s, published = 0, time.monotonic(), 0.0, 0
    while published < len(films) and stall_s <= MAX_STALL_S:
        subprocess.run([PYTHON, "-m", "vidctl", "tick"], env={**os.environ, **studio.environment}, check=True)
        for (task_id,) in studio.db.execute("select id from tasks where status = 'Final Review'").fetchall():
            studio.approve(task_id)
        while _at_work(studio) > MAX_PROCESSES and time.monotonic() - moved_at <= MAX_STALL_S:
            time.sleep(0.05)
        stall_s = max(stall_s, time.monotonic() - moved_at)
        published, now_moves = _standing(studio, films)
        if now_moves != moves:
            moves, moved_at = now_moves, time.monotonic()
    return stall_s


def _standing(studio: Studio, films: Sequence[UUID]) -> tuple[int, int]:
    """Return how many films are published, and how many moves all of them made."""
    row = studio.db.execute(
        "select count(*) filter (where status = 'Published'), sum(version) from tasks where id = any(%s)", (films,)
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def _wrong_with(studio: Studio, films: Sequence[UUID], *, scripts_run: int, stall_s: float) -> Iterator[str]:
    """Yield a sentence for each promise that the drain did not keep."""
    if stall_s > MAX_STALL_S:
        yield f"nothing moved for {stall_s:.0f} s"
    if unfinished := [film for film in films if studio.task(film).status is not Status.PUBLISHED]:
        yield f"{len(unfinished)} of {len(films)} films were not published, {unfinished[0]} for one"
    if scripts_run != (needed := len(films) * SCRIPTS_OF_A_FILM):
        yield f"{scripts_run} scripts made something, and {needed} were needed"
    for film in films:
        try:
            studio.assert_legal([film])
        except (AssertionError, KeyError, ValueError) as exc:
            yield f"the history of {film} is illegal: {type(exc).__name__} {exc}"


def _at_work(studio: Studio) -> int:
    """Return how many processes of the studio there are, the server's apart."""
    return sum("postgres" not in line for line in processes_of((str(studio.root),)).values())


if __name__ == "__main__":
    sys.exit(main())
