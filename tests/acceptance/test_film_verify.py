"""The last look at a written film: one that is not what was planned is refused, whatever is wrong with it."""

import struct
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from tests.media_samples import RATE, clip, ffmpeg, packets, speech, wav
from vidctl.media.assembly import film as assembly
from vidctl.media.assembly import manifest as manifests
from vidctl.media.assembly.master import master
from vidctl.media.assembly.shots import Plan, plan
from vidctl.media.assembly.sound import Sound
from vidctl.media.assembly.verify import BrokenFilm, verify
from vidctl.media.assembly.write import write


@dataclass(frozen=True)
class Written:
    """A film, and what it was meant to be."""

    path: Path
    plan: Plan
    mix: Sound

    def with_sound_late_by(self, seconds: float, path: Path) -> Path:
        """Write the film once more, its sound shifted, all lengths the same."""
        late = np.roll(self.mix, round(seconds * RATE), axis=1)
        with ExitStack() as files:
            parts = [part for shot in self.plan.shots for part in assembly._parts(self.plan, shot, files)]
            write(path, parts, self.plan.format.fps, master(late), lambda _: None)
        return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Three scenes with B-frames and a voice."""
    here = tmp_path_factory.mktemp("verify")
    entries = []
    for n in range(3):
        clip(here / f"{n}.mp4", n * 6)
        wav(here / f"{n}.wav", speech(1.0, seed=n))
        entries.append(manifests.Entry(clip=str(here / f"{n}.mp4"), narration=str(here / f"{n}.wav")))
    manifest = manifests.Manifest(scenes=tuple(entries), tail_s=0.1)
    film = here / "film.mp4"
    assembly.assemble(manifest, film, here / "film.srt", decode_all=True, tell=lambda *_: None)
    on_paper = plan(assembly.takes(manifest), manifest.tail_s)
    return Written(film, on_paper, assembly._mixed(on_paper))


def refused(film: Path, good: Written, *, planned: Plan | None = None, decode_all: bool = False) -> str:
    with pytest.raises(BrokenFilm) as caught:
        verify(film, planned or good.plan, good.mix, decode_all=decode_all)
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize("decode_all", [False, True])
def test_a_film_that_is_as_planned_passes_and_its_offset_is_told(good: Written, decode_all: bool) -> None:
    assert verify(good.path, good.plan, good.mix, decode_all=decode_all) < 2


def test_a_picture_too_few_is_refused(good: Written, tmp_path: Path) -> None:
    short = tmp_path / "short.mp4"
    ffmpeg("-i", good.path, "-c", "copy", "-frames:v", str(good.plan.frames - 1), short)
    assert "pictures are not those planned" in refused(short, good)


def test_a_picture_too_many_is_refused(good: Written) -> None:
    *before, last = good.plan.shots
    shorter = replace(good.plan, shots=(*before, replace(last, copied=last.copied - 1)))
    assert f"its {good.plan.frames} pictures are not those planned" in refused(good.path, good, planned=shorter)


def test_two_pictures_at_the_same_time_are_refused(good: Written, tmp_path: Path) -> None:
    film = tmp_path / "twice.mp4"
    ffmpeg("-i", good.path, "-c", "copy", "-bsf:v", "setts=pts='if(eq(N,20),PREV_OUTPTS,PTS)':dts=DTS", film)
    assert "pictures are not those planned" in refused(film, good)


def test_time_stamps_that_do_not_rise_are_refused(good: Written, tmp_path: Path) -> None:
    film = tmp_path / "still.mp4"
    ffmpeg("-i", good.path, "-c", "copy", "-bsf:v", "setts=dts='if(eq(N,20),PREV_OUTDTS+1,DTS)':pts=PTS", film)
    film.write_bytes(with_a_picture_that_takes_no_time(film.read_bytes()))
    assert "its time stamps do not rise" in refused(film, good)


def with_a_picture_that_takes_no_time(data: bytes) -> bytes:
    """Return a film in which one picture lasts 0 instead of 1, and the next one longer: no muxer writes that."""
    box = data.index(b"stts") + 4
    (count,) = struct.unpack_from(">I", data, box + 4)
    entries = [list(struct.unpack_from(">II", data, box + 8 + 8 * n)) for n in range(count)]
    at = next(n for n, (_, lasts) in enumerate(entries) if lasts == 1)
    assert entries[at][0] == entries[at + 1][0] == 1
    entries[at][1], entries[at + 1][1] = 0, entries[at + 1][1] + 1
    table = b"".join(struct.pack(">II", *entry) for entry in entries)
    return data[: box + 8] + table + data[box + 8 + len(table) :]


def test_sound_that_is_longer_than_the_picture_is_refused(good: Written, tmp_path: Path) -> None:
    film = tmp_path / "late.mp4"
    ffmpeg("-i", good.path, "-itsoffset", "0.1", "-i", good.path, "-map", "0:v", "-map", "1:a", "-c", "copy", film)
    assert "s long instead of" in refused(film, good)


@pytest.mark.parametrize("late_s", [0.06, -0.06])
def test_sound_more_than_a_frame_beside_its_picture_is_refused(good: Written, tmp_path: Path, late_s: float) -> None:
    said = refused(good.with_sound_late_by(late_s, tmp_path / "film.mp4"), good)
    assert "scene 1" in said
    assert "60.0 ms apart" in said


def test_sound_less_than_a_frame_beside_its_picture_is_measured(good: Written, tmp_path: Path) -> None:
    film = good.with_sound_late_by(0.02, tmp_path / "film.mp4")
    assert verify(film, good.plan, good.mix, decode_all=False) == pytest.approx(20, abs=1)


def test_a_cut_that_is_not_where_it_was_planned_is_refused_with_its_clip(good: Written) -> None:
    first, second, third = good.plan.shots
    moved = (replace(first, copied=first.copied + 1), replace(second, starts=second.starts + 1), third)
    said = refused(good.path, good, planned=replace(good.plan, shots=moved))
    assert "scene 2" in said
    assert str(second.take.clip.path) in said


def scrambled(good: Written, film: Path, *, keep: int) -> Path:
    """Write rubbish over one picture of the second scene; the first `keep` of each scene stay whole."""
    data = bytearray(good.path.read_bytes())
    _, _, packet = packets(good.plan.shots[1].take.clip.path)[keep]
    at = data.index(packet)
    data[at + 8 : at + len(packet)] = b"\xff" * (len(packet) - 8)
    film.write_bytes(data)
    return film


@pytest.mark.parametrize(
    ("keep", "words"),
    [(0, "does not start with a whole picture"), (1, "of its first 3 pictures can be decoded")],
)
def test_a_picture_that_cannot_be_decoded_is_refused(good: Written, tmp_path: Path, keep: int, words: str) -> None:
    said = refused(scrambled(good, tmp_path / "film.mp4", keep=keep), good)
    assert "scene 2" in said
    assert words in said


def test_a_picture_far_from_a_cut_is_looked_at_where_all_are_decoded(good: Written, tmp_path: Path) -> None:
    film = scrambled(good, tmp_path / "film.mp4", keep=15)
    verify(film, good.plan, good.mix, decode_all=False)
    assert "pictures can be decoded" in refused(film, good, decode_all=True)
