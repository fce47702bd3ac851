"""A channel's settings, as its file gives them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from vidctl.domain import youtube_settings
from vidctl.domain.notion_id import notion_id
from vidctl.domain.script_names import SCRIPTS, STORY_SCRIPT
from vidctl.domain.settings_fields import Parallel, Usd, convert, known, wrong
from vidctl.domain.youtube_settings import Youtube
from vidctl.errors import BadInput, Misconfigured

Id = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z", description="letters, digits, - and _; names the file")
]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Privacy = Literal["private", "unlisted", "public"]
Colour = Literal["default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red"]
Timeout = Annotated[float, Meta(gt=0, le=86_400)]

_BY_SCRIPT: Final = {"propertyNames": {"enum": list(SCRIPTS)}}


class Priority(StrEnum):
    """How urgent; in this order."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Branding(Struct, frozen=True, forbid_unknown_fields=True):
    """Videos put before and after each film; paths relative to the channel file."""

    intro_video: str | None = None
    outro_video: str | None = None


class Story(Struct, frozen=True, forbid_unknown_fields=True):
    """How large a film is."""

    assets: Annotated[int, Meta(ge=1, le=200)] = 22
    scenes: Annotated[int, Meta(ge=1, le=200)] = 18
    clip_seconds: Annotated[int, Meta(ge=2, le=60)] = 10
    tail_seconds: Annotated[float, Meta(ge=0, le=10, description="how long a shot stays after its last word")] = 0.6


class Models(Struct, frozen=True, forbid_unknown_fields=True):
    """Which models the paid services use. A film keeps those that it was begun with."""

    story: str = "gemini-3.8-flash"
    image: str = "gemini-nano-banana-2.1"
    image_size: Literal["1K", "2K", "4K"] = "1K"
    video: str = "kling/v2-5-turbo-image-to-video-pro"
    voice: str = "eleven_multilingual_v2"
    sound: str = "eleven_text_to_sound_v2"


class Speech(Struct, frozen=True, forbid_unknown_fields=True):
    """How the channel's voice speaks."""

    words_per_minute: Annotated[int, Meta(ge=60, le=300, description="by which texts are cut to fit their clips")] = 150
    stability: Annotated[float, Meta(ge=0, le=1)] = 0.5
    similarity: Annotated[float, Meta(ge=0, le=1)] = 0.75
    style: Annotated[float, Meta(ge=0, le=1)] = 0.0
    speed: Annotated[float, Meta(ge=0.7, le=1.2)] = 1.0


class Budget(Struct, frozen=True, forbid_unknown_fields=True):
    """What may be spent, in US dollars; what is left out has no limit. Days and months are those of UTC."""

    film_usd: Usd | None = None
    day_usd: Usd | None = None
    month_usd: Usd | None = None
    total_usd: Annotated[float, Meta(ge=0, le=1_000_000, description="of the channel, ever")] | None = None


class ReviewGates(Struct, frozen=True, forbid_unknown_fields=True):
    """Which gates wait for a person. The last one always does."""

    assets: Literal["manual", "auto"] = "manual"
    animatic: Annotated[
        Literal["manual", "auto"],
        Meta(description="manual: a film is shown as an animatic, with a quote, before its clips are bought"),
    ] = "auto"
    video: Literal["manual", "auto"] = "manual"
    audio: Literal["manual", "auto"] = "manual"
    final: Literal["manual"] = "manual"


class Cleanup(Struct, frozen=True, forbid_unknown_fields=True):
    """What `vidctl cleanup` leaves of the channel's published films on a machine."""

    after_days: Annotated[int, Meta(ge=0, le=36_500, description="how long a film is published before")] = 7
    keep: Annotated[
        Literal["everything", "only_copies", "film", "nothing"],
        Meta(
            description="only_copies: what is nowhere else; film: of that the film alone; nothing: none of it; "
            "everything: films of this channel are not cleaned up"
        ),
    ] = "only_copies"


