"""What ElevenLabs answers, and what that means for money and for the next try."""

import json
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.elevenlabs import FakeElevenLabs
from tests.fakes.elevenlabs.errors import PROBLEMS
from tests.fakes.wire.ledger import Ledger
from vidctl.contract import AtOnce, Basis, Cost, Failure, Message, Ordering, ScriptError, from_line, to_line
from vidctl.providers.elevenlabs import errors, sounds, speech
from vidctl.providers.elevenlabs.client import KEY, Account, account
from vidctl.providers.elevenlabs.settings import Settings, adapted, seed_of, seed_of_take
from vidctl.providers.elevenlabs.sounds import Description
from vidctl.providers.elevenlabs.speech import Spoken, Words
from vidctl.providers.elevenlabs.timing import timing
from vidctl.providers.http import Reply

VOICE = "21m00Tcm4TlvDq8ikWAM"
TEXT = "The river has carried this valley on its back."
WORDS = Words(TEXT, VOICE, 1)
WIND = Description("wind", 2.0)
ORDERS = "text-to-speech|sound-generation"

Bought = tuple[list[Message], Any]
Buy = Callable[..., Bought]


@pytest.fixture(scope="module")
def service() -> Iterator[FakeElevenLabs]:
    with FakeElevenLabs() as made:
        yield made


@pytest.fixture
def fake(service: FakeElevenLabs) -> FakeElevenLabs:
    """The service as if nobody had called it yet."""
    service.faults.clear()
    service.ledger = Ledger()
    service.characters, service.used, service.older = 1_000_000, 0, False
    service.resets_at = int(time.time() + 86_400)
    return service


@pytest.fixture
def buy(fake: FakeElevenLabs, capsys: pytest.CaptureFixture[str]) -> Buy:
    """Buy words or a sound; return what was said of it, and what came back, or how it failed."""

    def bought(what: Words | Description = WORDS, **options: Any) -> Bought:
        capsys.readouterr()
        options = {"timeout_s": 20.0, "patience_s": 0.0, **options}
        owner = options.pop("owner", Account(fake.key, fake.url))
        came = come_of(what, owner, **options)
        if isinstance(came, Failure):
            assert from_line(to_line(came)) == came
            assert fake.key not in to_line(came)
        return [from_line(line) for line in capsys.readouterr().out.splitlines()], came

    return bought


def come_of(what: Words | Description, owner: Account, **options: Any) -> Spoken | bytes | Failure:
    try:
        if isinstance(what, Words):
            return speech.speak(what, owner, **options)
        return sounds.make(what, owner, **options)
    except ScriptError as error:
        return error.failure


def costs(said: list[Message]) -> list[Cost]:
    return [message for message in said if isinstance(message, Cost)]


def booked_as_sold(said: list[Message], fake: FakeElevenLabs) -> bool:
    return [(cost.component, cost.cost_usd) for cost in costs(said)] == [
        (sale.component, sale.cost_usd) for sale in fake.ledger.sales
    ]


TABLE = {
    # the trouble: error_type, class, scope, retry_after_s, what the message holds
    "bad_key": ("KeyRefused", "permanent", "service", None, "Invalid API key"),
    "no_permission": ("KeyRefused", "permanent", "service", None, "permission text_to_speech"),
    "unusual_activity": ("UnusualActivity", "permanent", "service", None, "Free Tier"),
    "quota": ("QuotaExceeded", "quota", "service", 86_400, "12 credits remaining"),
    "payment_required": ("QuotaExceeded", "quota", "service", 86_400, "Insufficient"),
    "plan_of_voice": ("NotAllowed", "permanent", "item", None, "library voices"),
    "voice_not_found": ("VoiceNotFound", "permanent", "item", None, "voice_id was not found"),
    "model_not_found": ("ModelNotFound", "permanent", "item", None, "does not exist"),
    "unsupported_model": ("ModelNotFound", "permanent", "item", None, "not yet supported"),
    "too_long": ("TextTooLong", "permanent", "item", None, "too many characters"),
    "text_too_long": ("TextTooLong", "permanent", "item", None, "too long"),
    "invalid_parameters": ("BadRequest", "permanent", "item", None, "Invalid value"),
    "plan": ("NotAllowed", "permanent", "item", None, "Creator"),
    "content": ("ContentRefused", "permanent", "item", None, "moderation"),
    "too_early": ("TooEarly", "transient", "item", None, "still being processed"),
    "too_many": ("TooManyAtOnce", "transient", "item", 5, "same time"),
    "too_many_requests": ("TooManyAtOnce", "transient", "item", 5, "maximum of 5"),
    "rate_limit": ("Busy", "transient", "service", 30, "slow down"),
    "busy": ("Busy", "transient", "service", 30, "heavy traffic"),
    "internal": ("ServiceError", "transient", "item", None, "our end"),
    "unavailable": ("ServiceError", "transient", "service", 30, "unavailable"),
}


