"""The demo's own folder: its channel, its database, its workspace; a later demo starts it clean."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vidctl.cli.demo.film import CHANNEL, images_for
from vidctl.errors import BadInput, CannotWrite, Unavailable

MARK: Final = ".vidctl-demo"
"""Only a folder with this file in it is ever cleared."""
_OURS: Final = (MARK, "home", "channel_configs", "film", "thumbnail", "contact_sheet", "subtitles")
"""How the names begin of what a demo makes in its folder."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where everything of a demo lies."""

    folder: Path

    @property
    def home(self) -> Path:
        """The demo's VIDCTL_HOME."""
        return self.folder / "home"

    @property
    def channels(self) -> Path:
        """The demo's channel files."""
        return self.folder / "channel_configs"

    @property
    def environment(self) -> dict[str, str]:
        """What makes any `vidctl` command work on the demo."""
        return {"VIDCTL_HOME": str(self.home), "VIDCTL_CHANNEL_CONFIGS": str(self.channels), "DATABASE_URL": ""}

    def process_environment(self, whole: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of the demo's ticks."""
        return {**whole, **self.environment}


@contextmanager
def reserved(folder: Path) -> Iterator[None]:
    """Keep a folder for one demo: a second one would clear it under the first.

    Raises:
        Unavailable: a demo is being made there now.
        CannotWrite: the folder around it cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder.absolute().with_name(f".{folder.name}.lock"), timeout=0)
    try:
        Path(lock.lock_file).parent.mkdir(parents=True, exist_ok=True)
        Path(lock.lock_file).touch()  # where that fails, FileLock would take it for held
        lock.acquire()
    except Timeout as exc:
        raise Unavailable(
            f"a demo is being made in {folder} now", hint="wait for it, or choose another folder: vidctl demo --dir DIR"
        ) from exc
    except OSError as exc:
        raise _cannot_write(folder, exc) from exc
    try:
        yield
    finally:
        Path(lock.lock_file).unlink(missing_ok=True)
        lock.release()


def set_up(folder: Path, *, scenes: int) -> Stage:
    """Clear what an earlier demo left in `folder`, and write the demo's channel there.

    The mark comes first and stays: a demo that is killed leaves no folder that the next one refuses.

    Raises:
        BadInput: the folder holds something that is no demo's.
        CannotWrite: it cannot be written to.
    """
    stage = Stage(folder.absolute())
    try:
        _clear(stage)
        stage.folder.mkdir(parents=True, exist_ok=True)
        (stage.folder / MARK).write_text("made by: vidctl demo\n")
        stage.channels.mkdir()
        (stage.channels / f"{CHANNEL}.yaml").write_text(json.dumps(_channel(scenes), indent=2))  # JSON is YAML
    except OSError as exc:
        raise _cannot_write(stage.folder, exc) from exc
    return stage


def _cannot_write(folder: Path, exc: OSError) -> CannotWrite:
    return CannotWrite(
        f"cannot write to {folder}: {exc.strerror or exc}", hint="choose another folder: vidctl demo --dir DIR"
    )


def _channel(scenes: int) -> dict[str, object]:
    return {
        "channel_id": CHANNEL,
        "channel_name": "Demo",
        "board": "local",
        "mode": "preview",
        "story": {"assets": images_for(scenes), "scenes": scenes},
    }


def _clear(stage: Stage) -> None:
    if not stage.folder.exists():
        return
    if not stage.folder.is_dir() or (any(stage.folder.iterdir()) and not (stage.folder / MARK).is_file()):
        raise BadInput(
            f"{stage.folder} is there already, and is no demo's folder", hint="choose another: vidctl demo --dir DIR"
        )
    if yours := _not_ours(stage):
        raise BadInput(
            f"{yours[0]} is not the demo's, so {stage.folder} is not cleared",
            hint="keep it, and choose another folder: vidctl demo --dir DIR",
        )
    from vidctl.store import embedded

    embedded.erase(stage.home)
    for entry in (entry for entry in stage.folder.iterdir() if entry.name != MARK):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _not_ours(stage: Stage) -> list[Path]:
    """Return what somebody else put beside the demo: files, or a channel and with it films."""
    beside = [entry for entry in sorted(stage.folder.iterdir()) if not entry.name.startswith(_OURS)]
    channels = sorted(stage.channels.iterdir()) if stage.channels.is_dir() else []
    return beside + [entry for entry in channels if entry.name != f"{CHANNEL}.yaml"]


def hand_out(made: Path, to: Path) -> Path:
    """Give a file of the workspace a name that people find: a hard link, or a copy where there are none."""
    to.unlink(missing_ok=True)
    try:
        os.link(made, to)
    except OSError:
        shutil.copyfile(made, to)
    return to
