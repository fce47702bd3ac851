"""File uploads: created, sent, completed, read."""

from typing import Any
from urllib.parse import unquote, urlsplit

from tests.fakes.notion import times, upload_types
from tests.fakes.notion.call import Call, Form, listed
from tests.fakes.notion.errors import ApiError, Json, checked_url, invalid, invalid_body, not_found, only
from tests.fakes.notion.state import new_id, normal_id
from tests.fakes.notion.upload_state import LIFE, Upload
from tests.fakes.notion.world import World

MIB = 1024 * 1024
_MODES = ("single_part", "multi_part", "external_url")
_MOST_SINGLE = 20 * MIB
_PART = (5 * MIB, 20 * MIB)
_MOST_PARTS = 1000


def read(world: World, upload: Upload) -> Json:
    """Return a file upload object."""
    status = upload.status(world.clock())
    shown: Json = {
        "object": "file_upload",
        "id": upload.id,
        "created_by": {"id": upload.by, "type": "bot"},
        "created_time": times.stamp(upload.created_at),
        "last_edited_time": times.stamp(upload.edited_at),
        "expiry_time": None if upload.attached else times.stamp(upload.created_at + LIFE),
        "in_trash": False,
        "status": status,
        "filename": upload.filename,
        "content_type": upload.content_type,
        "content_length": None if upload.content is None else len(upload.content),
    }
    if status == "pending":
        shown["upload_url"] = f"{world.base_url}/v1/file_uploads/{upload.id}/send"
    if upload.number_of_parts is not None:
        shown["number_of_parts"] = {"total": upload.number_of_parts, "sent": len(upload.parts)}
    if upload.mode == "external_url":
        shown["file_import_result"] = _imported(upload)
    return shown


def create(call: Call) -> Json:
    """POST /file_uploads."""
    world, body = call.world, call.body
    only(body, "mode", "filename", "content_type", "number_of_parts", "external_url")
    mode = body.get("mode", "single_part")
    if mode not in _MODES:
        raise invalid_body("body.mode", " or ".join(f'"{one}"' for one in _MODES), mode)
    filename, kind = body.get("filename"), body.get("content_type")
    if filename is not None:
        kind = upload_types.checked(str(filename), kind)
    at = world.clock()
    upload = Upload(new_id(), mode, call.by, at, at, filename, kind)
    if mode == "multi_part":
        upload.number_of_parts = _parts(body)
    if mode == "external_url":
        _import(world, upload, checked_url(body.get("external_url"), "body.external_url"))
    world.uploads[upload.id] = upload
    world.revision += 1
    return read(world, upload)


def retrieve(call: Call, upload_id: str) -> Json:
    """GET /file_uploads/{id}."""
    return read(call.world, _find(call, upload_id))


def every(call: Call) -> Json:
    """GET /file_uploads, of one status if the URL says so."""
    shown = [read(call.world, upload) for upload in call.world.uploads.values()]
    wanted = call.query.get("status", [None])[0]
    return listed(call.query, [one for one in shown if wanted in (None, one["status"])], "file_upload")


def send(call: Call, upload_id: str) -> Json:
    """POST /file_uploads/{id}/send."""
    upload, form = _find(call, upload_id), call.form
    if form is None or form.content is None:
        raise invalid("body failed validation: body.file should be defined, instead was `undefined`.")
    _require(call.world, upload, "pending")
    if upload.mode == "external_url":
        raise invalid("A file upload with the mode external_url takes no content.")
    _check_kind(upload, form)
    number = _part_number(upload, form)
    _check_size(call.world, upload, number, form.content)
    upload.parts[number] = form.content
    if upload.mode == "single_part":
        upload.filename = upload.filename or form.filename
        upload.content_type = upload.content_type or form.content_type
        upload.content = form.content
    _changed(call.world, upload)
    return read(call.world, upload)


