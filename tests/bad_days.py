"""Services and Notion on a bad day: one call in five fails, in every way that passes without a person.

What asks for a person by design is not here: refused keys and prompts, empty accounts, and for Kling an order that
was taken while its answer was lost.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from tests.fakes.notion import FakeNotion
from tests.fakes.wire.server import Fake
from tests.services import Services
from vidctl.store import Db

SHARE = 0.2
Way = tuple[str, Mapping[str, object]]


def ways(*kinds: str | Way) -> list[Way]:
    return [(kind, {}) if isinstance(kind, str) else kind for kind in kinds]


GATEWAY: Way = ("html", {"status": 502})
CUT_OFF = ways("drop", "not_json", GATEWAY)
"""Nothing is done, and no answer says so."""

GEMINI = ways(
    *CUT_OFF,
    *("lost", "cut"),
    *("quota_minute", "quota_bare", "quota_day"),
    *("internal", "overloaded", "deadline", "cancelled"),
    *("stop_with_nothing", "other", "malformed_response"),
)
PICTURES = ways("no_usage", "not_a_picture", "no_image", "image_other")
STORIES = ways("prose", "half_a_story", "story_mendable", "story_odd_types")

HOSTED = ways(*CUT_OFF, "server_error", "rate_limited", "maintenance")
UPLOADS = ways(*HOSTED, "lost", "cut", "bad_parameters", "not_found")
LOOKS = ways(*HOSTED, "cut", "record_null")
PICTURE_FILES = ways("drop", "cut", GATEWAY)
CLIP_FILES = ways(*PICTURE_FILES, ("garbage", {"content": b"<html>please wait</html>"}))
ORDERS = ways(
    *CUT_OFF,
    *("server_error", "generation_failed", "upstream_timeout", "maintenance", "image_not_fetched"),
    ("job_fails", {"code": "500", "said": "Internal error"}),
    ("job_fails", {"code": "501", "said": "Generation failed"}),
)

CATBOX = ways(
    *("drop", "lost", "cut", GATEWAY),
    *("invalid_uploader", "sentence", "empty", "page", "no_url", "elsewhere", "busy"),
    *("forgotten", "swapped", "wrong_type"),
)

ELEVENLABS = ways(
    *CUT_OFF,
    *("lost", "cut"),
    *("too_early", "too_many", "rate_limit", "busy", "internal", "unavailable", "quota"),
)
SPEECH = ways("empty_audio", "no_audio", "not_base64", "not_audio", "untimed", "uncounted")
SOUNDS = ways("no_sound", "not_sound", "miscounted")


NOTION = ways(
    *("drop", "not_json", "500", "502", "503", "503_saved", "504", "409"),
    *(("429", {"retry_after": 0.2}), ("529", {"retry_after": 0.2}), ("html", {"status": 502})),
)


def begin(services: Services, *, seed: int, share: float = SHARE) -> None:
    """Let such a share of all calls of each kind fail, each way as likely as the others."""
    for number, fake in enumerate(services.all):
        fake.faults.draw_from(10 * seed + number)
    _spoil(services.gemini, share, [*GEMINI, *PICTURES], path="nano-banana")
    _spoil(services.gemini, share, [*GEMINI, *STORIES], path="flash")
    _spoil(services.kie, share, ORDERS, path="createTask")
    _spoil(services.kie, share, HOSTED, path="chat/credit|download-url")
    _spoil(services.kie, share, LOOKS, path="recordInfo")
    _spoil(services.kie, share, UPLOADS, path="file-stream-upload")
    _spoil(services.kie, share, PICTURE_FILES, path="^/files/")
    _spoil(services.kie, share, CLIP_FILES, path="^/v/")
    _spoil(services.catbox, share, CATBOX, method="POST")
    _spoil(services.catbox, share, PICTURE_FILES, method="GET")
    _spoil(services.elevenlabs, share, [*ELEVENLABS, *SPEECH], path="text-to-speech")
    _spoil(services.elevenlabs, share, [*ELEVENLABS, *SOUNDS], path="sound-generation")
    _spoil(services.elevenlabs, share, CUT_OFF, path="subscription")


def begin_on_the_board(notion: FakeNotion, *, share: float = SHARE) -> None:
    """Let such a share of all calls to Notion fail."""
    _spoil(notion, share, NOTION)


def _spoil(fake: Fake, share: float, kinds: Sequence[Way], **which: str) -> None:
    """Of rules that are held against a call one after the other, let each strike the same share of all calls."""
    each = share / len(kinds)
    for number, (kind, more) in enumerate(kinds):
        fake.fault(kind, times=None, probability=each / (1 - number * each), **which, **more)


def met(services: Services) -> list[tuple[str, str | None]]:
    """Return every call, by the service that it was made to, with what went wrong with it."""
    return [(fake.service, request.fault) for fake in services.all for request in fake.ledger.requests]


def struck(calls: Sequence[tuple[str, str | None]]) -> dict[str, int]:
    """Return how often what went wrong."""
    return dict(Counter(f"{service}: {fault}" for service, fault in calls if fault))


def let_time_pass(db: Db) -> None:
    """Let a minute pass, or as long as films wait, and every pause of a service end: what was ordered is older then."""
    db.execute(
        """update orders set asked_at = asked_at - ago, answered_at = answered_at - ago, settled_at = settled_at - ago,
                             before_at = before_at - ago, after_at = after_at - ago
             from (select greatest(interval '1 minute', max(next_attempt_at) - now()) as ago from tasks) _"""
    )
    db.execute("update tasks set next_attempt_at = null where next_attempt_at is not null")
    db.execute("update service_state set paused_until = now() where service not like '%:budget %'")
