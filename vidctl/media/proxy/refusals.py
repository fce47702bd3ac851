"""The errors of a proxy that cannot be made, whatever kind it is of."""

from pathlib import Path

from vidctl.errors import BadInput


def cannot_be_read(source: Path, exc: OSError) -> BadInput:
    """Return the error for a file that is there but cannot be opened, or is not there any more."""
    return BadInput(f"cannot read {source}: {exc.strerror or exc}", hint="is it there, and readable for this user?")


def no_room(source: Path, max_bytes: int, *, enough_bytes: int | None = None) -> BadInput:
    """Return the error for a limit below which nothing can be made out any more."""
    hint = f"it takes --max-bytes {enough_bytes} at least" if enough_bytes else "allow more with --max-bytes"
    return BadInput(f"no proxy of {source} is of use in {max_bytes:,} bytes", hint=hint)
