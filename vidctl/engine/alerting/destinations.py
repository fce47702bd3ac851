"""Where alerts go, as the environment says. An address is a secret: all else knows it by a name and a hash."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from vidctl.settings import DESTINATIONS

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+]{1,20}")
_HOSTED: Final = ("mailto", "mailtos", "json", "jsons", "xml", "xmls", "form", "forms", "http", "https")
"""Whose host is a host, and may be shown: of other services a key may stand in its place."""
_PASSWORD: Final = re.compile(r"(?<=://)([^:@/?#]*):[^@/?#]*@|(?<=[?&])pass=[^&]*")


@dataclass(frozen=True, slots=True)
class Destination:
    """One place where people are told."""

    id: str
    name: str
    variable: str
    url: str = field(repr=False)


def destinations(environment: Mapping[str, str]) -> list[Destination]:
    """Return every destination that is set, each once; of those that would be called alike, the later ones numbered."""
    found: dict[str, Destination] = {}
    called = Counter[str]()
    for variable in DESTINATIONS:
        for url in environment.get(variable, "").split():
            if (known := id_of(url)) not in found:
                name = name_of(url, variable)
                called[name] += 1
                numbered = f"{name} ({called[name]})" if called[name] > 1 else name
                found[known] = Destination(known, numbered, variable, url)
    return list(found.values())


def id_of(url: str) -> str:
    """Return what stands for an address in the database. A password has no part in it, for it might be guessed."""
    return hashlib.sha256(_PASSWORD.sub(r"\1@", url).encode("utf-8", "replace")).hexdigest()[:10]


def name_of(url: str, variable: str) -> str:
    """Return what people call a destination: "discord", "slack", "mailtos at example.com"."""
    if variable == DESTINATIONS[0]:
        return "discord"
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "unknown"
    scheme = parts.scheme.lower()
    if not _SCHEME.fullmatch(scheme):
        return "unknown"
    is_shown = scheme in _HOSTED and re.fullmatch(r"[\w.-]{1,100}", host)
    return f"{scheme} at {host}" if is_shown else scheme
