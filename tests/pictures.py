"""The pictures of the README: real commands in a studio of ten channels, as a terminal shows them, and a report's page.

    python -m tests.pictures [FOLDER]

Terminals become SVG, the page a PNG (where this machine has a browser). The films, their words and what they cost are
made up; what is shown of them is not.
"""

import fcntl
import io
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from PIL import Image
from rich.console import Console
from rich.text import Text

from tests import browser
from tests.bench.report import fill
from tests.reports import Story
from tests.studio import Studio
from vidctl.domain.status import Event, Status
from vidctl.store import Db, embedded, services
from vidctl.store.connection import connect
from vidctl.store.migrate import ensure_migrated

COLUMNS: Final = 102
FOLDER: Final = Path(__file__).parents[1] / ".github"
COMMANDS: Final = {
    "status": ("status",),
    "inbox": ("inbox",),
    "report": ("report", "--week"),
    "simulate": ("simulate", "--channels", "10", "--weeks", "2", "--seed", "7"),
}
NAMES: Final = {
    "salt": "History of Salt",
    "lighthouses": "Lighthouse Stories",
    "deepsea": "Deep Sea Diary",
    "clocks": "The Clockmakers",
    "rails": "Rails at Night",
    "moss": "Small Green Things",
    "maps": "Maps That Lied",
    "kites": "Kites & Gliders",
    "tides": "The Tide Table",
    "bridges": "Bridges",
}
FILMS: Final = (
    ("salt", "The Road That Salt Built", Status.FINAL_REVIEW, 190),
    ("deepsea", "Life at a Black Smoker", Status.VIDEO_READY, 75),
    ("maps", "The Mountains of Kong", Status.ASSETS_READY, 22),
    ("lighthouses", "The Last Keepers", Status.GENERATING_VIDEO, 14),
    ("moss", "How Moss Drinks", Status.GENERATING_ASSETS, 6),
    ("rails", "The Sleeper to Narvik", Status.GENERATING_AUDIO, 4),
    ("clocks", "A Clock for Longitude", Status.ASSEMBLY_READY, 3),
    ("kites", "The First Box Kite", Status.QUEUED, 2),
    ("tides", "The Bore of the Severn", Status.QUEUED, 1),
)
"""Channel, title, how far it is, and since when in minutes."""
WORKING: Final = {Status.GENERATING_VIDEO, Status.GENERATING_ASSETS}
REPORT_ENDS: Final = "Cost by component"
"""What comes behind it in the terminal is on the page too."""


@contextmanager
def place() -> Iterator[Studio]:
    """Yield a studio with nothing in it yet."""
    root = Path(tempfile.mkdtemp(prefix="vidctl-"))
    root.chmod(0o755)
    dsn = embedded.ensure_running(root / "home")
    try:
        with closing(connect(dsn, application_name="pictures")) as db:
            ensure_migrated(db, dsn)
            yield Studio(root, dsn, db)
    finally:
        embedded.erase(root / "home")
        shutil.rmtree(root)


def filled(studio: Studio, now: datetime) -> None:
    """Fill a studio: twelve weeks of films, some at work, some that wait, and one in trouble."""
    fill(studio.db, channels=10, weeks=12, a_week=4, now=now)
    studio.db.execute("set session_replication_role = replica")  # history is append-only
    studio.db.execute("update task_errors set message = 'the service is busy' where message like '% <b>now</b>'")
    studio.db.execute("update task_events set reason = 'the service is busy' where reason like '% <b>now</b>'")
    studio.db.execute("set session_replication_role = origin")
    for number, (channel, name) in enumerate(NAMES.items(), start=1):
        _rename(studio.db, f"channel-{number}", channel)
        studio.channel(channel, channel_name=name, budget={"month_usd": 400}, story={"assets": 22, "scenes": 18})
    for channel, title, status, minutes in FILMS:
        studio.now = now - timedelta(minutes=minutes)
        story = Story(studio, studio.now, channel, title=title)
        story.go(status, minutes=0)
        story.costs(0.2 + minutes / 25)
        if status in WORKING:  # as a step's process has it
            studio.db.execute("select pg_advisory_lock(%s)", (int.from_bytes(story.id.bytes[:8], "big", signed=True),))
    studio.now = now - timedelta(hours=2)
    failed = Story(studio, studio.now, "bridges", title="The Bridge That Sang")
    failed.go(Status.GENERATING_VIDEO, minutes=1)
    failed.costs(2.94)
    failed.fails("PromptRefused", curable=False, message="clip 7 was refused: its prompt names a person", again=False)
    failed.move(Event.FAIL, reason="clip 7 was refused: its prompt names a person")
    services.pause(studio.db, "elevenlabs", until=now + timedelta(hours=5), reason="the quota of this month is used up")


def _rename(db: Db, was: str, now_is: str) -> None:
    """Call a channel otherwise, in every row that is about it."""
    columns = "channel_name, board, mode, max_concurrent"
    db.execute(f"insert into channels (channel_id, {columns}) select %s, {columns} from channels where channel_id = %s",
               (now_is, was))  # fmt: skip
    db.execute("update tasks set channel_id = %s where channel_id = %s", (now_is, was))
    db.execute("delete from channels where channel_id = %s", (was,))


def shown(arguments: tuple[str, ...], environment: dict[str, str]) -> str:
    """Return what a command prints on a terminal, with its colours."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 60, COLUMNS, 0, 0))
    told = {**os.environ, **environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen([sys.executable, "-m", "vidctl", *arguments], stdout=theirs, stderr=theirs, env=told)
    os.close(theirs)
    text = b""
    while select.select([ours], [], [], 120)[0]:
        try:
            text += os.read(ours, 65_536)
        except OSError:  # the other side is closed: that is how a terminal says so
            break
    os.close(ours)
    process.wait()
    return text.decode().replace("\r\n", "\n")


def drawn(text: str, title: str) -> str:
    """Return a terminal with a text as SVG, which fetches nothing from anywhere."""
    last = text.partition(REPORT_ENDS)[0].rpartition("\r")[2].strip("\n").removesuffix("\x1b[1m")
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(last), soft_wrap=True)
    svg = console.export_svg(title=title, unique_id=re.sub(r"\W", "-", title))
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def page(environment: dict[str, str], folder: Path) -> None:
    """Photograph the top of a report's page."""
    file = Path(environment["VIDCTL_HOME"]).parent / "report.html"
    shown(("report", "--week", "--html", str(file)), environment)
    with browser.browser(program := browser.found() or "") as one:
        assert program
        one.open(file, width=1000, height=1150)
        picture = Image.open(io.BytesIO(one.picture()))
    picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(folder / "report-page.png", optimize=True)


def main(folder: Path) -> None:
    """Make all pictures."""
    folder.mkdir(exist_ok=True)
    with place() as studio:
        filled(studio, datetime.now(UTC))
        environment = studio.environment | {"VIDCTL_REVIEWER": "ana"}
        for name, arguments in COMMANDS.items():
            text = shown(arguments, environment)
            (folder / f"{name}.svg").write_text(drawn(text, f"vidctl {' '.join(arguments)}"), "utf-8")
        if browser.found():
            page(environment, folder)
    print(json.dumps({path.name: path.stat().st_size for path in sorted(folder.iterdir())}))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