@pytest.mark.parametrize("older", [False, True])
@pytest.mark.parametrize("trouble", TABLE)
def test_each_refusal_is_classified_and_costs_nothing(
    buy: Buy, fake: FakeElevenLabs, trouble: str, older: bool
) -> None:
    error_type, error_class, scope, wait_s, words = TABLE[trouble]
    fake.fault(trouble, path=ORDERS, older=older)
    said, failure = buy()
    assert (failure.error_type, failure.error_class, failure.scope) == (error_type, error_class, scope)
    assert failure.retry_after_s == (None if wait_s is None else pytest.approx(wait_s, abs=20))
    assert words in failure.message
    assert "ElevenLabs" in failure.message
    assert failure.hint
    assert not failure.in_doubt
    assert said == [Ordering("elevenlabs_narration", Decimal(len(TEXT)) / 10_000, by_job=False)]
    assert len(fake.ledger.where(lambda seen: "text-to-speech" in seen.path)) == 1
    assert fake.ledger.sales == []


def test_the_table_has_a_row_for_every_trouble_of_the_service() -> None:
    assert TABLE.keys() == PROBLEMS.keys()


def test_a_complaint_about_fields_names_the_field(buy: Buy, fake: FakeElevenLabs) -> None:
    fake.fault("validation")
    _, failure = buy()
    assert (failure.error_type, failure.error_class, failure.scope) == ("BadRequest", "permanent", "item")
    assert "body.text: Field required" in failure.message


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (400, {"detail": {"code": "odd", "message": "Odd."}}, ("Refused", "permanent", "item", False)),
        (400, {"detail": {"code": "odd", "status": "voice_not_found"}}, ("VoiceNotFound", "permanent", "item", False)),
        (400, {"error": "odd"}, ("Refused", "permanent", "item", False)),
        (401, {"detail": {"status": "odd"}}, ("KeyRefused", "permanent", "service", False)),
        (401, {"detail": "Unauthorized"}, ("KeyRefused", "permanent", "service", False)),
        (401, {"detail": {"status": "only_for_pro"}}, ("NotAllowed", "permanent", "item", False)),
        (402, {"detail": {}}, ("QuotaExceeded", "quota", "service", False)),
        (403, {"detail": {"code": "odd"}}, ("NotAllowed", "permanent", "item", False)),
        (
            403,
            {"detail": {"code": "x", "message": "It violates our terms."}},
            ("ContentRefused", "permanent", "item", False),
        ),
        (400, {"detail": {"code": "safety_check_failed"}}, ("ContentRefused", "permanent", "item", False)),
        (400, {"detail": {"status": "bad_prompt"}}, ("ContentRefused", "permanent", "item", False)),
        (
            402,
            {"detail": {"code": "quota_exceeded", "message": "Upgrade your plan."}},
            ("QuotaExceeded", "quota", "service", False),
        ),
        (404, {"detail": "Not Found"}, ("Refused", "permanent", "item", False)),
        (408, {"detail": "Timeout"}, ("TooEarly", "transient", "item", False)),
        (422, {"detail": [None, {"loc": 3}, {"loc": ["a", 1], "msg": 5}]}, ("BadRequest", "permanent", "item", False)),
        (429, {"detail": []}, ("Busy", "transient", "service", False)),
        (500, {"detail": "Internal"}, ("ServiceError", "transient", "item", False)),
        (500, {"message": "a gateway"}, ("Unreadable", "transient", "item", True)),
        (302, {}, ("Unreadable", "transient", "item", False)),
    ],
)
def test_what_nobody_wrote_down_is_classified_by_its_status(
    buy: Buy, fake: FakeElevenLabs, status: int, body: Any, expected: tuple[str, str, str, bool]
) -> None:
    fake.fault("refuse", path=ORDERS, status=status, body=body)
    said, failure = buy()
    assert (failure.error_type, failure.error_class, failure.scope, failure.in_doubt) == expected
    assert f"HTTP {status}" in failure.message
    assert costs(said) == []


