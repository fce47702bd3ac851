"""The passphrase of backups: from the environment, or asked for on a terminal. Never an argument, which others see."""

import sys
from collections.abc import Mapping
from typing import Final

import typer

from vidctl.errors import BadInput, Misconfigured

VARIABLE: Final = "VIDCTL_BACKUP_PASSPHRASE"
SHORTEST: Final = 12


def new(environment: Mapping[str, str]) -> str:
    """Return the passphrase that a backup is sealed with; asked for twice where the environment has none.

    Raises:
        Misconfigured: there is none, and nobody to ask.
        BadInput: it is too short to keep anybody out.
    """
    passphrase = environment.get(VARIABLE) or _asked("or leave the secrets out: --without-secrets", twice=True)
    if len(passphrase) < SHORTEST:
        raise BadInput(f"the passphrase is shorter than {SHORTEST} characters", hint="four random words are a good one")
    return passphrase


def known(environment: Mapping[str, str]) -> str:
    """Return the passphrase that a backup was sealed with.

    Raises:
        Misconfigured: there is none, and nobody to ask.
    """
    return environment.get(VARIABLE) or _asked("the backup is sealed with it", twice=False)


def _asked(or_else: str, *, twice: bool) -> str:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Misconfigured("there is no passphrase", hint=f"set {VARIABLE} in .env; {or_else}")
    said = typer.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=twice, err=True)
    return str(said)
