"""Where a channel's films go is changed by nobody's mistake: not by a wrong key, a wrong account, or two at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.processes import until
from tests.studio import Studio
from vidctl.domain.account import State
from vidctl.domain.limits import Limits
from vidctl.engine import account_check, authorizing, sealing
from vidctl.engine.authorizing import Allowed
from vidctl.engine.consent import Consent
from vidctl.engine.sealing import Token, WrongKey
from vidctl.errors import BadInput, Misconfigured, Unavailable
from vidctl.store import Db, accounts

KEYS = [Fernet.generate_key().decode() for _ in range(4)]
ENV = {"FERNET_KEY": KEYS[0]}
NOW = datetime(2026, 11, 27, tzinfo=UTC)
ANA, BEN = (Consent(f"UC{name}0aaaaaaaa", f"{name}'s channel", f"1//of-{name}") for name in ("ana", "ben"))


def authorized(studio: Studio, channel_id: str, consent: Consent, **environment: str) -> None:
    was = accounts.get(studio.db, channel_id)
    allowed = Allowed(even_if_used=True, another=True)
    authorizing.keep(studio.db, was, consent, {**ENV, **environment}, allowed, now=NOW)


def rows(studio: Studio) -> list[Any]:
    query = "select channel_id, youtube_token_encrypted, youtube_channel_id, youtube_authorized_at from channels"
    return studio.db.execute(f"{query} order by 1").fetchall()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seals=st.sampled_from(KEYS), now=st.lists(st.sampled_from([*KEYS, "no key"]), max_size=3))
def test_a_token_is_written_over_only_where_the_keys_that_are_set_read_it(
    studio: Studio, seals: str, now: list[str]
) -> None:
    authorized(studio, "one", ANA, FERNET_KEY=seals)
    before, environment = rows(studio), {"FERNET_KEY": ",".join(now)}
    if seals in now and "no key" not in now:
        assert authorizing.require_place(studio.db, "one", environment).token == before[0][1]
        return
    with pytest.raises(WrongKey if now and "no key" not in now else Misconfigured):
        authorizing.require_place(studio.db, "one", environment)
    assert rows(studio) == before


@pytest.mark.parametrize(
    ("of_one", "of_two", "now", "refused"),
    [
        (None, None, ANA, set()),
        (ANA, None, ANA, set()),
        (BEN, None, ANA, {"another"}),
        (None, ANA, ANA, {"even_if_used"}),
        (BEN, ANA, ANA, {"another", "even_if_used"}),
        (ANA, ANA, ANA, {"even_if_used"}),
        (None, BEN, ANA, set()),
    ],
)
def test_only_what_a_person_meant_is_kept(
    studio: Studio, of_one: Consent | None, of_two: Consent | None, now: Consent, refused: set[str]
) -> None:
    studio.channel("two")
    for channel_id, consent in (("one", of_one), ("two", of_two)):
        if consent is not None:
            authorized(studio, channel_id, consent)
    was, before = accounts.get(studio.db, "one"), rows(studio)
    for forgot in refused:
        allowed = Allowed(**dict.fromkeys(refused - {forgot}, True))
        with pytest.raises(BadInput, match=r"go already|until now") as caught:
            authorizing.keep(studio.db, was, now, ENV, allowed, now=NOW)
        assert f"--{forgot.replace('_', '-')}" in caught.value.hint
        assert rows(studio) == before
    authorizing.keep(studio.db, was, now, ENV, Allowed(**dict.fromkeys(refused, True)), now=NOW)
    kept = accounts.get(studio.db, "one")
    assert kept.token is not None
    assert sealing.opened(kept.token, "one", ENV) == Token("one", now.account, now.refresh_token)


def test_of_two_who_authorize_a_channel_at_once_the_second_is_told(studio: Studio) -> None:
    was = accounts.get(studio.db, "one")
    authorizing.keep(studio.db, was, BEN, ENV, Allowed(), now=NOW)
    with pytest.raises(BadInput, match="by somebody else meanwhile"):
        authorizing.keep(studio.db, was, ANA, ENV, Allowed(another=True), now=NOW)


def test_one_account_is_given_to_two_channels_by_nobody_s_haste(studio: Studio) -> None:
    studio.channel("two")
    one, two = (accounts.get(studio.db, name) for name in ("one", "two"))
    with studio.session() as other, ThreadPoolExecutor(1) as pool:
        with other.transaction():
            authorizing.keep(other, one, ANA, ENV, Allowed(), now=NOW)
            second = pool.submit(authorizing.keep, studio.db, two, ANA, ENV, Allowed(), now=NOW)
            until(lambda: second.done() or is_waited_for(other))
        with pytest.raises(BadInput, match="go already"):
            second.result(20)


def test_whoever_waits_too_long_for_others_is_told_so_and_nothing_is_kept(studio: Studio) -> None:
    was, before = accounts.get(studio.db, "one"), rows(studio)
    with studio.session() as other, other.transaction():
        other.execute("update channels set updated_at = now()")
        with pytest.raises(Unavailable, match="others have been changing channels"):
            authorizing.keep(studio.db, was, ANA, ENV, Allowed(), now=NOW, patience_s=0.05)
    assert rows(studio) == before


def is_waited_for(db: Db) -> bool:
    """Say whether somebody waits for a lock in this database."""
    query = "select 1 from pg_locks where not granted and relation = 'channels'::regclass"
    return db.execute(query).fetchone() is not None


def test_tokens_that_no_key_reads_are_named_before_another_is_sealed_with_that_key(studio: Studio) -> None:
    studio.channel("two")
    authorized(studio, "one", ANA, FERNET_KEY=KEYS[1])
    authorized(studio, "two", BEN)
    (problem,) = authorizing.unreadable(studio.db, ENV)
    assert "the token of channel one" in str(problem)


def test_a_check_that_hangs_says_nothing_of_its_own_channel_and_leaves_the_others_theirs(studio: Studio) -> None:
    studio.channel("two")
    authorized(studio, "one", ANA)
    accounts.note(studio.db, accounts.get(studio.db, "one"), "it was revoked")
    found = account_check.check(studio.db, {**ENV, "PATH": "/usr/bin:/bin"}, Limits(), now=NOW, patience_s=0.01)
    assert [(one.account.channel_id, one.state) for one in found] == [("one", State.UNKNOWN), ("two", State.NONE)]
    assert "check_youtube.py did not end" in found[0].why
    assert accounts.get(studio.db, "one").problem == "it was revoked"
