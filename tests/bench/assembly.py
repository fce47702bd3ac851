"""How fast the film is put together, beside the other ways to do it, on clips made for the purpose.

    python tests/bench/assembly.py [--clips 18] [--seconds 10] [--moviepy-python PATH]

Eighteen clips of 1080p at 24 frames and 12 Mbit a second, with B-frames, each with a narration and an
effect. Every way gets the same manifest; what it makes is then checked by the same eyes: decoding
errors, pictures shown at a wrong time, picture and sound of unequal length. Nothing is installed:
MoviePy is run by the Python given.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import av

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.media_samples import ffmpeg, manifest, speech, wav  # noqa: E402  # the bench is run by its path

DISTINCT = 3
MBIT = 12
FPS = 24
TAIL_S = 0.6

MOVIEPY = """
import json, sys
from pathlib import Path
from moviepy import AudioFileClip, CompositeAudioClip, VideoFileClip, concatenate_videoclips
from moviepy.audio.fx import MultiplyVolume
source, output = map(Path, sys.argv[1:])
document, shots = json.loads(source.read_text()), []
for scene in document["scenes"]:
    voice = AudioFileClip(str(source.parent / scene["narration"]))
    length = voice.duration + document["tail_s"]
    under = AudioFileClip(str(source.parent / scene["sfx"])).with_effects([MultiplyVolume(0.2)])
    under = under.subclipped(0, min(length, under.duration))
    shot = VideoFileClip(str(source.parent / scene["clip"]), audio=False).subclipped(0, length)
    shots.append(shot.with_audio(CompositeAudioClip([voice, under])))
