"""`vidctl sync`: read and write the Notion boards now."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import CRON, app, complain
from vidctl.cli.kinds import Writing
from vidctl.cli.options import Json

if TYPE_CHECKING:
    from vidctl.engine.sync.run import Synced

BUDGET_S = 3_600.0
"""How long one sync may go on: the first one of a large board takes minutes."""


@app.command(rich_help_panel=CRON, cls=Writing)
def sync(
    full: Annotated[bool, typer.Option("--full", help="Read every card, not only those that changed.")] = False,
    page: Annotated[str | None, typer.Option(metavar="ID", help="Only this card: its link or its id.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what was done on the boards.")] = False,
    as_json: Json = False,
) -> None:
    """Take over what people did on the Notion boards, and show there what vidctl did. Every tick does so first.

    Ends with 75 where a board could not be read or written for now, and says which; with 78 where a channel's file is
    broken.

    Example: vidctl sync --full
    """
    from vidctl.cli.session import context_of, session
    from vidctl.cli.show import show
    from vidctl.domain.notion_id import notion_id
    from vidctl.engine import channel_files
    from vidctl.engine.sync.run import syncing
    from vidctl.errors import ExitCode
    from vidctl.store import boards, channels

    page_id = notion_id(page) if page is not None else None
    with session("sync") as opened:
        files = channel_files.load(opened.settings.channel_configs)
        if not dry_run:
            channels.put(opened.db, files.channels, broken=files.broken)
        for problem in files.problems:
            complain(problem, problem.hint)
        if not any(channel.board == "notion" for channel in files.channels):
            data = {"read": 0, "news": [], "written": 0, "left": 0, "dry_run": dry_run}
            show(data, "No channel has its board in Notion.", as_json=as_json)
            raise typer.Exit(ExitCode.MISCONFIGURED if files.problems else ExitCode.OK)
        until = time.monotonic() + BUDGET_S
        with (
            boards.alone(opened.db),
            syncing(
                opened.db, context_of(opened.settings), files.channels, budget_s=BUDGET_S, dry_run=dry_run
            ) as board,
        ):
            if page_id is None:
                board.read(until=until, full=full)
                if not dry_run:
                    board.read_comments(context_of(opened.settings), until=until)
            else:
                board.one(page_id)
            board.push(until=until, page_id=page_id)
    _tell(board.done, dry_run=dry_run, as_json=as_json)
    if files.problems:
        raise typer.Exit(ExitCode.MISCONFIGURED)


def _tell(done: "Synced", *, dry_run: bool, as_json: bool) -> None:
    from vidctl.cli import words
    from vidctl.cli.show import show

    waiting = f", {words.count(done.left, 'card')} still to be written" if done.left else ""
    counts = f"{words.count(done.read, 'card')} read, {done.news} with news, {done.pushed} written{waiting}."
    data = {"read": done.read, "news": done.seen, "written": done.pushed, "left": done.left, "dry_run": dry_run}
    show(data, "\n".join([*done.seen, counts]) if dry_run else counts, as_json=as_json)
    for trouble in [*done.troubles, *done.waits]:
        complain(trouble, trouble.hint)
    if done.troubles or done.waits:
        raise typer.Exit([*done.troubles, *done.waits][0].exit_code)
