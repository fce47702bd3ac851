"""`vidctl explain`: why one card is where it is, and what will move it."""

from dataclasses import replace
from typing import TYPE_CHECKING

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading
from vidctl.cli.options import Json, TaskId

if TYPE_CHECKING:
    from vidctl.cli.because import Case
    from vidctl.cli.session import Session
    from vidctl.engine.channel_files import Loaded
    from vidctl.store import Db


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def explain(
    task: TaskId,
    as_json: Json = False,
) -> None:
    """Say in two sentences why a film is where it is, and what will move it: you, the engine, or a moment.

    Example: vidctl explain 3f2a
    """
    from vidctl.cli.because import because
    from vidctl.cli.session import session
    from vidctl.cli.show import folded, show

    with session("explain") as opened:
        case = case_of(opened, task)
    found, film = because(case), case.film
    data = {
        "id": film.id,
        "title": film.title,
        "channel_id": film.channel_id,
        "status": film.status,
        "phase": film.phase,
        "why": found.why,
        "moves": found.moves,
        "actor": found.actor,
        "commands": found.commands,
        "at": found.at,
    }
    show(data, "\n".join(map(folded, (found.why, found.moves))), as_json=as_json)


def case_of(opened: "Session", prefix: str) -> "Case":
    """Return all that decides why a film is where it is.

    Raises:
        NotFound, BadInput: no film's id begins so, or several do.
    """
    from vidctl.cli.because import Case
    from vidctl.cli.session import now
    from vidctl.cli.status import board_of_one
    from vidctl.engine import channel_files
    from vidctl.errors import Misconfigured
    from vidctl.store import details, tasks

    task, files, trouble = tasks.find(opened.db, prefix), None, None
    try:
        files = channel_files.load(opened.settings.channel_configs)
    except Misconfigured as exc:
        trouble = (str(exc), exc.hint)
    board = board_of_one(opened.db, task.id, now(), task.channel_id, files)
    case = Case(
        board,
        board.films[0],
        last=details.last_move(opened.db, task.id),
        error=next(iter(details.errors(opened.db, task.id, last=1)), None),
        claimed_by=task.claimed_by,
        publish_at=task.publish_at,
        no_files=trouble,
        has_card=task.notion_page_id is not None,
        mended_by=_mended_by(opened.db, task.channel_id),
    )
    return (
        case if files is None or case.film.channel_is_active else replace(case, resting=_resting(opened, files, case))
    )


def _mended_by(db: "Db", channel_id: str) -> str:
    """Return the command by which a channel gets an account that is good; "" where nothing is known against its own."""
    from vidctl.domain.account import mended_by
    from vidctl.store import accounts

    account = accounts.get(db, channel_id)
    return mended_by(channel_id, account.problem) if account.token is None or account.problem else ""


def _resting(opened: "Session", files: "Loaded", case: "Case") -> tuple[str, str]:
    """Return why the film's channel rests, and what ends that."""
    path = opened.settings.channel_configs / f"{case.film.channel_id}.yaml"
    broken = next((one for one in files.problems if one.path.stem == case.film.channel_id), None)
    if broken is not None:
        return str(broken), broken.hint
    if all(channel.channel_id != case.film.channel_id for channel in files.channels):
        return f"its file {path} is gone", "put it back"
    return f"is_active: false in {path}", "set is_active: true there"
