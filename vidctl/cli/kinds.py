"""What kinds of commands there are: each one reads or writes, which its `cls` says, or stands apart for a reason.

A reading command changes nothing, and has `--json`: one document on stdout, nothing else. A writing one has `--dry-run`
as well, which goes the same way, to the same errors, and leaves no trace. A test walks all of them.
"""

import sys
from collections.abc import Mapping
from typing import Any, Final

import typer
from typer.core import TyperCommand

APART: Final[Mapping[str, str]] = {
    "demo": "it makes everything in a folder of its own, which can be thrown away",
    "db shell": "psql does what it is told",
    "auth generate-key": "a key is a line of text, and kept nowhere",
    "channel schema": "the schema is JSON anyway",
    "alert": "a message that is sent is all that it tries",
    "simulate": "it works on a database of its own",
    "audit export": "the document is JSON, unless --format or the name of the file say otherwise",
}
"""The commands that are neither, and why."""


class Reading(TyperCommand):
    """A command that only looks."""


class Writing(TyperCommand):
    """A command that changes something, or did so without `--dry-run`."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; after a dry run say that it was one, however it ends but with an error."""
        try:
            result = super().invoke(ctx)
        except typer.Exit:
            _say_if_dry(ctx)
            raise
        _say_if_dry(ctx)
        return result


def _say_if_dry(ctx: Any) -> None:
    if ctx.params.get("dry_run"):
        print("This was a dry run: nothing was changed.", file=sys.stderr)
