"""What a storyboard is made from: the document that `generate_story.py` is handed, whoever tells the story."""

from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from vidctl.errors import BadInput, NotFound


class Brief(Struct, frozen=True, forbid_unknown_fields=True):
    """What a person asked for. `style` is the channel's; without one, a style is chosen by the topic."""

    title: str = ""
    topic: str = ""
    story_direction: Annotated[str, Meta(max_length=50_000)] = ""
    channel_name: str = ""
    style: Annotated[str, Meta(max_length=1_000)] = ""
    assets: Annotated[int, Meta(ge=1, le=200)] = 22
    scenes: Annotated[int, Meta(ge=1, le=200)] = 18
    clip_seconds: Annotated[float, Meta(ge=1, le=60)] = 10.0


def read_brief(data: bytes | str) -> Brief:
    """Return the brief that a JSON document holds.

    Raises:
        BadInput: it is no such document; the message names the field.
    """
    try:
        return msgspec.json.decode(data, type=Brief)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise BadInput(f"not a brief: {exc}", hint=f"it has the fields {', '.join(Brief.__struct_fields__)}") from exc


def brief_in(path: Path) -> Brief:
    """Return the brief that a file holds.

    Raises:
        NotFound: it cannot be read.
        BadInput: see `read_brief`.
    """
    try:
        return read_brief(path.read_bytes())
    except OSError as exc:
        raise NotFound(f"cannot read {path}: {exc.strerror or exc}", hint="give --brief a file that exists") from exc


def checked(brief: Brief) -> Brief:
    """Return the brief if its fields are within their limits.

    Raises:
        BadInput: one is not; the message names it.
    """
    try:
        return msgspec.convert(msgspec.to_builtins(brief), type=Brief)
    except msgspec.ValidationError as exc:
        raise BadInput(f"not a brief: {exc}", hint="see --help for what each field may be") from exc
