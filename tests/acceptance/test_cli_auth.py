"""`vidctl auth`: each channel's films go to the YouTube channel that a person chose, and its token stays secret."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet

from tests.fakes.google import FakeGoogle
from tests.fakes.google.oauth import SCOPES
from tests.place import Place, Ran
from tests.processes import processes_of, until
from tests.studio import Studio
from vidctl.engine import sealing
from vidctl.engine.sealing import Token
from vidctl.errors import ExitCode
from vidctl.store import Db, accounts, locks, services

Run = Callable[..., Ran]

KEY, OTHER = (Fernet.generate_key().decode() for _ in range(2))
ANA, BEN = "UCana0aaaaaaaaaaaaaaaaaa", "UCben0bbbbbbbbbbbbbbbbbb"
SCRIPTS = Path(__file__).parents[2] / "scripts"
BROWSER = f"""#!{sys.executable}
import sys, urllib.request
print('{{"event": "quota", "bucket": "units", "units": 5000}}', flush=True)
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
    about: dict[str, Any] = {"title": "Ana's Harbour", "now": datetime.now(UTC), "expires_at": None} | more
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
    return "".join(str(db.execute(f"select t::text from {name} t").fetchall()) for name in names)


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
        "dry_run": False,
    }
    assert db.execute("select units_used from youtube_quota_usage").fetchall() == [(1,)]


def test_what_waited_for_it_goes_on_at_once_and_nothing_else_does(auth: Run, studio: Studio, db: Db) -> None:
    studio.channel("two")
    later = datetime.now(UTC) + timedelta(hours=9)
    for name in ("one:youtube", "two:youtube", "kie"):
        services.pause(db, name, until=later, reason="a reason")
    film, other = studio.film("one"), studio.film("two")
    db.execute("update tasks set status = 'Uploading', next_attempt_at = %s", (later,))
    authorize(db, "one", "1//an-old-one")
    accounts.note(db, accounts.get(db, "one"), "revoked")
    ran = auth("youtube", "--channel", "one", "--json")
    assert ran.json["going_on"] == 1, ran.err
    assert {pause.service for pause in services.paused(db, now=datetime.now(UTC))} == {"two:youtube", "kie"}
    assert studio.task(film).next_attempt_at is None
    assert studio.task(other).next_attempt_at == later
    assert accounts.get(db, "one").problem == ""
    assert token_of(db, "one").refresh_token != "1//an-old-one"


def test_an_account_that_another_channel_has_is_refused(auth: Run, google: FakeGoogle, place: Place, db: Db) -> None:
    place.channel("two")
    auth("status", "--offline")
    authorize(db, "two", google.grant())
    before = rows(db)
    said = two_lines(auth("youtube", "--channel", "one"), ExitCode.BAD_DATA)
    assert f'"Ana\'s Harbour" ({ANA}) is where the films of channel two go already' in said
    assert rows(db) == before


def test_of_another_account_than_before_a_person_is_asked(auth: Run, google: FakeGoogle, db: Db, terminal: Run) -> None:
    auth("status", "--offline")
    authorize(db, "one", google.grant())
    google.oauth.consents = google.account("ben")
    asked = terminal("auth", "youtube", "--channel", "one", after="from now on? [y/N]", keys=b"y\n")
    assert "The films of one went to Ana's Harbour" in asked.out
    assert (asked.status, token_of(db, "one").account) == (0, BEN)


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


def test_without_consent_everything_stays_as_it_was_and_it_is_said_once_why(
    google: FakeGoogle, vidctl: Run, db: Db
) -> None:
    vidctl("auth", "status", "--offline")
    authorize(db, "one", google.grant("ben"), BEN)
    before = rows(db)
    google.oauth.consents = None
    ran = vidctl("auth", "youtube", "--channel", "one")
    assert "consent was not given: access_denied" in two_lines(ran, ExitCode.BAD_DATA)
    assert rows(db) == before
    ran = vidctl("auth", "youtube", "--channel", "one", GOOGLE_CLIENT_SECRET="")
    assert "GOOGLE_CLIENT_SECRET is not set" in two_lines(ran, ExitCode.MISCONFIGURED)
    dry = vidctl("auth", "youtube", "--channel", "one", "--dry-run", GOOGLE_CLIENT_SECRET="")
    assert (dry.status, dry.err) == (ran.status, ran.err), "a dry run says so without the program"


