"""From a manifest to a film: read, plan, mix, write, verify."""

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeAlias

from vidctl.media.assembly import clip, mix, subtitles, transcode
from vidctl.media.assembly.alignment import times_beside
from vidctl.media.assembly.manifest import Entry, Manifest
from vidctl.media.assembly.master import Master, master
from vidctl.media.assembly.parallel import each
from vidctl.media.assembly.shots import Plan, Shot, Take, plan
from vidctl.media.assembly.sound import RATE, Sound, decode, decode_of_clip, silence
from vidctl.media.assembly.verify import verify
from vidctl.media.assembly.write import Part, encoded_part, write

Tell: TypeAlias = Callable[[int, int], None]
"""Hears how many frames of how many are written."""


def assemble(manifest: Manifest, film: Path, srt: Path, *, decode_all: bool, tell: Tell) -> dict[str, Any]:
    """Write the film and its subtitles; return the film's facts.

    Raises:
        BadInput: a clip or a sound cannot be read; it is named, with libav's own words.
        BrokenFilm: the written film is not as planned.
    """
    on_paper = plan(takes(manifest), manifest.tail_s, manifest.size)
    mixed = _mixed(on_paper)
    with ExitStack() as files, ThreadPoolExecutor(1) as meanwhile:
        mastering = meanwhile.submit(master, mixed)
        parts = [part for shot in on_paper.shots for part in _parts(on_paper, shot, files)]
        sound = mastering.result()
        write(film, parts, on_paper.format.fps, sound, lambda done: tell(done, on_paper.frames))
    offset_ms = verify(film, on_paper, mixed, decode_all=decode_all)
    said = subtitles.srt(_cues(on_paper)).encode()
    srt.write_bytes(said)
    return _facts(on_paper, sound, offset_ms) | {"subtitles_sha256": hashlib.sha256(said).hexdigest()}


def takes(manifest: Manifest) -> list[Take]:
    """Return what the manifest's files hold: intro, scenes, outro."""
    scenes = [(f"scene {number}", entry) for number, entry in enumerate(manifest.scenes, 1)]
    brand = {name: Path(path) for name in ("intro", "outro") if (path := getattr(manifest, name))}
    own = {name: Take(name, clip.read(path), silence(0), keeps_own_sound=True) for name, path in brand.items()}
    spoken = each(lambda scene: _take(*scene), scenes)
    return [take for take in (own.get("intro"), *spoken, own.get("outro")) if take]


def _take(name: str, entry: Entry) -> Take:
    return Take(
        name,
        clip.read(Path(entry.clip)),
        voice=decode(Path(entry.narration)) if entry.narration else silence(0),
        ambience=Path(entry.sfx) if entry.sfx else None,
        text=entry.text or "",
        spoken=times_beside(Path(entry.narration), entry.text) if entry.narration and entry.text else None,
        min_s=entry.min_s,
    )


def _mixed(film: Plan) -> Sound:
    """Return the sound of the whole film: each shot's begins with its first frame."""
    whole = silence(film.sample(film.frames))

    def lay(shot: Shot) -> None:
        starts, ends = film.sample(shot.starts), film.sample(shot.ends)
        whole[:, starts:ends] = _sound_of(shot.take, ends - starts)

    each(lay, film.shots)
    return whole


def _sound_of(take: Take, samples: int) -> Sound:
    if take.keeps_own_sound:
        return mix.own_sound(decode_of_clip(take.clip.path), samples)
    ambience = decode(take.ambience) if take.ambience else silence(0)
    return mix.scene(take.voice, ambience, samples)


def _parts(film: Plan, shot: Shot, files: ExitStack) -> Iterator[Part]:
    """Yield where the pictures of a shot come from; what has to be encoded is encoded now."""
    source = shot.take.clip
    if shot.copied:
        yield Part(source.path, source.places[: shot.copied], source.header)
    if shot.encoded:
        encode = transcode.held if shot.copied else transcode.remade
        yield encoded_part(files.enter_context(encode(source.path, shot.encoded, film.format, film.header)))


def _cues(film: Plan) -> Iterator[tuple[float, float, str]]:
    for shot in film.shots:
        starts_s = film.seconds(shot.starts)
        if shot.take.voice.size:
            ends_s = starts_s + shot.take.voice.shape[1] / RATE
            yield from subtitles.cues(shot.take.text, starts_s, ends_s, shot.take.spoken)


def _facts(film: Plan, sound: Master, offset_ms: float) -> dict[str, Any]:
    anew = [shot for shot in film.shots if not shot.copied]
    return {
        "duration_s": round(film.seconds(film.frames), 3),
        "frames": film.frames,
        "width": film.format.width,
        "height": film.format.height,
        "fps": round(float(film.format.fps), 3),
        "clips_copied": len(film.shots) - len(anew),
        "clips_transcoded": len(anew),
        "clips_held": sum(bool(shot.copied and shot.encoded) for shot in film.shots),
        "transcoded": [f"{shot.take.name}: {_why(shot, film)}" for shot in anew],
        "scene_starts_s": [round(film.seconds(shot.starts), 3) for shot in film.shots if not shot.take.keeps_own_sound],
        "integrated_lufs": round(sound.loudness.integrated_lufs, 2),
        "true_peak_dbtp": round(sound.loudness.true_peak_dbtp, 2),
        "worst_av_offset_ms": round(offset_ms, 2),
    }


def _why(shot: Shot, film: Plan) -> str:
    source = shot.take.clip
    if source.odd:
        return source.odd
    return "its encoder's parameters differ" if source.format == film.format else f"it is {source.format}"
