"""`vidctl auth`: each channel's films go to the YouTube channel that a person chose, and its token stays secret."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any
from uuid import UUID

import httpx
import pytest
from cryptography.fernet import Fernet

from tests.fakes.google import FakeGoogle
from tests.place import Place, Ran
from tests.processes import processes_of, until
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.engine import sealing
from vidctl.engine.sealing import Token
from vidctl.errors import ExitCode
from vidctl.store import Db, accounts, services

Run = Callable[..., Ran]

KEY, OTHER = (Fernet.generate_key().decode() for _ in range(2))
ANA, BEN = "UCana0aaaaaaaaaaaaaaaaaa", "UCben0bbbbbbbbbbbbbbbbbb"
SCRIPTS = Path(__file__).parents[2] / "scripts"
BROWSER = f"""#!{sys.executable}
import sys, urllib.request
print("a browser has much to say", flush=True)
urllib.request.build_opener(urllib.request.ProxyHandler({{}})).open(sys.argv[1]).read()
"""


@pytest.fixture
def google(place: Place) -> Iterator[FakeGoogle]:
    """Google, at which ana consents; and a browser that does as it is told."""
    browser = place.root / "browser"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    with FakeGoogle() as fake:
        place.environment.update(
            GOOGLE_BASE_URL=fake.url,
            GOOGLE_CLIENT_ID=fake.client_id,
            GOOGLE_CLIENT_SECRET=fake.client_secret,
            FERNET_KEY=KEY,
            BROWSER=str(browser),
        )
        yield fake


@pytest.fixture
def auth(google: FakeGoogle, quick: Run) -> Run:
    """Run `vidctl auth …` in this process; the programs that it starts are processes of their own."""
    return lambda *arguments: quick("auth", *arguments)


def authorize(db: Db, channel_id: str, token: str, account: str = ANA, *, key: str = KEY, **more: Any) -> None:
    """Let a channel be authorized, as if a person had done so."""
    sealed = sealing.sealed(Token(channel_id, account, token), {"FERNET_KEY": key})
    about = {"title": "Ana's Harbour", "now": datetime.now(UTC), "expires_at": None} | more
    accounts.put(db, channel_id, sealed, youtube_channel_id=account, **about)


def token_of(db: Db, channel_id: str) -> Token:
    kept = accounts.get(db, channel_id).token
    assert kept is not None
    return sealing.opened(kept, channel_id, {"FERNET_KEY": KEY})


def rows(db: Db) -> list[Any]:
    """Return what is kept of all channels' accounts."""
    query = "select channel_id, youtube_token_encrypted, youtube_channel_id, youtube_problem from channels order by 1"
    return db.execute(query).fetchall()


def whole_database(db: Db) -> str:
    """Return every row of every table, as text."""
    names = [name for (name,) in db.execute("select tablename from pg_tables where schemaname = 'public'")]
    return "".join(str(db.execute(f"select t::text from {name} t").fetchall()) for name in names)  # type: ignore[arg-type]


def two_lines(ran: Ran, status: int) -> str:
    assert (ran.status, ran.err.count("error: "), ran.err.count("hint: ")) == (status, 1, 1), ran.err
    assert "Traceback" not in ran.err
    return ran.err