class Channel(Struct, frozen=True, forbid_unknown_fields=True):
    """One YouTube channel: the fields of `channel_configs/{channel_id}.yaml`."""

    channel_id: Id
    channel_name: Name
    board: Literal["notion", "local"] = "notion"
    notion_database_id: str | None = None
    emoji: Annotated[str, Meta(max_length=16, description="the icon of its cards, one emoji")] = ""
    color: Annotated[Colour, Meta(description="of its name on the board")] = "default"
    banner_url: Annotated[
        str, Meta(pattern=r"^(https://\S{1,1990})?\Z", description="the cover of its cards: a picture's https address")
    ] = ""
    is_active: bool = True
    priority: Priority = Priority.NORMAL
    mode: Annotated[
        Literal["preview", "production"],
        Meta(description="preview: free scripts on this machine; production: the paid services"),
    ] = "preview"
    preview_story: Annotated[
        Literal["free", "paid"],
        Meta(description="who writes the storyboard of a film in preview: this machine, or Gemini, for a few cents"),
    ] = "free"
    max_concurrent: Annotated[Parallel, Meta(description="films of this channel worked on at once")] = 3
    voice_id: str | None = None
    speech: Speech = Speech()
    models: Models = Models()
    image_host: Annotated[
        Literal["", "kie", "r2", "catbox"],
        Meta(description="where Kling fetches a clip's picture; empty: r2 where it is set up, else kie"),
    ] = ""
    budget: Budget = Budget()
    style: Annotated[str, Meta(max_length=1_000, description="the look of every picture of this channel")] = ""
    branding: Branding = Branding()
    storage_strategy: Literal["notion", "r2"] = "notion"
    cleanup: Cleanup = Cleanup()
    default_privacy: Privacy = "private"
    tags: tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...] = ()
    youtube: Youtube = Youtube()
    review_gates: ReviewGates = ReviewGates()
    story: Story = Story()
    scripts: Annotated[
        dict[str, str],
        Meta(description="your own program in place of one of scripts/", extra_json_schema=_BY_SCRIPT),
    ] = field(default_factory=dict)
    timeouts_s: Annotated[
        dict[str, Timeout],
        Meta(
            description="seconds after which one of scripts/ is ended and tried again later; 600 for most of them",
            extra_json_schema=_BY_SCRIPT,
        ),
    ] = field(default_factory=dict)


DEFAULT_VOICE: Final = "default"

CONTENT_FIELDS: Final = (
    *("channel_name", "mode", "preview_story", "voice_id", "speech", "models"),
    *("style", "branding", "story", "default_privacy", "tags"),
)
"""What decides a film's content: it keeps these as they were when it was begun."""


def voice_of(channel: Channel) -> str:
    """Return the voice that speaks this channel's films."""
    return channel.voice_id or DEFAULT_VOICE


def timeout_of(channel: Channel, script: str, default_s: float) -> float:
    """Return how many seconds a script of this channel may take."""
    return channel.timeouts_s.get(script, default_s)


def from_fields(fields: Mapping[str, Any]) -> Channel:
    """Return the channel that the merged fields of its file and the defaults describe.

    Raises:
        Misconfigured: a field is missing, unknown or wrong; the message ends in its path `$.…`.
    """
    channel = convert(fields, Channel)
    if channel.board == "notion" and not channel.notion_database_id:
        raise wrong("Object missing required field `notion_database_id` - at `$.notion_database_id`")
    if channel.notion_database_id:
        try:
            notion_id(channel.notion_database_id)
        except BadInput as exc:
            raise Misconfigured(f"{exc} - at `$.notion_database_id`", hint=exc.hint) from exc
    for section in ("scripts", "timeouts_s"):
        for script in getattr(channel, section):
            if script not in SCRIPTS:
                raise wrong(f"Object contains unknown field `{script}` - at `$.{section}`")
    youtube_settings.check(channel.youtube)
    return channel


def frozen_with(live: Channel, begun: Channel) -> Channel:
    """Return `live` with what decides a film's content as it was when the film was begun.

    A film keeps the voice and the look it was begun with: an edited channel file must not make what
    is already paid for out of date. Gates, limits, scripts and timeouts follow the file at once.
    """
    return msgspec.structs.replace(live, **{name: getattr(begun, name) for name in CONTENT_FIELDS})


def is_free(channel: Channel, script: str) -> bool:
    """Say whether a script of ours costs nothing for this channel's films: it is one of scripts/preview."""
    paid_story = script == STORY_SCRIPT and channel.preview_story == "paid"
    return channel.mode == "preview" and not paid_story


def in_mode(channel: Channel, mode: str | None) -> Channel:
    """Return a channel's settings for a film that is made in a mode of its own; None: as the channel says."""
    return convert(msgspec.to_builtins(channel) | {"mode": mode}, Channel) if mode else channel


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a channel file, for editors."""
    return msgspec.json.schema(Channel)


def from_json(text: str | bytes) -> Channel:
    """Return the channel kept as JSON in the database, by whichever version of vidctl.

    Fields that this version does not know are passed over: a film that was begun goes on.

    Raises:
        Misconfigured: a field has a value that this version does not know.
    """
    return convert(known(msgspec.json.decode(text), Channel), Channel)
