"""The `youtube:` section of a channel's file: what is said of its films there, and when they go there. Pure."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from vidctl.domain import templates
from vidctl.domain.zones import zone
from vidctl.errors import Misconfigured


class Thumbnail(Struct, frozen=True, forbid_unknown_fields=True):
    """The picture that stands for a film where people choose: the best composite, with words on it."""

    make: bool = True
    text: Annotated[str, Meta(max_length=200, description=templates.meaning(templates.THUMBNAIL))] = "{title}"
    place: Annotated[
        Literal["auto", "left", "right", "top", "bottom", "none"],
        Meta(description="of the words; auto: the side where they hide less; none: no words"),
    ] = "auto"
    ground: Annotated[
        Literal["shade", "bar", "outline"], Meta(description="what the words stand on, so that they can be read")
    ] = "shade"
    color: Annotated[str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z", description="of the words")] = "#ffffff"
    accent: Annotated[
        str, Meta(pattern=r"^#[0-9A-Fa-f]{6}\Z", description="of the bars, of a rule or of the last line")
    ] = "#e5252a"
    upper: Annotated[bool, Meta(description="all in capitals")] = True


class Youtube(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said of a film on YouTube, and when it goes there. Films follow the file at once."""

    title: Annotated[str, Meta(min_length=1, max_length=1_000, description=templates.meaning(templates.TITLE))] = (
        "{title}"
    )
    description: Annotated[str, Meta(max_length=10_000, description=templates.meaning(templates.DESCRIPTION))] = (
        "{summary}\n\n{chapters}\n\n{credits}\n\n{links}\n\n{hashtags}"
    )
    credits: Annotated[str, Meta(max_length=2_000)] = ""
    links: tuple[Annotated[str, Meta(min_length=1, max_length=500)], ...] = ()
    hashtags: tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...] = ()
    category: Annotated[str, Meta(pattern=r"^[0-9]{1,3}\Z", description="YouTube's number; 27 is Education")] = "27"
    language: Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")] = "en"
    made_for_kids: bool = False
    synthetic_media: Annotated[
        bool, Meta(description="realistic scenes or voices that were generated: YouTube wants to be told")
    ] = True
    notify_subscribers: bool = True
    captions: bool = True
    thumbnail: Thumbnail = Thumbnail()
    playlist: Annotated[str, Meta(pattern=r"^([A-Za-z0-9_-]{10,64})?\Z", description="its id, PL…; empty: none")] = ""
    uploads_a_day: Annotated[int, Meta(ge=1, le=100, description="the rest wait for another day")] = 3
    from_hour: Annotated[int, Meta(ge=0, le=23, description="what waited goes up from this hour on")] = 9
    until_hour: Annotated[int, Meta(ge=1, le=24)] = 21
    timezone: Annotated[str, Meta(description="of the days and hours: Europe/Madrid")] = "UTC"


class YoutubeQuota(Struct, frozen=True, forbid_unknown_fields=True):
    """What one Google project may use a day, where Google gave it more or less than others. None: as for everybody."""

    uploads: Annotated[int, Meta(ge=0)] | None = None
    searches: Annotated[int, Meta(ge=0)] | None = None
    units: Annotated[int, Meta(ge=0)] | None = None


def check(youtube: Youtube) -> None:
    """Refuse what cannot be, beyond what the fields' own types say.

    Raises:
        Misconfigured: which field, by its path.
    """
    for name, template, known in (
        ("title", youtube.title, templates.TITLE),
        ("description", youtube.description, templates.DESCRIPTION),
        ("thumbnail.text", youtube.thumbnail.text, templates.THUMBNAIL),
    ):
        if found := templates.complaint(template, known):
            hint = f"{templates.meaning(known)}; there are no other braces"
            raise Misconfigured(f"{found} - at `$.youtube.{name}`", hint=hint)
    if youtube.from_hour >= youtube.until_hour:
        hours = f"from_hour {youtube.from_hour} is not before until_hour {youtube.until_hour}"
        raise Misconfigured(
            f"{hours} - at `$.youtube.until_hour`, `$.youtube.from_hour`",
            hint="films that waited go up between the two: set both, as in from_hour: 20, until_hour: 24",
        )
    try:
        zone(youtube.timezone)
    except Misconfigured as exc:
        raise Misconfigured(f"{exc} - at `$.youtube.timezone`", hint=exc.hint) from exc
