"""`vidctl audit`: whether the record of decisions is whole, and what of it goes to files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vidctl.cli.app import SET_UP, app
from vidctl.cli.kinds import Reading, Writing
from vidctl.cli.options import DryRun, Json

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.engine.record import Verdict
    from vidctl.storage.decision_files import Header

audit = typer.Typer(help="The record of what people decided: proof, evidence, archives.", no_args_is_help=True)
app.add_typer(audit, name="audit", rich_help_panel=SET_UP)

Folder = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="Where archives are; by default VIDCTL_HOME/audit.")
]


@audit.command(cls=Reading)
def verify(
    heads: Annotated[
        list[str] | None,
        typer.Option("--head", metavar="HEAD", help="A head that was posted earlier, NUMBER:HASH; may be repeated."),
    ] = None,
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Prove that no decision was changed, removed or inserted since it was made; ends with 65 where one was.

    Whoever can do anything with the database can also compute all hashes anew.
    The alert "audit head", which comes once a day, finds that too: keep it
    elsewhere, and hand what it says to --head. Ends with 66 where all is well
    but for archives that are not here.

    Example: vidctl audit verify --head 1204:9f2c…
    """
    from vidctl.cli.audit_words import require_head
    from vidctl.cli.session import session
    from vidctl.engine import record
    from vidctl.store import audit as store

    known = [require_head(head) for head in heads or []]
    with session("audit verify") as opened, store.snapshot(opened.db):
        verdict = record.verify(opened.db, folder_of(opened, folder), known)
    _show(verdict, as_json=as_json)
    require_whole(verdict)


@audit.command(cls=Writing)
def archive(
    older_than: Annotated[
        str, typer.Option(metavar="AGE", help="How old decisions have to be: 2y, 18m or 400d.")
    ] = "2y",
    folder: Folder = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Move old decisions into a file with their chain intact: read back and verified before anything leaves the table.

    They are still verified and exported from there, so keep the folder, and copies
    of it. The first decision of a film that is on its way, and was touched since,
    ends what is moved: approvals count until a film is published.

    Example: vidctl audit archive --older-than 2y
    """
    from vidctl.cli.audit_words import ago
    from vidctl.cli.session import context_of, now, session
    from vidctl.cli.show import show
    from vidctl.engine import archive as engine

    before, place = ago(older_than, now()), ""
    with session("audit archive") as opened:
        header = engine.plan(opened.db, before)
        if header and not dry_run:
            where, host = folder_of(opened, folder), context_of(opened.settings).machine
            place = engine.archive(opened.db, where, header, host=host, now=now()).path
    data = _archived(header, place) | {"dry_run": dry_run}
    show(data, _archived_sentence(header, place), as_json=as_json)


def require_whole(verdict: "Verdict") -> None:
    """End with an error where not every decision is there as it was made.

    Raises:
        BadInput: somebody tampered with them.
        NotFound: archives are not here.
    """
    from vidctl.cli import words
    from vidctl.errors import BadInput, NotFound

    if complaints := verdict.complaints:
        raise BadInput(
            f"the record of decisions was tampered with in {words.count(len(complaints), 'place')}",
            hint="compare with a backup: nobody can do this through vidctl",
        )
    if verdict.missing:
        raise NotFound(
            f"{words.count(len(verdict.missing), 'archive')} of decisions cannot be found: nobody can vouch for them",
            hint="run this on the machine where they are, or name their folder: --folder DIR",
        )


def folder_of(opened: "Session", folder: Path | None) -> Path:
    """Return where archives are."""
    from vidctl.engine.record import FOLDER

    return (folder or opened.settings.home / FOLDER).absolute()


def _show(verdict: "Verdict", *, as_json: bool) -> None:
    from vidctl.cli import words
    from vidctl.cli.show import line, lines, show

    data = {
        "ok": verdict.is_whole,
        "decisions": verdict.decisions,
        "archived": verdict.archived,
        "head": verdict.head,
        "broken": [{"row": row, "what": what} for row, what in verdict.broken],
        "unrecorded": [
            {"task_id": task_id, "gate": gate, "action": action, "at": at}
            for task_id, gate, action, at in verdict.unrecorded
        ],
        "archives": verdict.files,
        "missing": verdict.missing,
        "unknown_heads": verdict.heads,
    }
    fine = f"{words.count(verdict.decisions, 'decision')}, each as it was made."
    said = [line(one) for one in verdict.complaints] + [f"not here: {line(path)}" for path in verdict.missing]
    head = [f"The last one: {verdict.head}"] if verdict.head else []
    show(data, lines("\n".join([*(said or [fine]), *head])), as_json=as_json)


def _archived(header: "Header | None", place: str) -> dict[str, Any]:
    if header is None:
        return {"archived": 0, "from": None, "to": None, "path": None}
    return {"archived": header.rows, "from": header.from_id, "to": header.to_id, "path": place or None}


def _archived_sentence(header: "Header | None", place: str) -> str:
    from vidctl.cli import words

    if header is None:
        return ""
    what = f"{words.count(header.rows, 'decision')}, {header.from_id} to {header.to_id}"
    return f"{what}: moved to {place}" if place else f"would be moved: {what}"
