"""What people were told, where it goes, and whether it arrives, by the real command."""

from collections.abc import Callable, Iterator

import pytest

from tests.fakes.discord import FakeDiscord
from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.errors import ExitCode
from vidctl.store import outbox

Run = Callable[..., Ran]


@pytest.fixture
def discord(place: Place) -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        place.environment["DISCORD_WEBHOOK_URL"] = fake.webhook
        yield fake


def alert(studio: Studio, message: str = "clips: the model refuses \x1b[31mit") -> None:
    film = studio.film(title="Crows", queue=False)
    outbox.alert(studio.db, "task failed", message, hint="vidctl retry", now=studio.now, task_id=film)


def test_alerts_say_what_was_told_to_whom(discord: FakeDiscord, quick: Run, studio: Studio) -> None:
    assert (quick("alerts").out, quick("alerts", "--json").json["alerts"]) == ("", [])
    alert(studio)
    head, row = quick("alerts").out.splitlines()
    assert head.split("\t") == ["id", "since", "kind", "what", "told"]
    assert row.split("\t")[2:] == ["task failed", row.split("\t")[3], "nobody yet"]
    assert "\x1b" not in row
    [destination] = quick("alerts", "--json").json["destinations"]
    studio.db.execute("insert into alert_deliveries select id, %s, now() from alerts", (destination["id"],))
    studio.db.execute("update alerts set delivered_at = now(), created_at = now() - interval '8 days'")
    assert quick("alerts").out == ""
    [told] = quick("alerts", "--all", "--json").json["alerts"]
    assert (list(told["delivered"]), told["title"]) == (["discord"], "Crows")
    assert discord.token not in quick("alerts", "--all", "--json").out


def test_on_a_terminal_it_says_where_alerts_go(terminal: Run, studio: Studio) -> None:
    alert(studio, "Why? " + "It is not known. " * 99 + "That is all.")
    shown = terminal("alerts", COLUMNS="80").out
    assert len(shown.splitlines()) < 16, "a screen holds several"
    shown = " ".join(shown.split())
    assert "Crows (" in shown
    assert "in full: vidctl alerts 1" in shown
    assert "Alerts go nowhere: set DISCORD_WEBHOOK_URL or VIDCTL_ALERT_URLS; see .env.example" in shown


def test_one_alert_is_shown_whole(quick: Run, studio: Studio) -> None:
    alert(studio)
    alert(studio, "Why? " + "It is not known. " * 99 + "That is all.")
    shown = quick("alerts", "2").out
    assert shown.splitlines()[1].startswith("Crows (")
    short = shown.splitlines()[1].rpartition("(")[2].rstrip(")")
    assert shown.endswith(f"not known. That is all.\nTo do: vidctl retry {short}\nTold: nobody yet\n")
    assert [one["id"] for one in quick("alerts", "2", "--json").json["alerts"]] == [2]
    assert quick("alerts", "3").err == "error: there is no alert 3\nhint: see: vidctl alerts --all\n"


def test_without_a_destination_a_test_is_an_error_that_says_what_to_set(quick: Run) -> None:
    none = quick("alert", "--test")
    assert (none.status, none.err.splitlines()[0]) == (ExitCode.MISCONFIGURED, "error: alerts go nowhere")
    assert quick("alert").status == ExitCode.USAGE


def test_a_test_message_goes_everywhere_and_says_what_became_of_it(vidctl: Run, discord: FakeDiscord) -> None:
    gone = f"{discord.url}/api/webhooks/{discord.number}/an-old-token"
    said = vidctl("alert", "--test", VIDCTL_ALERT_URLS=gone)
    assert (said.status, said.out) == (ExitCode.KEY_REFUSED, "discord: the message is there.\n")
    assert said.err.splitlines()[0].startswith("error: http at 127.0.0.1: the message was not taken: HTTP 401")
    assert [message["embeds"][0]["title"] for message in discord.messages] == ["vidctl reaches you"]
    assert "an-old-token" not in said.out + said.err
    assert discord.token not in said.out + said.err


def test_a_destination_that_rested_is_used_again_after_a_test(discord: FakeDiscord, quick: Run, studio: Studio) -> None:
    [destination] = quick("alerts", "--json").json["destinations"]
    studio.db.execute(
        """insert into alert_destinations (id, name, is_refused, problem, due_at)
           values (%s, 'discord', true, 'gone', now() + interval '1 hour')""",
        (destination["id"],),
    )
    told = quick("tick")
    assert (told.status, told.err.splitlines()[0]) == (0, "error: alerts do not reach discord: gone")
    assert quick("tick").err == "", "cron mails it once"
    assert quick("alert", "--test", "--json").json["destinations"][0]["delivered"] is True
    [destination] = quick("alerts", "--json").json["destinations"]
    assert (destination["is_refused"], destination["next_at"]) == (False, None)
