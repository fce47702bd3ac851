"""Contact sheets: all images of a film, or frames of all its clips, on one page to be looked over at a gate."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
from PIL import Image, ImageDraw, ImageFilter

from vidctl.errors import BadInput, NotFound
from vidctl.media import images
from vidctl.media.lettering import fitted, write
from vidctl.media.stills import stills

PAGE_PX: Final = 2_000
MARGIN_PX: Final = 56
GAP_PX: Final = 22
HEAD_PX: Final = 150
LABEL_PX: Final = 46
FRAMES: Final = 4
"""Frames shown of each clip."""
CLIPS: Final = (".mp4", ".mov", ".m4v", ".webm", ".mkv")
MOST_ITEMS: Final = 400

_PAPER: Final = (24, 25, 29)
_CARD: Final = (36, 38, 43)
_BRIGHT: Final = (238, 234, 225)
_DIM: Final = (150, 150, 152)
_ACCENT: Final = (224, 168, 88)
_BACKDROP: Final = ((214, 208, 198), (172, 166, 157))


class Item(msgspec.Struct, frozen=True):
    """One picture or clip, and what to write under it."""

    path: str
    label: str = ""


class Manifest(msgspec.Struct, frozen=True):
    """What a sheet shows; paths are relative to the manifest's file."""

    items: tuple[Item, ...]
    title: str = ""
    subtitle: str = ""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the cells of a sheet lie."""

    columns: int
    cell: tuple[int, int]

    @classmethod
    def of(cls, columns: int, shape: float, *, more_wide: int = 0) -> "_Grid":
        """Return cells as wide as fit; `shape` is height by width of what is left beside `more_wide` pixels."""
        wide = (PAGE_PX - 2 * MARGIN_PX - (columns - 1) * GAP_PX) // columns
        return cls(columns, (wide, round((wide - more_wide) * shape)))

    def corner(self, at: int) -> tuple[int, int]:
        row, column = divmod(at, self.columns)
        wide, high = self.cell
        return MARGIN_PX + column * (wide + GAP_PX), HEAD_PX + row * (high + LABEL_PX + GAP_PX)

    def page_height(self, count: int) -> int:
        rows = -(-count // self.columns)
        return HEAD_PX + rows * (self.cell[1] + LABEL_PX + GAP_PX) + MARGIN_PX // 2


def read(path: Path) -> Manifest:
    """Return the manifest in a file.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no manifest; the message names the field.
    """
    try:
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError as exc:
        raise NotFound(f"there is no manifest at {path}", hint="check the path") from exc
    except (msgspec.DecodeError, OSError, UnicodeDecodeError, RecursionError) as exc:
        raise _refused(path, str(exc)) from exc
    if not 0 < len(manifest.items) <= MOST_ITEMS:
        raise _refused(path, f"`$.items` holds {len(manifest.items)}, it may hold 1 to {MOST_ITEMS}")
    return manifest


def sheet(manifest: Manifest, folder: Path) -> Image.Image:
    """Return the page: a filmstrip where there is a clip among the items, else a grid of pictures.

    Raises:
        NotFound, BadInput: an item cannot be shown; the message names its file.
    """
    films = any(Path(item.path).suffix.lower() in CLIPS for item in manifest.items)
    count = len(manifest.items)
    grid = _strip_grid(count) if films else _Grid.of(_columns(count), 9 / 16)
    page = Image.new("RGB", (PAGE_PX, grid.page_height(count)), _PAPER)
    _head(page, manifest)
    for at, item in enumerate(manifest.items):
        path = folder / item.path
        if path.suffix.lower() in CLIPS:
            _clip_card(page, grid, at, path, item.label)
        else:
            _picture_card(page, grid, at, path, item.label)
    return page


def _columns(count: int) -> int:
    return next((columns for columns, most in ((1, 1), (2, 4), (3, 9), (4, 16), (5, 45)) if count <= most), 8)


def _strip_grid(count: int) -> _Grid:
    columns = 1 if count <= 5 else 2  # noqa: PLR2004  # a handful fits below one another
    return _Grid.of(columns, 9 / 16 / FRAMES, more_wide=(FRAMES - 1) * 4)


def _head(page: Image.Image, manifest: Manifest) -> None:
    room = PAGE_PX - 2 * MARGIN_PX
    write(page, (MARGIN_PX, 46), fitted(manifest.title or "Contact sheet", 46, room - 220), 46, _BRIGHT)
    write(page, (MARGIN_PX, 104), fitted(manifest.subtitle, 24, room - 220), 24, _DIM)
    count = len(manifest.items)
    write(page, (PAGE_PX - MARGIN_PX, 104), f"{count} item{'s' if count > 1 else ''}", 24, _DIM, anchor="ra")
    ImageDraw.Draw(page).rectangle((MARGIN_PX, 30, MARGIN_PX + 64, 34), fill=_ACCENT)


def _picture_card(page: Image.Image, grid: _Grid, at: int, path: Path, label: str) -> None:
    picture = images.opened(path, longest=2 * grid.cell[0])
    card = _on_backdrop(picture, grid.cell) if picture.mode == "RGBA" else _contained(picture, grid.cell)
    _lay(page, grid, at, card, label)


def _contained(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    picture.thumbnail(size, Image.Resampling.LANCZOS)
    if abs(picture.width - size[0]) <= 2 and abs(picture.height - size[1]) <= 2:  # noqa: PLR2004  # a rounding
        return picture.resize(size)
    card = Image.new("RGB", size, _CARD)
    card.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return card


def _on_backdrop(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a cut-out standing before a neutral backdrop, with a soft shadow."""
    top, low = (Image.new("RGB", size, colour) for colour in _BACKDROP)
    card = Image.composite(low, top, Image.linear_gradient("L").resize(size))
    room = round(size[0] * 0.88), round(size[1] * 0.88)
    picture.thumbnail(room, Image.Resampling.LANCZOS)
    corner = (size[0] - picture.width) // 2, size[1] - picture.height - round(size[1] * 0.05)
    alpha = Image.new("L", size)
    alpha.paste(picture.getchannel("A"), (corner[0] + 5, corner[1] + 5))
    card.paste((70, 64, 58), mask=alpha.filter(ImageFilter.GaussianBlur(5)).point([value // 2 for value in range(256)]))
    card.paste(picture, corner, picture)
    return card


def _clip_card(page: Image.Image, grid: _Grid, at: int, path: Path, label: str) -> None:
    wide, high = grid.cell
    each = (wide - (FRAMES - 1) * 4) // FRAMES
    taken = stills(path, FRAMES, (each, high))
    card = Image.new("RGB", grid.cell, _PAPER)
    for place, frame in enumerate(taken.frames):
        card.paste(frame, (place * (each + 4), 0))
    _lay(page, grid, at, card, label, length=f"{taken.duration_s:.1f} s")


def _lay(page: Image.Image, grid: _Grid, at: int, card: Image.Image, label: str, *, length: str = "") -> None:
    """Put a card in its place with rounded corners, its number, its label and its length beneath."""
    (x, y), (wide, high) = grid.corner(at), grid.cell
    page.paste(card, (x, y), _rounded(card.size))
    write(page, (x + 2, y + high + 10), f"{at + 1:02d}", 22, _ACCENT)
    room = wide - 44 - (90 if length else 4)
    write(page, (x + 40, y + high + 10), fitted(label, 22, room), 22, _BRIGHT)
    if length:
        write(page, (x + wide, y + high + 10), length, 22, _DIM, anchor="ra")


def _rounded(size: tuple[int, int]) -> Image.Image:
    large = Image.new("L", (size[0] * 2, size[1] * 2))
    ImageDraw.Draw(large).rounded_rectangle((0, 0, large.width - 1, large.height - 1), radius=20, fill=255)
    return large.reduce(2)


def _refused(path: Path, complaint: str) -> BadInput:
    return BadInput(
        f"{path} is no manifest of a contact sheet: {complaint}",
        hint='it looks like {"title": "...", "items": [{"path": "...", "label": "..."}]}',
    )
