"""A film goes to YouTube with all that belongs to it, and what became of it there is told."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from msgspec import Struct

from vidctl.domain.publication import Publication
from vidctl.providers import refusals
from vidctl.providers.untrusted import short
from vidctl.providers.youtube import account, film, readback
from vidctl.providers.youtube.connection import connected
from vidctl.providers.youtube.extras import Adding, Extras
from vidctl.providers.youtube.job import Uploaded, keys, read
from vidctl.providers.youtube.lost import is_same_title, moment
from vidctl.providers.youtube.patience import USUAL, Patience
from vidctl.providers.youtube.readback import Seen, settled
from vidctl.providers.youtube.upload import CHUNK_BYTES, Upload

UNKNOWN_YET: Final = "unknown yet"


class Receipt(Struct, frozen=True):
    """What YouTube has. `privacy` is how it shows the video, `privacy_asked` what it was told."""

    url: str
    video_id: str
    account: str
    account_title: str
    title: str
    uploaded_at: datetime
    privacy: str
    privacy_asked: str
    publish_at: str | None
    processing: str
    synthetic_media: bool
    made_for_kids: bool
    film_sha256: str
    captions: str
    thumbnail: str
    playlist: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manner:
    """How it is done: in chunks of `chunk_bytes`, waiting `wait_s` for YouTube to process the film."""

    wait_s: float = readback.WAIT_S
    chunk_bytes: int = CHUNK_BYTES
    patience: Patience = USUAL


def publish(path: Path, words: Publication, folder: Path, manner: Manner, resume_job: str = "") -> Receipt:
    """Publish a film; `folder` is what the words' thumbnail is relative to. `resume_job` is what an earlier run said.

    Raises:
        VidctlError: it is not published, or not known to be; the last job that was said leads on.
    """
    ring = keys()
    job = read(resume_job, ring) if resume_job else None
    thumbnail = folder / words.thumbnail if words.thumbnail else None
    with film.opened(path) as it, connected(words.channel_id or words.account, manner.patience) as youtube:
        _require_approved(it.sha256, words)
        mine = account.require(youtube, words.account)
        before = settled(youtube, job, manner.wait_s) if isinstance(job, Uploaded) else None
        upload = Upload(youtube, mine, it, words, ring, manner.chunk_bytes)
        video = job if isinstance(job, Uploaded) else upload.go_on(job) if job else upload.begin()
        added = Adding(youtube, video.video_id, before).all(words, path.with_suffix(".srt"), thumbnail)
        seen = before or settled(youtube, video, manner.wait_s)
        return _receipt(mine, video, words, it.sha256, seen, added)


def _require_approved(sha256: str, words: Publication) -> None:
    """Refuse a film that is not the one whose words these are: it was changed since somebody looked at it."""
    if words.film_sha256 and words.film_sha256 != sha256:
        raise refusals.refused(
            "FilmChanged",
            "this film is not the one that was approved, so nothing is sent",
            hint="take it to Final Review again: vidctl hold, then vidctl queue",
        )


def _receipt(
    mine: account.Mine, video: Uploaded, words: Publication, sha256: str, seen: Seen, added: Extras
) -> Receipt:
    return Receipt(
        url=video.url,
        video_id=video.video_id,
        account=mine.channel_id,
        account_title=mine.title,
        title=seen.title or words.title,
        uploaded_at=video.at,
        privacy=seen.privacy,
        privacy_asked=words.privacy,
        publish_at=seen.publish_at,
        processing="done" if seen.is_processed else UNKNOWN_YET,
        synthetic_media=words.synthetic_media,
        made_for_kids=words.made_for_kids,
        film_sha256=sha256,
        warnings=tuple(_warnings(video, words, seen, added)),
        **asdict(added),
    )


def _warnings(video: Uploaded, words: Publication, seen: Seen, added: Extras) -> list[str]:
    said = [f"no {name}: {why}" for name, why in added.missing.items()]
    if video.by_title:
        said.append("YouTube's answer was lost, and it was found on the channel by its title alone: see that it is it")
    if seen.title and not is_same_title(seen.title, words.title):
        said.append(f"YouTube shows it as {short(seen.title, 100)!r}, and the card says {short(words.title, 100)!r}")
    if video.earlier_words:
        said.append("it went up with what was said of it before that was changed: see its description and tags")
    is_out = words.publish_at is not None and seen.privacy == "public"
    if seen.privacy != words.privacy and not is_out:
        said.append(f"YouTube shows it as {seen.privacy or 'it does not say what'}, and not as {words.privacy}")
    if moment(seen.publish_at) != moment(words.publish_at) and not is_out:
        said.append(
            f"YouTube makes it public at {seen.publish_at or 'no time'}, and not at {words.publish_at or 'any'}"
        )
    if not seen.is_processed:
        said.append("a day after its upload YouTube has not processed it")
    return said