@pytest.mark.parametrize(
    ("kind", "status", "in_doubt"),
    [
        ("html", 403, False),
        ("html", 502, True),
        ("html", 200, True),
        ("not_json", 200, True),
        ("not_json", 400, False),
        ("not_json", 500, True),
    ],
)
@pytest.mark.parametrize("what", [WORDS, WIND], ids=["speech", "sound"])
def test_a_page_of_a_gateway_is_tried_again_and_is_in_doubt_where_the_order_may_have_gone_through(
    buy: Buy, fake: FakeElevenLabs, what: Words | Description, kind: str, status: int, in_doubt: bool
) -> None:
    fake.fault(kind, status=status)
    said, failure = buy(what)
    assert (failure.error_type, failure.error_class, failure.in_doubt) == ("Unreadable", "transient", in_doubt)
    assert f"HTTP {status}" in failure.message
    assert costs(said) == []


@pytest.mark.parametrize("what", [WORDS, WIND], ids=["speech", "sound"])
@pytest.mark.parametrize(("kind", "options"), [("lost", {}), ("drop", {}), ("cut", {}), ("late", {"delay_s": 3})])
def test_a_lost_answer_leaves_the_order_in_doubt_and_is_not_asked_for_again(
    buy: Buy, fake: FakeElevenLabs, what: Words | Description, kind: str, options: dict[str, Any]
) -> None:
    fake.fault(kind, **options)
    said, failure = buy(what, timeout_s=0.7)
    assert (failure.error_type, failure.error_class, failure.scope) == ("AnswerLost", "transient", "item")
    assert failure.in_doubt
    assert [type(message) for message in said] == [Ordering]
    assert len(fake.ledger.requests) == 1
    assert len(fake.ledger.sales) == (kind != "drop")


def test_what_was_never_sent_is_not_in_doubt(buy: Buy, fake: FakeElevenLabs) -> None:
    said, failure = buy(owner=Account(fake.key, "http://127.0.0.1:1"))
    assert (failure.error_type, failure.error_class, failure.in_doubt) == ("NotReached", "transient", False)
    assert [type(message) for message in said] == [Ordering]


def test_words_are_bought_once_and_booked_as_the_service_counted_them(buy: Buy, fake: FakeElevenLabs) -> None:
    said, spoken = buy()
    assert isinstance(spoken, Spoken)
    assert said == [
        Ordering("elevenlabs_narration", Decimal("0.0046"), by_job=False),
        AtOnce(5),
        Cost("elevenlabs_narration", Decimal(len(TEXT)), Decimal("0.0046"), Basis.PROVIDER),
    ]
    assert booked_as_sold(said, fake)
    assert spoken.timing is not None
    assert "".join(spoken.timing["characters"]) == TEXT
    assert len(spoken.request_id) == 20


def test_a_sound_is_bought_once_and_booked_as_the_service_counted_it(buy: Buy, fake: FakeElevenLabs) -> None:
    said, _ = buy(WIND)
    assert costs(said) == [Cost("elevenlabs_sfx", Decimal(80), Decimal("0.008"), Basis.PROVIDER)]
    assert booked_as_sold(said, fake)


