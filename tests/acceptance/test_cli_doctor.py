"""`vidctl doctor`: a broken installation is told all that is, a good one nothing, and --fix does its part."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from tests.fakes.elevenlabs import FakeElevenLabs
from tests.fakes.gemini import FakeGemini
from tests.fakes.kie import FakeKie
from tests.place import CHANNEL, Place, Ran
from vidctl.engine.doctor import mending
from vidctl.engine.doctor.ground import Ground
from vidctl.settings import load
from vidctl.store import Db, embedded, ticks
from vidctl.store.connection import connect
from vidctl.store.migrate import head, revision_of

Run = Callable[..., Ran]


def found(ran: Ran, level: str) -> list[str]:
    return [one["what"] for group in ran.json["groups"] for one in group["findings"] if one["level"] == level]


def test_a_good_installation_has_nothing_broken(place: Place, db: Db, quick: Run) -> None:
    place.home.mkdir()
    ticks.record(db, host="attic:7", began=datetime.now(UTC), ended=datetime.now(UTC), dispatched=0)
    ran = quick("doctor", "--offline", "--json")
    assert (ran.status, ran.json["ok"], ran.err, found(ran, "broken")) == (0, True, "", [])
    said = "\n".join(found(ran, "ok"))
    for what in ("Python 3.", "ffmpeg ", "PostgreSQL ", "locks hold", "1 channel file", "the last tick ran on attic"):
        assert what in said


def test_all_that_is_broken_is_said_each_with_its_cure_and_no_secret(place: Place, vidctl: Run) -> None:
    (place.root / ".env").write_text('GEMINI_API_KEY="s3cret-word\n')
    place.channel("two", "channel_id: [broken\n")
    place.environment.update(
        {
            "DATABASE_URL": "postgresql://ana:s3cret-word@127.0.0.1:1/x",
            "VIDCTL_FFMPEG": "/no/ffmpeg",
            "VIDCTL_HEARTBEAT_URL": "s3cret-word",
        }
    )
    ran = vidctl("doctor", "--offline", "--json")
    assert (ran.status, ran.json["ok"], ran.err) == (1, False, "")
    assert "s3cret-word" not in ran.out
    said = "\n".join(found(ran, "broken"))
    for what in (".env:1: this is no NAME=value", "127.0.0.1:1", "VIDCTL_FFMPEG", "two.yaml", "HEARTBEAT"):
        assert what in said
    assert f"others can read {place.root}/.env" in "\n".join(found(ran, "warning"))
    everything = [one for group in ran.json["groups"] for one in group["findings"]]
    assert all(bool(one["cure"]) or one["level"] == "ok" for one in everything)


def test_each_key_is_tried_for_nothing_and_one_that_is_refused_is_broken(place: Place, vidctl: Run) -> None:
    place.channel(text=CHANNEL.replace("mode: preview", "mode: production"))
    with FakeGemini() as gemini, FakeElevenLabs() as voices, FakeKie() as kie:
        gemini.fault("refuse", path="^/$", headers={"Date": "Sun, 22 Nov 2020 14:05:00 GMT"})
        place.environment.update(
            {
                "GEMINI_BASE_URL": gemini.url,
                "GEMINI_API_KEY": gemini.key,
                "ELEVENLABS_BASE_URL": voices.url,
                "ELEVENLABS_API_KEY": "s3cret-word",
                "KIE_BASE_URL": kie.url,
                "KIE_API_KEY": kie.key,
            }
        )
        ran = vidctl("doctor", "--json")
        assert not [*gemini.ledger.sales, *voices.ledger.sales, *kie.ledger.sales]
    services = ran.json["groups"][-1]["findings"]
    assert "s3cret-word" not in ran.out
    levels = {one["what"].partition(":")[0].partition(" ")[0]: one["level"] for one in services}
    assert (levels["Gemini"], levels["KIE"], levels["ElevenLabs"]) == ("ok", "ok", "broken")
    assert "the clock of this machine is" in "\n".join(found(ran, "warning"))
    assert "YouTube: no tick has seen one yet" in "\n".join(found(ran, "warning"))


def test_fix_does_what_needs_nobody_and_says_each_thing_it_did(place: Place, used_home: Path, vidctl: Run) -> None:
    del place.environment["DATABASE_URL"]
    configs = place.root / "films"
    place.environment.update({"VIDCTL_HOME": str(used_home), "VIDCTL_CHANNEL_CONFIGS": str(configs)})
    dotenv = used_home / ".env"
    dotenv.write_text("KIE_API_KEY=s3cret-word\n")
    dotenv.chmod(0o644)
    before = vidctl("doctor", "--offline", "--json")
    assert "the embedded database server is stopped" in found(before, "warning")
    dry = vidctl("doctor", "--offline", "--fix", "--dry-run", "--json")
    assert (dry.status, dry.json["dry_run"], dry.json["groups"][1:]) == (before.status, True, before.json["groups"])
    said = [one["what"].split(" ")[:3] for one in dry.json["groups"][0]["findings"]]
    assert said == [["would", "be:", "made"], ["would", "be:", "started"], ["would", "be:", "brought"]]
    assert not configs.exists()
    assert dotenv.stat().st_mode & 0o777 == 0o644
    ran = vidctl("doctor", "--offline", "--fix", "--json")
    mended = [one["what"] for one in ran.json["groups"][0]["findings"]]
    assert [what.partition(" ")[0] for what in mended] == ["made", "started", "brought", "made"]
    assert dotenv.stat().st_mode & 0o777 == 0o600
    assert configs.is_dir()
    settings = load(place.environment)
    assert list(mending.mend(Ground(settings, lambda: datetime.now(UTC)))) == []


def test_fix_brings_the_schema_up_to_date_also_while_the_server_that_it_started_is_too_busy_to_say_so(
    used_home: Path,
) -> None:
    ground = Ground(load({"VIDCTL_HOME": str(used_home)}), lambda: datetime.now(UTC))
    [_, (_, migrate)] = list(mending._database(ground))  # nothing was done yet: that is what it would see
    migrate()
    with closing(connect(embedded.status(used_home).dsn, application_name="tests")) as db:
        assert revision_of(db) == head()
