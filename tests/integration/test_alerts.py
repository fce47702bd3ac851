"""Alerts arrive: at each destination by itself, folded, once, and again until they are there; and they harm nothing."""

import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.disks import small_disk
from tests.fakes.discord import FakeDiscord
from tests.processes import until
from tests.studio import Studio
from vidctl.contract import ErrorClass, Failure, Scope
from vidctl.domain.alerting import Message
from vidctl.domain.limits import Alerts, Limits
from vidctl.engine import pauses
from vidctl.engine.alerting import deliver, in_tick
from vidctl.engine.alerting.destinations import Destination
from vidctl.engine.alerting.sending import send
from vidctl.engine.context import Context
from vidctl.engine.dispatch import detach, opened
from vidctl.engine.tick import Ticked, tick
from vidctl.errors import ExitCode, Unavailable
from vidctl.logs.book import ALERTS, Book
from vidctl.store import alerts, backups, outbox, sessions
from vidctl.store.connection import connect

MAIL = "mailtos://ana:hunter22@example.com?to=bo@example.org"


@dataclass
class Post:
    """Takes messages to destinations; those in `down` and `gone` take none."""

    sent: list[tuple[str, Message]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)

    def __call__(self, to: Destination, message: Message, _: Mapping[str, str]) -> Failure | None:
        if to.name in self.gone:
            return Failure("KeyRefused", ErrorClass.PERMANENT, Scope.ITEM, "HTTP 404", "make a new webhook")
        if to.name in self.down:
            return Failure("NotTakenNow", ErrorClass.TRANSIENT, Scope.ITEM, "HTTP 502", "later")
        self.sent.append((to.name, message))
        return None

    def titles(self, name: str = "discord") -> list[str]:
        return [message.title for to, message in self.sent if to == name]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def discord(studio: Studio) -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        studio.told = {"DISCORD_WEBHOOK_URL": fake.webhook}
        yield fake


def both(studio: Studio) -> None:
    studio.told = {"DISCORD_WEBHOOK_URL": "https://discord.com/api/webhooks/1/tOkEn", "VIDCTL_ALERT_URLS": MAIL}


def alert(studio: Studio, kind: str = "task failed", message: str = "clips: no", **more: Any) -> None:
    outbox.alert(studio.db, kind, message, hint="look", now=studio.now, **more)


def run(studio: Studio, post: Post) -> None:
    deliver.deliver(studio.db, studio.context, post)


def open_alerts(studio: Studio) -> int:
    row = studio.db.execute("select count(*) from alerts where delivered_at is null").fetchone()
    assert row is not None
    return int(row[0])


def test_fifty_failures_in_a_minute_are_one_message_and_what_follows_waits_for_the_next(
    studio: Studio, post: Post
) -> None:
    both(studio)
    for n in range(50):
        alert(studio, task_id=studio.film(title=f"Film {n}", queue=False))
    alert(studio, "quota", "80% is used")
    run(studio, post)
    assert post.titles() == ["50 films failed", "YouTube's quota"]
    assert all(f"Film {n} (" in post.sent[0][1].body for n in range(50))
    alert(studio, message="one more")
    for _ in range(2):
        studio.later(seconds=25)
        run(studio, post)
        assert len(post.titles()) == 2
    studio.later(seconds=25)
    run(studio, post)
    assert post.titles()[2:] == ["A film failed"]
    assert open_alerts(studio) == 0


def test_while_one_destination_is_down_for_an_hour_the_other_is_told_once(studio: Studio, post: Post) -> None:
    both(studio)
    post.down = {"mailtos at example.com"}
    alert(studio)
    for _ in range(60):
        run(studio, post)
        studio.later(minutes=1)
    assert (post.titles(), open_alerts(studio)) == (["A film failed"], 1)
    alert(studio)  # the same again is news, for the last one was told
    post.down = set()
    studio.later(minutes=5)
    run(studio, post)
    assert post.titles() == ["A film failed"] * 2
    assert post.titles("mailtos at example.com") == ["2 films failed"]
    assert open_alerts(studio) == 0
    (attempts,) = studio.db.execute("select attempts from alerts order by id").fetchone() or (0,)
    assert 12 <= attempts <= 17, "with the next minute, then slower up to five"


