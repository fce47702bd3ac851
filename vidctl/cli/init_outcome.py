"""What `vidctl init` did, what it found, and what is still to do."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vidctl.cli import words
from vidctl.cli.show import folded, line, say, show
from vidctl.domain.cron_jobs import JOBS
from vidctl.engine.doctor.findings import Finding
from vidctl.engine.installing import crontab
from vidctl.engine.installing.ground import Found
from vidctl.engine.installing.place import Place, program
from vidctl.engine.installing.writing import Plan


@dataclass(slots=True)
class Outcome:
    """What there is now, or would be."""

    written: list[str]
    well: int = 0
    findings: list[Finding] = field(default_factory=list)
    ticks: bool = False
    """Whether something starts ticks already."""
    next: list[tuple[str, str]] = field(default_factory=list)
    """Commands, each with what it is for."""


def still_to_do(plan: Plan, found: Found, *, ticks: bool) -> Iterator[tuple[str, str]]:
    """Yield what is left to do."""
    if not ticks:
        yield "vidctl install-cron", "every minute a tick; without it nothing moves"
    channels = {one.channel_id: one.board for one in found.channels}
    first = plan.channel.channel_id if plan.channel else next(iter(channels), None)
    if first is None:
        yield 'vidctl channel add ID --name "NAME"', "the first channel"
        return
    has_token = plan.settings.get("NOTION_TOKEN") or found.get("NOTION_TOKEN")
    if has_token and channels.get(first) != "notion":
        yield f"vidctl notion setup --parent PAGE --channel {first}", "its board in Notion"
    if plan.settings.get("GOOGLE_CLIENT_ID") or found.get("GOOGLE_CLIENT_ID"):
        yield f"vidctl auth youtube --channel {first}", "where its films go"
    yield f'vidctl add {first} --title "…" --topic "…" --queue', "the first film"


def _cron_line(plan: Plan) -> str:
    """Return the shortest line that starts ticks; .env says the rest, if cron finds it."""
    at_home = {"VIDCTL_HOME": str(plan.home)} if plan.dotenv.parent != Path.cwd() else {}
    folder = plan.dotenv.parent
    return crontab.line(Place(program(), folder, plan.home, at_home, frozenset()), JOBS[0], mail=True)


def tell(outcome: Outcome, plan: Plan, *, dry_run: bool, as_json: bool) -> None:
    """Print it."""
    if as_json:
        data: dict[str, Any] = {
            "home": plan.home,
            "channel_configs": plan.channel_configs,
            "dotenv": plan.dotenv,
            "settings": list(plan.settings),
            "channel": plan.channel.channel_id if plan.channel else None,
            "findings": [{"level": one.level, "what": one.what, "cure": one.cure} for one in outcome.findings],
            "crontab": _cron_line(plan),
            "next": [command for command, _ in outcome.next],
            "dry_run": dry_run,
        }
        show(data, "", as_json=True)
        return
    say(
        "Would be written:"
        if dry_run
        else "Written:"
        if outcome.written
        else "Everything is there: nothing was written."
    )
    for one in outcome.written:
        say(folded(line(one), indent="  ", below="    "))
    if not dry_run:
        _print_checks(outcome)
    say("Next:")
    for command, why in outcome.next:
        say(f"  {line(command)}\n    {why}")
    if not outcome.ticks:
        say(f"By hand, the line of the crontab is:\n{line(_cron_line(plan))}")


def _print_checks(outcome: Outcome) -> None:
    say(f"Checked: {words.count(outcome.well, 'thing')} as they should be{':' if outcome.findings else '.'}")
    for one in outcome.findings:
        say(folded(f"{one.level}: {line(one.what)}", indent="  ", below="    "))
        say(folded(f"→ {line(one.cure)}", indent="    ", below="      "))
