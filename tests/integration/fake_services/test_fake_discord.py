"""The fake of Discord is what Apprise takes it for; and what becomes of a message in each kind of trouble."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from apprise import Apprise
from apprise.plugins.discord import NotifyDiscord

from tests.fakes.discord import FakeDiscord
from tests.fakes.wire.server import Answer, Call, Fake
from vidctl.contract import Failure, failure_of
from vidctl.errors import ExitCode, VidctlError
from vidctl.providers.alerts import message, sending

pytestmark = pytest.mark.filterwarnings("ignore:.imghdr. is deprecated")  # by Apprise, for an e-mail that is encrypted
ROOT = Path(__file__).resolve().parents[3]
CROWS = {"title": "Crows failed", "body": "clip 3\n@everyone <@1> **now**", "url": "https://www.notion.so/3f2a"}


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    with FakeDiscord() as fake:
        yield fake


def told(url: str, name: str = "DISCORD_WEBHOOK_URL", **said: str) -> Failure | None:
    """Send a message, and return why it was not taken."""
    try:
        target, address = sending.destination({name: url})
        sending.send(target, address, message.read(json.dumps({**CROWS, **said})))
    except VidctlError as error:
        return failure_of(error)
    return None


def test_apprise_itself_speaks_with_it_and_would_call_everybody(discord: FakeDiscord) -> None:
    plain = NotifyDiscord(discord.number, discord.token)
    plain.notify_url = f"{discord.url}/api/webhooks"
    asked = Apprise()
    asked.add(plain)
    assert asked.notify(body="hello @everyone")
    assert discord.messages[-1]["content"] == "hello @everyone"
    assert discord.pings == ["@everyone"]


def test_limits_empty_messages_and_strangers_are_refused(discord: FakeDiscord) -> None:
    for body, code in (
        ({"content": "a" * 2_001}, 50035),
        ({"embeds": [{"description": "a" * 4_097}]}, 50035),
        ({"embeds": [{"title": "a", "description": "b" * 3_100}] * 2}, 50035),
        ({}, 50006),
    ):
        answer = httpx.post(discord.webhook, json=body, verify=False)
        assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert httpx.post(f"{discord.webhook}x", json={"content": "a"}, verify=False).json()["code"] == 50027
    assert httpx.post(discord.webhook, json={"content": "a"}, verify=False).status_code == 204
    assert len(discord.messages) == 1


def test_a_message_is_an_embed_that_calls_nobody_and_discord_says_that_it_kept_it(discord: FakeDiscord) -> None:
    assert told(discord.webhook, level="failure") is None
    [said] = discord.messages
    [embed] = said["embeds"]
    assert (embed["title"], embed["url"]) == ("Crows failed", CROWS["url"])
    assert embed["description"] == "clip 3\n@\u200beveryone \\<@\u200b1\\> \\*\\*now\\*\\*"
    assert said["allowed_mentions"] == {"parse": []}
    assert discord.pings == []
    assert discord.ledger.requests[-1].query == {"wait": ["true"]}


@pytest.mark.parametrize("path", ["/api/v10/webhooks/", "/proxy/api/webhooks/"])
def test_a_webhook_is_one_wherever_it_is_and_keeps_its_thread(discord: FakeDiscord, path: str) -> None:
    told(f"{discord.url}{path}{discord.number}/{discord.token}?thread_id=17")
    seen = discord.ledger.requests[-1]
    assert (seen.path, seen.query["thread_id"]) == (f"{path}{discord.number}/{discord.token}", ["17"])


def test_a_long_text_is_cut_and_what_is_too_long_all_the_same_is_said_in_short(discord: FakeDiscord) -> None:
    assert told(discord.webhook, body="*é\u0301" * 5_000, title="t" * 500) is None
    [embed] = discord.messages[0]["embeds"]
    assert len(embed["description"]) > 1_900
    discord.fault("refuse", status=400, body={"message": "Invalid Form Body", "code": 50035})
    assert told(discord.webhook) is None
    [short] = discord.messages[-1]["embeds"]
    assert short["description"].startswith("More than this is not taken here")
    assert "url" not in short, "an address that is none is refused with the whole message"


@pytest.mark.parametrize(
    ("trouble", "rule", "error_class", "words"),
    [
        ("deleted", {}, "permanent", "HTTP 404, Unknown Webhook"),
        ("unknown_token", {}, "permanent", "HTTP 401, Invalid Webhook Token"),
        ("limited", {"retry_after": 4.5}, "transient", "HTTP 429, You are being rate limited."),
        ("html", {"status": 502}, "transient", "HTTP 502"),
        ("drop", {}, "transient", "no answer, "),
        ("refuse", {"status": 400, "times": 2, "body": {"message": "Invalid Form Body"}}, "permanent", "HTTP 400"),
    ],
)
def test_each_trouble_is_told_apart_at_once_and_without_the_webhook(
    discord: FakeDiscord, trouble: str, rule: dict[str, object], error_class: str, words: str
) -> None:
    discord.fault(trouble, **rule)
    failure = told(discord.webhook)
    assert failure is not None
    assert (failure.error_class, failure.retry_after_s) == (error_class, rule.get("retry_after"))
    assert words in failure.message
    assert discord.token not in f"{failure}"
    assert len(discord.ledger.requests) == rule.get("times", 1), "whoever is refused asks no more"


class Hook(Fake):
    """Any program that takes JSON."""

    def answer(self, call: Call) -> Answer:
        self.said = call.json
        return Answer(200)


def test_other_services_get_the_same_words_and_the_address_of_the_card() -> None:
    with Hook() as hook:
        assert told(hook.url.replace("http", "json"), "VIDCTL_ALERT_URLS") is None
        assert hook.said["title"] == "Crows failed"
        assert hook.said["message"].endswith("**now**\nhttps://www.notion.so/3f2a")


class Mail(socketserver.StreamRequestHandler):
    """A mail server that lets nobody in."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail\r\n")
        for line in self.rfile:
            is_hello = line.upper().startswith(b"EHLO")
            self.wfile.write(b"250-mail\r\n250 AUTH PLAIN\r\n" if is_hello else b"535 5.7.8 no: hunter22\r\n")