NOT_GIVEN: dict[str, tuple[str, ExitCode]] = {
    "untick": ("not everything was consented to: youtube.force-ssl is missing", ExitCode.BAD_DATA),
    "no channel": ("the Google account has no YouTube channel", ExitCode.BAD_DATA),
    "wrong client": ("Google gives no token: invalid_client", ExitCode.BAD_DATA),
    "nobody": ("nobody consented within 0.2 s", ExitCode.TRY_AGAIN),
    "taken port": ("the browser cannot come back to 127.0.0.1:", ExitCode.BAD_DATA),
}


@pytest.mark.parametrize("does", NOT_GIVEN)
def test_whatever_goes_wrong_in_the_browser_is_said_in_a_sentence_and_nothing_is_given(
    google: FakeGoogle, place: Place, does: str
) -> None:
    options, told = ["--channel=one"], dict(place.environment)
    match does:
        case "untick":
            google.oauth.unticked = SCOPES[2:3]
        case "no channel":
            google.oauth.consents = google.account("carla")
        case "wrong client":
            told["GOOGLE_CLIENT_SECRET"] = "GOCSPX-another"
        case "nobody":
            options += ["--no-browser", "--wait-s=0.2"]
        case _:
            options.append(f"--port={urlsplit(google.url).port}")
    command = [sys.executable, str(SCRIPTS / "youtube_consent.py"), *options]
    done = subprocess.run(command, capture_output=True, text=True, env=told, check=False)
    says, status = NOT_GIVEN[does]
    assert says in two_lines(Ran(done.returncode, done.stdout, done.stderr), status)
    assert "refresh_token" not in done.stdout
    assert not any(secret in done.stdout + done.stderr for secret in google.oauth.grants)


def test_ctrl_c_leaves_everything_as_it_was_and_so_does_a_command_that_is_killed(
    google: FakeGoogle, place: Place, db: Db
) -> None:
    process, _, _ = begun(place)
    os.killpg(process.pid, signal.SIGINT)
    assert "error: interrupted" in two_lines(ended(process), ExitCode.INTERRUPTED)
    process, _, _ = begun(place)
    process.kill()
    process.wait()
    until(lambda: not processes_of((str(place.root),)), what="the end of what it had started")
    ended(process)
    assert (accounts.get(db, "one").token, google.oauth.grants) == (None, {})


def test_a_secret_is_printed_into_nothing_but_a_pipe(google: FakeGoogle, place: Place) -> None:
    with (place.root / "token.json").open("w") as file:
        command = [sys.executable, str(SCRIPTS / "youtube_consent.py"), "--channel", "one"]
        done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, env=place.environment, check=False)
    assert (done.returncode, b"standard output is no pipe" in done.stderr) == (ExitCode.BAD_DATA, True)
    assert google.ledger.requests == []


def test_the_script_of_the_same_purpose_is_the_same_command(google: FakeGoogle, place: Place, auth: Run) -> None:
    command = [sys.executable, str(SCRIPTS / "setup_channel_oauth.py"), "--channel", "nobody"]
    done = subprocess.run(command, capture_output=True, text=True, env=place.environment, cwd=place.root, check=False)
    assert Ran(done.returncode, done.stdout, done.stderr) == auth("youtube", "--channel", "nobody")
    assert "there is no channel 'nobody'" in two_lines(Ran(done.returncode, "", done.stderr), ExitCode.NO_INPUT)


# ---- vidctl auth status ----