@pytest.mark.parametrize("kind", ["uncounted", "miscounted"])
@pytest.mark.parametrize(
    ("what", "units"),
    [(WORDS, len(TEXT)), (Words(TEXT, VOICE, 1, model="eleven_flash_v2_5"), len(TEXT)), (WIND, 2)],
    ids=["speech", "flash", "sound"],
)
def test_an_answer_that_does_not_say_what_it_cost_is_booked_by_the_list(
    buy: Buy, fake: FakeElevenLabs, what: Words | Description, units: int, kind: str
) -> None:
    fake.fault(kind)
    said, came = buy(what)
    assert not isinstance(came, Failure)
    assert [(cost.basis, cost.units) for cost in costs(said)] == [(Basis.LIST_PRICE, Decimal(units))]
    assert booked_as_sold(said, fake)


@pytest.mark.parametrize("kind", ["empty_audio", "no_audio", "not_base64", "audio_is_a_number", "a_list"])
def test_an_answer_without_audio_is_charged_and_tried_again(buy: Buy, fake: FakeElevenLabs, kind: str) -> None:
    fake.fault(kind)
    said, failure = buy()
    assert (failure.error_type, failure.error_class, failure.scope) == ("NoAudio", "transient", "item")
    assert not failure.in_doubt
    assert booked_as_sold(said, fake)


def test_a_sound_of_no_bytes_is_charged_and_tried_again(buy: Buy, fake: FakeElevenLabs) -> None:
    fake.fault("no_sound")
    said, failure = buy(WIND)
    assert (failure.error_type, failure.error_class) == ("NoAudio", "transient")
    assert booked_as_sold(said, fake)


@pytest.mark.parametrize("headers", [{"character-cost": "12"}, {"character-cost": "-1"}])
def test_an_error_that_says_that_it_charged_is_booked(buy: Buy, fake: FakeElevenLabs, headers: dict[str, str]) -> None:
    fake.fault("internal", headers=headers)
    said, _ = buy()
    assert [cost.units for cost in costs(said)] == [Decimal(12)] * (headers["character-cost"] == "12")


def test_the_timing_of_the_text_as_it_was_sent_is_preferred(buy: Buy, fake: FakeElevenLabs) -> None:
    for kind in ("only_normalized", "untimed", "odd_alignment"):
        fake.fault(kind)
    normalized, untimed, odd = (buy()[1].timing for _ in range(3))
    assert "".join(normalized["characters"]) == f" {TEXT}"
    assert untimed is odd is None


def test_a_key_that_a_refusal_repeats_is_not_shown(buy: Buy, fake: FakeElevenLabs) -> None:
    for told in ({"body": {"detail": {"code": "odd", "message": f"no {fake.key}"}}}, {"text": f"<p>{fake.key}</p>"}):
        fake.fault("refuse", status=400, **told)
        _, failure = buy()  # which looks for the key in all words
        assert "[key]" in failure.message
    assert fake.key not in repr(Account(fake.key, fake.url))
    wrong = buy(owner=Account("sk_wrong", fake.url))[1]
    assert wrong.error_type == "KeyRefused"
    assert "sk_wrong" not in wrong.message


@pytest.mark.parametrize(
    ("header", "wait_s"), [("7", 7.0), ("1e9", 604_800.0), ("inf", 604_800.0), ("nan", 0.0), ("tomorrow", 30.0)]
)
def test_a_busy_service_is_left_alone_for_as_long_as_it_says(
    buy: Buy, fake: FakeElevenLabs, header: str, wait_s: float
) -> None:
    fake.fault("busy", headers={"Retry-After": header})
    assert buy()[1].retry_after_s == wait_s


def test_what_a_person_has_to_mend_is_not_waited_for(buy: Buy, fake: FakeElevenLabs) -> None:
    fake.fault("bad_key", headers={"Retry-After": "7"})
    assert buy()[1].retry_after_s is None


