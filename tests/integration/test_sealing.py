"""Tokens lie sealed in the database: each for its channel alone, by keys that can be changed without losing any."""

import itertools
import re
from base64 import urlsafe_b64encode
from typing import Any, LiteralString
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import errors

from tests.studio import Studio
from vidctl.domain.keyring import keys_in
from vidctl.engine import rotation, sealing
from vidctl.engine.rotation import Rotated
from vidctl.engine.sealing import NotItsOwn, Token, WrongKey
from vidctl.errors import Misconfigured, VidctlError
from vidctl.store import Db, accounts

KEYS = [urlsafe_b64encode(bytes([number]) * 32).decode() for number in range(5)]  # names of tests are made of them
TOKEN = Token("one", "UCana", "1//refresh-token-of-ana")
WORDS = st.text(st.characters(codec="utf-8"), max_size=60)


def env(*keys: str) -> dict[str, str]:
    return {"FERNET_KEY": ",".join(keys)}


def keep(db: Db, channel_id: str, token: bytes) -> None:
    now: Any = db.execute("select now()").fetchone()
    accounts.put(
        db, channel_id, token, youtube_channel_id=f"UC{channel_id}", title="A title", now=now[0], expires_at=None
    )


def everything(db: Db) -> list[Any]:
    """Return all that is sealed, as it lies there."""
    tokens = db.execute("select channel_id, youtube_token_encrypted from channels order by 1").fetchall()
    return tokens + db.execute("select task_id, job_id from artifacts order by 1").fetchall()


def uploading(studio: Studio, job_id: str) -> UUID:
    """Return a film whose upload is on its way."""
    film = studio.film()
    studio.db.execute(
        """insert into artifacts (task_id, kind, index, state, prompt, fingerprint, subject, attempts, job_id)
           values (%s, 'receipt', 1, 'submitted', '', '', '', 1, %s)""",
        (film, job_id),
    )
    return film


def job_of(db: Db, film: UUID) -> str:
    row = db.execute("select job_id from artifacts where task_id = %s", (film,)).fetchone()
    assert row is not None
    return str(row[0])


# ---- one token ----