def begun(place: Place, *arguments: str) -> "tuple[subprocess.Popen[str], str, str]":
    """Start `vidctl auth youtube`; return it, the address that it says to open, and what it said until then."""
    process = subprocess.Popen(
        [sys.executable, "-m", "vidctl", "auth", "youtube", "--channel", "one", "--no-browser", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=place.root,
        env=place.environment,
        start_new_session=True,
    )
    assert process.stderr is not None
    said = ""
    while not (line := process.stderr.readline()).startswith("http"):
        assert line, said
        said += line
    return process, line.strip(), said


def ended(process: "subprocess.Popen[str]") -> Ran:
    out, err = process.communicate(timeout=20)
    return Ran(process.returncode, out, err)


# ---- vidctl auth youtube ----


def test_whoever_consents_in_a_browser_has_the_films_go_to_that_channel_and_no_secret_is_seen_anywhere(
    google: FakeGoogle, place: Place, db: Db
) -> None:
    google.oauth.testing = True
    process, url, said = begun(place)
    with httpx.Client(trust_env=False) as browser:
        back = browser.get(url).headers["location"]
        place_of_return = back.partition("?")[0]
        # Whoever else knocks there ends nothing, and gets nothing in.
        assert browser.get(f"{place_of_return}favicon.ico").status_code == 404
        assert browser.get(f"{place_of_return}?state=guessed&code=4%2Fstolen").status_code == 404
        lines = processes_of((str(place.root),)).values()
        assert any("youtube_consent.py" in line for line in lines)
        assert "Close this window" in browser.get(back).text
    ran = ended(process)

    assert (ran.status, ran.err.count("error")) == (0, 0), ran.err
    assert f"The films of one go to Ana's Harbour ({ANA}) on YouTube." in ran.out
    assert "the project is in testing" in ran.out
    (secret,) = google.oauth.grants
    assert token_of(db, "one") == Token("one", ANA, secret)
    kept = accounts.get(db, "one")
    assert kept.expires_at is not None
    assert timedelta(days=6) < kept.expires_at - datetime.now(UTC) < timedelta(days=8)
    assert db.execute("select bucket, units_used from youtube_quota_usage").fetchall() == [("units", 1)]
    spoken = f"{said}{ran.out}{ran.err}{lines}{whole_database(db)}"
    for hidden in (secret, google.client_secret, KEY, *google.oauth.access):
        assert hidden not in spoken


def test_a_browser_that_is_opened_says_nothing_into_our_output(auth: Run, db: Db) -> None:
    ran = auth("youtube", "--channel", "one", "--json")
    assert ran.status == 0, ran.err
    assert ran.json == {
        "channel_id": "one",
        "youtube_channel_id": ANA,
        "title": "Ana's Harbour",
        "expires_at": None,
        "takes_long": True,
        "going_on": 0,
    }


def test_what_waited_for_it_goes_on_at_once_and_nothing_else_does(
    auth: Run, studio: Studio, place: Place, db: Db
) -> None:
    studio.channel("two")
    later = datetime.now(UTC) + timedelta(hours=9)
    for name in ("one:youtube", "two:youtube", "kie"):
        services.pause(db, name, until=later, reason="a reason")
    film, other = (studio.bring(studio.film(channel), Status.FINAL_REVIEW).id for channel in ("one", "two"))
    db.execute("update tasks set status = 'Uploading', next_attempt_at = %s", (later,))
    authorize(db, "one", "1//an-old-one")
    accounts.note(db, accounts.get(db, "one"), "revoked")
    ran = auth("youtube", "--channel", "one", "--json")
    assert ran.json["going_on"] == 1, ran.err
    assert {pause.service for pause in services.paused(db, now=datetime.now(UTC))} == {"two:youtube", "kie"}
    assert due(db, film) is None
    assert due(db, other) == later
    assert accounts.get(db, "one").problem == ""
    assert token_of(db, "one").refresh_token != "1//an-old-one"


def due(db: Db, film: UUID) -> datetime | None:
    row = db.execute("select next_attempt_at from tasks where id = %s", (film,)).fetchone()
    assert row is not None
    at: datetime | None = row[0]
    return at


def test_an_account_that_another_channel_has_is_refused_unless_that_is_meant(
    auth: Run, google: FakeGoogle, place: Place, db: Db
) -> None:
    place.channel("two")
    auth("status", "--offline")
    authorize(db, "two", google.grant())
    before = rows(db)
    ran = auth("youtube", "--channel", "one")
    assert f"\"Ana's Harbour\" ({ANA}) is where the films of channel two go already" in two_lines(ran, ExitCode.BAD_DATA)
    assert rows(db) == before
    assert auth("youtube", "--channel", "one", "--even-if-used").status == 0
    assert token_of(db, "one").account == ANA


def test_another_account_than_before_is_refused_unless_that_is_meant(
    auth: Run, google: FakeGoogle, db: Db, terminal: Run
) -> None:
    auth("status", "--offline")
    authorize(db, "one", google.grant())
    google.oauth.consents = google.account("ben")
    before = rows(db)
    ran = auth("youtube", "--channel", "one")
    assert f"was authorized as \"Ana's Harbour\" ({ANA}) until now" in two_lines(ran, ExitCode.BAD_DATA)
    asked = terminal("auth", "youtube", "--channel", "one", after="from now on? [y/N]", keys=b"n\n")
    assert asked.status == ExitCode.BAD_DATA, asked.out
    assert rows(db) == before
    assert auth("youtube", "--channel", "one", "--another").status == 0
    assert token_of(db, "one").account == BEN


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("", "FERNET_KEY is not set"),
        ("no-key", "FERNET_KEY cannot be used"),
        (OTHER, "none of the keys in FERNET_KEY can read the token of channel one"),
    ],
    ids=["missing", "malformed", "another"],
)
def test_without_the_right_key_nobody_is_asked_and_nothing_is_written_over(
    auth: Run, google: FakeGoogle, db: Db, monkeypatch: pytest.MonkeyPatch, key: str, says: str
) -> None:
    auth("status", "--offline")
    authorize(db, "one", google.grant())
    before = rows(db)
    monkeypatch.setenv("FERNET_KEY", key)
    assert says in two_lines(auth("youtube", "--channel", "one"), ExitCode.MISCONFIGURED)
    assert (rows(db), google.ledger.requests) == (before, [])
