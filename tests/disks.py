"""Disks that really are small: file systems in memory that a test mounts."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, size: str = "2m", *, files: int | None = None) -> Iterator[None]:
    """Let `folder` be a disk of its own, for so many files; skip the test where this user may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    room = f"size={size}" + (f",nr_inodes={files + 1}" if files is not None else "")
    command = ["mount", "-t", "tmpfs", "-o", room, "vidctl-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("only root may mount a small disk, and not in every container")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full_disk(folder: Path) -> Iterator[None]:
    """Let `folder` be a disk on which files can be opened, and nothing can be written into them."""
    with small_disk(folder):
        (folder / "filler").write_bytes(b"x" * shutil.disk_usage(folder).free)
        yield
