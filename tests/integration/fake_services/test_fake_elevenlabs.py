"""The fake of ElevenLabs is what the service's own client takes it for."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.fakes.elevenlabs import FakeElevenLabs
from tests.fakes.elevenlabs.catalogue import FORMATS, made
from tests.fakes.elevenlabs.errors import PROBLEMS
from tests.fakes.elevenlabs.sound import spoken
from vidctl.media.inspection.kinds import Kind, inspect
from vidctl.media.inspection.verdict import Length

VOICE = "21m00Tcm4TlvDq8ikWAM"
TEXT = "The river has carried this valley on its back for ten thousand years."
SPEECH = f"/v1/text-to-speech/{VOICE}"


@pytest.fixture
def fake() -> Iterator[FakeElevenLabs]:
    with FakeElevenLabs() as made:
        yield made


def ask(fake: FakeElevenLabs, path: str = SPEECH, *, key: str | None = None, **body: Any) -> httpx.Response:
    """POST a document, a text that can be spoken unless it says otherwise."""
    headers = {"xi-api-key": fake.key if key is None else key}
    return httpx.post(fake.url + path, headers=headers, json={"text": TEXT, "seed": 1, **body}, verify=False)


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    """Connections of the official client, which does not close its own."""
    with httpx.Client(verify=False) as client:
        yield client


def test_its_own_client_speaks_with_it(fake: FakeElevenLabs, web: httpx.Client) -> None:
    from elevenlabs import ElevenLabs, VoiceSettings

    client = ElevenLabs(api_key=fake.key, base_url=fake.url, httpx_client=web)
    options: dict[str, Any] = {"request_options": {"max_retries": 0}}
    with client.text_to_speech.with_raw_response.convert(VOICE, text=TEXT, seed=7, **options) as plain:
        audio = b"".join(plain.data)
        assert plain.headers["character-cost"] == str(len(TEXT))
        assert plain.headers["maximum-concurrent-requests"] == "5"
        assert plain.headers["request-id"]
    settings = VoiceSettings(stability=0.4, similarity_boost=0.7, style=0.1, use_speaker_boost=True, speed=1.1)
    timed = client.text_to_speech.convert_with_timestamps(VOICE, text=TEXT, voice_settings=settings, **options)
    assert timed.alignment is not None
    assert timed.normalized_alignment is not None
    assert "".join(timed.alignment.characters) == TEXT
    assert "".join(timed.normalized_alignment.characters) == f" {TEXT}"
    assert timed.audio_base_64
    sound = b"".join(client.text_to_sound_effects.convert(text="wind", duration_seconds=2.0, **options))
    assert audio[:2] == sound[:2] == b"\xff\xfb"
    account = client.user.subscription.get()
    assert account.character_count == 2 * len(TEXT) + 80 == sum(sale.units for sale in fake.ledger.sales)
    assert account.next_character_count_reset_unix == fake.resets_at
    assert {model.model_id for model in client.models.list()} >= {"eleven_multilingual_v2", "eleven_v3"}


def test_its_own_client_reads_its_errors(fake: FakeElevenLabs, web: httpx.Client) -> None:
    from elevenlabs import ElevenLabs
    from elevenlabs.core.api_error import ApiError

    client = ElevenLabs(api_key="wrong", base_url=fake.url, httpx_client=web)
    with pytest.raises(ApiError) as refused:
        client.text_to_speech.convert_with_timestamps(VOICE, text=TEXT, request_options={"max_retries": 0})
    assert refused.value.status_code == 401
    assert refused.value.body["detail"]["code"] == "invalid_api_key"
    assert fake.ledger.sales == []


@pytest.mark.parametrize("output_format", sorted(filter(made, FORMATS)))
def test_every_format_is_sound_of_the_length_of_its_text(output_format: str, tmp_path: Path) -> None:
    audio = spoken(TEXT, 1.0, "one", output_format)
    if output_format.startswith("pcm"):
        assert len(audio) == round(len(TEXT) / 15 * int(output_format.split("_")[1])) * 2
        return
    file = tmp_path / f"a.{output_format.partition('_')[0]}"
    file.write_bytes(audio)
    facts = inspect(file, Kind.NARRATION, Length(1, 60))
    assert abs(facts["duration_s"] - len(TEXT) / 15) < 0.12


def test_the_same_words_and_seed_are_the_same_bytes_and_another_seed_others(fake: FakeElevenLabs) -> None:
    one, two, other = (ask(fake, seed=seed).content for seed in (1, 1, 2))
    assert one == two != other


def test_a_text_is_spoken_within_a_twentieth_of_a_second() -> None:
    def took_s(seed: int) -> float:
        begun = time.perf_counter()
        spoken(TEXT * 3, 1.0, f"{seed}", "mp3_44100_128")
        return time.perf_counter() - begun

    took_s(0)  # which encodes the tones
    assert min(map(took_s, range(5))) < 0.05


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": None}, 422, "body.text"),
        ({"text": 3}, 422, "body.text"),
        ({"text": " "}, 400, "invalid_parameters"),
        ({"text": "a" * 10_001}, 400, "max_character_limit_exceeded"),
        ({"seed": -1}, 422, "body.seed"),
        ({"seed": "x"}, 422, "body.seed"),
        ({"voice_settings": {"speed": 2}}, 422, "body.voice_settings.speed"),
        ({"language_code": "en"}, 400, "invalid_parameters"),
        ({"model_id": "eleven_v9"}, 404, "model_not_found"),
        ({"model_id": "eleven_v3", "previous_text": "So."}, 400, "unsupported_model"),
        ({"model_id": "eleven_v4", "voice_settings": {"style": 0}}, 400, "invalid_parameters"),
        ({"previous_request_ids": ["a", "b", "c", "d"]}, 400, "invalid_parameters"),
    ],
)
def test_what_the_service_refuses_is_refused_and_not_sold(
    fake: FakeElevenLabs, body: dict[str, Any], status: int, code: str
) -> None:
    reply = ask(fake, **body)
    detail = reply.json()["detail"]
    assert (reply.status_code, detail["code"] if status != 422 else ".".join(detail[0]["loc"])) == (status, code)
    assert fake.ledger.sales == []


def test_keys_voices_formats_and_paths_that_it_does_not_know_are_refused(fake: FakeElevenLabs) -> None:
    assert ask(fake, key="").json()["detail"]["code"] == "missing_api_key"
    assert ask(fake, "/v1/text-to-speech/nobody").json()["detail"]["code"] == "voice_not_found"
    assert ask(fake, f"{SPEECH}?output_format=flac").json()["detail"]["code"] == "invalid_parameters"
    assert ask(fake, "/v2/anything").json() == {"detail": "Not Found"}
    assert ask(fake, "/v1/sound-generation", duration_seconds=31).status_code == 422
    assert ask(fake, "/v1/sound-generation", duration_seconds=True).status_code == 422
    assert fake.ledger.sales == []


def test_no_more_calls_run_at_once_than_the_plan_allows() -> None:
    with FakeElevenLabs(at_once=2, takes_s=0.3) as fake:
        told = list[httpx.Response]()
        threads = [threading.Thread(target=lambda: told.append(ask(fake))) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(reply.status_code for reply in told) == [200, 200, 429, 429, 429]
        turned_away = next(reply for reply in told if reply.status_code == 429)
        assert turned_away.json()["detail"]["code"] == "concurrent_limit_exceeded"
        assert turned_away.headers["maximum-concurrent-requests"] == "2"
        assert (len(fake.ledger.sales), fake.busiest, fake.busy) == (2, 2, 0)


@pytest.mark.parametrize(("older", "status"), [(False, 402), (True, 401)])
def test_credits_run_out_in_both_forms_of_the_error(older: bool, status: int) -> None:
    with FakeElevenLabs(characters=len(TEXT) + 5, older=older) as fake:
        assert ask(fake).status_code == 200
        refused = ask(fake)
        assert (refused.status_code, refused.json()["detail"]["status"]) == (status, "quota_exceeded")
        assert ("code" in refused.json()["detail"]) is not older
        assert len(fake.ledger.sales) == 1


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_trouble_is_told_in_the_newer_and_the_older_form(fake: FakeElevenLabs, name: str) -> None:
    problem = PROBLEMS[name]
    fake.fault(name)
    fake.fault(name, older=True)
    newer, older = ask(fake), ask(fake)
    assert newer.json()["detail"] | {"request_id": ""} == {
        "type": problem.kind,
        "code": problem.code,
        "status": problem.older_code or problem.code,
        "message": problem.message,
        "param": problem.param,
        "request_id": "",
    }
    assert older.json() == {"detail": {"status": problem.older_code or problem.code, "message": problem.message}}
    assert (newer.status_code, older.status_code) == (problem.status, problem.older_status or problem.status)
    assert fake.ledger.sales == []


def test_flash_costs_half_and_a_sound_of_no_length_two_hundred_credits(fake: FakeElevenLabs) -> None:
    ask(fake, model_id="eleven_flash_v2_5")
    ask(fake, "/v1/sound-generation")
    assert [int(sale.units) for sale in fake.ledger.sales] == [-(-len(TEXT) // 2), 200]


def test_it_can_be_started_by_hand() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fakes.elevenlabs", "--port", "0"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = dict(process.stdout.readline().strip().split("=", 1) for _ in range(3))
        models = httpx.get(
            told["ELEVENLABS_BASE_URL"] + "/v1/models", headers={"xi-api-key": told["ELEVENLABS_API_KEY"]}
        )
        process.terminate()
    assert (models.status_code, process.returncode) == (200, 0)
