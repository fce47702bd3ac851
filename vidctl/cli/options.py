"""The options and arguments that many commands have, each said once."""

from typing import Annotated

import typer

from vidctl.cli import complete

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
TaskId = Annotated[
    str,
    typer.Argument(metavar="TASK", help="The film's id, or its first characters.", autocompletion=complete.films),
]
OneChannel = Annotated[
    str | None, typer.Option(metavar="ID", help="Only this channel.", autocompletion=complete.channels)
]
