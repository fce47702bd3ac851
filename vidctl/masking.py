"""Takes secrets out of text: those that this process knows by their value, all others by what they look like.

The one place for what a secret looks like. A log, an error, a column that people read: all of it goes through here.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import quote, quote_plus, unquote, urlsplit

from vidctl.settings import SECRETS

SHORTEST_SECRET: Final = 6
"""A shorter value is no key, and would black out ordinary words."""
MASK: Final = "[masked]"
_SHORTEST_CODE: Final = 8
"""A shorter piece of base64 or hexadecimal stands in too many other texts."""
_SHORTEST_TORN: Final = 16
"""A shorter value is not looked for across the ends of lines: words would make it up by chance."""

Secrets: TypeAlias = tuple[tuple[str, str], ...]
"""Names and values."""

_BREAK: Final = r"(?:[\t │|]{0,40}\\?\r?\n[\t │|]{0,40})"

_LOOKS: Final = (
    (r"(\bBearer\s+)(?!\[)[^\s\"',;]{6,}", True),
    (
        (
            r"((?:\bauthorization|\bx-goog-api-key|\bxi-api-key|\bx-api-key|\bcookie)[\"']?\s*[:=]\s*[\"']?"
            r"(?:(?:Basic|Bearer|Token)\s+)?)(?!\[|Bearer |Basic )[^\s\"',]{6,}"
        ),
        True,
    ),
    (r"(\bsk[_-])[A-Za-z0-9_-]{16,}", False),
    (r"(\bAIza|\bntn_|\bsecret_|\bGOCSPX-|\bghp_|\bxox[abprs]-)[A-Za-z0-9_-]{16,}", False),
    (r"(\bya29\.|\b1//)[A-Za-z0-9_.-]{16,}", False),
    (r"(\bgAAAAA)[A-Za-z0-9_-]{32,}={0,2}", False),
    (r"(\beyJ)[A-Za-z0-9_-]{8,300}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,}", False),
    (r"(\bdiscord(?:app)?\.com/api/(?:v\d+/)?webhooks/)[\w/-]+", True),
    (r"(\bhooks\.slack\.com/)[\w/-]+", True),
    (r"(\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@\"']*:)(?!\[)[^\s/\"']+(?=@)", True),
    (
        (
            r"((?:^|[?&\s;,\"'{(])(?:x-(?:amz|goog)-(?:signature|credential|security-token)|signature|sig|hmac|key"
            r"|api[_-]?key|(?:access[_-]?|refresh[_-]?|id[_-]?|auth[_-]?)?token|client[_-]?secret|secret|password|passwd"
            r"|upload_id|code_verifier)[\"']?(?:=|:\s?)[\"']?)(?!\[)[^\s&\"',;)}]{6,}"
        ),
        True,
    ),
    (r"(-----BEGIN [A-Z ]*PRIVATE KEY-----)[\s\S]+?(?=-----END|\Z)", False),
)
"""What secrets of the services look like that we use, and of those that people most often use besides.

They take no longer for a longer text than it is longer: what is looked through may come from anywhere. Each with
whether capitals are small letters too; what is to stay readable is its first group.
"""


def masked(text: str, secrets: Secrets) -> str:
    """Return a text in which no secret can be read; those that are known are named in their place."""
    return by_pattern(by_value(text, secrets))


def by_pattern(text: str) -> str:
    """Return a text without what looks like a secret."""
    for pattern in _patterns():
        text = pattern.sub(rf"\g<1>{MASK}", text)
    return text


@lru_cache(maxsize=1)
def _patterns() -> tuple["re.Pattern[str]", ...]:
    """Return what is looked for; made when it is needed, since that takes as long as an idle tick has to spare."""
    return tuple(re.compile(pattern, re.IGNORECASE if is_loose else 0) for pattern, is_loose in _LOOKS)


def by_value(text: str, secrets: Secrets) -> str:
    """Return a text without these secrets, also where they are encoded or broken over several lines."""
    forms = _forms(secrets)
    whole = text
    for form, name in forms:
        text = text.replace(form, f"[{name}]")
    if "\n" in text:
        joined = re.sub(_BREAK, "", text)
        for form, name in forms:
            if len(form) >= _SHORTEST_TORN and form in joined:
                text = re.sub(f"{_BREAK}?".join(map(re.escape, form)), f"[{name}]", text)
    if text != whole and any(form in text for form, _ in forms):  # what is left closed up to another one
        return MASK
    return text


def secrets_of(environment: Mapping[str, str]) -> Secrets:
    """Return the secrets of an environment, and the password of its database."""
    named = [(name, environment.get(name, "")) for name in SECRETS]
    written = _password(environment.get("DATABASE_URL", ""))
    named += [("DATABASE_URL", password) for password in dict.fromkeys((written, unquote(written)))]
    return tuple(one for one in named if len(one[1].strip()) >= SHORTEST_SECRET)


def _password(url: str) -> str:
    try:
        return urlsplit(url).password or ""
    except ValueError:
        return ""


@lru_cache(maxsize=16)
def _forms(secrets: Secrets) -> tuple[tuple[str, str], ...]:
    """Return everything that these secrets may be written as, the longest first."""
    found = {form: name for name, value in secrets for form in _written(value)}
    return tuple(sorted(found.items(), key=lambda one: -len(one[0])))


def _written(value: str) -> set[str]:
    """Return the ways to write a value; of a list of addresses also each of them."""
    value = value.strip()
    parts = {value, *(part for part in re.split(r"[\s,]+", value) if len(part) >= _SHORTEST_TORN)}
    return {form for part in parts for form in _encoded(part)}


def _encoded(value: str) -> Iterator[str]:
    quoted = {quote(value, safe=""), quote(value), quote_plus(value)}
    lower = {re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), one) for one in quoted}
    spelled = {json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1]}
    yield from {value, html.escape(value), *quoted, *lower, *spelled}
    data = value.encode("utf-8", "surrogateescape")
    yield from (code for code in (data.hex(), *_in_base64(data)) if len(code) >= _SHORTEST_CODE)


def _in_base64(data: bytes) -> Iterable[str]:
    """Return what of a value's base64 does not depend on what stands before and behind it."""
    for before in range(3):
        code = base64.b64encode(b"\0" * before + data).decode()
        kept = code[(0, 2, 3)[before] : (before + len(data)) * 8 // 6]
        yield from {kept, kept.translate(str.maketrans("+/", "-_"))}
