"""The server: which address leads where, who may ask, and what goes wrong."""

import time
from collections.abc import Callable
from io import BufferedIOBase
from typing import Any

from tests.fakes.google import accounts, errors
from tests.fakes.google.accounts import Account, Channel
from tests.fakes.google.discovery import Method, method_of
from tests.fakes.google.errors import TROUBLES, Refused
from tests.fakes.google.extras import Extras, related
from tests.fakes.google.oauth import CONSENTS, REVOKE, SCOPES, TOKEN, Desk
from tests.fakes.google.quota import Quota
from tests.fakes.google.uploads import PATH, Uploads
from tests.fakes.google.videos import Video
from tests.fakes.wire.faults import Fault
from tests.fakes.wire.server import Answer, Call, Fake, answer

OF_CHUNKS = ("stored", "part", "expired")
"""Troubles of a chunk, or of the question how much there is: it is stored, and answered with `status` (503); a
`share` (0.5) of it is stored, and no more; the session is not there any more, `status` (404)."""
OWNERS_PARTS = {"fileDetails", "processingDetails", "suggestions"}


class FakeGoogle(Fake):
    """Google: OAuth, YouTube's Data API and its uploads at one address.

    `oauth` says who consents and what was granted, `accounts` who there is, `quota` what was called, `uploads` what
    became of it. `clock` returns seconds. Besides the kinds of every fake, faults can be the reasons in
    `errors.TROUBLES`, and those of chunks; `says` of a chunk is matched with its range, and "last" or "status".
    """

    service = "google"

    def __init__(
        self,
        *,
        client_id: str = "123456789012-fake.apps.googleusercontent.com",
        client_secret: str = "GOCSPX-secret-of-the-fake",
        clock: Callable[[], float] = time.time,
        **more: Any,
    ) -> None:
        self.client_id, self.client_secret, self.clock = client_id, client_secret, clock
        self.accounts = accounts.usual()
        self.oauth = Desk({client_id: client_secret}, clock, self.accounts[0])
        self.quota = Quota()
        self.uploads = Uploads(clock, wait=self.wait, created=self._created)
        self.extras = Extras(self.uploads)
        super().__init__(**more)

    @property
    def videos(self) -> list[Video]:
        return self.uploads.videos

    def _created(self, video: Video) -> None:
        about = {"channel": video.channel.channel_id, "title": video.snippet["title"]}
        self.ledger.write({"video_id": video.video_id, **about, "bytes": video.size, "sha256": video.sha256})

    def account(self, email: str) -> Account:
        """Return a person by the beginning of the address."""
        return next(one for one in self.accounts if one.email.startswith(email))

    def channel(self, email: str = "ana") -> Channel:
        """Return the channel of somebody who has one."""
        channel = self.account(email).channel
        assert channel is not None
        return channel

    def grant(self, email: str = "ana", scopes: tuple[str, ...] = SCOPES) -> str:
        """Return a refresh token, as if a person had consented on the page."""
        return self.oauth.grant(self.account(email), scopes)

    def troubles(self) -> tuple[str, ...]:
        return (*TROUBLES, *OF_CHUNKS)

    def trouble(self, fault: Fault, call: Call) -> Answer | None:
        if fault.kind not in OF_CHUNKS:
            return TROUBLES[fault.kind]
        if fault.kind == "expired" and (session := self.uploads.session_of(call)):
            session.expire(int(fault.options.get("status", 404)))
        share = float(fault.options.get("share", 0.5)) if fault.kind == "part" else 1.0
        told = self._answered(lambda: self._put(call, share=share))
        return Answer(int(fault.options.get("status", 503))) if fault.kind == "stored" else told

    def receive(self, call: Call, body: BufferedIOBase, length: int) -> bytes:
        return self.uploads.receive(call, body, length) if call.method == "PUT" else body.read(length)

    def strike(self, call: Call) -> Fault | None:
        if call.method != "PUT":
            return super().strike(call)
        said = call.headers.get("content-range", "")
        about, _, size = said.removeprefix("bytes ").partition("/")
        word = "status" if about == "*" else "last" if about.endswith(f"-{int(size) - 1}") else ""
        return self.faults.strike(call.method, call.path, f"{said} {word}")

    def answer(self, call: Call) -> Answer:
        if call.path in (*CONSENTS, TOKEN, REVOKE):
            return self.oauth.answer(call)
        if call.method == "PUT" and "upload_id" in call.query:
            return self._answered(lambda: self._put(call))
        if call.method == "DELETE" and "upload_id" in call.query:
            return self._answered(lambda: self.uploads.leave(call))
        return self._answered(lambda: self._api(call))

    def _answered(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except Refused as exc:
            return exc.answer

    def _put(self, call: Call, *, share: float = 1.0) -> Answer:
        """Take bytes for a session, or say how far it is: to whom it is of alone."""
        method, session = method_of("POST", PATH), self.uploads.session_of(call)
        assert method is not None
        account = self._signed_in(call, method)
        if session is not None and session.channel is not account.channel:
            raise errors.not_signed_in()
        return self.uploads.put(call, share=share)

    def _api(self, call: Call) -> Answer:
        method = method_of(call.method, call.path)
        if method is None:
            return Answer(404, b"<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>", "text/html; charset=UTF-8")
        account = self._signed_in(call, method)
        self.quota.take(method.name)
        method.check_query(call.query)
        if method.name == "channels.list":
            return self._channels(account, call)
        if method.name == "videos.insert":
            body = _document(call)
            method.check_body(body)
            return self.uploads.open(call, account.channel, body, parts(call), self.url)
        if account.channel is None:
            raise Refused(TROUBLES["youtubeSignupRequired"])
        return self._of_channel(method, call, account.channel)

    def _of_channel(self, method: Method, call: Call, channel: Channel) -> Answer:
        match method.name:
            case "videos.list":
                return self._listed(call, channel)
            case "playlistItems.list":
                return self._playlist(call, channel)
            case "playlistItems.insert":
                method.check_body(body := _document(call))
                return self.extras.place(channel, body)
            case "captions.list":
                return listing("youtube#captionListResponse", self.extras.captions(call, channel))
            case "captions.insert":
                body, content = related(call)
                method.check_body(body)
                return self.extras.caption(channel, body, content)
            case "thumbnails.set":
                return self.extras.thumbnail(call, channel)
            case other:
                raise errors.refused(501, "notImplemented", f"the fake has no {other}", "youtube.api")

    def _signed_in(self, call: Call, method: Method) -> Account:
        kind, _, token = call.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or not token:
            raise errors.no_login()
        grant = self.oauth.bearer(token)
        if grant is None:
            raise errors.not_signed_in()
        if not method.scopes & set(grant.scopes):
            raise errors.no_scope()
        return grant.account

    def _channels(self, account: Account, call: Call) -> Answer:
        mine = call.query.get("mine") == ["true"]
        ids = _split(call, "id")
        if not mine and not ids:
            raise errors.refused(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        there = [account.channel] if mine else [one.channel for one in self.accounts]
        found = [one for one in there if one is not None and (mine or one.channel_id in ids)]
        items = [one.resource(parts(call)) for one in found]
        return listing("youtube#channelListResponse", items, always=False)

    def _listed(self, call: Call, channel: Channel) -> Answer:
        ids = _split(call, "id")
        if not ids:
            raise errors.refused(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")
        found = [video for one in ids if (video := self.uploads.video(one)) is not None]
        if parts(call) & OWNERS_PARTS and any(one.channel is not channel for one in found):
            raise errors.refused(403, "forbidden", "The request is not properly authorized.")
        return listing("youtube#videoListResponse", [one.seen(parts(call)) for one in found])

    def _playlist(self, call: Call, channel: Channel) -> Answer:
        videos = self.extras.items(call, channel)
        begin, most = int(call.query.get("pageToken", ["0"])[0]), int(call.query.get("maxResults", ["5"])[0])
        page = videos[begin : begin + most]
        items = [_item(one, "".join(call.query["playlistId"]), parts(call)) for one in page]
        more: dict[str, Any] = {"nextPageToken": str(begin + most)} if begin + most < len(videos) else {}
        return listing("youtube#playlistItemListResponse", items, **more)


def _item(video: Video, playlist: str, wanted: set[str]) -> dict[str, Any]:
    # Private videos are said to be published at no time.
    published = {} if video.status["privacyStatus"] == "private" else {"videoPublishedAt": video.published_at}
    known = {
        "snippet": {
            "title": video.snippet["title"],
            "publishedAt": video.published_at,
            "playlistId": playlist,
            "resourceId": {"kind": "youtube#video", "videoId": video.video_id},
        },
        "contentDetails": {"videoId": video.video_id, **published},
        "status": {"privacyStatus": video.status["privacyStatus"]},
    }
    return {
        "kind": "youtube#playlistItem",
        "etag": "an-etag",
        "id": f"item-{video.video_id}",
        **{name: value for name, value in known.items() if name in wanted},
    }


def _document(call: Call) -> Any:
    try:
        return call.json
    except ValueError:
        raise errors.invalid("Parse Error") from None


def _split(call: Call, name: str) -> list[str]:
    return [one for value in call.query.get(name, []) for one in value.split(",") if one]


def parts(call: Call) -> set[str]:
    """Return which parts a request asks for."""
    return {one.strip() for one in _split(call, "part")}


def listing(kind: str, items: list[dict[str, Any]], *, always: bool = True, **more: Any) -> Answer:
    """Return a list as the API gives it; some leave `items` out where there are none."""
    body = {"kind": kind, "etag": "an-etag", "pageInfo": {"totalResults": len(items), "resultsPerPage": 5}, **more}
    return answer({**body, "items": items} if items or always else body)
