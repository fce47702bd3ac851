"""A channel's settings, as its file gives them, and the limits that all channels share."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Final, Literal, TypeVar, get_type_hints

import msgspec
from msgspec import Meta, Struct, field

from vidctl.domain import youtube_settings
from vidctl.domain.notion_id import notion_id
from vidctl.domain.prices import price_list
from vidctl.domain.youtube_settings import Youtube, YoutubeQuota
from vidctl.errors import BadInput, Misconfigured

Id = Annotated[
    str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}\Z", description="letters, digits, - and _; names the file")
]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Parallel = Annotated[int, Meta(ge=1, le=1000)]
Privacy = Literal["private", "unlisted", "public"]
Colour = Literal["default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red"]
Timeout = Annotated[float, Meta(gt=0, le=86_400)]
Usd = Annotated[float, Meta(ge=0, le=1_000_000)]

SCRIPTS: Final = (
    "generate_story.py",
    "generate_asset.py",
    "contact_sheet.py",
    "create_composite.py",
    "create_split_screen.py",
    "make_animatic.py",
    "generate_video.py",
    "generate_audio.py",
    "generate_sound_effects.py",
    "assemble_video.py",
    "make_thumbnail.py",
    "fingerprint_film.py",
    "upload_video.py",
    "inspect_media.py",
    "make_proxy.py",
)
"""Every script that a step runs, what checks what they made, and what makes small copies of it for a board."""

STORY_SCRIPT: Final = SCRIPTS[0]
"""Of which a film in preview can have the paid one: all that follows is made of the storyboard."""

ERRANDS: Final = (
    *("read_balance.py", "store_file.py", "fetch_file.py", "sign_files.py", "check_files.py"),
    *("check_youtube.py", "youtube_consent.py", "check_service.py", "check_ffmpeg.py", "send_alert.py"),
)
"""Scripts that are about an account, the store or the operator, and not about what a film looks like: no channel has
its own."""
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


class Service(Struct, frozen=True, forbid_unknown_fields=True):
    """How hard one paid service is worked, over all channels and hosts."""

    at_once: Annotated[Parallel, Meta(description="calls that run at the same time; less where the service says so")]
    a_minute: Annotated[int, Meta(ge=1, le=100_000, description="calls that begin within a minute")]
    day_usd: Usd | None = None


class Services(Struct, frozen=True, forbid_unknown_fields=True):
    """The paid services. None of them publishes its limits, so these are careful."""

    gemini: Service = Service(at_once=8, a_minute=60)
    kie: Service = Service(at_once=20, a_minute=100)
    """It refuses more than 20 new clips in 10 s."""
    elevenlabs: Service = Service(at_once=5, a_minute=120)
    youtube: Service = Service(at_once=2, a_minute=60)


class Alerts(Struct, frozen=True, forbid_unknown_fields=True):
    """When people are told of what only waits for them."""

    gate_after_days: Annotated[
        int, Meta(ge=1, le=365, description="a film that waits so long for a person is named, and again after as long")
    ] = 2


class KeptDays(Struct, frozen=True, forbid_unknown_fields=True):
    """For how many days what nobody works with any more is kept, until `vidctl cleanup` takes it away."""

    logs: Annotated[int, Meta(ge=1, le=36_500, description="of films that are not on their way")] = 90
    ticks: Annotated[int, Meta(ge=1, le=36_500, description="and notices and pauses that are over")] = 30
    alerts: Annotated[int, Meta(ge=1, le=36_500, description="that were delivered")] = 90
    notes: Annotated[int, Meta(ge=1, le=36_500, description="on published films' cards, which show them")] = 90
    errors: Annotated[int, Meta(ge=1, le=36_500, description="of published films")] = 365


class Limits(Struct, frozen=True, forbid_unknown_fields=True):
    """How much is done at once, over all channels and hosts; from `_defaults.yaml`."""

    max_concurrent_story: Parallel = 5
    max_concurrent_asset: Parallel = 5
    max_concurrent_composite: Parallel = 4
    max_concurrent_video: Parallel = 3
    max_concurrent_audio: Parallel = 3
    max_concurrent_sfx: Parallel = 3
    max_concurrent_assembly: Parallel = 2
    max_concurrent_upload: Parallel = 2
    max_concurrent_per_host: Annotated[Parallel, Meta(description="films that one machine works on at once")] = 16
    items_per_step: Annotated[Parallel, Meta(description="scripts that one step runs at once")] = 4
    day_usd: Annotated[float, Meta(ge=0, le=1_000_000, description="what all channels may spend a day")] | None = None
    month_usd: Usd | None = None
    services: Services = Services()
    youtube_quota: YoutubeQuota = YoutubeQuota()
    alerts: Alerts = Alerts()
    kept_days: KeptDays = KeptDays()
    prices: Annotated[
        dict[str, Any], Meta(description="models whose prices differ from the list in vidctl/domain/prices.py")
    ] = field(default_factory=dict)


DEFAULT_VOICE: Final = "default"

CONTENT_FIELDS: Final = (
    *("channel_name", "mode", "preview_story", "voice_id", "speech", "models"),
    *("style", "branding", "story", "default_privacy", "tags"),
)
"""What decides a film's content: it keeps these as they were when it was begun."""

T = TypeVar("T")


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
    channel = _convert(fields, Channel)
    if channel.board == "notion" and not channel.notion_database_id:
        raise _wrong("Object missing required field `notion_database_id` - at `$.notion_database_id`")
    if channel.notion_database_id:
        try:
            notion_id(channel.notion_database_id)
        except BadInput as exc:
            raise Misconfigured(f"{exc} - at `$.notion_database_id`", hint=exc.hint) from exc
    for section in ("scripts", "timeouts_s"):
        for script in getattr(channel, section):
            if script not in SCRIPTS:
                raise _wrong(f"Object contains unknown field `{script}` - at `$.{section}`")
    youtube_settings.check(channel.youtube)
    return channel


def limits_from(fields: Mapping[str, Any]) -> Limits:
    """Return the shared limits.

    Raises:
        Misconfigured: as `from_fields`.
    """
    limits = _convert(fields, Limits)
    price_list(limits.prices)
    return limits


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
    return _convert(msgspec.to_builtins(channel) | {"mode": mode}, Channel) if mode else channel


def _convert(fields: Mapping[str, Any], type_: type[T]) -> T:
    try:
        return msgspec.convert(fields, type_)
    except msgspec.ValidationError as exc:
        raise _wrong(str(exc)) from exc


def _wrong(complaint: str) -> Misconfigured:
    return Misconfigured(complaint, hint="vidctl channel schema prints every field with its meaning")


def schema() -> dict[str, Any]:
    """Return the JSON Schema of a channel file, for editors."""
    return msgspec.json.schema(Channel)


def from_json(text: str | bytes) -> Channel:
    """Return the channel kept as JSON in the database, by whichever version of vidctl.

    Fields that this version does not know are passed over: a film that was begun goes on.

    Raises:
        Misconfigured: a field has a value that this version does not know.
    """
    return _convert(_known(msgspec.json.decode(text), Channel), Channel)


def _known(fields: Mapping[str, Any], type_: Any) -> dict[str, Any]:
    """Return only those fields that a struct has, in its sections too."""
    hints = _hints(type_)
    return {
        name: _known(value, hints[name])
        if isinstance(value, dict) and hasattr(hints[name], "__struct_fields__")
        else value
        for name, value in fields.items()
        if name in hints
    }


@cache
def _hints(type_: Any) -> dict[str, Any]:
    return get_type_hints(type_)
