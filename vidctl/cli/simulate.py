"""`vidctl simulate`: what a year would be like, before anything is spent."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import SET_UP, app

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from vidctl.domain.report import Report
    from vidctl.engine.channel_files import Loaded
    from vidctl.engine.simulation.findings import Findings
    from vidctl.engine.simulation.scenario import Scenario


@app.command(rich_help_panel=SET_UP)
def simulate(
    number_of_channels: Annotated[
        int | None,
        typer.Option("--channels", metavar="N", help="So many, made like yours; by default your own active channels."),
    ] = None,
    weeks: Annotated[int, typer.Option(min=1, max=520, help="How long films are planned.")] = 4,
    films_a_week: Annotated[float, typer.Option(min=0.05, max=100, help="Of each channel.")] = 2.0,
    review_hours: Annotated[
        float, typer.Option(min=0.01, max=1_000, help="How long a film waits for a person: half of them longer.")
    ] = 3.0,
    rejects: Annotated[float, typer.Option(min=0, max=1, help="How often that person wants something again.")] = 0.05,
    faults: Annotated[
        str, typer.Option(help="none, usual or bad, or how often what happens: usual,killed=0.1,down=0.3")
    ] = "usual",
    seed: Annotated[int, typer.Option(help="The same seed gives the same report; another one, another year.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Play production in simulated time: what your limits, budgets and gates would give, before you spend.

    The engine is the real one, on a database of its own that is thrown away;
    only the services, the people and the clock are played. It takes about a
    second for each film. Faults, each the share of calls (of steps for killed,
    of uploads for cut): busy, down, lost, refused, fails, bad, slow, quota,
    killed, cut.

    Example: vidctl simulate --channels 10 --weeks 4 --films-a-week 3
    """
    from vidctl.cli import simulation_view as view
    from vidctl.cli.show import show
    from vidctl.engine.simulation.scenario import Scenario, faults_from

    scenario = Scenario(seed, weeks, films_a_week, review_hours, rejects, faults_from(faults))
    if not scenario.films:
        raise typer.BadParameter("that is not even one film", param_hint="--films-a-week")
    files = _cast(number_of_channels)
    scenario.require_end(len(files.channels))
    findings, report, measured = _played(scenario, files)
    if as_json:
        show(view.data(scenario, len(files.channels), findings, report), "", as_json=True)
    else:
        view.print_all(scenario, len(files.channels), findings, report)
    print(measured, file=sys.stderr)


def _cast(number: int | None) -> "Loaded":
    from vidctl.domain.limits import Limits
    from vidctl.engine import channel_files
    from vidctl.engine.simulation.cast import cast
    from vidctl.settings import load

    folder = load().channel_configs
    files = channel_files.load(folder) if folder.exists() else channel_files.Loaded((), Limits(), ())
    return cast(files, number)


def _played(scenario: "Scenario", files: "Loaded") -> "tuple[Findings, Report, str]":
    """Play it, and return what came of it, and what it took on this machine."""
    import time
    from datetime import timedelta

    from vidctl import logs
    from vidctl.cli.interrupt import interruptible
    from vidctl.domain.periods import Period
    from vidctl.engine import reporting
    from vidctl.engine.simulation.run import START, Simulation
    from vidctl.store import scratch
    from vidctl.store.connection import connect

    began = time.monotonic()
    logs.into(None, aloud=False)  # of films that nobody has
    with interruptible() as is_asked, scratch.database() as (folder, dsn):
        simulation = Simulation(scenario, files, dsn, folder / "home")
        with _Told(scenario.weeks) as told:
            findings = simulation.run(told, is_asked)
        if is_asked():
            raise KeyboardInterrupt
        with connect(dsn, application_name="vidctl simulate") as db:
            just_after = simulation.clock.now() + timedelta(seconds=1)  # the last film was published in this moment
            whole = Period(START, just_after, "the simulated time")
            report = reporting.collect(db, whole, None, files)
    ticks = sorted(simulation.cron.took_ms)
    measured = (
        f"measured here: {len(ticks):,} ticks, half of them within {ticks[len(ticks) // 2]:.1f} ms, the longest "
        f"{ticks[-1]:.0f} ms; {time.monotonic() - began:.0f} s in all"
    )
    return findings, report, measured


class _Told:
    """Shows on a terminal how far the simulated time is; nothing elsewhere."""

    def __init__(self, weeks: int) -> None:
        self._days = weeks * 7

    def __enter__(self) -> "Callable[[datetime, int], None]":
        if not sys.stderr.isatty():
            return lambda *_: None
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._progress.start()
        self._task = self._progress.add_task("begins", total=self._days)
        return self._tell

    def _tell(self, at: "datetime", published: int) -> None:
        self._progress.update(self._task, advance=1, description=f"{at:%Y-%m-%d}: {published:,} films published")

    def __exit__(self, *_: object) -> None:
        if sys.stderr.isatty():
            self._progress.stop()