def test_the_words_of_the_service_are_shown_shortened_and_printable(buy: Buy, fake: FakeElevenLabs) -> None:
    fake.fault("refuse", status=400, body={"detail": {"code": "odd", "message": "a\0b\ud800\n\u202ec" + "x" * 5_000}})
    _, failure = buy()
    assert "HTTP 400: a b cxxx" in failure.message
    assert len(failure.message) < 400


@pytest.mark.parametrize(
    ("resets_in_s", "wait_s"), [(7_200, 7_200), (40 * 86_400, 7 * 86_400), (-5, 3_600), (1e12, 3_600)]
)
def test_credits_that_are_used_up_come_back_with_the_next_period(
    buy: Buy, fake: FakeElevenLabs, resets_in_s: float, wait_s: float
) -> None:
    fake.resets_at = int(time.time() + resets_in_s)
    fake.characters = 10
    said, failure = buy()
    assert (failure.error_type, failure.error_class, failure.scope) == ("QuotaExceeded", "quota", "service")
    assert failure.retry_after_s == pytest.approx(wait_s, abs=5)
    assert costs(said) == []


@pytest.mark.parametrize("body", ['{"next_character_count_reset_unix": "soon"}', "[1]", "<html>", '{"a": NaN}'])
def test_where_nobody_knows_when_credits_come_back_it_is_an_hour(buy: Buy, fake: FakeElevenLabs, body: str) -> None:
    fake.fault("quota", path=ORDERS)
    fake.fault("garbage", path="subscription", content=body.encode())
    assert buy()[1].retry_after_s == 3_600
    fake.fault("quota", path=ORDERS)
    fake.fault("drop", path="subscription")
    assert buy()[1].retry_after_s == 3_600


def test_an_order_that_too_many_others_were_before_is_offered_again_and_bought_once(
    buy: Buy, fake: FakeElevenLabs
) -> None:
    fake.fault("too_many")
    said, spoken = buy(patience_s=9)
    assert isinstance(spoken, Spoken)
    assert [type(message) for message in said] == [Ordering, AtOnce, Cost]
    assert booked_as_sold(said, fake)
    assert [seen.status for seen in fake.ledger.requests] == [429, 200]


def test_only_what_was_turned_away_for_others_is_ever_offered_again(buy: Buy, fake: FakeElevenLabs) -> None:
    for trouble in ("busy", "rate_limit", "too_early", "internal", "unavailable"):
        fake.fault(trouble)
        buy(patience_s=9)
    assert len(fake.ledger.requests) == 5


@pytest.mark.parametrize("calls", ["0", "-3", "x", "", "1001", "1" * 5_000, "٣"])
def test_a_number_of_calls_that_cannot_be_is_not_passed_on(calls: str) -> None:
    from vidctl.providers.elevenlabs.client import _at_once

    assert _at_once(Reply(200, {"maximum-concurrent-requests": calls}, b"")) is None


@pytest.mark.parametrize(
    ("what", "error_type"),
    [
        (Words(" \n", VOICE, 1), "NothingToSay"),
        (Words(TEXT, "../v1/user", 1), "BadVoiceId"),
        (Words(TEXT, "", 1), "BadVoiceId"),
        (Words("a" * 10_001, VOICE, 1), "TextTooLong"),
        (Words("a" * 5_001, VOICE, 1, model="eleven_v3"), "TextTooLong"),
        (Words("caf\udce9", VOICE, 1), "BadRequest"),
        (Words(TEXT, VOICE, 2**32), "BadRequest"),
        (Words(TEXT, VOICE, 1, Settings(speed=1.3)), "BadRequest"),
        (Words(TEXT, VOICE, 1, Settings(stability=float("nan"))), "BadRequest"),
        (Words(TEXT, VOICE, 1, output_format="pcm_44100"), "BadRequest"),
        (Words(TEXT, VOICE, 1, model="eleven_v9"), "NoPrice"),
        (Description("  ", 2), "NothingToHear"),
        (Description("wind", 0.4), "BadRequest"),
        (Description("wind", 121), "BadRequest"),
        (Description("wind", float("nan")), "BadRequest"),
        (Description("wind", 2, influence=1.1), "BadRequest"),
        (Description("wind", 2, output_format="ulaw_8000"), "BadRequest"),
        (Description("wind", 2, model="eleven_v3"), "NoPrice"),
    ],
)
def test_what_the_service_would_refuse_is_refused_before_it_is_ordered(
    buy: Buy, fake: FakeElevenLabs, what: Words | Description, error_type: str
) -> None:
    said, failure = buy(what)
    assert (failure.error_type, failure.error_class, failure.scope) == (error_type, "permanent", "item")
    assert (said, fake.ledger.requests) == ([], [])


