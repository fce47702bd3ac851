"""The command itself: set the stage, play, say where the film is."""

import os
import shlex
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import EVERY_DAY, app

if TYPE_CHECKING:
    from uuid import UUID

    from vidctl.cli.demo.stage import Stage
    from vidctl.store import Db


@app.command(rich_help_panel=EVERY_DAY)
def demo(
    folder: Annotated[Path, typer.Option("--dir", metavar="DIR", help="The folder to make everything in.")] = Path(
        "vidctl-demo"
    ),
    scenes: Annotated[int, typer.Option(min=1, max=18, help="How many scenes the film has.")] = 18,
    films: Annotated[int, typer.Option(min=1, max=20, help="How many films are made side by side.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object at the end.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Replace an earlier demo in DIR without asking, as in a pipe.")
    ] = False,
) -> None:
    """Make a whole film on this machine: no keys, no network, about two minutes.

    Real ticks and steps take a hand-written film from Draft to its final review,
    with a database of its own; the gates on the way are passed by a reviewer
    called "demo".

    Example: vidctl demo --scenes 6
    """
    _ask(folder, yes=yes)
    began = time.monotonic()
    from vidctl.cli.demo.stage import reserved, set_up
    from vidctl.cli.interrupt import interruptible
    from vidctl.store import embedded

    with interruptible() as stopping, reserved(folder):
        stage = set_up(folder, scenes=scenes)
        try:
            reports = _play(stage, films, stopping, live=sys.stderr.isatty() and not as_json)
        finally:
            embedded.stop(stage.home)
    _tell(stage, reports, wall_s=round(time.monotonic() - began, 1), as_json=as_json)


def _ask(folder: Path, *, yes: bool) -> None:
    from vidctl.cli.demo.stage import MARK

    if not yes and (folder / MARK).is_file() and sys.stdin.isatty() and sys.stdout.isatty():
        typer.confirm(f"Replace the demo in {folder}?", default=True, abort=True)


def _play(stage: "Stage", count: int, stopping: Callable[[], bool], *, live: bool) -> list[dict[str, Any]]:
    """Make the films; return what is known of each, or nothing when `stopping` said so."""
    from vidctl.cli.demo import play
    from vidctl.cli.demo.crew import Crew
    from vidctl.cli.demo.film import CHANNEL, briefs
    from vidctl.cli.demo.view import view
    from vidctl.store import embedded
    from vidctl.store.connection import connect
    from vidctl.store.migrate import ensure_migrated
    from vidctl.store.tasks import NewTask

    dsn = embedded.ensure_running(stage.home)
    with closing(connect(dsn, application_name="vidctl demo")) as db:
        ensure_migrated(db, dsn)
        new = [NewTask(CHANNEL, brief.title, brief.topic, brief.story_direction) for brief in briefs(count)]
        ids = play.add_films(db, stage, new)
        crew = Crew(stage.process_environment(os.environ))
        try:
            with view(live=live) as seen:
                for moment in play.play(db, crew, stopping):
                    seen.show(moment)
        finally:
            crew.dismiss(db)
        return [] if stopping() else [_report(db, stage, task_id, number) for number, task_id in enumerate(ids, 1)]


def _report(db: "Db", stage: "Stage", task_id: "UUID", number: int) -> dict[str, Any]:
    """Hand out what people want to look at, and return what is known of a film."""
    from vidctl.cli.demo.stage import hand_out
    from vidctl.domain.work import Artifact, Kind
    from vidctl.storage.local import folder
    from vidctl.store import artifacts, tasks

    task = tasks.get(db, task_id)
    made = artifacts.done(db, task_id)
    place = folder(stage.home, task.channel_id, str(task_id))
    tail = "" if number == 1 else f"_{number}"
    film = place.path(made[Artifact(Kind.FILM)].made.path)
    names = {"film": film, "contact_sheet": place.path(made[Artifact(Kind.CONTACT_SHEET)].made.path)}
    names |= {"filmstrip": place.path(made[Artifact(Kind.FILMSTRIP)].made.path)}
    names |= {"thumbnail": place.path(made[Artifact(Kind.THUMBNAIL)].made.path)}
    names |= {"subtitles": film.with_suffix(".srt")} if film.with_suffix(".srt").exists() else {}
    handed = {name: str(hand_out(path, stage.folder / f"{name}{tail}{path.suffix}")) for name, path in names.items()}
    return {
        **handed,
        "task_id": str(task_id),
        "title": task.title,
        "status": task.status,
        "duration_s": made[Artifact(Kind.FILM)].facts.get("duration_s"),
        "artifacts": [
            {
                "kind": kept.kind,
                "index": kept.index,
                "path": str(place.path(item.made.path)),
                "sha256": item.made.sha256,
            }
            for kept, item in made.items()
        ],
    }


def _tell(stage: "Stage", reports: list[dict[str, Any]], *, wall_s: float, as_json: bool) -> None:
    from vidctl.cli.show import show

    environment = " ".join(f"{name}={shlex.quote(value)}" for name, value in stage.environment.items())
    lines = []
    for report in reports:
        lines += [
            "",
            f"{report['title']}: {report['duration_s']:.1f} s of film, made in {wall_s:.0f} s.",
            f"  film            {report['film']}",
            f"  thumbnail       {report['thumbnail']}",
            f"  contact sheet   {report['contact_sheet']}",
            f"  filmstrip       {report['filmstrip']}",
        ]
    me = _me()
    lines += [
        "",
        "It waits at its final review. Watch it; then:"
        if len(reports) == 1
        else "They wait at their final review. Watch them; then:",
        f"  export {environment}",
        f"  {me} status",
        f"  {me} review approve {' '.join(report['task_id'][:8] for report in reports)} && {me} tick",
        "",
        f"For films of your own, in another shell: {me} channel add, then {me} add. See the README.",
    ]
    data = {**reports[0], "wall_s": wall_s, "films": reports}
    show(data, "\n".join(lines), as_json=as_json)


def _me() -> str:
    """Return how to call this command again: by the path it was called by, where it is not on PATH."""
    called = Path(sys.argv[0])
    if called.name != "vidctl":
        return "python -m vidctl"
    return "vidctl" if shutil.which("vidctl") else str(called)
