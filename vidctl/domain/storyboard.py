"""The storyboard: everything that has to be drawn, filmed, spoken and heard, as one document.

Step 1 makes it, every later step reads it, and its published schema is `scripts/storyboard.schema.json`
(made from these classes; a test keeps the two equal).
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from vidctl.errors import BadInput

MAX_BYTES: Final = 1_000_000

# Not `$`, which lets a newline follow in Python; not `\Z`, which JSON Schema does not know.
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_]{0,39}(?![\s\S])", description="a file name without its ending")]
# A NUL can be given to no program as an option, and PostgreSQL cannot store it.
_WITHOUT_NUL: Final = r"^[^\x00]*(?![\s\S])"
_NOT_BLANK: Final = r"^\s*[^\s\x00][^\x00]*(?![\s\S])"
Prompt = Annotated[str, Meta(max_length=4_000, pattern=_NOT_BLANK)]
Narration = Annotated[
    str, Meta(max_length=2_000, pattern=_WITHOUT_NUL, description="the words spoken; empty for a silent scene")
]


class AssetKind(StrEnum):
    """What an image shows; also the folder it is kept in."""

    CHARACTER = "character"
    ENVIRONMENT = "environment"
    PROP = "prop"


class Layout(StrEnum):
    """How a scene's picture is put together."""

    SINGLE = "single"
    SPLIT = "split"


class Asset(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One image. Characters and props are cut out (alpha); environments fill the frame."""

    name: Slug
    kind: AssetKind
    prompt: Prompt
    like: Annotated[
        Slug | None, Meta(description="an earlier image of the same kind that shows the same one: drawn after it")
    ] = None


class Panel(Struct, frozen=True, forbid_unknown_fields=True):
    """One picture: an environment, and the characters and props that stand in it, left to right."""

    environment: Slug
    characters: tuple[Slug, ...] = ()
    props: tuple[Slug, ...] = ()


class Composite(Struct, frozen=True, forbid_unknown_fields=True):
    """A scene's picture: one panel that fills the frame, or two side by side."""

    layout: Layout
    panels: Annotated[tuple[Panel, ...], Meta(min_length=1, max_length=2)]


class Scene(Struct, frozen=True, forbid_unknown_fields=True):
    """One shot of the film, of at most the channel's clip length."""

    number: Annotated[int, Meta(ge=1)]
    composite: Composite
    motion: Prompt
    sound: Prompt
    narration: Narration = ""


class Storyboard(Struct, frozen=True, forbid_unknown_fields=True):
    """A whole film on paper. Images are numbered by their place in `assets`, from 1."""

    title: Annotated[str, Meta(max_length=200, pattern=_NOT_BLANK)]
    summary: Annotated[str, Meta(max_length=2_000, pattern=_WITHOUT_NUL)]
    style: Annotated[str, Meta(max_length=1_000, pattern=_NOT_BLANK, description="joins every image prompt")]
    assets: Annotated[tuple[Asset, ...], Meta(min_length=1, max_length=200)]
    scenes: Annotated[tuple[Scene, ...], Meta(min_length=1, max_length=200)]

    def image_index(self, name: str) -> int:
        """Return the number of the image called `name`, from 1."""
        return next(index for index, asset in enumerate(self.assets, 1) if asset.name == name)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a storyboard."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Storyboard)}


def parse(data: bytes | str) -> Storyboard:
    """Return the storyboard that a JSON document holds.

    Raises:
        BadInput: it is no such document; the message names the field.
    """
    if len(data) > MAX_BYTES:
        raise BadInput(f"the storyboard is larger than {MAX_BYTES:,} bytes", hint="shorten its prompts")
    try:
        board = msgspec.json.decode(data, type=Storyboard)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as exc:
        raise _refused(str(exc)) from exc
    for complaint in _complaints(board):
        raise _refused(complaint)
    return board


def check_size(board: Storyboard, *, assets: int, scenes: int) -> None:
    """Refuse a storyboard that has not the number of images and scenes that the channel asks for.

    Raises:
        BadInput: a count differs.
    """
    for field, have, want in (("assets", len(board.assets), assets), ("scenes", len(board.scenes), scenes)):
        if have != want:
            raise _refused(f"`$.{field}` holds {have}, the channel asks for {want}")


def _complaints(board: Storyboard) -> Iterator[str]:
    """Yield what the types cannot say: names are unique, numbers have no gap, references exist."""
    kinds: dict[str, AssetKind] = {}
    for at, asset in enumerate(board.assets):
        if asset.name in kinds:
            yield f"`$.assets[{at}].name`: {asset.name!r} is used twice"
        if asset.like is not None and kinds.get(asset.like) is not asset.kind:
            yield f"`$.assets[{at}].like`: no {asset.kind} before it is called {asset.like!r}"
        kinds[asset.name] = asset.kind
    for at, scene in enumerate(board.scenes):
        if scene.number != at + 1:
            yield f"`$.scenes[{at}].number` is {scene.number}, but it is scene {at + 1}"
        yield from _panel_complaints(scene.composite, f"$.scenes[{at}].composite", kinds)


def _panel_complaints(composite: Composite, where: str, kinds: dict[str, AssetKind]) -> Iterator[str]:
    wanted = 2 if composite.layout is Layout.SPLIT else 1
    if len(composite.panels) != wanted:
        yield f"`{where}.panels` holds {len(composite.panels)}, a {composite.layout} picture has {wanted}"
    for at, panel in enumerate(composite.panels):
        for field, names, kind in (
            ("environment", (panel.environment,), AssetKind.ENVIRONMENT),
            ("characters", panel.characters, AssetKind.CHARACTER),
            ("props", panel.props, AssetKind.PROP),
        ):
            for name in names:
                if kinds.get(name) is not kind:
                    yield f"`{where}.panels[{at}].{field}`: no {kind} is called {name!r}"


def _refused(complaint: str) -> BadInput:
    return BadInput(f"not a storyboard: {complaint}", hint="vidctl storyboard show --json prints one that is right")
