"""What kinds of files the API takes, by the end of their names."""

from tests.fakes.notion.errors import invalid, invalid_body

_LONGEST_NAME_BYTES = 900
_TYPES = {
    "aac": "audio/aac",
    "mid": "audio/midi",
    "midi": "audio/midi",
    "mp3": "audio/mpeg",
    "mpga": "audio/mpeg",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "wma": "audio/x-ms-wma",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "json": "application/json",
    "gif": "image/gif",
    "heic": "image/heic",
    "ico": "image/vnd.microsoft.icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "svg": "image/svg+xml",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "webp": "image/webp",
    "amv": "video/x-amv",
    "asf": "video/x-ms-asf",
    "avi": "video/x-msvideo",
    "f4v": "video/x-f4v",
    "flv": "video/x-flv",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "mpeg": "video/mpeg",
    "webm": "video/webm",
    "wmv": "video/x-ms-wmv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_ALSO = {"wav": {"audio/x-wav", "audio/wave", "audio/vnd.wave"}, "mp4": {"audio/mp4"}, "m4a": {"audio/x-m4a"}}


def checked(filename: str, content_type: str | None) -> str:
    """Return the type of a file.

    Raises:
        ApiError: the name is too long, its ending unknown, or the type that is claimed is not that of the ending.
    """
    if len(filename.encode()) > _LONGEST_NAME_BYTES:
        raise invalid_body("body.filename.length", f"≤ `{_LONGEST_NAME_BYTES}` bytes", len(filename.encode()))
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    if ending not in _TYPES:
        raise invalid(f"Provided `filename` has an extension that is not supported for the File Upload API: {filename}")
    claimed = (content_type or _TYPES[ending]).partition(";")[0].strip().lower()
    if claimed != _TYPES[ending] and claimed not in _ALSO.get(ending, ()):
        raise invalid(f"Provided content type {claimed} does not match the extension of `filename`: {filename}")
    return claimed
