"""What stands on a card's page: a section for each stage, and in it everything a person has to look at. Pure.

Each block says in its caption which item it shows and, by the first characters of the file's sha256, as
what: so a page can be read back, and whatever went wrong while it was written, no item stands there twice.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from vidctl.board.texts import plain, runs_of
from vidctl.domain.storyboard import Storyboard
from vidctl.domain.work import SHEETS, SINGLE, Artifact, Kind

Block = dict[str, Any]

COLUMNS: Final = 3
"""How many pictures stand side by side."""
MARK: Final = 10
"""Characters of a sha256 in a caption."""
MAX_BLOCKS: Final = 100
"""In one request."""


class Section(StrEnum):
    """The stages, in the order in which they come; also their headings."""

    STORYBOARD = "Storyboard"
    IMAGES = "Images"
    ANIMATIC = "Animatic"
    CLIPS = "Clips"
    SOUNDS = "Sounds"
    FILM = "Film"


SECTION_OF: Final[Mapping[Kind, Section]] = {
    Kind.STORYBOARD: Section.STORYBOARD,
    Kind.CONTACT_SHEET: Section.IMAGES,
    Kind.IMAGE: Section.IMAGES,
    Kind.ANIMATIC: Section.ANIMATIC,
    Kind.FILMSTRIP: Section.CLIPS,
    Kind.CLIP: Section.CLIPS,
    Kind.NARRATION: Section.SOUNDS,
    Kind.SFX: Section.SOUNDS,
    Kind.FILM: Section.FILM,
    Kind.THUMBNAIL: Section.FILM,
}
"""What is shown, and where."""

BLOCK_OF: Final[Mapping[Kind, str]] = {
    Kind.CONTACT_SHEET: "image",
    Kind.IMAGE: "image",
    Kind.ANIMATIC: "video",
    Kind.FILMSTRIP: "image",
    Kind.CLIP: "video",
    Kind.NARRATION: "audio",
    Kind.SFX: "audio",
    Kind.FILM: "video",
    Kind.THUMBNAIL: "image",
}
"""The type of block that shows a file."""

_NAMES: Final = {
    Kind.STORYBOARD: "Storyboard",
    Kind.CONTACT_SHEET: "Contact sheet",
    Kind.IMAGE: "Image",
    Kind.ANIMATIC: "Animatic",
    Kind.FILMSTRIP: "Filmstrip",
    Kind.CLIP: "Clip",
    Kind.NARRATION: "Narration",
    Kind.SFX: "Sound",
    Kind.FILM: "Film",
    Kind.THUMBNAIL: "Thumbnail",
}
_KINDS: Final = {name: kind for kind, name in _NAMES.items()}
_CAPTION: Final = re.compile(
    rf"(?P<name>{'|'.join(_KINDS)})(?: (?P<index>\d+))?\b.* #(?P<mark>[0-9a-f]{{{MARK}}})\Z", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a page has to show. `words` is what was drawn, said or heard there."""

    artifact: Artifact
    sha256: str
    words: str = ""
    remark: str = ""
    """What else there is to know of it, such as that it is only a proxy."""

    @property
    def caption(self) -> str:
        """What stands below it."""
        one = self.artifact.kind in SHEETS | SINGLE
        name = _NAMES[self.artifact.kind] + ("" if one else f" {self.artifact.index}")
        words = " ".join(self.words.split())[:1_500]
        return " · ".join(filter(None, [name, words, self.remark, f"#{self.mark}"]))

    @property
    def mark(self) -> str:
        """What tells this file from another take of the same item."""
        return self.sha256[:MARK]


@dataclass(frozen=True, slots=True)
class Found:
    """A block of ours that stands on a page."""

    block_id: str
    artifact: Artifact
    mark: str


def found_in(block: Mapping[str, Any]) -> Found | None:
    """Return what a block shows, if it is one of ours."""
    body = block.get(str(block.get("type")))
    runs = (body.get("caption") or body.get("rich_text") or []) if isinstance(body, Mapping) else []
    match = _CAPTION.match(plain(runs)) if isinstance(runs, list) else None
    if match is None:
        return None
    return Found(str(block["id"]), Artifact(_KINDS[match["name"]], int(match["index"] or 1)), match["mark"])


def is_heading(block: Mapping[str, Any], section: Section) -> bool:
    """Tell whether a block is a section's heading: nothing but its name, on a heading that folds as ours do."""
    body = block.get("heading_2")
    if not isinstance(body, Mapping) or not body.get("is_toggleable"):
        return False
    return plain(body.get("rich_text") or []).strip() == section


def heading(section: Section) -> Block:
    """Return a section's heading, which folds what is below it."""
    return {"type": "heading_2", "heading_2": {"rich_text": runs_of(section), "is_toggleable": True}}


def shown(item: Item, file: Block) -> Block:
    """Return the block that shows a file: `uploaded` or `elsewhere`."""
    kind = BLOCK_OF[item.artifact.kind]
    return {"type": kind, kind: {**file, "caption": runs_of(item.caption)}}


def uploaded(upload_id: str) -> Block:
    """Return a file that was uploaded, as a block or a property names it."""
    return {"type": "file_upload", "file_upload": {"id": upload_id}}


def elsewhere(url: str) -> Block:
    """Return a file that lies at another address."""
    return {"type": "external", "external": {"url": url}}


def side_by_side(blocks: Sequence[Block]) -> Block:
    """Return blocks in columns, so that they are read line by line."""
    columns = [
        {"type": "column", "column": {"children": list(blocks[at::COLUMNS])}} for at in range(min(COLUMNS, len(blocks)))
    ]
    return {"type": "column_list", "column_list": {"children": columns}}


def table(board: Storyboard, item: Item) -> Block:
    """Return the storyboard as a page shows it: what it is about, and a line for each scene, in one block that folds.

    A table is made with at most 100 lines; those beyond are `rows_of(board)[99:]`, for who makes it.
    """
    rows = [_row(["Scene", "Picture", "Motion", "Narration", "Sound"]), *rows_of(board)]
    lines = {"table_width": 5, "has_column_header": True, "has_row_header": True, "children": rows[:MAX_BLOCKS]}
    summary = [{"type": "paragraph", "paragraph": {"rich_text": runs_of(board.summary)}}] if board.summary else []
    inside = [*summary, {"type": "table", "table": lines}]
    return {"type": "toggle", "toggle": {"rich_text": runs_of(item.caption), "children": inside}}


def rows_of(board: Storyboard) -> list[Block]:
    """Return a line for each scene."""
    return [
        _row([str(scene.number), ", ".join(_pictured(scene)), scene.motion, scene.narration, scene.sound])
        for scene in board.scenes
    ]


def _pictured(scene: Any) -> Iterator[str]:
    for panel in scene.composite.panels:
        yield from (name.replace("_", " ") for name in (panel.environment, *panel.characters, *panel.props))


def _row(cells: Sequence[str]) -> Block:
    return {"type": "table_row", "table_row": {"cells": [runs_of(cell) for cell in cells]}}