@given(refresh=WORDS, account=WORDS, history=st.lists(st.sampled_from(KEYS), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_a_token_is_readable_after_any_changes_of_keys_in_which_the_last_one_was_kept_at_hand(
    refresh: str, account: str, history: list[str]
) -> None:
    token = Token("one", account, refresh)
    kept = sealing.sealed(token, env(history[0]))
    for before, key in itertools.pairwise(history):
        kept = sealing.renewed(kept, "it", env(key, before))
    assert sealing.opened(kept, "one", env(history[-1])) == token


@given(seals=st.sampled_from(KEYS), reads=st.lists(st.sampled_from(KEYS), min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_each_key_that_is_set_reads_and_no_other_does(seals: str, reads: list[str]) -> None:
    kept = sealing.sealed(TOKEN, env(seals))
    if seals in reads:
        assert sealing.opened(kept, "one", env(*reads)) == TOKEN
    else:
        with pytest.raises(WrongKey, match="none of the keys in FERNET_KEY can read the token of channel one"):
            sealing.opened(kept, "one", env(*reads))


def test_what_is_sealed_shows_nothing_of_it_and_neither_does_what_is_opened() -> None:
    kept = sealing.sealed(TOKEN, env(KEYS[0]))
    assert b"refresh" not in kept
    assert kept != sealing.sealed(TOKEN, env(KEYS[0]))
    assert "refresh-token" not in repr(sealing.opened(kept, "one", env(KEYS[0])))


def test_a_token_is_refused_to_every_channel_but_its_own() -> None:
    kept = sealing.sealed(TOKEN, env(KEYS[0]))
    with pytest.raises(NotItsOwn, match="the token of channel two was sealed for channel one"):
        sealing.opened(kept, "two", env(KEYS[0]))


@pytest.mark.parametrize("text", [b"", b"{}", b'{"channel_id": "one"}', b"\xff", b"[" * 3_000])
def test_what_was_sealed_with_the_key_and_is_no_token_is_refused(text: bytes) -> None:
    with pytest.raises(NotItsOwn, match="is none"):
        sealing.opened(Fernet(KEYS[0]).encrypt(text), "one", env(KEYS[0]))


@pytest.mark.parametrize("separator", [",", " ", ", ", "\n", " ,\t,"])
def test_keys_stand_between_commas_or_blanks(separator: str) -> None:
    assert keys_in(f" {KEYS[0]}{separator}{KEYS[1]} ") == KEYS[:2]


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("", "FERNET_KEY is not set"),
        (" , ", "FERNET_KEY is not set"),
        ("secret-that-is-no-key", "what is in it is no Fernet key"),
        (f"{KEYS[0]},{KEYS[1][:-2]}", "number 2 of the 2 in it is no Fernet key"),
        (f"{KEYS[0][:20]}!{KEYS[0][20:]}", "what is in it is no Fernet key"),
        (f"{'é' * 43}=", "what is in it is no Fernet key"),
    ],
)
def test_a_setting_that_is_no_key_is_named_with_what_makes_one_and_never_shown(setting: str, says: str) -> None:
    for doing in (lambda: sealing.sealed(TOKEN, {"FERNET_KEY": setting}), lambda: sealing.opened(b"", "one", {})):
        with pytest.raises(Misconfigured) as caught:
            doing()
        assert "vidctl auth generate-key" in caught.value.hint
    with pytest.raises(Misconfigured, match=re.escape(says)) as caught:
        sealing.require_keys({"FERNET_KEY": setting})
    assert not setting.strip(" ,") or setting not in str(caught.value) + caught.value.hint


# ---- all of them ----


def test_rotation_seals_tokens_and_open_uploads_anew_and_then_the_old_keys_are_needed_no_more(studio: Studio) -> None:
    db = studio.db
    studio.channel("two")
    keep(db, "one", sealing.sealed(TOKEN, env(KEYS[0])))
    keep(db, "two", sealing.sealed(Token("two", "UCben", "1//of-ben"), env(KEYS[1])))
    session = uploading(studio, Fernet(KEYS[0]).encrypt(b"a session").decode())
    finished, of_another = uploading(studio, "video:abc@2026-11-27T00:00:00Z"), uploading(studio, "job 7")

    assert rotation.rotate(db, env(KEYS[1], KEYS[0])) == Rotated(tokens=1, uploads=1, already=1)

    assert sealing.opened(accounts.tokens(db)["one"], "one", env(KEYS[1])) == TOKEN
    assert sealing.opened(accounts.tokens(db)["two"], "two", env(KEYS[1])).refresh_token == "1//of-ben"
    assert Fernet(KEYS[1]).decrypt(job_of(db, session)) == b"a session"
    assert job_of(db, finished) == "video:abc@2026-11-27T00:00:00Z"
    assert job_of(db, of_another) == "job 7"
    after = everything(db)
    assert rotation.rotate(db, env(KEYS[1])) == Rotated(tokens=0, uploads=0, already=3)
    assert everything(db) == after


@pytest.mark.parametrize("lost", ["token", "session"])
def test_where_one_cannot_be_read_rotation_says_which_and_changes_nothing(studio: Studio, lost: str) -> None:
    db = studio.db
    studio.channel("two")
    keep(db, "one", sealing.sealed(TOKEN, env(KEYS[0])))
    keep(db, "two", sealing.sealed(TOKEN, env(KEYS[4 if lost == "token" else 0])))
    film = uploading(studio, Fernet(KEYS[4 if lost == "session" else 0]).encrypt(b"a session").decode())
    before = everything(db)
    which = "token of channel two" if lost == "token" else f"upload of film {str(film)[:8]}"
    with pytest.raises(WrongKey, match=f"can read the {which}"):
        rotation.rotate(db, env(KEYS[1], KEYS[0]))
    assert everything(db) == before


NOT_ONE_MORE = """
    create function refuse() returns trigger language plpgsql as $$begin raise 'the disk is full'; end$$;
    create trigger refuse before update on artifacts for each row execute function refuse()
"""
KEPT_OTHERWISE = """
    create function old() returns trigger language plpgsql as $$begin return old; end$$;
    create trigger old before update on channels for each row execute function old()
"""


@pytest.mark.parametrize(
    ("trouble", "error", "said"),
    [
        (NOT_ONE_MORE, errors.RaiseException, "the disk is full"),
        (KEPT_OTHERWISE, VidctlError, "cannot be read back"),
    ],
    ids=["not kept", "kept otherwise"],
)
def test_where_one_is_not_kept_as_it_was_sealed_rotation_keeps_none(
    studio: Studio, trouble: LiteralString, error: type[Exception], said: str
) -> None:
    db = studio.db
    keep(db, "one", sealing.sealed(TOKEN, env(KEYS[0])))
    uploading(studio, Fernet(KEYS[0]).encrypt(b"a session").decode())
    before = everything(db)
    db.execute(trouble)
    with pytest.raises(error, match=said):
        rotation.rotate(db, env(KEYS[1], KEYS[0]))
    assert everything(db) == before


def test_rotation_waits_for_whoever_stores_a_token_and_takes_that_one_along(studio: Studio) -> None:
    db = studio.db
    keep(db, "one", sealing.sealed(TOKEN, env(KEYS[0])))
    with studio.session() as other, other.transaction():
        keep(other, "one", sealing.sealed(TOKEN, env(KEYS[0])))
        db.execute("set lock_timeout = '100ms'")
        with pytest.raises(errors.LockNotAvailable):
            rotation.rotate(db, env(KEYS[1], KEYS[0]))
