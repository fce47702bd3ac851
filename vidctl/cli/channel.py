"""The channels: their files, and how much each one has to do."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.app import SET_UP, app, complain
from vidctl.cli.kinds import Reading, Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vidctl.domain.channel import Channel
    from vidctl.engine.channel_files import Loaded, Problem
    from vidctl.store.reports import ChannelLoad


channel = typer.Typer(
    name="channel",
    help="Add, check and list channels.",
    epilog="Each is one file, {channel_id}.yaml, in VIDCTL_CHANNEL_CONFIGS (./channel_configs).",
    no_args_is_help=True,
)
app.add_typer(channel, rich_help_panel=SET_UP)


@channel.command(name="list", cls=Reading)
def list_channels(as_json: Json = False) -> None:
    """List all channels with what they have to do, and what is wrong with broken files.

    Example: vidctl channel list
    """
    from vidctl.cli.session import session
    from vidctl.cli.show import show, table
    from vidctl.engine import channel_files
    from vidctl.store import reports

    with session("channel list") as opened:
        files = channel_files.load(opened.settings.channel_configs)
        loads = {load.channel_id: load for load in reports.channels(opened.db)}
    rows = [_row(channel, loads.get(channel.channel_id)) for channel in files.channels]
    if as_json:
        show({"channels": rows, "problems": _as_data(files.problems)}, "", as_json=True)
        return
    _complain(files.problems)
    shown = ([_cell(row[name]) for name in _COLUMNS] for row in rows)
    if rows:
        table([name.removeprefix("channel_").removeprefix("is_") for name in _COLUMNS], shown)
    elif not files.problems:
        print("There is no channel yet: vidctl channel add ID --name NAME", file=sys.stderr)


@channel.command(cls=Reading)
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]...", help="All, if none is named.")] = None,
    as_json: Json = False,
) -> None:
    """Check channel files; ends with 78 when one of them is broken.

    Each problem is one line, `path:line: what is wrong`. What is missing but has a default is a warning.

    Example: vidctl channel check channel_configs/history.yaml
    """
    from vidctl.cli.show import show
    from vidctl.engine import channel_files
    from vidctl.errors import ExitCode
    from vidctl.settings import load

    loaded = channel_files.check_files(files) if files else channel_files.load(load().channel_configs)
    good = [channel.channel_id for channel in loaded.channels]
    data = {"channels": good, "problems": _as_data(loaded.problems), "warnings": _as_data(loaded.warnings)}
    show(data, _count(loaded), as_json=as_json)
    if not as_json:
        for warning in loaded.warnings:
            complain(warning, warning.hint, what="warning")
        _complain(loaded.problems)
    if loaded.problems:
        raise typer.Exit(ExitCode.MISCONFIGURED)


@channel.command()
def schema() -> None:
    """Print the JSON Schema of a channel file, for editors.

    Example: vidctl channel schema > channel.schema.json
    """
    import json

    from vidctl.domain.channel import schema as schema_of

    print(json.dumps(schema_of(), indent=2))


@channel.command(cls=Writing)
def add(
    channel_id: Annotated[str, typer.Argument(metavar="CHANNEL_ID", help="Letters, digits, - and _: names the file.")],
    name: Annotated[str, typer.Option(help="What people call it.")],
    board: Annotated[
        str | None,
        typer.Option(
            metavar="local|notion",
            help="local, unless a Notion database is named.",
            autocompletion=complete.one_of("local", "notion"),
        ),
    ] = None,
    notion_database_id: Annotated[
        str | None, typer.Option(metavar="ID", help="The Notion database with its cards.")
    ] = None,
    voice_id: Annotated[str | None, typer.Option(metavar="ID", help="Who speaks its films.")] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            metavar="MODE",
            help="preview (free, here) or production (paid).",
            autocompletion=complete.modes,
        ),
    ] = None,
    priority: Annotated[
        str | None,
        typer.Option(metavar="high|normal|low", help="Of its new films.", autocompletion=complete.priorities),
    ] = None,
    privacy: Annotated[
        str | None,
        typer.Option(
            metavar="PRIVACY",
            help="Of its films: private, unlisted or public.",
            autocompletion=complete.privacies,
        ),
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Write a new channel's file, with comments on everything else that can be set, and check it.

    Example: vidctl channel add history --name "History of Salt"
    """
    from vidctl.cli.show import tell
    from vidctl.engine import channel_template
    from vidctl.settings import load

    _require_board(board, notion_database_id)
    options = {"voice_id": voice_id, "mode": mode, "priority": priority, "default_privacy": privacy}
    wanted = channel_template.Wanted(channel_id, name, notion_database_id, options)
    path, loaded = channel_template.write(load().channel_configs, wanted, dry_run=dry_run)
    added = loaded.channels[0]
    data = {"channel_id": channel_id, "path": str(path), "board": added.board}
    said = f"Channel {channel_id} is in {path}. {_next_step(added, board)}"
    tell(data, said, dry_run=dry_run, as_json=as_json)


def _next_step(added: "Channel", asked: str | None) -> str:
    """Return what comes next; who did not say which board a channel shall have may want either."""
    set_up = f"--channel {added.channel_id}"
    if added.board == "notion":
        return f"Give its database what it lacks, then plan its films there: vidctl notion setup {set_up}"
    plan = f"Plan a film: vidctl add {added.channel_id}"
    return plan if asked else f"{plan}; or make it a board in Notion: vidctl notion setup --parent PAGE {set_up}"


_NO_DATABASE = "add --notion-database-id ID; or leave out --board, and let vidctl notion setup make the database then"
_COLUMNS = ("channel_id", "channel_name", "board", "mode", "is_active", "waiting", "running", "capacity")


def _cell(value: object) -> object:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _row(channel: "Channel", load: "ChannelLoad | None") -> "Mapping[str, object]":
    """Return what is listed of a channel; one that no tick has seen yet has nothing to do."""
    return {
        "channel_id": channel.channel_id,
        "channel_name": channel.channel_name,
        "board": channel.board,
        "mode": channel.mode,
        "is_active": channel.is_active,
        "waiting": load.waiting if load else 0,
        "running": load.running if load else 0,
        "capacity": channel.max_concurrent,
    }


def _require_board(board: str | None, notion_database_id: str | None) -> None:
    from vidctl.errors import BadInput

    if board not in {None, "local", "notion"}:
        raise BadInput(f"there is no board {board!r}", hint="--board is local or notion")
    if board == "notion" and not notion_database_id:
        raise BadInput("a notion board needs its database", hint=_NO_DATABASE)
    if board == "local" and notion_database_id:
        raise BadInput("a local board has no Notion database", hint="leave out one of the two options")


def _complain(problems: "Iterable[Problem]") -> None:
    for problem in problems:
        complain(problem, problem.hint)


def _as_data(problems: "Iterable[Problem]") -> list[dict[str, object]]:
    return [
        {"path": str(problem.path), "line": problem.line, "message": problem.message, "hint": problem.hint}
        for problem in problems
    ]


def _count(loaded: "Loaded") -> str:
    good, broken = len(loaded.channels), len(loaded.problems)
    files = "1 channel file is" if good == 1 else f"{good} channel files are"
    return f"{files} in order" + (f", {broken} {'is' if broken == 1 else 'are'} broken." if broken else ".")
