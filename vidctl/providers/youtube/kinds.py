"""Every way in which YouTube refuses, by the reason that it names. A table.

What counts is the reason and not the status of HTTP: the same reason comes with several of them.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from vidctl.contract import ErrorClass, Scope
from vidctl.providers.refusals import Kind

DAY_S: Final = 86_400.0
MINUTE_S: Final = 60.0

_TRANSIENT, _PERMANENT, _QUOTA = ErrorClass.TRANSIENT, ErrorClass.PERMANENT, ErrorClass.QUOTA
_ITEM, _CHANNEL, _SERVICE = Scope.ITEM, Scope.CHANNEL, Scope.SERVICE

USED_UP: Final = Kind(
    "DailyQuota",
    _QUOTA,
    _SERVICE,
    "the day's quota of the Google project is used up",
    "it is reset at midnight in California; Google gives a project more on request",
)
ENOUGH_TODAY: Final = Kind(
    "UploadLimit",
    _QUOTA,
    _CHANNEL,
    "YouTube takes no more films on this channel today",
    "it is tried again in a day; YouTube allows older channels and verified ones more",
    DAY_S,
)
BUSY: Final = Kind("RateLimit", _TRANSIENT, _SERVICE, "YouTube is asked too often", "it is tried again", MINUTE_S)
BUSY_CHANNEL: Final = replace(BUSY, scope=_CHANNEL)
WORDS: Final = Kind(
    "BadMetadata",
    _PERMANENT,
    _ITEM,
    "YouTube does not take what is said of the film",
    "correct the card, or the youtube: section of the channel's file, and retry",
)
NO_MEDIA: Final = Kind(
    "BadFile", _PERMANENT, _ITEM, "YouTube does not take the file", "look at the file that it complains about"
)
TOKEN: Final = Kind(
    "ReauthorizationRequired",
    _QUOTA,
    _CHANNEL,
    "YouTube does not know the channel's token any more",
    "run: vidctl auth youtube --channel ID",
    DAY_S,
)
NO_TOKEN: Final = Kind(
    "NoToken", _PERMANENT, _CHANNEL, "YouTube is asked nothing", "run: vidctl auth youtube --channel ID"
)
SCOPES: Final = Kind(
    "MissingPermission",
    _PERMANENT,
    _CHANNEL,
    "the channel's token does not allow this",
    "run: vidctl auth youtube --channel ID, and tick every box on Google's page",
)
NO_CHANNEL: Final = Kind(
    "NoChannel",
    _PERMANENT,
    _CHANNEL,
    "the Google account has no YouTube channel",
    "make one at youtube.com, or run: vidctl auth youtube --channel ID with the account that has it",
)
SUSPENDED: Final = Kind(
    "AccountSuspended",
    _PERMANENT,
    _CHANNEL,
    "the YouTube account is suspended or closed",
    "look at studio.youtube.com what YouTube says; nothing can be published there until then",
)
FORBIDDEN: Final = Kind(
    "Forbidden",
    _PERMANENT,
    _CHANNEL,
    "YouTube does not let this account do this",
    "look at studio.youtube.com what the channel may do: some things need a verified phone number",
)
SETTING: Final = Kind(
    "ForbiddenSetting",
    _PERMANENT,
    _ITEM,
    "YouTube does not allow this setting of the video",
    "choose another privacy on the card or in the channel's file",
)
NOT_ENABLED: Final = Kind(
    "ApiNotEnabled",
    _PERMANENT,
    _SERVICE,
    "the Google project may not use YouTube's API",
    "enable YouTube Data API v3 at console.cloud.google.com for the project of GOOGLE_CLIENT_ID",
)
NOT_FOUND: Final = Kind(
    "NotFound", _PERMANENT, _ITEM, "YouTube has no such thing", "look whether it is still there at studio.youtube.com"
)
ALREADY_THERE: Final = Kind(
    "AlreadyThere", _PERMANENT, _ITEM, "YouTube has this already", "nothing: it is as it was wanted"
)
BROKEN: Final = Kind("ServiceError", _TRANSIENT, _ITEM, "YouTube failed", "it is tried again")
UNREADABLE: Final = Kind(
    "Unreadable",
    _TRANSIENT,
    _ITEM,
    "something that is no answer of YouTube's came back",
    "it is tried again; if it stays so, look at the proxy, or at GOOGLE_BASE_URL",
)
NOT_REACHED: Final = Kind(
    "NotReached", _TRANSIENT, _ITEM, "YouTube cannot be reached", "it is tried again; look at the network and its proxy"
)
LOST: Final = Kind("AnswerLost", _TRANSIENT, _ITEM, "YouTube's answer was lost", "it is tried again")
UNKNOWN: Final = Kind(
    "Refused", _PERMANENT, _ITEM, "YouTube refused", "correct what it complains about, or look for its reason's name"
)

BY_REASON: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("quotaExceeded", "dailyLimitExceeded"), USED_UP),
    "uploadLimitExceeded": ENOUGH_TODAY,
    **dict.fromkeys(("rateLimitExceeded", "userRateLimitExceeded"), BUSY),
    "uploadRateLimitExceeded": BUSY_CHANNEL,
    **dict.fromkeys(
        (
            *("invalidTitle", "invalidDescription", "invalidTags", "invalidCategoryId", "invalidPublishAt"),
            *("invalidFilename", "invalidVideoMetadata", "invalidMetadata", "invalidRecordingDetails"),
            *("defaultLanguageNotSet", "nameRequired"),
        ),
        WORDS,
    ),
    **dict.fromkeys(("mediaBodyRequired", "contentRequired", "invalidImage", "badContent", "uploadTooLarge"), NO_MEDIA),
    **dict.fromkeys(("authError", "unauthorized"), TOKEN),
    **dict.fromkeys(("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"), SCOPES),
    "youtubeSignupRequired": NO_CHANNEL,
    **dict.fromkeys(
        (
            *("authenticatedUserAccountSuspended", "authenticatedUserAccountClosed"),
            *("accountSuspended", "accountClosed", "channelSuspended", "channelClosed"),
        ),
        SUSPENDED,
    ),
    "forbidden": FORBIDDEN,
    **dict.fromkeys(("forbiddenPrivacySetting", "forbiddenLicenseSetting"), SETTING),
    **dict.fromkeys(("accessNotConfigured", "SERVICE_DISABLED"), NOT_ENABLED),
    **dict.fromkeys(("videoNotFound", "playlistNotFound", "channelNotFound", "captionNotFound", "notFound"), NOT_FOUND),
    **dict.fromkeys(("captionExists", "videoAlreadyInPlaylist"), ALREADY_THERE),
    **dict.fromkeys(("backendError", "internalError"), BROKEN),
}
BY_STATUS: Final[Mapping[int, Kind]] = {401: TOKEN, 404: NOT_FOUND, 408: BROKEN, 429: BUSY}


def for_channel(kind: Kind, channel: str) -> Kind:
    """Return a kind whose hint names the channel, where it is known."""
    return replace(kind, hint=kind.hint.replace("--channel ID", f"--channel {channel}")) if channel else kind