def test_a_webhook_that_is_gone_rests_for_an_hour_and_cron_hears_of_it(studio: Studio, post: Post) -> None:
    both(studio)
    post.gone = {"discord"}
    alert(studio)
    run(studio, post)
    told = in_tick.send_due(studio.db, studio.dsn, studio.context)
    assert [(str(one), one.hint) for one in told] == [
        ("alerts do not reach discord: HTTP 404", "make a new webhook; then: vidctl alert --test")
    ]
    assert post.titles("mailtos at example.com") == ["A film failed"]
    post.gone = set()
    studio.later(minutes=59)
    run(studio, post)
    assert post.titles() == []
    studio.later(minutes=1)
    run(studio, post)
    assert post.titles() == ["A film failed"]
    assert in_tick.send_due(studio.db, studio.dsn, studio.context) == []


def on(studio: Studio, host: str, *urls: str) -> Context:
    """Return what ticks of a host have, on which these destinations are set."""
    return replace(studio.context, environment={"VIDCTL_HOST": host, "VIDCTL_ALERT_URLS": " ".join(urls)})


def test_each_host_sends_to_its_own_destinations_and_an_alert_is_over_when_all_of_any_host_have_it(
    studio: Studio, post: Post
) -> None:
    attic, barn = on(studio, "attic", "json://a", "json://b"), on(studio, "barn", "json://b", "json://c")
    for host in (attic, barn):
        in_tick.send_due(studio.db, studio.dsn, host)
    alert(studio)
    post.down = {"json at a"}
    for host in (attic, barn, barn, attic):
        deliver.deliver(studio.db, host, post)
    assert ([to for to, _ in post.sent], open_alerts(studio)) == (["json at b", "json at c"], 1)
    post.down = set()
    studio.later(minutes=5)
    for host in (barn, attic, barn):
        deliver.deliver(studio.db, host, post)
    assert ([to for to, _ in post.sent], open_alerts(studio)) == (["json at b", "json at c", "json at a"], 0)


def test_a_host_that_is_gone_holds_up_no_alert_for_longer_than_a_day(studio: Studio, post: Post) -> None:
    attic, barn = on(studio, "attic", "json://a"), on(studio, "barn", "json://c")
    in_tick.send_due(studio.db, studio.dsn, barn)
    alert(studio)
    deliver.deliver(studio.db, attic, post)
    assert open_alerts(studio) == 1
    studio.later(days=1)
    in_tick.send_due(studio.db, studio.dsn, attic)  # also where there is nothing to send any more
    assert (len(post.sent), open_alerts(studio)) == (1, 0)


def test_a_destination_that_is_taken_out_keeps_no_alert_open(studio: Studio, post: Post) -> None:
    both(studio)
    post.down = {"mailtos at example.com"}
    alert(studio)
    run(studio, post)
    del studio.told["VIDCTL_ALERT_URLS"]
    run(studio, post)
    assert (post.titles(), open_alerts(studio)) == (["A film failed"], 0)


def test_a_destination_that_is_set_late_gets_what_is_old_in_a_message_for_each_kind(studio: Studio, post: Post) -> None:
    for n in range(250):
        alert(studio, message=f"clips: {n}")
        alert(studio, "board", f"a card {n}")
    both(studio)
    run(studio, post)
    assert post.titles() == ["250 films failed", "250 troubles with boards in Notion"]
    assert open_alerts(studio) == 0


def test_what_is_committed_late_is_not_passed_over(studio: Studio, post: Post) -> None:
    both(studio)
    with studio.session() as other, other.transaction():
        outbox.alert(other, "board", "the first number, the last commit", hint="", now=studio.now)
        alert(studio)
        run(studio, post)
    run(studio, post)
    assert post.titles() == ["A film failed", "A board in Notion needs you"]


