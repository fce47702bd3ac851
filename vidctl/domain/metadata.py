"""What is said of a film on YouTube: its card and its storyboard in the words of its channel. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final

from vidctl.domain import chapters, templates
from vidctl.domain.cutting import cut, has_angles, is_seen, one_line, paragraphs, utf16_units
from vidctl.domain.description import MOST_BYTES, described, shortened
from vidctl.domain.publication import Privacy, Publication
from vidctl.domain.tags import MOST_UNITS, hashtags, tags
from vidctl.domain.work import Work
from vidctl.errors import BadInput

MOST_TITLE_UNITS: Final = 100
"""YouTube says characters, and not which: by no other count is a text longer than in UTF-16."""

_LEAST_OF_TITLE: Final = 30
_TEASER_UNITS: Final = 300
_PRIVACIES: Final[Mapping[str, Privacy]] = {"private": "private", "unlisted": "unlisted", "public": "public"}


@dataclass(frozen=True, slots=True)
class Written:
    """What is published with a film, and what of it is not as people wrote it."""

    publication: Publication
    warnings: tuple[str, ...]


def written(work: Work, film: Mapping[str, Any]) -> Written:
    """Return what is said of a film; `film` is what `assemble_video.py` said of it. Its thumbnail is for others to add.

    Raises:
        BadInput: nothing would be left of its title.
    """
    youtube, warnings = work.channel.youtube, list(_angle_warnings(work))
    publication = Publication(
        title=_title(work, warnings),
        description=_description(work, film, warnings),
        tags=_tags(work, warnings),
        privacy=_privacy(work, warnings),
        channel_id=work.channel.channel_id,
        category=youtube.category,
        language=youtube.language,
        publish_at=f"{work.publish_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if work.publish_at else None,
        made_for_kids=youtube.made_for_kids,
        synthetic_media=youtube.synthetic_media,
        notify_subscribers=youtube.notify_subscribers,
        captions=youtube.captions,
        captions_sha256=str(film.get("subtitles_sha256", "")),
        playlist=youtube.playlist,
        account=work.account,
    )
    return Written(publication, tuple(warnings))


def _title(work: Work, warnings: list[str]) -> str:
    """Return the title; where it is too long the topic in it is cut, else the film's own title, else the end."""
    template, values = one_line(work.channel.youtube.title), _names(work)
    title = one_line(templates.filled(template, values))
    kept = title if utf16_units(title) <= MOST_TITLE_UNITS else _shorter_title(template, values, title)
    if not is_seen(kept):
        raise BadInput("nothing is left of the title for YouTube", hint="give the film a title in letters")
    if kept != title:
        warnings.append(f"the title has {utf16_units(title):,} characters, {MOST_TITLE_UNITS} are the most: {kept}")
    return kept


def _shorter_title(template: str, values: Mapping[str, str], title: str) -> str:
    for name in ("topic", "title"):
        if kept := shortened(template, values, name, MOST_TITLE_UNITS, utf16_units, least=_LEAST_OF_TITLE):
            return one_line(kept)
    return cut(title, MOST_TITLE_UNITS)


def _description(work: Work, film: Mapping[str, Any], warnings: list[str]) -> str:
    youtube = work.channel.youtube
    values = _names(work) | {
        "summary": _summary(work),
        "credits": paragraphs(youtube.credits),
        "links": "\n".join(map(one_line, youtube.links)),
        "hashtags": " ".join(hashtags(youtube.hashtags, work.topic)),
    }
    found = described(youtube.description, values, chapters.of(work.board.scenes, film))
    if found.shortened:
        warnings.append(f"the description has more than {MOST_BYTES:,} bytes; shortened: {found.shortened}")
    return found.text


def _names(work: Work) -> dict[str, str]:
    return {
        "title": one_line(work.title),
        "topic": one_line(work.topic),
        "channel_name": one_line(work.channel.channel_name),
    }


def _summary(work: Work) -> str:
    """Return what the film is about, or how it begins: never the story direction, which is for whoever makes it."""
    spoken = " ".join(one_line(scene.narration) for scene in work.board.scenes)
    return paragraphs(work.board.summary) or cut(one_line(spoken), _TEASER_UNITS)


def _tags(work: Work, warnings: list[str]) -> tuple[str, ...]:
    kept, dropped = tags(work.channel.tags, work.topic)
    if dropped:
        warnings.append(f"the tags have more than {MOST_UNITS} characters; left out: {', '.join(dropped)}")
    return tuple(kept)


def _privacy(work: Work, warnings: list[str]) -> Privacy:
    asked = work.privacy or work.channel.default_privacy
    privacy = _PRIVACIES.get(asked, "private")
    if privacy != asked:
        warnings.append(f"the privacy {asked[:40]!r} is not known, so it is private")
    if work.publish_at is None:
        return privacy
    if privacy == "unlisted":
        warnings.append("it becomes public at its time: YouTube makes no film unlisted by itself")
    return "private"


def _angle_warnings(work: Work) -> Iterator[str]:
    youtube = work.channel.youtube
    texts = {
        "title": work.title,
        "topic": work.topic,
        "channel name": work.channel.channel_name,
        "summary": work.board.summary,
        "narration": "".join(scene.narration for scene in work.board.scenes),
        "tags": "".join((*work.channel.tags, *youtube.hashtags)),
        "templates": "".join((youtube.title, youtube.description, youtube.credits, *youtube.links)),
    }
    if found := [name for name, text in texts.items() if has_angles(text)]:
        yield f"YouTube takes no < and >: they became ‹ and › (from the {', '.join(found)})"
