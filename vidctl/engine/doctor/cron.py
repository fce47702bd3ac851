"""Whether cron really starts ticks: when the last one ran, what names `vidctl tick` here, and whether cron runs."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from vidctl.domain.cron_jobs import TICK
from vidctl.domain.health import LATE, Hindrance, machine_of
from vidctl.engine.doctor.findings import Finding, broken, ok, warning
from vidctl.engine.doctor.ground import Ground
from vidctl.store import ticks, vitals

_DAEMONS: Final = ("cron", "crond", "fcron", "anacron", "supercronic", "dcron", "bcron-sched")
_PATIENCE_S: Final = 5.0
_LINE: Final = "vidctl install-cron"


def ticking(ground: Ground) -> Iterator[Finding]:
    """Yield whether ticks run, and if not, why nothing starts them."""
    recently = False
    with ground.database() as db:
        if db is not None:
            last = ticks.last_of(db)
            recently = last is not None and ground.clock() - last[0] <= LATE
            hindrances = () if recently else vitals.hindrances(db, now=ground.clock())
            yield from map(_hindered, hindrances) if hindrances else _last(last, recently=recently)
            recently = recently or bool(hindrances)
    yield from _started(ground, recently=recently)


def _hindered(by: Hindrance) -> Finding:
    return broken(f"ticks run, and none comes to its end: {by.what}", by.cure or "see vidctl logs")


def _last(last: tuple[object, str] | None, *, recently: bool) -> Iterator[Finding]:
    if last is None:
        yield warning("no tick has run yet", _LINE)
    elif recently:
        yield ok(f"the last tick ran on {machine_of(last[1])}, at {last[0]:%H:%M} UTC")
    else:
        yield broken(
            f"no tick has come to its end since {last[0]:%Y-%m-%d %H:%M} UTC, then on {machine_of(last[1])}",
            "see below",
        )


def _started(ground: Ground, *, recently: bool) -> Iterator[Finding]:
    """Yield what starts ticks on this machine."""
    places = starters(ground)
    if not places:
        if recently:
            yield ok("nothing on this machine starts vidctl tick by itself: another one does, or a scheduler beside it")
        else:
            yield broken(
                "nothing on this machine starts vidctl tick", f"{_LINE}; or, as timers of systemd: {_LINE} --systemd"
            )
        return
    yield ok(f"vidctl tick is in {', '.join(places)}")
    if any("systemd" not in place for place in places):
        yield daemon(ground, recently=recently)


def starters(ground: Ground) -> list[str]:
    """Return what starts ticks on this machine, as soon as cron or systemd runs."""
    return [*_crontabs(ground), *_timers(ground)]


def daemon(ground: Ground, *, recently: bool = False) -> Finding:
    """Return whether cron itself runs, which nothing but its process tells."""
    running = _daemons(ground)
    if running:
        return ok(f"{running[0]} runs")
    if recently:
        return warning("no cron daemon is seen here, and yet ticks run", "vidctl health says where they run")
    return broken("no cron daemon runs here", "start it: systemctl start cron, or service cron start")


def _crontabs(ground: Ground) -> list[str]:
    """Return which crontabs name a tick: this user's, and the machine's."""
    found = ["this user's crontab"] if TICK.search(_own_crontab(ground)) else []
    files = [ground.root / "etc/crontab", *_listed(ground.root / "etc/cron.d")]
    return found + [str(path) for path in files if TICK.search(_text(path))]


def _own_crontab(ground: Ground) -> str:
    """Return this user's crontab; "" where there is none, or no cron."""
    path = ground.environment.get("PATH", os.defpath)
    try:
        said = subprocess.run(
            ["crontab", "-l"],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={"PATH": path},
            timeout=_PATIENCE_S,
            text=True,
            errors="replace",
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.stdout if said.returncode == 0 else ""


def _timers(ground: Ground) -> list[str]:
    """Return which units of systemd start a tick, where a timer of the same name is beside them."""
    own = ground.environment.get("HOME")
    folders = [ground.root / "etc/systemd/system", *([Path(own) / ".config/systemd/user"] if own else [])]
    units = [path for folder in folders for path in _listed(folder) if path.suffix == ".service"]
    return [
        f"systemd's {path.stem}.timer"
        for path in units
        if path.with_suffix(".timer").is_file() and re.search(r"ExecStart=.*\bvidctl\b.*\btick\b", _text(path))
    ]


def _daemons(ground: Ground) -> list[str]:
    """Return the cron daemons that run here; where there is no /proc, nobody knows, and one is taken for granted."""
    processes = ground.root / "proc"
    if not (processes / "self").exists():
        return ["cron"]
    names = {_text(entry / "comm").strip() for entry in processes.glob("[0-9]*")}
    return sorted(names.intersection(_DAEMONS))


def _listed(folder: Path) -> list[Path]:
    with suppress(OSError):
        return sorted(folder.iterdir())
    return []


def _text(path: Path) -> str:
    with suppress(OSError):
        return path.read_text("utf-8", "replace")
    return ""
