"""How a channel's refresh token lies in the database: sealed, for this channel alone.

What is sealed says whose it is, so a row's token that was copied into another row is refused there. cryptography
is imported only where something is sealed or opened: most ticks do neither.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from vidctl.domain.keyring import VARIABLE, keyring, keys_in
from vidctl.errors import Misconfigured, VidctlError

_ANEW: Final = "vidctl auth forget, then vidctl auth youtube"


@dataclass(frozen=True, slots=True)
class Token:
    """What a channel uploads with; `account` is what YouTube calls the channel that it is of."""

    channel_id: str
    account: str
    refresh_token: str = field(repr=False)


class WrongKey(Misconfigured):
    """No key that is set reads what is sealed."""


class NotItsOwn(Misconfigured):
    """What is sealed is not for this channel."""


def require_keys(environment: Mapping[str, str]) -> None:
    """Refuse to begin what would end in a token that cannot be sealed.

    Raises:
        Misconfigured: there is no key, or one that cannot be one.
    """
    keys_in(environment.get(VARIABLE, ""))


def sealed(token: Token, environment: Mapping[str, str]) -> bytes:
    """Return a token as it may be kept.

    Raises:
        Misconfigured: as `require_keys`.
    """
    return keyring(environment.get(VARIABLE, "")).encrypt(msgspec.json.encode(token))


def opened(token: bytes, channel_id: str, environment: Mapping[str, str]) -> Token:
    """Return the token that was sealed for a channel.

    Raises:
        WrongKey: none of the keys reads it.
        NotItsOwn: it was sealed for another channel, or is no token at all.
        Misconfigured: as `require_keys`.
    """
    try:
        found = msgspec.json.decode(plain(token, f"the token of channel {channel_id}", environment), type=Token)
    except (msgspec.DecodeError, UnicodeError) as exc:
        raise _not_its_own(channel_id, "is none") from exc
    if found.channel_id != channel_id:
        raise _not_its_own(channel_id, f"was sealed for channel {found.channel_id}")
    return found


def plain(sealed: bytes, what: str, environment: Mapping[str, str], *, if_lost: str = _ANEW) -> bytes:
    """Return what is sealed. Errors name it as `what`, and say what to do `if_lost` is the key.

    Raises:
        WrongKey: none of the keys reads it.
        Misconfigured: as `require_keys`.
    """
    from cryptography.fernet import InvalidToken

    keys = keyring(environment.get(VARIABLE, ""))
    try:
        return keys.decrypt(sealed)
    except InvalidToken as exc:
        raise WrongKey(
            f"none of the keys in {VARIABLE} can read {what}",
            hint=f"add the key that it was sealed with, after a comma; if that is lost: {if_lost}",
        ) from exc


def is_by_first_key(sealed: bytes, environment: Mapping[str, str]) -> bool:
    """Say whether the key that seals now is enough to read this.

    Raises:
        Misconfigured: as `require_keys`.
    """
    from cryptography.fernet import Fernet, InvalidToken

    try:
        Fernet(keys_in(environment.get(VARIABLE, ""))[0]).decrypt(sealed)
    except InvalidToken:
        return False
    return True


def renewed(sealed: bytes, what: str, environment: Mapping[str, str], *, if_lost: str = _ANEW) -> bytes:
    """Return the same, sealed with the first key, which was seen to be enough to read it.

    Raises:
        WrongKey, Misconfigured: as `plain`.
        VidctlError: it could not be read back.
    """
    keys = environment.get(VARIABLE, "")
    text = plain(sealed, what, environment, if_lost=if_lost)
    anew = keyring(keys).encrypt(text)
    if plain(anew, what, {VARIABLE: keys_in(keys)[0]}) != text:
        raise lost(what)
    return anew


def lost(what: str) -> VidctlError:
    """Return the complaint that what was sealed anew cannot be read back: so it must not be kept."""
    return VidctlError(
        f"{what} that was sealed anew cannot be read back",
        hint=f"nothing was changed: leave all keys in {VARIABLE}, and look whether disk and memory are well",
    )


def _not_its_own(channel_id: str, how: str) -> NotItsOwn:
    return NotItsOwn(
        f"what the database has as the token of channel {channel_id} {how}",
        hint=f"nothing is uploaded with it; vidctl auth youtube --channel {channel_id} gets its own",
    )
