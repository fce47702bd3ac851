"""`vidctl audit export`: the record of decisions as a document."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli import complete
from vidctl.cli.audit import Folder, audit, folder_of, require_whole

if TYPE_CHECKING:
    from vidctl.cli.session import Session
    from vidctl.engine.evidence import Evidence


class Form(StrEnum):
    """What a document is."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"


@audit.command()
def export(
    channel: Annotated[
        str | None, typer.Option(metavar="ID", help="Only films of this channel.", autocompletion=complete.channels)
    ] = None,
    video: Annotated[
        str | None, typer.Option(metavar="ID", help="Only this video, by its id at YouTube, or this film, by its id.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only films of which anything was decided since then (UTC).")
    ] = None,
    form: Annotated[
        Form | None, typer.Option("--format", help="By default what the ending of --output says, else json.")
    ] = None,
    output: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there, not to stdout.")] = None,
    folder: Folder = None,
) -> None:
    """Make a document of who reviewed which film, what exactly was seen, and when: evidence that can be handed over.

    html is one page for a browser or a printer, with a picture of each film; csv
    has a row for each decision; json has everything. The record is verified
    meanwhile, and the document says what came of it: where it is not whole, this
    ends with 65 (with 66 where only archives are not here), as verify does.

    Example: vidctl audit export --channel nature --output evidence.html
    """
    from vidctl.cli.moments import moment_from
    from vidctl.cli.session import now, session
    from vidctl.cli.show import line
    from vidctl.engine import evidence

    form = form or _form_of(output)
    scope = evidence.Scope(channel, video, moment_from(since, now()) if since is not None else None)
    with session("audit export") as opened:
        document = evidence.collect(opened.db, folder_of(opened, folder), scope, now=now())
        text = _text_of(opened, document, form)
    _put(text, output)
    if video is not None and not document.films:
        print(f"Nothing that was asked for is recorded about {line(video)}.", file=sys.stderr)
    require_whole(document.verdict)


def _form_of(output: Path | None) -> Form:
    """Return what the ending of a file says.

    Raises:
        BadInput: it says something else: who asks for a PDF is not given JSON that is called one.
    """
    from vidctl.errors import BadInput

    ending = output.suffix.lower().removeprefix(".") if output else ""
    if ending and ending not in set(Form):
        raise BadInput(
            f"no document of evidence ends in .{ending[:20]}",
            hint="name it .html (a browser prints that to PDF), .csv or .json, or say --format",
        )
    return Form(ending or Form.JSON)


def _text_of(opened: "Session", document: "Evidence", form: Form) -> str:
    if form is Form.HTML:
        from vidctl.cli.evidence.page import page
        from vidctl.engine.evidence import pictures

        return page(document, pictures(opened.db, opened.settings.home, document))
    if form is Form.CSV:
        from vidctl.cli.evidence.sheet import sheet

        return sheet(document)
    from vidctl.cli.evidence.data import data
    from vidctl.cli.show import to_json

    return to_json(data(document), pretty=True) + "\n"


def _put(text: str, output: Path | None) -> None:
    """Write a document whole to a file, or print it.

    Raises:
        BadInput: it is a folder, or a device.
        CannotWrite: its folder is read-only, or the disk is full.
    """
    from vidctl.cli.show import put
    from vidctl.storage.files import write_named

    if output is None:
        put(text)
    else:
        write_named(output, text.encode())
