"""A channel's settings: what follows its file at once, what a film keeps, and what is refused."""

import json
import zoneinfo
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pytest

from vidctl.domain.channel import Channel, from_fields, from_json, frozen_with, schema, timeout_of
from vidctl.domain.script_names import ERRANDS, SCRIPTS
from vidctl.errors import Misconfigured

ROOT = Path(__file__).parents[2]

FOR_PEOPLE = {"setup_channel_oauth.py"}
"""Scripts that no engine runs."""


def channel(**fields: Any) -> Channel:
    return from_fields({"channel_id": "one", "channel_name": "One", "board": "local", **fields})


def test_a_script_may_take_as_long_as_its_job_says_unless_the_channel_says_otherwise() -> None:
    assert timeout_of(channel(), "generate_video.py", 600.0) == 600.0
    set_ = channel(timeouts_s={"generate_video.py": 1200, "generate_audio.py": 0.5})
    assert timeout_of(set_, "generate_video.py", 600.0) == 1200.0
    assert timeout_of(set_, "generate_audio.py", 120.0) == 0.5
    assert timeout_of(set_, "generate_asset.py", 600.0) == 600.0


@pytest.mark.parametrize("seconds", [0, -1, 86_401, "long", True, None, [1]])
def test_a_timeout_that_is_no_number_of_seconds_within_a_day_is_refused(seconds: object) -> None:
    with pytest.raises(Misconfigured, match=r"`\$\.timeouts_s"):
        channel(timeouts_s={"generate_video.py": seconds})


def test_a_timeout_of_a_script_that_is_not_there_is_refused_by_its_name() -> None:
    with pytest.raises(Misconfigured, match=r"unknown field `generate_vidoe\.py` - at `\$\.timeouts_s`"):
        channel(timeouts_s={"generate_vidoe.py": 60})


def test_every_script_that_ships_can_be_given_a_timeout() -> None:
    shipped = {path.name for path in (ROOT / "scripts").rglob("*.py")}
    assert shipped - FOR_PEOPLE == {*SCRIPTS, *ERRANDS}
    channel(timeouts_s=dict.fromkeys(SCRIPTS, 86_400))


def test_a_film_follows_the_timeouts_of_the_file_and_keeps_its_voice() -> None:
    begun = channel(voice_id="ana", timeouts_s={"generate_video.py": 60})
    live = channel(voice_id="bo", timeouts_s={"generate_video.py": 1200})
    film = frozen_with(live, begun)
    assert (film.voice_id, timeout_of(film, "generate_video.py", 600)) == ("ana", 1200)


def test_settings_that_an_earlier_version_kept_still_load() -> None:
    kept = json.loads(msgspec.json.encode(channel(voice_id="ana")))
    del kept["timeouts_s"]
    assert from_json(json.dumps(kept)) == channel(voice_id="ana")


def test_settings_that_a_later_version_kept_still_load() -> None:
    kept = json.loads(msgspec.json.encode(channel(timeouts_s={"generate_video.py": 60})))
    kept |= {"colour": "red", "timeouts_s": {**kept["timeouts_s"], "generate_smell.py": 5}}
    assert timeout_of(from_json(json.dumps(kept)), "generate_video.py", 600) == 60


def test_the_schema_names_the_scripts_that_can_be_given_a_timeout() -> None:
    field = schema()["$defs"]["Channel"]["properties"]["timeouts_s"]
    assert field["propertyNames"]["enum"] == list(SCRIPTS)
    assert field["additionalProperties"] == {"type": "number", "exclusiveMinimum": 0, "maximum": 86_400}


@pytest.mark.parametrize(
    ("youtube", "complaint", "hint"),
    [
        ({"title": "{titel}"}, "{titel} is nothing that can be filled in - at `$.youtube.title`", "{title}, {topic}"),
        ({"title": "{summary}"}, "{summary} is nothing that can be filled in", "{channel_name}"),
        ({"description": "{a b}"}, "a brace that belongs to no placeholder - at `$.youtube.description`", "{hashtags}"),
        ({"description": "title}"}, "a brace that belongs to no placeholder", "{title}"),
        ({"description": "{{title}}"}, "a brace that belongs to no placeholder", "{credits}"),
        ({"thumbnail": {"text": "{"}}, "- at `$.youtube.thumbnail.text`", "{title}, {topic}"),
        ({"from_hour": 9, "until_hour": 9}, "is not before until_hour 9 - at `$.youtube.until_hour`", "between"),
        ({"timezone": "Europe/Sevilla"}, "no time zone 'Europe/Sevilla' - at `$.youtube.timezone`", "Europe/Madrid"),
        ({"timezone": "Europe"}, "no time zone 'Europe'", "UTC"),
        ({"timezone": "../../etc/passwd"}, "no time zone", "UTC"),
        ({"timezone": ""}, "no time zone ''", "UTC"),
    ],
)
def test_what_cannot_be_said_on_youtube_or_when_is_refused(youtube: dict[str, Any], complaint: str, hint: str) -> None:
    with pytest.raises(Misconfigured) as refused:
        channel(youtube=youtube)
    assert complaint in str(refused.value)
    assert hint in refused.value.hint


@pytest.mark.skipif(find_spec("tzdata") is not None, reason="the package tzdata is there")
def test_a_machine_without_time_zones_knows_utc_and_says_what_it_lacks() -> None:
    zoneinfo.reset_tzpath([])
    zoneinfo.ZoneInfo.clear_cache()
    try:
        assert channel(youtube={"timezone": "UTC"}).youtube.timezone == "UTC"
        with pytest.raises(Misconfigured, match="this machine has no time zones") as refused:
            channel(youtube={"timezone": "Europe/Madrid"})
        assert "tzdata" in refused.value.hint
    finally:
        zoneinfo.reset_tzpath()