def complete(call: Call, upload_id: str) -> Json:
    """POST /file_uploads/{id}/complete."""
    upload = _find(call, upload_id)
    if upload.mode != "multi_part":
        raise invalid("Only a file upload with the mode multi_part can be completed.")
    _require(call.world, upload, "pending")
    missing = set(range(1, (upload.number_of_parts or 0) + 1)) - set(upload.parts)
    if missing:
        raise invalid(f"Cannot complete the file upload: part {min(missing)} was not sent.")
    numbers = sorted(upload.parts)
    if small := [one for one in numbers[:-1] if len(upload.parts[one]) < _PART[0]]:
        raise invalid(f"Cannot complete the file upload: part {small[0]} is smaller than 5 MiB and not the last.")
    upload.content = b"".join(upload.parts[number] for number in numbers)
    _changed(call.world, upload)
    return read(call.world, upload)


def _find(call: Call, upload_id: str) -> Upload:
    upload = call.world.uploads.get(normal_id(upload_id, "file_upload_id"))
    if upload is None:
        raise not_found("file_upload", upload_id)
    return upload


def _require(world: World, upload: Upload, wanted: str) -> None:
    if (status := upload.status(world.clock())) != wanted:
        raise invalid(f"File upload {upload.id} has the status {status}, not {wanted}.")


def _changed(world: World, upload: Upload) -> None:
    upload.edited_at = world.clock()
    world.revision += 1


def _parts(body: Json) -> int:
    number = body.get("number_of_parts")
    if body.get("filename") is None:
        raise invalid_body("body.filename", "defined", "undefined")
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= _MOST_PARTS:
        raise invalid_body("body.number_of_parts", f"≥ `1` and ≤ `{_MOST_PARTS}`", number)
    return number


def _check_kind(upload: Upload, form: Form) -> None:
    kind = upload_types.checked(upload.filename or form.filename or "", upload.content_type)
    sent = (form.content_type or "").partition(";")[0].strip()
    if sent and sent != kind:
        raise invalid(f"The content type of the file, {sent}, is not that of the file upload, {kind}.")


def _part_number(upload: Upload, form: Form) -> int:
    given = form.fields.get("part_number")
    if upload.mode == "single_part":
        if given is not None:
            raise invalid_body("body.part_number", "not present", given)
        return 1
    if given is None or not given.isdecimal() or not 1 <= int(given) <= (upload.number_of_parts or 0):
        raise invalid_body("body.part_number", f"≥ `1` and ≤ `{upload.number_of_parts}`", given)
    return int(given)


def _check_size(world: World, upload: Upload, number: int, content: bytes) -> None:
    if not content:
        raise invalid("body failed validation: body.file should not be empty.")
    if upload.mode == "single_part" and len(content) > _MOST_SINGLE:
        raise _too_large("a single part", _MOST_SINGLE, len(content))
    if upload.mode == "multi_part" and len(content) > _PART[1]:
        raise _too_large("a part", _PART[1], len(content))
    if upload.mode == "multi_part" and number < (upload.number_of_parts or 0) and len(content) < _PART[0]:
        raise invalid(f"body failed validation: part {number} should be at least 5 MiB: only the last may be smaller.")
    whole = upload.sent_bytes - len(upload.parts.get(number, b"")) + len(content)
    if whole > world.max_upload_bytes:
        raise _too_large("a file in this workspace", world.max_upload_bytes, whole)


def _too_large(what: str, most: int, size: int) -> ApiError:
    return invalid(f"body failed validation: body.file is too large: {what} may have {most} bytes, this has {size}.")


def _import(world: World, upload: Upload, url: str) -> None:
    """Take over a file that the test put on the web; nothing is fetched."""
    name: Any = upload.filename or unquote(urlsplit(url).path.rpartition("/")[2])
    upload.content_type = upload_types.checked(name, upload.content_type)
    upload.filename, upload.content = name, world.hosted.get(url)
    if upload.content is None:
        upload.failure = f"could not fetch {url}"
    elif len(upload.content) > world.max_upload_bytes:
        upload.failure, upload.content = "the file is too large for this workspace", None


def _imported(upload: Upload) -> Json:
    at = times.stamp(upload.edited_at)
    if upload.failure is None:
        return {"type": "success", "imported_time": at, "success": {}}
    error = {"type": "download_error", "code": "file_not_fetched", "message": upload.failure}
    return {"type": "error", "imported_time": at, "error": error}