def test_each_model_is_told_what_it_takes_and_no_more(buy: Buy, fake: FakeElevenLabs, monkeypatch: Any) -> None:
    monkeypatch.setenv("VIDCTL_PRICES", json.dumps({"eleven_v4": {"thousand_characters": "0.1"}}))
    for model in ("eleven_multilingual_v2", "eleven_v3", "eleven_v4", "eleven_flash_v2_5"):
        words = Words(TEXT, VOICE, 1, model=model, before="So.", after="Then.", language="en")
        assert isinstance(buy(words)[1], Spoken), model  # the fake refuses what the model does not take
    multilingual, v3, v4, flash = (sale.order for sale in fake.ledger.sales)
    assert (multilingual["previous_text"], multilingual["next_text"]) == ("So.", "Then.")
    assert "language_code" not in multilingual
    assert v3["language_code"] == v4["language_code"] == flash["language_code"] == "en"
    assert not {"previous_text", "next_text"} & v3.keys()
    assert v4["voice_settings"].keys() == {"stability", "speed"}
    assert {"previous_text", "next_text"}.isdisjoint(speech.ordered(Words(TEXT, VOICE, 1)).body)


@pytest.mark.parametrize(("asked_s", "bought_s", "loop"), [(0.5, 0.5, False), (30, 30, False), (31, 30, True)])
def test_a_sound_that_is_longer_than_the_service_makes_is_asked_for_as_one_that_repeats(
    asked_s: float, bought_s: float, loop: bool
) -> None:
    order = sounds.ordered(Description("wind", asked_s))
    assert (order.body["duration_seconds"], order.body["loop"]) == (bought_s, loop)
    assert order.price.cost_usd == Decimal(str(bought_s)) * Decimal("0.004")


def test_a_repeated_sound_has_the_length_that_was_asked_for_and_no_gap_at_its_seams() -> None:
    silent_ends = np.ones((2, 1_000), np.float32)
    silent_ends[:, :20] = silent_ends[:, -20:] = 0  # as encoders leave it
    long = sounds.repeated(silent_ends, 2_500, 100)
    assert long.shape == (2, 2_500)
    assert long.dtype == np.float32
    assert np.abs(long[:, 20:2_480]).min() > 0.5
    assert sounds.repeated(silent_ends, 700, 100).shape == (2, 700)
    assert sounds.repeated(np.zeros((2, 1), np.float32), 700, 100).shape == (2, 1)


@pytest.mark.parametrize(
    ("note", "speed", "stability"),
    [
        ("", 1.0, 0.5),
        ("the harbour is in Genoa", 1.0, 0.5),
        ("Slower, please", 0.9, 0.5),
        ("a bit faster", 1.1, 0.5),
        ("slow down, it is too fast", 0.9, 0.5),
        ("too slow", 1.1, 0.5),
        ("not so quickly", 0.9, 0.5),
        ("much calmer", 0.9, 0.65),
        ("too calm", 1.1, 0.35),
        ("more energy!", 1.0, 0.35),
        ("less emotional", 1.0, 0.65),
    ],
)
def test_a_note_changes_what_a_voice_can_change(note: str, speed: float, stability: float) -> None:
    changed = adapted(Settings(), note)
    assert (changed.speed, changed.stability) == (speed, stability)


def test_no_note_leads_beyond_what_the_service_takes() -> None:
    for settings in (Settings(stability=1, speed=0.7), Settings(stability=0, speed=1.2)):
        for note in ("calmer and slower", "faster, livelier"):
            assert adapted(settings, note).wrong() == ""


