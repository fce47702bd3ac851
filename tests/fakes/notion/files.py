"""Files as they stand in properties, blocks, icons and covers; and the signed URLs under which their bytes are."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from tests.fakes.notion import rich_text, times
from tests.fakes.notion.errors import Json, checked_url, invalid, invalid_body
from tests.fakes.notion.state import normal_id
from tests.fakes.notion.upload_state import Upload
from tests.fakes.notion.world import World

PREFIX = "/secure/"
"""Where bytes are served, beside the API."""
_LIFE = timedelta(hours=1)


def parse(world: World, value: Any, where: str) -> Json:
    """Return a file as it is kept: an external URL, or the id of an upload, which is attached by this."""
    if not isinstance(value, dict):
        raise invalid_body(where, "an object", value)
    kind = value.get("type") or next((one for one in ("file_upload", "external", "file") if one in value), None)
    details = value.get(str(kind))
    if kind not in ("file_upload", "external", "file") or not isinstance(details, dict):
        raise invalid_body(f"{where}.type", '"file_upload", "external" or "file"', kind)
    if kind == "external":
        kept: Json = {"url": checked_url(details.get("url"), f"{where}.external.url")}
        return _described(kept | {"name": value.get("name") or kept["url"]}, value, where)
    upload = _own_upload(world, details, where) if kind == "file" else _usable(world, details.get("id"), where)
    return _described({"upload": upload.id, "name": value.get("name") or upload.filename}, value, where)


def attach(world: World, kept: Any) -> None:
    """Keep the uploads in these values: what hangs on something does not expire."""
    for one in kept if isinstance(kept, list) else [kept]:
        if isinstance(one, dict) and "upload" in one:
            world.uploads[one["upload"]].attached = True


def read(world: World, kept: Json, *, with_name: bool = True) -> Json:
    """Return a file as the API shows it, with a URL that is signed anew for each reading."""
    if "url" in kept:
        shown: Json = {"type": "external", "external": {"url": kept["url"]}}
    else:
        expiry = world.clock() + _LIFE
        url = signed_url(world, world.uploads[kept["upload"]], expiry)
        shown = {"type": "file", "file": {"url": url, "expiry_time": times.stamp(expiry)}}
    if "caption" in kept:
        shown["caption"] = kept["caption"]
    return shown | {"name": kept["name"]} if with_name else shown


def signed_url(world: World, upload: Upload, expiry: datetime) -> str:
    """Return a URL under which anybody can fetch the bytes until `expiry`."""
    until, nonce = int(expiry.timestamp()), f"{world.random.getrandbits(64):016x}"
    name = quote(upload.filename or "file")
    query = f"until={until}&nonce={nonce}&signature={_signature(upload.id, until, nonce)}"
    return f"{world.base_url}{PREFIX}{upload.id}/{name}?{query}"


def behind(world: World, url: str) -> Upload | None:
    """Return the upload that a signed URL leads to; None if the URL is made up or too old."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    upload = world.uploads.get(parts.path.removeprefix(PREFIX).split("/")[0])
    if upload is None or not {"until", "nonce", "signature"} <= set(query):
        return None
    until = int(query["until"][0]) if query["until"][0].isdecimal() else 0
    genuine = query["signature"][0] == _signature(upload.id, until, query["nonce"][0])
    return upload if genuine and world.clock().timestamp() < until else None


def upload_id_in(url: str) -> str:
    """Return the id in a URL that was signed here, whether or not it is still good."""
    return urlsplit(url).path.removeprefix(PREFIX).split("/")[0]


def _signature(upload_id: str, until: int, nonce: str) -> str:
    return hashlib.sha256(f"{upload_id} {until} {nonce}".encode()).hexdigest()


def _described(kept: Json, value: Json, where: str) -> Json:
    if "caption" in value:
        kept["caption"] = rich_text.parse(value["caption"], f"{where}.caption")
    return kept


def _usable(world: World, upload_id: Any, where: str) -> Upload:
    upload = world.uploads.get(normal_id(upload_id, f"{where}.file_upload.id"))
    if upload is None:
        raise invalid(f"Could not find file_upload with ID: {upload_id}.")
    if (status := upload.status(world.clock())) != "uploaded":
        raise invalid(f"File upload {upload_id} is {status}: only one that is uploaded can be attached.")
    return upload


def _own_upload(world: World, details: Json, where: str) -> Upload:
    """Return the upload behind a URL that was read here: writing it back keeps the file."""
    upload = world.uploads.get(upload_id_in(str(details.get("url"))))
    if upload is None:
        raise invalid(f"{where}.file.url is not a file that is hosted by Notion.")
    return upload
