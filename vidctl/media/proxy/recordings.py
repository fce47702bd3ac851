"""Make films and sounds smaller: ffmpeg does it, as `plan` says, and once more with less if need be."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vidctl.errors import BadInput
from vidctl.media import ffmpeg
from vidctl.media.probe import MediaFacts, facts_of, opened, picture_in, probe, sound_in, unreadable
from vidctl.media.proxy.plan import SOUNDS, Film, Sound, film_for, sound_for
from vidctl.media.proxy.refusals import no_room
from vidctl.script import written_aside

TRIES: Final = 3
LESS: Final = 0.9
"""A next try aims at this share of what would have been enough of the last one."""
CRF: Final = 22
"""Better than this is not asked for, even where more bytes are left."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A recording as ffmpeg is to open it: as what it was recognised, and never anything else."""

    path: Path
    facts: MediaFacts
    size_bytes: int
    opening: Sequence[str]
    picture: int | None
    sound: int | None


_Plan = Callable[[_Source, int], Sequence[str] | None]
"""Return ffmpeg's options for a file of so many bytes, None where there are none."""


def measured(path: Path) -> dict[str, Any]:
    """Return how long a recording plays; of a film also its width and height, and whether it has sound.

    Raises:
        BadInput: there is nothing in it to be seen or heard.
    """
    facts = probe(path)
    if not (facts.video or facts.audio):
        raise unreadable(path, "there is neither a picture nor a sound in it")
    duration_s = round(facts.duration_s, 3)
    if not facts.video:
        return {"duration_s": duration_s}
    size = {"width": facts.video.width, "height": facts.video.height}
    return {**size, "duration_s": duration_s, "sound": facts.audio is not None}


def shrink_film(path: Path, output: Path, max_bytes: int) -> None:
    """Write a film as an MP4 that starts to play before it is loaded.

    Raises:
        BadInput: nothing worth watching fits, or ffmpeg cannot read it.
        CannotWrite: see `written_aside`.
    """
    _shrink(_source(path), output, max_bytes, _film)


def shrink_sound(path: Path, output: Path, max_bytes: int) -> None:
    """Write a sound as an MP3.

    Raises:
        BadInput: no MP3 of this length fits, or ffmpeg cannot read it.
        CannotWrite: see `written_aside`.
    """
    _shrink(_source(path), output, max_bytes, _sound)


def _source(path: Path) -> _Source:
    with opened(path) as container:
        facts, picture, sound = facts_of(container), picture_in(container), sound_in(container)
        source = _Source(
            path,
            facts,
            path.stat().st_size,
            ["-protocol_whitelist", "file", "-f", container.format.name.split(",")[0], "-i", f"file:{path}"],
            picture=picture.index if picture else None,
            sound=sound.index if sound else None,
        )
    if not facts.duration_s:
        raise BadInput(f"{path} does not say how long it plays", hint="write it anew: ffmpeg -i FILE -c copy NEW")
    return source


def _shrink(source: _Source, output: Path, max_bytes: int, plan: _Plan) -> None:
    """Write a file of at most `max_bytes`: what came out too large is made again with less."""
    aim = max_bytes
    with written_aside(output) as aside:
        for _ in range(TRIES):
            if (options := plan(source, aim)) is None:
                break
            ffmpeg.run([*source.opening, *options, f"file:{aside}"], doing=f"make a proxy of {source.path}")
            if (size := aside.stat().st_size) <= max_bytes:
                return
            aim = int(aim * max_bytes / size * LESS)
        raise no_room(source.path, max_bytes, enough_bytes=_enough(source))


def _enough(source: _Source) -> int | None:
    return None if source.facts.video else SOUNDS[-1].bytes_in(source.facts.duration_s)


def _film(source: _Source, max_bytes: int) -> Sequence[str] | None:
    film = film_for(source.facts, source.size_bytes, max_bytes)
    if film is None:
        return None
    sound = ["-map", f"0:{source.sound}", "-c:a", "aac", *_sound_options(source, film.sound)] if film.sound else []
    return ["-map", f"0:{source.picture}", "-vf", _filters(film), *_rate(film), *sound, *_NO_TAGS, *_MP4]


_NO_TAGS: Final = ("-map_metadata", "-1", "-map_chapters", "-1")
_MP4: Final = ("-movflags", "+faststart", "-f", "mp4")
_MP3: Final = ("-c:a", "libmp3lame", "-f", "mp3")


def _filters(film: Film) -> str:
    """Return what is done to each frame: even sides (H.264 asks for it) and square pixels, whatever they were."""
    width, height = (f"2*max(1,round({side}*{film.scale:.6f}/2))" for side in ("iw*sar", "ih"))
    fewer = f"fps={film.fps}," if film.fps else ""
    return f"{fewer}scale=w='{width}':h='{height}',setsar=1,format=yuv420p"


def _rate(film: Film) -> list[str]:
    limits = ["-maxrate", str(film.most_bps), "-bufsize", str(film.buffer_bits)]
    return ["-c:v", "libx264", "-preset", "veryfast", "-crf", str(CRF), *limits]


def _sound(source: _Source, max_bytes: int) -> Sequence[str] | None:
    sound = sound_for(source.facts.duration_s, max_bytes)
    if sound is None:
        return None
    return ["-map", f"0:{source.sound}", *_sound_options(source, sound), *_NO_TAGS, *_MP3]


def _sound_options(source: _Source, sound: Sound) -> list[str]:
    assert source.facts.audio is not None, "it has been mapped"
    channels = min(sound.channels, source.facts.audio.channels)
    return ["-b:a", f"{sound.kbps}k", "-ar", str(sound.rate_hz), "-ac", str(channels)]