film = concatenate_videoclips(shots)
film.write_videofile(str(output), codec="libx264", audio_codec="aac", fps=24, preset="veryfast", logger=None)
"""


@dataclass(frozen=True)
class Row:
    """One way: what it took, and what came out."""

    name: str
    wall_s: float
    cpu_s: float
    errors: int
    bad_times: int
    apart_s: float


def make_material(folder: Path, clips: int, seconds: float) -> Path:
    """Make the clips (a few different ones, each in several files), narrations and effects."""
    for number in range(clips):
        target, origin = folder / f"clip_{number}.mp4", folder / f"clip_{number % DISTINCT}.mp4"
        if target == origin:
            picture = f"testsrc2=s=1920x1080:r={FPS},hue=h={number * 40},noise=alls=14:allf=t"
            rate = ["-b:v", f"{MBIT}M", "-maxrate", f"{MBIT}M", "-bufsize", f"{2 * MBIT}M"]
            encode = ["-c:v", "libx264", "-preset", "veryfast", "-bf", "3", *rate, "-pix_fmt", "yuv420p"]
            ffmpeg("-f", "lavfi", "-i", picture, "-t", str(seconds), *encode, target)
        else:
            shutil.copyfile(origin, target)
        # Lengths that end anywhere between two frames, as speech does.
        wav(folder / f"voice_{number}.wav", speech(seconds - TAIL_S - 0.1 - 0.117 * (number % 9), seed=number))
        ffmpeg("-i", folder / f"voice_{number}.wav", "-b:a", "128k", folder / f"voice_{number}.mp3")
        wav(folder / f"sfx_{number}.wav", speech(seconds, seed=100 + number, level=0.2))
    scenes = [
        {"clip": f"clip_{n}.mp4", "narration": f"voice_{n}.mp3", "sfx": f"sfx_{n}.wav", "text": f"Scene {n}."}
        for n in range(clips)
    ]
    return manifest(folder / "film.json", scenes, tail_s=TAIL_S)


def ours(source: Path, output: Path) -> None:
    """Run the script as the engine runs it."""
    _program([sys.executable, ROOT / "scripts" / "assemble_video.py", "--manifest", source, "--output", output])


def ours_decoding(source: Path, output: Path) -> None:
    """The same, and the whole film decoded afterwards."""
    script = ROOT / "scripts" / "assemble_video.py"
    _program([sys.executable, script, "--manifest", source, "--output", output, "--decode-all"])


def naive(source: Path, output: Path) -> None:
    """Cut each clip with -t and -c copy, join with the concat demuxer: fast, and wrong where there are B-frames."""
    listing = []
    for number, (scene, length_s) in enumerate(_scenes(source)):
        part = output.parent / f"part_{number}.mp4"
        inputs: list[str | Path] = ["-i", source.parent / scene["clip"], "-i", source.parent / scene["narration"]]
        ffmpeg(*inputs, "-map", "0:v", "-map", "1:a", "-t", f"{length_s}", "-c:v", "copy", "-c:a", "aac", part)
        listing.append(f"file '{part}'\n")
    (output.parent / "list.txt").write_text("".join(listing), "utf-8")
    ffmpeg("-f", "concat", "-safe", "0", "-i", output.parent / "list.txt", "-c", "copy", output)


def one_pass(source: Path, output: Path) -> None:
    """One ffmpeg that decodes, cuts, joins, mixes and encodes everything."""
    inputs: list[str | Path] = []
    graph, joined = [], ""
    for number, (scene, length_s) in enumerate(_scenes(source)):
        for name in ("clip", "narration", "sfx"):
            inputs += ["-i", source.parent / scene[name]]
        at = 3 * number
        graph.append(f"[{at}:v]trim=duration={length_s},setpts=PTS-STARTPTS[v{number}]")
        graph.append(f"[{at + 2}:a]volume=0.2[s{number}]")
        mix = "amix=inputs=2:duration=longest:normalize=0,asetpts=N/SR/TB"
        graph.append(f"[{at + 1}:a][s{number}]{mix},atrim=end={length_s}[a{number}]")
        joined += f"[v{number}][a{number}]"
    graph.append(f"{joined}concat=n={len(graph) // 3}:v=1:a=1[v][a]")
    encode = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    ffmpeg(*inputs, "-filter_complex", ";".join(graph), "-map", "[v]", "-map", "[a]", *encode, output)


def moviepy(python: str) -> Callable[[Path, Path], None]:
    """Return the way that most scripts of this kind take."""
    return lambda source, output: _program([python, "-c", MOVIEPY, source, output])


def measured(name: str, way: Callable[[Path, Path], None], source: Path, folder: Path) -> Row:
    """Run one way in a folder of its own, then look at its film."""
    output = folder / "out" / "film.mp4"
    output.parent.mkdir()
    wall, cpu = time.perf_counter(), _children_cpu_s()
    way(source, output)
    wall, cpu = time.perf_counter() - wall, _children_cpu_s() - cpu
    errors = len(ffmpeg("-v", "error", "-i", output, "-f", "null", "-").splitlines())
    row = Row(name, wall, cpu, errors, _bad_times(output), _apart_s(output))
    shutil.rmtree(output.parent)
    return row


def _scenes(source: Path) -> list[tuple[dict[str, str], float]]:
    document: dict[str, Any] = json.loads(source.read_text("utf-8"))
    return [(scene, _plays_s(source.parent / scene["narration"]) + TAIL_S) for scene in document["scenes"]]


def _plays_s(path: Path) -> float:
    with av.open(str(path)) as container:
        return (container.duration or 0) / av.time_base


def _bad_times(film: Path) -> int:
    """Count the pictures that are shown at the same time as another, or are missing between two."""
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        times = sorted(packet.pts or 0 for packet in container.demux(stream) if packet.size)
        frame = 1 / (FPS * float(stream.time_base or 1))
    return sum(abs(after - one - frame) > frame / 2 for one, after in pairwise(times))


def _apart_s(film: Path) -> float:
    """Return by how much the picture is longer than the sound, or shorter."""
    with av.open(str(film)) as container:
        picture, sound = (float((stream.duration or 0) * (stream.time_base or 0)) for stream in container.streams)
    return picture - sound


def _program(arguments: list[str | Path]) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*map(str, arguments)], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)


def _children_cpu_s() -> float:
    spent = os.times()
    return spent.children_user + spent.children_system


def show(rows: list[Row], skipped: str) -> None:
    """Print the table."""
    print(f"\n{'way':<34}{'wall s':>8}{'CPU s':>8}{'x ours':>8}{'decode errors':>15}{'bad times':>11}{'apart s':>9}")
    for row in rows:
        ratio = row.wall_s / rows[0].wall_s
        print(
            f"{row.name:<34}{row.wall_s:8.1f}{row.cpu_s:8.1f}{ratio:8.1f}{row.errors:15}{row.bad_times:11}{row.apart_s:9.3f}"
        )
    if skipped:
        print(skipped)


def main() -> None:
    """Make the material, run every way, print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--clips", type=int, default=18)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--moviepy-python", help="a Python that has MoviePy 2")
    given = options.parse_args()
    ways: dict[str, Callable[[Path, Path], None]] = {"ours": ours, "ours, the whole film decoded": ours_decoding}
    ways |= {"naive cut and join (-c copy)": naive, "one pass, x264 veryfast": one_pass}
    if python := given.moviepy_python or (sys.executable if find_spec("moviepy") else ""):
        ways["MoviePy 2, x264 veryfast"] = moviepy(python)
    with tempfile.TemporaryDirectory(prefix="bench-assembly-") as name:
        source = make_material(Path(name), given.clips, given.seconds)
        print(f"{given.clips} clips of {given.seconds:g} s, 1080p{FPS}, {MBIT} Mbit/s, {os.cpu_count()} cores")
        rows = [measured(way, function, source, Path(name)) for way, function in ways.items()]
    show(rows, "" if python else "MoviePy 2: not installed (give --moviepy-python PATH)")


if __name__ == "__main__":
    main()
