"""What a script gets to see of the environment: its own secrets, the plain names, and nothing else."""

import sys
from typing import Any

import pytest

from vidctl.contract import LISTENING
from vidctl.domain.channel import Channel, from_fields
from vidctl.domain.script_names import ERRANDS, SCRIPTS
from vidctl.engine.scripts import NEEDS, ONE_THREAD, PLAIN, environment, program
from vidctl.errors import Misconfigured
from vidctl.places import shipped
from vidctl.settings import SECRETS

TOLD = {**ONE_THREAD, LISTENING: "1"}
ADDRESSES = {name for names in NEEDS.values() for name in names} - set(SECRETS)
WHOLE = {name: f"the {name}" for name in (*PLAIN, *SECRETS, *sorted(ADDRESSES))} | {
    "VIDCTL_HOME": "/srv/vidctl",
    "DATABASE_URL": "postgresql://ana:secret@host/db",
    "AWS_SECRET_ACCESS_KEY": "nobody's business",
}
R2 = {
    *("R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"),
    *("R2_BUCKET", "R2_ENDPOINT_URL", "R2_PUBLIC_URL"),
}
GEMINI = {"GEMINI_API_KEY", "GEMINI_BASE_URL", "GEMINI_TIMEOUT_S"}
ELEVENLABS = {"ELEVENLABS_API_KEY", "ELEVENLABS_BASE_URL", "ELEVENLABS_TIMEOUT_S"}
GOOGLE = {"GOOGLE_CLIENT_ID", "GOOGLE_CLIENT_SECRET", "GOOGLE_BASE_URL"}
YOUTUBE = {"YOUTUBE_WAIT_S", "YOUTUBE_CHUNK_BYTES", "YOUTUBE_PAUSE_S"}
MEANT_FOR = {
    "generate_story.py": GEMINI,
    "generate_asset.py": GEMINI,
    "generate_video.py": {
        "KIE_API_KEY",
        "KIE_BASE_URL",
        "KIE_UPLOAD_BASE_URL",
        "KIE_POLL_S",
        "KIE_WAIT_S",
        "CATBOX_BASE_URL",
        *R2,
    },
    "generate_audio.py": ELEVENLABS,
    "generate_sound_effects.py": ELEVENLABS,
    "read_balance.py": {"KIE_API_KEY", "KIE_BASE_URL", *ELEVENLABS},
    "store_file.py": R2,
    "fetch_file.py": R2,
    "sign_files.py": R2,
    "check_files.py": R2,
    "upload_video.py": {*GOOGLE, "YOUTUBE_REFRESH_TOKEN", "FERNET_KEY", *YOUTUBE},
    "check_youtube.py": {*GOOGLE, "YOUTUBE_REFRESH_TOKEN"},
    "youtube_consent.py": GOOGLE,
    "check_service.py": {"GEMINI_API_KEY", "GEMINI_BASE_URL", *R2},
    "send_alert.py": {"DISCORD_WEBHOOK_URL", "VIDCTL_ALERT_URLS"},
}


def channel(mode: str, **fields: Any) -> Channel:
    return from_fields({"channel_id": "one", "channel_name": "One", "board": "local", "mode": mode, **fields})


def test_every_script_that_needs_a_secret_is_one_that_a_step_runs() -> None:
    assert set(MEANT_FOR) == set(NEEDS)
    assert set(NEEDS) <= {*SCRIPTS, *ERRANDS}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_gets_its_own_secrets_and_the_plain_names_and_nothing_else(script: str) -> None:
    seen = environment(channel("production"), script, WHOLE)
    assert set(seen) == {*PLAIN, *TOLD, *MEANT_FOR.get(script, set())}
    assert all(seen[name] == WHOLE[name] for name in set(seen) - set(TOLD))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_preview_script_gets_no_secret_at_all(script: str) -> None:
    assert set(environment(channel("preview"), script, WHOLE)) == {*PLAIN, *TOLD}


@pytest.mark.parametrize("script", sorted(set(NEEDS) - set(ERRANDS)))
def test_a_channels_own_program_gets_the_secrets_of_the_script_whose_place_it_takes_but_no_other_channels(
    script: str,
) -> None:
    mine = channel("preview", scripts={script: "/srv/mine"})
    assert set(environment(mine, script, WHOLE)) == {*PLAIN, LISTENING, *MEANT_FOR[script]} - {"FERNET_KEY"}
    for other in set(NEEDS) - {script, *ERRANDS}:
        assert set(environment(mine, other, WHOLE)) == {*PLAIN, *TOLD}


def test_what_is_not_set_is_not_handed_on() -> None:
    assert environment(channel("production"), "generate_audio.py", {"PATH": "/bin"}) == {"PATH": "/bin", **TOLD}


def test_no_plain_name_is_a_secret() -> None:
    assert set(PLAIN) & {*SECRETS, "DATABASE_URL"} == set()


def test_a_channels_own_program_is_run_as_it_is_and_only_python_needs_the_interpreter() -> None:
    mine = channel("preview", scripts={"generate_audio.py": "/srv/speak", "generate_video.py": "/srv/film.py"})
    assert program(mine, "generate_audio.py") == ["/srv/speak"]
    assert program(mine, "generate_video.py") == [sys.executable, "/srv/film.py"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_of_a_preview_channel_ships(script: str) -> None:
    places = [shipped("scripts") / "preview" / script, shipped("scripts") / script]
    assert program(channel("preview"), script)[1] in map(str, places)


def test_a_paid_script_that_does_not_ship_is_named_with_what_to_do() -> None:
    with pytest.raises(Misconfigured, match=r"no tell_fortunes\.py for channel one in production mode") as caught:
        program(channel("production"), "tell_fortunes.py")
    assert "mode: preview" in caught.value.hint
