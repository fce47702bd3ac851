"""The person's own editor on a copy of a document."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from vidctl.errors import BadInput, Misconfigured


def edited(data: bytes, draft: Path, *, instead: str = "give the document: --file FILE") -> bytes:
    """Return the document as the person left it. `draft` is the copy: it stays, and the caller removes it.

    `instead` is what to do where there is no editor.

    Raises:
        BadInput: there is no terminal, or the editor ended with an error.
        Misconfigured: there is no editor.
        CannotWrite: the copy cannot be written.
    """
    from vidctl.storage.files import write_whole

    words = _editor(instead)
    if draft.exists():  # what was refused last time: nothing that a person typed is overwritten
        print(f"Going on with the text kept in {draft}; remove that file to begin anew.", file=sys.stderr)
    else:
        write_whole(draft, data)
    status = subprocess.call([*words, str(draft)])
    if status != 0:
        raise BadInput(f"{words[0]} ended with status {status}, so nothing was changed", hint=f"your text: {draft}")
    try:
        return draft.read_bytes()
    except OSError as exc:
        raise BadInput(
            f"{words[0]} left no file to read: {exc.strerror}", hint="nothing was changed; try again"
        ) from exc


def _editor(instead: str) -> list[str]:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise BadInput("there is no terminal for an editor here", hint=instead)
    words = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
    if not words or shutil.which(words[0]) is None:
        raise Misconfigured(f"there is no editor {words[0] if words else ''!r}", hint=f"set EDITOR, or {instead}")
    return words
