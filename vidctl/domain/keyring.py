"""The keys that sealed texts are read with: Fernet's, of which the first seals and all read."""

import re
from typing import TYPE_CHECKING, Final

from vidctl.errors import Misconfigured

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

VARIABLE: Final = "FERNET_KEY"
MAKE_ONE: Final = "vidctl auth generate-key makes one"
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{43}=")


def keys_in(text: str) -> list[str]:
    """Return the keys of a setting, which stand between commas or blanks.

    Raises:
        Misconfigured: there is none, or one of them cannot be a key. It is not repeated: it may be one but for a slip.
    """
    keys = [key for key in re.split(r"[,\s]+", text) if key]
    if not keys:
        raise Misconfigured(
            f"{VARIABLE} is not set: without it no token can be sealed or read",
            hint=f"{MAKE_ONE}; where channels are authorized already, it has to be the one of that time",
        )
    for number, key in enumerate(keys, 1):
        if not _KEY.fullmatch(key):
            which = "what is in it" if len(keys) == 1 else f"number {number} of the {len(keys)} in it"
            raise Misconfigured(
                f"{VARIABLE} cannot be used: {which} is no Fernet key",
                hint=f"a key is 44 letters, digits, - and _ with = at the end: copy it again, or {MAKE_ONE}",
            )
    return keys


def keyring(text: str) -> "MultiFernet":
    """Return what seals with the first of a setting's keys, and reads with each.

    Raises:
        Misconfigured: as `keys_in`.
    """
    from cryptography.fernet import Fernet, MultiFernet

    return MultiFernet([Fernet(key) for key in keys_in(text)])
