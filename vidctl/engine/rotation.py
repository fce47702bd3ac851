"""Seal everything anew with the first key, so that the keys behind it can be taken away: all, or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from vidctl.domain.status import Status
from vidctl.engine import sealing
from vidctl.store import Db, accounts, reports
from vidctl.store.accounts import Session


@dataclass(frozen=True, slots=True)
class Rotated:
    """How much was sealed anew, and how much the first key sealed already."""

    tokens: int
    uploads: int
    already: int
    at_work: int = 0
    """Uploads that were at work meanwhile: one that began with other keys may seal with them after this."""


def rotate(db: Db, environment: Mapping[str, str]) -> Rotated:
    """Seal every token, and the session of every upload that is on its way, with the first key.

    Raises:
        WrongKey: none of the keys reads one of them; nothing was changed.
        Misconfigured: there is no key, or one that cannot be one.
        VidctlError: what was sealed anew is not what was kept; nothing was changed.
    """
    sealing.require_keys(environment)
    with db.transaction():
        tokens, uploads = accounts.tokens(db), accounts.sessions(db)
        new_tokens = {
            channel_id: sealing.renewed(token, f"the token of channel {channel_id}", environment)
            for channel_id, token in tokens.items()
            if not sealing.is_by_first_key(token, environment)
        }
        new_uploads = [
            _renewed(one, environment) for one in uploads if not sealing.is_by_first_key(one.sealed, environment)
        ]
        accounts.replace_tokens(db, new_tokens)
        accounts.replace_sessions(db, new_uploads)
        _require_first_key(db, environment)
        at_work = sum(film.running for film in reports.films(db, statuses=[Status.UPLOADING]))
    changed = len(new_tokens) + len(new_uploads)
    return Rotated(len(new_tokens), len(new_uploads), len(tokens) + len(uploads) - changed, at_work)


def _renewed(upload: Session, environment: Mapping[str, str]) -> Session:
    name = str(upload.task_id)[:8]
    if_lost = f"look whether the film is on YouTube, then vidctl retry {name} --new-upload, if it is not"
    what = f"the upload of film {name}"
    return replace(upload, sealed=sealing.renewed(upload.sealed, what, environment, if_lost=if_lost))


def _require_first_key(db: Db, environment: Mapping[str, str]) -> None:
    """Read all of it back as it is kept, before it is too late."""
    kept = [*accounts.tokens(db).values(), *(one.sealed for one in accounts.sessions(db))]
    if not all(sealing.is_by_first_key(one, environment) for one in kept):
        raise sealing.lost("something")