def test_status_says_of_each_channel_whose_it_is_and_whether_google_still_takes_its_token(
    auth: Run, google: FakeGoogle, place: Place, db: Db
) -> None:
    for name in ("two", "three", "four", "five", "six"):
        place.channel(name)
    auth("status", "--offline")
    tokens = {name: google.grant(of) for name, of in [("one", "ana"), ("two", "ben"), ("three", "ana"), ("six", "ana")]}
    google.oauth.revoke(google.account("ben"))
    day = datetime(2126, 12, 4, tzinfo=UTC)
    authorize(db, "one", tokens["one"])
    authorize(db, "two", tokens["two"], BEN)
    authorize(db, "three", tokens["three"], expires_at=day)
    authorize(db, "four", "1//unreadable", key=OTHER)
    authorize(db, "six", tokens["six"], BEN)
    ran = auth("status", "--json")
    found = {one["channel_id"]: one for one in ran.json["channels"]}
    assert {name: one["state"] for name, one in found.items()} == {
        "one": "good",
        "two": "revoked",
        "three": "expiring",
        "four": "wrong key",
        "five": "none",
        "six": "not its own",
    }
    assert ran.status == ExitCode.MISCONFIGURED
    assert (found["one"]["title"], found["one"]["youtube_channel_id"]) == ("Ana's Harbour", ANA)
    assert found["three"]["expires_at"] == day.isoformat()
    assert "YouTube re-authorization required for two" in accounts.get(db, "two").problem
    assert db.execute("select units_used from youtube_quota_usage").fetchall() == [(3,)]

    google.ledger.clear()
    db.execute("update channels set youtube_channel_id = %s where channel_id = 'one'", (BEN,))
    again = auth("status", "--offline")
    lines = {line.split("\t")[0]: line.split("\t")[1:] for line in again.out.splitlines()}
    assert {name: lines[name][0] for name in ("one", "two", "six")} == {
        "one": "not its own",
        "two": "revoked",
        "six": "not its own",
    }
    assert lines["six"][-1].startswith("Google says that the token is of Ana's Harbour")
    assert again.status == ExitCode.MISCONFIGURED
    assert "vidctl auth youtube --channel two" in lines["two"][-1]
    assert "until 2126-12-04" in lines["three"][-1]
    assert google.ledger.requests == []
    spoken = ran.out + ran.err + again.out + again.err
    assert not [one for one in [*tokens.values(), "1//unreadable", *google.oauth.access] if one in spoken]


def test_a_channel_that_google_says_nothing_of_is_unknown_and_keeps_what_was_known(
    auth: Run, google: FakeGoogle, db: Db
) -> None:
    auth("status", "--offline")
    authorize(db, "one", google.grant())
    accounts.note(db, accounts.get(db, "one"), "it was revoked")
    google.down = True
    ran = auth("status", "--json")
    assert (ran.status, ran.json["channels"][0]["state"]) == (ExitCode.TRY_AGAIN, "unknown")
    assert accounts.get(db, "one").problem == "it was revoked"
    google.down = False
    assert (auth("status").status, accounts.get(db, "one").problem) == (0, "")


# ---- keys ----


def test_a_generated_key_is_all_that_a_pipe_gets_and_on_a_terminal_it_says_where_it_goes(
    auth: Run, terminal: Run
) -> None:
    key = auth("generate-key").out
    assert Fernet(key.strip()).decrypt(Fernet(key.strip()).encrypt(b"it")) == b"it"
    shown = terminal("auth", "generate-key").out
    assert "Put it into .env as FERNET_KEY" in shown
    assert "vidctl auth rotate-key" in shown


def test_rotation_says_how_much_was_sealed_anew_and_that_the_old_key_can_go(
    auth: Run, studio: Studio, db: Db, monkeypatch: pytest.MonkeyPatch
) -> None:
    auth("status", "--offline")
    monkeypatch.setenv("FERNET_KEY", "")
    assert "FERNET_KEY is not set" in two_lines(auth("rotate-key"), ExitCode.MISCONFIGURED), "though nothing is sealed"
    monkeypatch.setenv("FERNET_KEY", KEY)
    authorize(db, "one", "1//token", key=OTHER)
    assert "none of the keys" in two_lines(auth("rotate-key"), ExitCode.MISCONFIGURED)
    monkeypatch.setenv("FERNET_KEY", f"{KEY},{OTHER}")
    ran = auth("rotate-key")
    assert "1 token and 0 uploads sealed anew" in ran.out
    assert "can be taken out now" in ran.out
    assert token_of(db, "one").refresh_token == "1//token"
    again = {"tokens": 0, "uploads": 0, "already": 1, "at_work": 0, "dry_run": False}
    assert auth("rotate-key", "--json").json == again
    film = studio.film()
    db.execute("update tasks set status = 'Uploading'")
    assert "can be taken out now" in auth("rotate-key").out, "it waits: whoever goes on with it reads the keys anew"
    with studio.session() as other:
        assert locks.try_task(other, film)
        said = auth("rotate-key").out
    assert "But 1 upload may still seal with another one: leave them all, and run this again." in said


def test_a_token_is_forgotten_here_and_google_s_page_is_named_where_it_is_ended(auth: Run, db: Db) -> None:
    auth("status", "--offline")
    authorize(db, "one", "1//token")
    assert "https://myaccount.google.com/connections" in auth("forget", "--channel", "one").out
    kept = accounts.get(db, "one")
    assert (kept.token, kept.youtube_channel_id, kept.title, kept.authorized_at) == (None, None, "", None)
    assert "is not authorized" in two_lines(auth("forget", "--channel", "one"), ExitCode.NO_INPUT)