def test_a_message_names_the_film_its_card_its_cost_and_what_waits(studio: Studio, post: Post) -> None:
    both(studio)
    film = studio.film(title="Crows\x1b[31m", notion_page_id="page")
    studio.db.execute("insert into boards (database_id) values ('board')")
    studio.db.execute(
        "insert into cards (page_id, database_id, url) values ('page', 'board', 'https://www.notion.so/page')"
    )
    studio.db.execute(
        "insert into video_costs (task_id, component, units_used, cost_usd, at) values (%s, 'c', 1, 0.42, now())",
        (film,),
    )
    alert(studio, task_id=film)
    for service in ("one:gemini", "*:budget all day 40", "kie"):
        failure = Failure("KeyRefused", ErrorClass.PERMANENT, Scope.SERVICE, "no", "look")
        pauses.begin(studio.db, service, failure, now=studio.now)
    busy = Failure("Busy", ErrorClass.TRANSIENT, Scope.SERVICE, "passes by itself", "")
    pauses.begin(studio.db, "elevenlabs", busy, now=studio.now)
    run(studio, post)
    assert post.sent[0][1].url == "https://www.notion.so/page"
    failed, paused = (message.body for _, message in post.sent[:2])
    assert "Film: Crows [31m (" in failed
    assert "Spent on it so far: $0.42" in failed
    assert "By now: Queued" in failed
    held = {one.message: one.held_up for one in _all_due(studio)}
    assert held == {"clips: no": 0, "one:gemini: no": 1, "*:budget all day 40: no": 1, "kie: no": 0}
    assert "And 2 more like it" in paused


def _all_due(studio: Studio) -> list[Any]:
    studio.db.execute("delete from alert_deliveries; update alerts set delivered_at = null")
    (name,) = studio.db.execute("select id from alert_destinations where name = 'discord'").fetchone() or ("",)
    return alerts.due(studio.db, name, deliver.WAITS, now=studio.now)


def one_tick(studio: Studio, context: Context | None = None) -> list[tuple[str, str]]:
    """Tick on a connection of its own, and return the alerts that nobody was told of yet."""
    with studio.session("tick") as db:
        tick(db, studio.dsn, studio.configs, context or studio.context)
    return studio.db.execute("select kind, message from alerts order by id").fetchall()


def test_silence_and_films_that_wait_for_days_are_said_by_a_tick(studio: Studio) -> None:
    studio.now = studio.now.replace(hour=10, minute=30, second=0, microsecond=0)
    film = studio.film(queue=False)
    studio.db.execute("update tasks set status = 'Video Ready', status_since = %s where id = %s", (studio.now, film))
    assert one_tick(studio) == [], "there was never one before"
    studio.later(minutes=5)
    assert one_tick(studio) == []
    studio.later(minutes=6)
    [(kind, said)] = one_tick(studio)
    assert (kind, said.partition(" from ")[0]) == ("no tick", "no tick came to its end on any host")
    assert said.endswith("(6 min)"), "nobody knows why"
    whole = studio.context
    studio.limit(nonsense=1)
    for _ in range(4):
        studio.later(minutes=2)
        one_tick(studio, whole)
    studio.limit()
    kind, said = one_tick(studio)[-1]
    assert (kind, "(8 min): " in said, "nonsense" in said) == ("no tick", True, True)


def test_what_keeps_films_from_being_begun_is_said_once_by_all_hosts_together(studio: Studio) -> None:
    film, whole = studio.film(), studio.context
    (studio.home / "logs").mkdir(parents=True)
    (studio.home / "logs" / str(film)).write_text("no folder")
    defaults, broken = studio.configs / "_defaults.yaml", studio.configs / "two.yaml"
    broken.write_text("channel_id: [")

    def look(host: str) -> list[str]:
        context = replace(whole, environment={**whole.environment, "VIDCTL_HOST": host})
        with studio.session("tick") as db:
            tick(db, studio.dsn, studio.configs, context)
        rows = studio.db.execute("select message from alerts where kind = 'not begun' order by id").fetchall()
        return [message for (message,) in rows]

    file, log = look("a")
    assert ("two.yaml" in file, str(film) in log) == (True, True)
    defaults.write_text("limits: nonsense")
    assert "_defaults.yaml" in look("a")[-1]
    assert len(look("a")) == len(look("b")) == 3


