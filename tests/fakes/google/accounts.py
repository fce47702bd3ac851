"""The people that Google knows, and their channels."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Channel:
    """A channel of YouTube's. `private_only`: whatever goes up is private, by a setting of its owner's. `is_new`: none
    ever did, so there is no list of it.

    `uploads_a_day` is YouTube's own limit, that it tells nobody.
    """

    channel_id: str
    title: str
    private_only: bool = False
    is_new: bool = False
    uploads_a_day: int = 100
    playlists: dict[str, list[str]] = field(default_factory=dict)
    """The ids of the videos in each, in their order; that of all uploads is not among them."""

    @property
    def uploads(self) -> str:
        """The id of the playlist of all that went up."""
        return f"UU{self.channel_id.removeprefix('UC')}"

    def resource(self, parts: set[str]) -> dict[str, Any]:
        """Return what channels.list says of it."""
        known = {
            "snippet": {"title": self.title, "description": "", "publishedAt": "2020-01-02T03:04:05Z", "country": "ES"},
            "contentDetails": {"relatedPlaylists": {"likes": "LL", "uploads": self.uploads}},
            "status": {"privacyStatus": "public", "isLinked": True, "longUploadsStatus": "allowed"},
            "statistics": {"viewCount": "0", "subscriberCount": "0", "hiddenSubscriberCount": False, "videoCount": "0"},
        }
        return {
            "kind": "youtube#channel",
            "etag": "an-etag",
            "id": self.channel_id,
            **{name: value for name, value in known.items() if name in parts},
        }


@dataclass
class Account:
    """A person's account; not each has a channel."""

    email: str
    channel: Channel | None


def usual() -> list[Account]:
    """Return two people with a channel, and one without."""
    ana, ben = "UCana0aaaaaaaaaaaaaaaaaa", "UCben0bbbbbbbbbbbbbbbbbb"
    return [
        Account("ana@example.com", Channel(ana, "Ana's Harbour", playlists={"PLana0harbours": []})),
        Account("ben@example.com", Channel(ben, "Ben's Lighthouse", playlists={"PLben0lighthouses": []})),
        Account("carla@example.com", None),
    ]
