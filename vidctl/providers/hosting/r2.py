"""The channel's own bucket at Cloudflare R2, at an address that is signed and good for a day."""

import tempfile
from pathlib import Path
from typing import Final

from vidctl.errors import VidctlError
from vidctl.providers.hosting.picture import HostFailed, Picture

FOLDER: Final = "seeds"
GOOD_FOR_S: Final = 86_400


def is_configured() -> bool:
    """Say whether the environment names a bucket."""
    from vidctl.providers.r2.settings import is_configured as named

    return named()


def put(picture: Picture) -> str:
    """Upload a picture and return its address.

    Raises:
        HostFailed: there is none.
    """
    from vidctl.providers.r2 import put_and_sign

    name = picture.new_name()
    with tempfile.TemporaryDirectory(prefix="vidctl-seed-") as folder:
        file = Path(folder) / name
        file.write_bytes(picture.content)
        try:
            return put_and_sign(file, f"{FOLDER}/{name}", seconds=GOOD_FOR_S)
        except VidctlError as exc:
            raise HostFailed(str(exc)) from exc
