"""What people are told: all that is needed to act, in a message that any service takes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vidctl.domain.alerting import MAX_BODY, MAX_TITLE, Alert, Level, compose, wait_after
from vidctl.engine.alerting.destinations import destinations, id_of
from vidctl.engine.redact import redacted
from vidctl.providers.alerts import message
from vidctl.providers.alerts.discord import MAX_TEXT, literal
from vidctl.providers.alerts.discord import MAX_TITLE as MAX_EMBED_TITLE
from vidctl.providers.alerts.refusals import without_keys

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FAILED = Alert(
    id=1,
    kind="task failed",
    message="clips: clip 3: the model refuses this picture",
    hint="change its prompt, then vidctl retry",
    created_at=NOON,
    task_id=UUID("3f2a1b2c-0000-4000-8000-000000000000"),
    channel_id="history",
    title="Crows",
    status="Video Error",
    step="clips",
    cost_usd=Decimal("3.42"),
    card_url="https://www.notion.so/3f2a",
)
WORDS = st.builds(lambda text, times: text * times, st.text(max_size=40), st.sampled_from([1, 100]))
ALERTS = st.lists(
    st.builds(Alert, st.just(1), st.sampled_from(["task failed", "quota", "new"]), WORDS, WORDS, st.just(NOON)),
    min_size=1,
    max_size=40,
)


def test_a_message_says_what_where_since_when_what_it_costs_and_what_to_do_and_leads_to_the_card() -> None:
    said = compose([FAILED])
    assert (said.title, said.url, said.level) == ("Crows failed", "https://www.notion.so/3f2a", Level.FAILURE)
    assert said.body.splitlines() == [
        "clips: clip 3: the model refuses this picture",
        "Film: Crows (3f2a1b2c) of history, step clips",
        "Since: 2026-11-22 12:00 UTC",
        "Spent on it so far: $3.42",
        "To do: change its prompt, then vidctl retry 3f2a1b2c",
    ]


@pytest.mark.parametrize(
    ("hint", "to_do"),
    [
        ("what it said: vidctl logs TASK", "what it said: vidctl logs 3f2a1b2c; then: vidctl retry 3f2a1b2c"),
        ("", "vidctl retry 3f2a1b2c"),
        ("set the key", "set the key; then: vidctl retry 3f2a1b2c"),
        ("gone? vidctl retry --new-upload", "gone? vidctl retry 3f2a1b2c --new-upload"),
        ("vidctl retry --new-upload 3f2a1b2c", "vidctl retry --new-upload 3f2a1b2c"),
        ("vidctl settle 17 --bought", "vidctl settle 17 --bought"),
    ],
)
def test_what_to_do_about_a_failed_film_can_be_run_as_it_stands_and_makes_it_go_on(hint: str, to_do: str) -> None:
    assert compose([replace(FAILED, hint=hint)]).body.splitlines()[-1] == f"To do: {to_do}"


def test_a_film_that_went_on_meanwhile_says_so_and_a_service_says_what_it_holds_up() -> None:
    assert "By now: Uploading" in compose([replace(FAILED, status="Uploading")]).body
    rests = Alert(2, "service paused", "kie: HTTP 402", "top the account up", NOON, held_up=7)
    assert compose([rests]).title == "kie rests"
    assert compose([rests]).body.splitlines()[2] == "Holds up: 7 films"


def test_news_have_another_colour_than_troubles_and_each_kind_a_title_of_its_own() -> None:
    levels = {"weekly report": Level.INFO, "success below target": Level.WARNING, "backup": Level.FAILURE}
    assert {kind: compose([replace(FAILED, kind=kind)]).level for kind in levels} == levels
    assert compose([replace(FAILED, kind="restored")]).title == "The database was restored"


def test_what_is_of_one_kind_is_one_message_that_names_all() -> None:
    films = [replace(FAILED, id=n, title=f"Film {n}", created_at=NOON + timedelta(seconds=n)) for n in range(1, 51)]
    said = compose(films)
    assert said.title == "50 films failed"
    assert "And 49 more like it (2026-11-22 12:00 UTC):" in said.body
    assert [n for n in range(1, 51) if f"Film {n} (3f2a1b2c)" not in said.body] == []
    few = compose(films[:4])
    assert "\n- Film 2 (3f2a1b2c): clips: clip 3: the model refuses this picture\n" in few.body


def test_of_more_than_have_room_the_rest_is_counted() -> None:
    said = compose([replace(FAILED, title=f"A film with a long title, number {n}") for n in range(500)])
    named = said.body.count("(3f2a1b2c)")
    assert 10 < named < 100
    assert said.body.endswith(f"and {500 - named} more: vidctl alerts")


@settings(max_examples=30)
@given(ALERTS)
def test_whatever_happened_a_message_stays_within_its_limits(alerts: list[Alert]) -> None:
    said = compose(alerts)
    assert len(said.title) <= MAX_TITLE
    assert len(said.body) <= MAX_BODY


@given(WORDS)
def test_no_text_calls_anybody_or_breaks_the_limits_of_discord(words: str) -> None:
    title, body = message.cut(message.harmless(words, " "), message.MAX_TITLE), message.harmless(words * 3, "\n")
    assert len(literal(title)) <= MAX_EMBED_TITLE
    assert len(literal(message.cut(body, message.MAX_BODY))) <= MAX_TEXT
    assert all(after == "\u200b" for at, after in zip(body, f"{body[1:]} "[: len(body)], strict=True) if at == "@")


def test_marks_mean_nothing_to_discord_and_addresses_can_be_followed() -> None:
    assert literal("**a** `b` [c](https://evil.example/x_y) # d <@1>") == (
        r"\*\*a\*\* \`b\` \[c\](https://evil.example/x_y) \# d \<@1\>"
    )


@pytest.mark.parametrize(
    ("failures", "asked_s", "wait_s"), [(1, None, 50), (2, None, 110), (5, None, 290), (99, None, 290), (1, 120, 120)]
)
def test_a_destination_is_tried_with_the_next_minute_then_slower_up_to_five(
    failures: int, asked_s: float | None, wait_s: float
) -> None:
    assert wait_after(failures, asked_s) == timedelta(seconds=wait_s)


WEBHOOK = "https://discord.com/api/webhooks/123456789/tOkEn-of_it"
MAIL = "mailtos://ana:hunter22@example.com/?to=bo@example.org"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def test_a_destination_has_a_name_that_holds_no_secret_and_counts_once() -> None:
    found = destinations(
        {"DISCORD_WEBHOOK_URL": WEBHOOK, "VIDCTL_ALERT_URLS": f"{MAIL} {SLACK}\n{SLACK} x://[:: {MAIL}2"}
    )
    names = ["discord", "mailtos at example.com", "slack", "unknown", "mailtos at example.com (2)"]
    assert [one.name for one in found] == names, "of two that are called alike each can be told from the other"
    assert "tOkEn" not in repr(found)
    assert id_of(MAIL) == id_of(MAIL.replace("hunter22", "another"))
    assert id_of(MAIL) != id_of(MAIL.replace("ana", "bo"))


@pytest.mark.parametrize(("url", "secret"), [(WEBHOOK, "tOkEn-of_it"), (MAIL, "hunter22"), (SLACK, "T1JJ3T3L2")])
def test_no_word_about_a_destination_holds_its_keys(url: str, secret: str) -> None:
    assert secret not in without_keys(f"cannot reach {url}: {secret}", url)
    assert secret not in redacted(f"cannot reach {url}", {"VIDCTL_ALERT_URLS": f"json://host {url}"})
