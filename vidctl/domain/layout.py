"""Where each file of a film lies, relative to the film's folder and to the workspace."""

from pathlib import PurePosixPath
from typing import Final

from vidctl.domain.storyboard import Asset, AssetKind

STORYBOARD: Final = "storyboard.json"
CONTACT_SHEET: Final = "contact_sheet.png"
FILMSTRIP: Final = "filmstrip.png"
ANIMATIC: Final = "animatic.mp4"
RECEIPT: Final = "receipt.json"
THUMBNAIL: Final = "thumbnail.jpg"
FINGERPRINT: Final = "fingerprint.json"
FILM_SIZE: Final = (1920, 1080)
"""Width and height of every film, whatever size its clips come in."""
THUMBNAIL_SIZE: Final = (1280, 720)
MAX_THUMBNAIL_BYTES: Final = 2_000_000
"""What YouTube takes; where it says 2 MB it may mean a little more."""
STAGING: Final = ".staging"
"""Where scripts write; a file leaves it only when it is whole, checked and recorded."""

PUBLISHED: Final = "published"
"""Where films in preview are public: nobody else has them."""

TAKES: Final = "takes"
"""Where files are kept that others replaced."""

_FOLDERS: Final = {
    AssetKind.CHARACTER: "assets/characters",
    AssetKind.ENVIRONMENT: "assets/environments",
    AssetKind.PROP: "assets/props",
}


def project(channel_id: str, task_id: str) -> str:
    """Return a film's folder, relative to the workspace."""
    return f"channels/{channel_id}/projects/{task_id}"


def image(asset: Asset) -> str:
    """Return where an image lies."""
    return f"{_FOLDERS[asset.kind]}/{asset.name}.png"


def composite(scene: int) -> str:
    """Return where a scene's picture lies."""
    return f"assets/composites/composite_{scene:02d}.png"


def clip(scene: int) -> str:
    """Return where a scene's moving picture lies."""
    return f"videos/clip_{scene:02d}.mp4"


def narration(scene: int) -> str:
    """Return where a scene's spoken words lie."""
    return f"audio/narration_{scene:02d}.mp3"


def sfx(scene: int) -> str:
    """Return where a scene's sound lies."""
    return f"sfx/sfx_{scene:02d}.wav"


def film(task_id: str) -> str:
    """Return where the film lies; its subtitles lie beside it."""
    return f"{task_id}_final.mp4"


def take(place: str, number: int, sha256: str) -> str:
    """Return where the file that lies in `place` is kept once another has replaced it.

    With the first of its sha256 in its name, so that no other file ever has the same: an image that another
    storyboard has no more, and one that takes its name later, are two items with a first take each.
    """
    file = PurePosixPath(place)
    return str(TAKES / file.with_name(f"{file.stem}_take_{number}_{sha256[:8]}{file.suffix}"))