def test_a_voice_has_one_seed_in_all_scenes_and_another_in_each_take() -> None:
    assert seed_of(VOICE) == seed_of(VOICE) != seed_of("EXAVITQu4vr4xnSDxMaL")
    takes = [seed_of_take(2**32 - 1, take) for take in (1, 2, 3)]
    assert takes == [2**32 - 1, 0, 1]


def test_prices_of_the_configuration_are_what_is_booked(buy: Buy, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {"elevenlabs credit": {"credit": "0.0003"}, "eleven_multilingual_v2": {"thousand_characters": "0.3"}}
    monkeypatch.setenv("VIDCTL_PRICES", json.dumps(changed))
    said, _ = buy()
    assert [message.cost_usd for message in said if isinstance(message, Ordering | Cost)] == [Decimal("0.0138")] * 2


@pytest.mark.parametrize("key", ["", "  ", "two words", "sk_é", "sk_\x07"])
def test_what_cannot_be_a_key_is_not_sent_and_not_shown(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv(KEY, key)
    with pytest.raises(ScriptError) as refused:
        account()
    failure = refused.value.failure
    assert (failure.error_type, failure.scope) == ("KeyRefused" if key.strip() else "NoKey", "service")
    assert KEY in failure.hint
    assert not key.strip() or key not in failure.message


@pytest.mark.parametrize("address", ["ftp://x", "nonsense", "http://", "http://[", "http://x:port"])
def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv(KEY, "sk_x")
    monkeypatch.setenv("ELEVENLABS_BASE_URL", address)
    with pytest.raises(ScriptError, match="ELEVENLABS_BASE_URL") as refused:
        account()
    assert refused.value.failure.error_type == "BadAddress"


def test_an_address_may_end_in_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, " sk_x\n")
    monkeypatch.setenv("ELEVENLABS_BASE_URL", "https://api.us.elevenlabs.io/v1/")
    assert account() == Account("sk_x", "https://api.us.elevenlabs.io")


NAMES = ["detail", "code", "status", "message", "loc", "msg", "alignment", "characters"]
TIMES = ["character_start_times_seconds", "character_end_times_seconds"]
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["quota_exceeded"])
documents = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES + TIMES), inner, max_size=4),
    max_leaves=12,
)


@given(st.integers(300, 599), documents, st.sampled_from(["", "5", "inf", "-1", "x"]))
def test_any_answer_is_one_error_of_the_contract(status: int, document: Any, wait: str) -> None:
    reply = Reply(status, {"retry-after": wait}, json.dumps(document).encode())
    error = errors.refusal(reply)
    assert from_line(to_line(error.failure)) == error.failure
    assert errors.is_too_many(reply) in {True, False}


@pytest.mark.parametrize(
    ("starts", "ends"), [([0, True], [1, 2]), ([0, 1], [1]), ([0], [1]), ([0, "1"], [1, 2]), ([0, 1e300], [1, 2])]
)
def test_times_that_are_none_are_not_kept(starts: list[Any], ends: list[Any]) -> None:
    good = {"characters": ["H", "i"], TIMES[0]: [0, 1], TIMES[1]: [1, 2.5]}
    assert timing({"alignment": good | {TIMES[0]: starts, TIMES[1]: ends}}, b"") is None
    made = timing({"alignment": good | {TIMES[0]: starts, TIMES[1]: ends}, "normalized_alignment": good}, b"")
    assert made == {"sha256": sha256(b"").hexdigest(), "characters": ["H", "i"], "starts_s": [0, 1], "ends_s": [1, 2.5]}


odd_lists = st.lists(scalars, max_size=2)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(["characters", *TIMES], odd_lists | scalars)))
def test_any_timing_is_three_lists_of_one_length_or_none(alignment: dict[str, Any]) -> None:
    made = timing({"alignment": alignment}, b"")
    if made is not None:
        assert len(made["characters"]) == len(made["starts_s"]) == len(made["ends_s"]) > 0
        json.dumps(made, allow_nan=False)