def test_a_mail_server_that_refuses_the_password_is_told_apart_without_it() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True).start()
        url = f"mailto://ana:hunter22@localhost:{server.server_address[1]}?from=ana@example.com&to=bo@example.org"
        failure = told(url, "VIDCTL_ALERT_URLS")
        server.shutdown()
    assert failure is not None
    assert (failure.error_type, "SMTP 535" in failure.message) == ("KeyRefused", True)
    assert "hunter22" not in f"{failure}"


@pytest.mark.parametrize(
    ("environment", "said", "status"),
    [
        ({"DISCORD_WEBHOOK_URL": "https://example.com/"}, CROWS, ExitCode.MISCONFIGURED),
        ({"VIDCTL_ALERT_URLS": "nonsense://x"}, CROWS, ExitCode.MISCONFIGURED),
        ({"VIDCTL_ALERT_URLS": "json://a json://b"}, CROWS, ExitCode.MISCONFIGURED),
        ({}, CROWS, ExitCode.MISCONFIGURED),
        ({"DISCORD_WEBHOOK_URL": "x"}, {"title": " "}, ExitCode.BAD_DATA),
    ],
)
def test_what_cannot_be_sent_is_an_error_of_its_own(
    environment: dict[str, str], said: dict[str, str], status: ExitCode
) -> None:
    with pytest.raises(VidctlError) as refused:
        message.read(json.dumps(said)) and sending.destination(environment)
    assert refused.value.exit_code is status


def test_the_script_keeps_the_contract(discord: FakeDiscord) -> None:
    discord.fault("deleted", after=1)
    keep = {name: os.environ[name] for name in ("PATH", "SSL_CERT_FILE") if name in os.environ}
    environment = {**keep, "PYTHONPATH": str(ROOT), "DISCORD_WEBHOOK_URL": discord.webhook}
    argv = [sys.executable, str(ROOT / "scripts" / "send_alert.py")]
    for status, event in ((ExitCode.OK, None), (ExitCode.KEY_REFUSED, "error")):
        ran = subprocess.run(
            argv, input=json.dumps(CROWS), env=environment, capture_output=True, text=True, check=False
        )
        assert (ran.returncode, json.loads(ran.stdout).get("event")) == (status, event)
        assert discord.token not in ran.stdout + ran.stderr
