"""The upload host: what is put there can be fetched by anybody for a day."""

from dataclasses import dataclass
from datetime import UTC, datetime

from tests.fakes.kie.bodies import Refused
from tests.fakes.wire.server import Answer, Call, answer

KEPT_S = 86_400
PATH = "/files/"


@dataclass(frozen=True)
class Upload:
    content: bytes
    media_type: str
    at: float


class Uploads:
    """The files, by path. A name that was used before shows the old file: the host's caches are slow."""

    def __init__(self) -> None:
        self.files: dict[str, Upload] = {}

    def put(self, call: Call, url: str, now: float) -> Answer:
        """Serve `/api/file-stream-upload`.

        Raises:
            Refused: a field is missing or wrong.
        """
        if not call.headers.get("content-type", "").startswith("multipart/form-data"):
            raise Refused(400, "The request must be multipart/form-data")
        form = call.form
        if "file" not in form or not form["file"].content:
            raise Refused(400, "file is required")
        folder = form["uploadPath"].text if "uploadPath" in form else ""
        if not folder or folder != folder.strip("/"):
            raise Refused(400, "uploadPath is required and must not begin or end with a slash")
        name = form["fileName"].text if "fileName" in form else form["file"].filename or "file"
        path = f"{folder}/{name}"
        self.files.setdefault(path, Upload(form["file"].content, form["file"].media_type, now))
        data = {
            "fileName": name,
            "filePath": path,
            "downloadUrl": f"{url}{PATH}{path}",
            "fileSize": len(form["file"].content),
            "mimeType": form["file"].media_type,
            "uploadedAt": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        return answer({"success": True, "code": 200, "msg": "File uploaded successfully", "data": data})

    def show(self, path: str, content: bytes, *, at: float, media_type: str = "image/png") -> None:
        """Keep a file that nobody uploaded."""
        self.files[path] = Upload(content, media_type, at)

    def get(self, path: str, now: float) -> Answer:
        found = self.files.get(path.removeprefix(PATH))
        if found is None or now - found.at > KEPT_S:
            return Answer(404, b"404 page not found", "text/plain")
        return Answer(200, found.content, found.media_type)