def test_a_film_that_waits_at_a_gate_for_two_days_is_named_and_again_after_two_more(studio: Studio) -> None:
    studio.now = studio.now.replace(minute=2)
    film, paused, replaced = (studio.film(queue=False) for _ in range(3))
    studio.db.execute("update tasks set status = 'Video Ready', status_since = %s", (studio.now,))
    studio.db.execute("update tasks set paused_at = now() where id = %s", (paused,))
    studio.db.execute("update tasks set superseded_at = now() where id = %s", (replaced,))
    for _ in range(99):
        studio.later(hours=1)
        in_tick.look(studio.db, studio.context.limits, before=studio.now - timedelta(minutes=3), now=studio.now)
        studio.db.execute("insert into alert_deliveries select id, 'here', now() from alerts on conflict do nothing")
    said = studio.db.execute("select message, created_at, hint from alerts order by id").fetchall()
    assert [at for _, at, _ in said] == [studio.now - timedelta(hours=hours) for hours in (51, 3)]
    assert said[0][0].startswith("it waits at Video Ready since ")
    assert said[0][2] == f"vidctl review approve {str(film)[:8]}"
    studio.db.execute("delete from alerts")
    in_tick.look(studio.db, studio.context.limits, before=studio.now - timedelta(minutes=1), now=studio.now)
    assert studio.db.execute("select from alerts").fetchall() == [], "only the first tick of an hour looks"


def test_a_disk_that_is_nearly_full_is_said_once_and_begins_no_step_and_is_not_said_when_there_is_room_again(
    studio: Studio, post: Post
) -> None:
    both(studio)
    film, environment = studio.film(), studio.context.environment
    attic = replace(studio.context, environment={**environment, "VIDCTL_HOST": "attic"})
    silent = replace(attic, environment={"VIDCTL_HOST": "attic"})

    def look() -> Ticked:
        with studio.session("tick") as db:
            return tick(db, studio.dsn, studio.configs, silent)

    with small_disk(studio.home):
        first, second = look(), look()
        assert [str(one) for one in first.unheard] == ["the disk of VIDCTL_HOME on attic has less than 2 GB left"]
        assert [str(one).partition(":")[0] for one in first.troubles] == ["no step is begun"]
        assert (len(first.unsaid), len(second.unsaid), studio.task(film).attempt) == (2, 0, 0)
        assert open_alerts(studio) == 2
    deliver.deliver(studio.db, attic, post)
    assert post.titles() == ["Films are not begun"]
    assert in_tick.send_due(studio.db, studio.dsn, silent) == []


def test_backups_that_come_no_more_are_missed_after_days_and_again_but_not_where_nobody_makes_them_regularly(
    studio: Studio,
) -> None:
    def told_in_a_week(**limits: int) -> list[str]:
        for _ in range(7 * 4):
            studio.later(hours=6)
            hour_ago, limited = studio.now - timedelta(hours=1), Limits(alerts=Alerts(**limits))
            in_tick.look(studio.db, limited, before=hour_ago, now=studio.now)
            studio.db.execute("update alerts set delivered_at = now()")
        said = studio.db.execute("select message from alerts where kind = 'backup'").fetchall()
        studio.db.execute("delete from alerts")
        return [message for (message,) in said]

    studio.now = studio.now.replace(minute=2)
    backups.record(studio.db, host="attic", made_at=studio.now, is_regular=False)
    assert told_in_a_week() == []
    backups.record(studio.db, host="attic", made_at=studio.now, is_regular=True)
    assert told_in_a_week(backup_after_days=0) == []
    backups.record(studio.db, host="attic", made_at=studio.now, is_regular=False)
    first, again = told_in_a_week()
    assert first == again
    assert "made on attic: none since" in first


def test_a_film_in_doubt_is_named_again_after_days(studio: Studio) -> None:
    film = studio.film()
    studio.db.execute(
        "insert into artifacts (task_id, kind, index, state, subject) values (%s, 'clip', 1, 'pending', 's')", (film,)
    )
    studio.db.execute(
        """insert into orders (task_id, channel_id, kind, index, step, service, subject, state, by_job, asked_at)
           values (%s, 'one', 'clip', 1, 'clips', 'kie', 's', 'in doubt', true, %s)""",
        (film, studio.now),
    )
    for _ in range(2):
        studio.later(days=2)
        in_tick.look(studio.db, studio.context.limits, before=studio.now - timedelta(hours=1), now=studio.now)
    [(said,)] = studio.db.execute("select message from alerts where kind = 'in doubt'").fetchall()
    assert said.startswith("an answer to an order was lost on ")


class Watched(FakeDiscord):
    """Looks at the arguments of all processes while a message is on its way."""

    arguments = ""

    def leaving(self, *_: object) -> None:
        lines = (entry / "cmdline" for entry in Path("/proc").glob("[0-9]*"))
        self.arguments += "".join(line.read_bytes().decode(errors="replace") for line in lines if line.exists())


