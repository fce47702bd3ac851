"""Which clips may be copied, and what a file says of itself."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.media_samples import clip, ffmpeg, speech, wav
from vidctl.errors import BadInput
from vidctl.media.assembly.clip import common_format, common_header, frames_of, read
from vidctl.media.probe import AudioFacts, VideoFacts, probe


def test_an_ordinary_clip_can_be_copied(tmp_path: Path) -> None:
    source = read(clip(tmp_path / "a.mp4"))
    assert (source.odd, len(source.places), source.duration_s) == ("", 36, 1.5)
    assert frames_of(source, Fraction(24)) == 36
    assert frames_of(source, Fraction(30)) == 45


def test_a_clip_whose_parameters_change_on_the_way_cannot_be_copied(tmp_path: Path) -> None:
    raw = tmp_path / "both.h264"
    for reference in ("1", "5"):
        encoder: dict[str, Any] = {"bf": "0", "x264-params": f"ref={reference}"}
        part = clip(tmp_path / f"{reference}.h264", seconds=0.5, **encoder)
        with raw.open("ab") as file:
            file.write(part.read_bytes())
    ffmpeg("-r", "24", "-i", raw, "-c", "copy", tmp_path / "both.mp4")
    assert read(tmp_path / "both.mp4").odd == "its header is unusual"


def test_a_clip_that_is_to_be_turned_cannot_be_copied(tmp_path: Path) -> None:
    ffmpeg("-display_rotation", "90", "-i", clip(tmp_path / "a.mp4"), "-c", "copy", tmp_path / "turned.mp4")
    assert "turned" in read(tmp_path / "turned.mp4").odd


def test_a_clip_of_uneven_rate_cannot_be_copied(tmp_path: Path) -> None:
    uneven = ["-vf", "setpts=PTS+gte(N\\,12)*0.5/TB", "-fps_mode", "vfr", "-enc_time_base", "1/24"]
    ffmpeg("-i", clip(tmp_path / "a.mp4"), *uneven, tmp_path / "uneven.mp4")
    assert read(tmp_path / "uneven.mp4").odd == "its frame rate is uneven"


def test_the_film_is_like_most_of_its_clips(tmp_path: Path) -> None:
    small, large = read(clip(tmp_path / "s.mp4")), read(clip(tmp_path / "l.mp4", size="640x360"))
    mpeg4: dict[str, Any] = {"c:v": "mpeg4"}
    other = read(clip(tmp_path / "o.mp4", **mpeg4))
    assert common_format([large, small, small]) == small.format
    assert common_format([large, small]) == large.format
    assert common_header([other, small, large], small.format) == small.header
    assert common_header([other], other.format) == b""


def test_the_header_says_what_is_in_a_file(tmp_path: Path) -> None:
    voice = wav(tmp_path / "a.wav", speech(2))
    assert probe(voice).audio == AudioFacts("pcm_s16le", 48_000, 1)
    both = probe(clip(tmp_path / "a.mp4", sound_file=voice))
    assert both.video == VideoFacts("h264", 320, 180, Fraction(24), 36)
    assert both.duration_s == pytest.approx(1.5, abs=0.03)


def test_a_cover_is_no_moving_picture(tmp_path: Path) -> None:
    voice = wav(tmp_path / "a.wav", speech(1))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=100x100:d=0.04", tmp_path / "cover.jpg")
    with_cover = ["-map", "0", "-map", "1", "-c:v", "copy", "-disposition:v", "attached_pic"]
    ffmpeg("-i", voice, "-i", tmp_path / "cover.jpg", *with_cover, tmp_path / "a.mp3")
    assert probe(tmp_path / "a.mp3").video is None


@pytest.mark.parametrize("data", [b"", b"rubbish" * 999, b"\0\0\0\x18ftypmp42", b"RIFF\xff\xff\xff\xffWAVE"])
def test_what_is_no_media_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.mp4").write_bytes(data)
    with pytest.raises(BadInput, match="cannot be read as media"):
        probe(tmp_path / "a.mp4")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.mp4", Path("/dev/null")):
        with pytest.raises(BadInput, match="there is no file"):
            probe(path)
