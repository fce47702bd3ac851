"""What a card has: every property of a board's database, its name, its type, and how it looks.

The only list of them. Setting a database up, checking it, reading a card and writing one all go by it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, get_args

from vidctl.domain.channel import Priority, Privacy
from vidctl.domain.status import Phase, Status, phase_of

MAX_OPTIONS: Final = 100
"""Of a select, in one request."""


class Field(StrEnum):
    """The fields of a card; their order is that of the properties in a new database."""

    TITLE = "title"
    CHANNEL = "channel"
    STATUS = "status"
    TOPIC = "topic"
    STORY_DIRECTION = "story_direction"
    PRIORITY = "priority"
    PRIVACY = "privacy"
    PUBLISH_AT = "publish_at"
    PROGRESS = "progress"
    RETRY = "retry"
    ERROR_LOG = "error_log"
    REVIEW_NOTES = "review_notes"
    YOUTUBE_URL = "youtube_url"
    COST = "cost"
    UPDATED = "updated"
    STATUS_SINCE = "status_since"
    TIME_IN_STATUS = "time_in_status"
    ASSETS = "assets"


@dataclass(frozen=True, slots=True)
class Property:
    """How a field is kept in Notion. `more` is what its type takes besides."""

    name: str
    type: str
    more: Mapping[str, Any]


_COLOUR: Final = {
    Phase.WAITING: "gray",
    Phase.WORKING: "blue",
    Phase.REVIEW: "yellow",
    Phase.DONE: "green",
    Phase.ERROR: "red",
}

_TIME_IN_STATUS: Final = (
    'if(empty(prop("Status Since")), "", let(minutes, dateBetween(now(), prop("Status Since"), "minutes"), '
    'ifs(minutes < 60, format(minutes) + " min", minutes < 1440, format(floor(minutes / 60)) + " h", '
    'format(floor(minutes / 1440)) + " d")))'
)


def label(value: str) -> str:
    """Return how a priority or a privacy is written on a card."""
    return value.capitalize()


def _select(options: list[tuple[str, str]]) -> dict[str, Any]:
    return {"options": [{"name": name, "color": colour} for name, colour in options]}


STATUS_OPTIONS: Final = [(str(status), _COLOUR[phase_of(status)]) for status in Status]

PROPERTIES: Final[Mapping[Field, Property]] = {
    Field.TITLE: Property("Title", "title", {}),
    Field.CHANNEL: Property("Channel", "select", _select([])),
    Field.STATUS: Property("Status", "select", _select(STATUS_OPTIONS)),
    Field.TOPIC: Property("Topic", "rich_text", {}),
    Field.STORY_DIRECTION: Property("Story Direction", "rich_text", {}),
    Field.PRIORITY: Property(
        "Priority",
        "select",
        _select(list(zip(map(label, Priority), ("orange", "default", "gray"), strict=True))),
    ),
    Field.PRIVACY: Property(
        "Privacy",
        "select",
        _select(list(zip(map(label, get_args(Privacy)), ("gray", "brown", "green"), strict=True))),
    ),
    Field.PUBLISH_AT: Property("Publish At", "date", {}),
    Field.PROGRESS: Property("Progress", "rich_text", {}),
    Field.RETRY: Property("Retry", "rich_text", {}),
    Field.ERROR_LOG: Property("Error Log", "rich_text", {}),
    Field.REVIEW_NOTES: Property("Review Notes", "rich_text", {}),
    Field.YOUTUBE_URL: Property("YouTube URL", "url", {}),
    Field.COST: Property("Cost", "number", {"format": "dollar"}),
    Field.UPDATED: Property("Updated", "date", {}),
    Field.STATUS_SINCE: Property("Status Since", "date", {}),
    Field.TIME_IN_STATUS: Property("Time in Status", "formula", {"expression": _TIME_IN_STATUS}),
    Field.ASSETS: Property("Assets", "files", {}),
}

OPTIONS: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.STATUS: tuple(Status),
    Field.PRIORITY: tuple(map(label, Priority)),
    Field.PRIVACY: tuple(map(label, get_args(Privacy))),
}
"""What each select that is not the channel's may say."""

WRITTEN_BY_PEOPLE: Final = (
    Field.TITLE,
    Field.TOPIC,
    Field.STORY_DIRECTION,
    Field.PRIORITY,
    Field.PRIVACY,
    Field.PUBLISH_AT,
    Field.REVIEW_NOTES,
)
"""What a film takes over from its card, besides the channel and the status."""