def test_ten_processes_at_once_send_one_message_and_no_secret_is_anywhere(
    studio: Studio, capfd: pytest.CaptureFixture[str]
) -> None:
    with Watched() as discord:
        studio.told = {"DISCORD_WEBHOOK_URL": discord.webhook}
        alert(studio)
        log = studio.home / "logs" / ALERTS
        run_one = partial(deliver.run, studio.dsn, studio.context)
        with studio.session("tick") as db:
            books = [opened(Book(log, shared=True), log) for _ in range(10)]
            pids = [detach(db, run_one, book, "alerts", studio.told) for book in books]
            assert {os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in pids} == {ExitCode.OK}
        assert len(discord.messages) == 1
        assert "send_alert.py" in discord.arguments
        logged = capfd.readouterr().err + log.read_text()
        assert logged.count('"alert delivered"') == 1
        rows = [
            studio.db.execute(f"select row_to_json(t)::text from {table} t").fetchall()
            for table in ("alerts", "alert_destinations", "alert_deliveries")
        ]
        assert discord.token not in f"{rows}{logged}{discord.arguments}"


def _die(dsn: str, studio: Studio, *, sends: bool) -> int:
    """Deliver, and be killed right after a message was sent, or before."""

    def by(to: Destination, message: Message, environment: Mapping[str, str]) -> None:
        if sends:
            assert send(to, message, environment) is None
        os.kill(os.getpid(), signal.SIGKILL)

    with closing(connect(dsn, application_name="killed")) as db:
        deliver.deliver(db, studio.context, by)
    return 0


def test_no_secret_of_ours_and_nothing_that_looks_like_one_leaves_in_a_message(
    studio: Studio, discord: FakeDiscord
) -> None:
    studio.told["KIE_API_KEY"] = "kie-0123456789"
    alert(studio, message="kie-0123456789 is refused at https://x.dev/f?X-Amz-Signature=deadbeef01")
    deliver.deliver(studio.db, studio.context)
    [said] = discord.messages
    assert "[KIE_API_KEY] is refused" in str(said).replace("\\", "")
    assert "deadbeef01" not in str(said)
    discord.fault("refuse", status=403, body={"message": "whose is kie-0123456789?"})
    alert(studio, "quota", "80% is used")
    deliver.deliver(studio.db, studio.context)
    [(problem,)] = studio.db.execute("select problem from alert_destinations").fetchall()
    assert problem.endswith("HTTP 403, whose is [KIE_API_KEY]?")


@pytest.mark.parametrize(("sends", "messages"), [(False, 1), (True, 2)])
def test_who_is_killed_loses_no_alert_and_doubles_it_in_that_one_moment_alone(
    studio: Studio, discord: FakeDiscord, sends: bool, messages: int
) -> None:
    alert(studio)
    log = studio.home / "logs" / ALERTS
    with studio.session("tick") as db:
        work = partial(_die, studio.dsn, studio, sends=sends)
        pid = detach(db, work, opened(Book(log, shared=True), log), "alerts", {})
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
    until(lambda: not studio.db.execute("select from pg_stat_activity where application_name = 'killed'").fetchall())
    for _ in range(2):
        deliver.deliver(studio.db, studio.context)
    assert (len(discord.messages), open_alerts(studio)) == (messages, 0)


def test_a_database_that_goes_away_meanwhile_is_no_bug_and_what_was_to_be_sent_is_sent_by_the_next(
    studio: Studio, post: Post
) -> None:
    both(studio)
    alert(studio)
    with studio.session("sending") as db:

        def cut(*_: object) -> None:
            sessions.end(studio.db, db.info.backend_pid)

        with pytest.raises(Unavailable):
            deliver.deliver(db, studio.context, cut)
    run(studio, post)
    assert post.titles() == ["A film failed"]


def test_a_tick_delivers_what_it_finds_also_where_no_log_of_it_can_be_written(
    studio: Studio, discord: FakeDiscord
) -> None:
    alert(studio)
    studio.home.mkdir()
    (studio.home / "logs").write_text("no folder")
    one_tick(studio)
    until(lambda: open_alerts(studio) == 0, what="the delivery")
    assert len(discord.messages) == 1
