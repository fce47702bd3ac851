"""What a channel's file says reaches the scripts that make its films, and no other channel's."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from vidctl.domain import storyboard
from vidctl.domain.channel import DEFAULT_VOICE, Channel
from vidctl.domain.work import Artifact, Job, Kind, Made, Retake, Work, document_json, needs
from vidctl.engine import channel_files
from vidctl.engine.scripts import options
from vidctl.pipeline import assembly, narration, publish

BOARD = {
    "title": "A film",
    "summary": "",
    "style": "ink",
    "assets": [{"name": "coast", "kind": "environment", "prompt": "a coast"}],
    "scenes": [
        {
            "number": number,
            "composite": {"layout": "single", "panels": [{"environment": "coast"}]},
            "motion": "push in",
            "sound": "sea",
            "narration": words,
        }
        for number, words in enumerate(["The sea.", " ", "The end."], 1)
    ],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of channel files, with videos of theirs."""
    for name in ("intro.mp4", "outro.mp4"):
        (tmp_path / name).write_bytes(b"a film")
    return tmp_path


def channel(folder: Path, channel_id: str, more: str = "") -> Channel:
    """Return the channel that a file with these lines describes."""
    text = f"channel_id: {channel_id}\nchannel_name: Some name\nboard: local\n{more}"
    (folder / f"{channel_id}.yaml").write_text(text)
    loaded = channel_files.load(folder)
    assert loaded.problems == ()
    return {channel.channel_id: channel for channel in loaded.channels}[channel_id]


def work(channel: Channel) -> Work:
    videos = filter(None, (channel.branding.intro_video, channel.branding.outro_video))
    board = storyboard.parse(json.dumps(BOARD))
    return Work("some-id", "A film", "Sea", "", "private", channel, board, given=dict.fromkeys(videos, "0" * 64))


def manifest(channel: Channel) -> dict[str, object]:
    """Return the manifest of a film of this channel, as its script reads it."""
    job = assembly.plan(work(channel))[0]
    assert job.document is not None
    assert (job.script, job.document_option) == ("assemble_video.py", "manifest")
    whole: dict[str, object] = json.loads(document_json(job.document, str))
    return whole


def voices(channel: Channel) -> list[str]:
    """Return the `--voice-id` of every narration of a film of this channel."""
    jobs = narration.plan(work(channel))
    assert [job.makes.index for job in jobs] == [1, 3], "a silent scene is not spoken"
    words = [word for job in jobs for word in options(job, lambda artifact: Path(str(artifact)))]
    return [word.removeprefix("--voice-id=") for word in words if word.startswith("--voice-id=")]


def test_intro_outro_and_tail_of_a_channels_file_reach_the_manifest(folder: Path) -> None:
    lines = "branding: {intro_video: intro.mp4, outro_video: outro.mp4}\nstory: {tail_seconds: 1.25}\n"
    branded = manifest(channel(folder, "branded", lines))
    assert (branded["intro"], branded["outro"]) == (str(folder / "intro.mp4"), str(folder / "outro.mp4"))
    assert branded["tail_s"] == 1.25


def test_another_channels_intro_and_outro_do_not(folder: Path) -> None:
    channel(folder, "branded", "branding: {intro_video: intro.mp4, outro_video: outro.mp4}\n")
    plain = manifest(channel(folder, "plain"))
    assert (plain["intro"], plain["outro"], plain["tail_s"]) == (None, None, 0.6)


def test_the_manifest_names_what_each_scene_is_made_of(folder: Path) -> None:
    assert manifest(channel(folder, "one"))["scenes"] == [
        {"clip": "clip 1", "narration": "narration 1", "sfx": "sfx 1", "text": "The sea."},
        {"clip": "clip 2", "narration": None, "sfx": "sfx 2", "text": " "},
        {"clip": "clip 3", "narration": "narration 3", "sfx": "sfx 3", "text": "The end."},
    ]


def test_each_channel_speaks_with_its_own_voice(folder: Path) -> None:
    one, other = channel(folder, "one", "voice_id: ana\n"), channel(folder, "other", "voice_id: bo\n")
    assert voices(one) == ["ana", "ana"]
    assert voices(other) == ["bo", "bo"]


def test_a_channel_without_a_voice_speaks_with_that_of_the_defaults_or_the_default_one(folder: Path) -> None:
    channel(folder, "one", "voice_id: ana\n")
    assert voices(channel(folder, "open")) == [DEFAULT_VOICE] * 2
    (folder / "_defaults.yaml").write_text("voice_id: everybody\n")
    assert voices(channel(folder, "open")) == ["everybody", "everybody"]


def thumbnails(work: Work) -> list[Job]:
    return [job for job in assembly.plan(work) if job.makes.kind is Kind.THUMBNAIL]


def test_a_thumbnail_is_made_of_all_composites_in_the_channels_style_and_with_the_films_words(folder: Path) -> None:
    lines = "youtube: {thumbnail: {text: '{topic}: {title}', place: right, ground: bar}}\n"
    asked = {Artifact(Kind.THUMBNAIL): Retake(2, "scene 3")}
    (job,) = thumbnails(replace(work(channel(folder, "one", lines)), title="A {topic} film", retakes=asked))
    assert job.inputs == {"picture": tuple(Artifact(Kind.COMPOSITE, number) for number in (1, 2, 3))}
    assert job.args.items() >= {"text": "SEA: A {TOPIC} FILM", "place": "right", "ground": "bar"}.items()
    assert (job.args["take"], job.args["note"]) == ("2", "scene 3")


def test_a_channel_may_do_without_thumbnails(folder: Path) -> None:
    assert not thumbnails(work(channel(folder, "one", "youtube: {thumbnail: {make: false}}\n")))


def test_a_film_is_uploaded_only_once_it_is_known_what_it_is_recognised_by(folder: Path) -> None:
    film = work(channel(folder, "one"))
    *before, upload = publish.plan(film)
    assert before == [job for job in assembly.plan(film) if job.makes.kind is Kind.FINGERPRINT]
    assert Artifact(Kind.FINGERPRINT) in needs(upload)


def test_what_goes_up_with_a_film_is_named_by_the_bytes_that_people_saw(folder: Path) -> None:
    kinds = {Kind.FILM: "f" * 64, Kind.THUMBNAIL: "7" * 64}
    whole = {Artifact(kind): Made(Artifact(kind), kind, sha256, 9, "") for kind, sha256 in kinds.items()}
    facts = {"subtitles_sha256": "5" * 64}
    document = publish.plan(replace(work(channel(folder, "one")), whole=whole, film_facts=facts))[-1].document or {}
    named = {name: value for name, value in document.items() if name.endswith("_sha256")}
    assert named == {"film_sha256": "f" * 64, "thumbnail_sha256": "7" * 64, "captions_sha256": "5" * 64}
