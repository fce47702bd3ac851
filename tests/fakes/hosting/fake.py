"""The server: an upload form that answers in plain text, and the files."""

import secrets
import string
from pathlib import PurePosixPath

from tests.fakes.wire.faults import Fault
from tests.fakes.wire.server import PAGE, Answer, Call, Fake

BANNED = (".exe", ".scr", ".cpl", ".doc", ".docx", ".jar")
MAX_BYTES = 200_000_000
MAX_GIF_BYTES = 20_000_000
ODD_CLIENTS = ("python", "curl", "wget", "go-http", "httpx")
TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".mp4": "video/mp4"}
TROUBLES = {
    "invalid_uploader": (412, "Invalid uploader"),
    "sentence": (200, "Uploads are paused while the disks are being exchanged."),
    "empty": (200, ""),
    "page": (200, PAGE),
    "no_url": (200, "URL is empty"),
    "elsewhere": (200, "https://files.catbox.example/abc123.png"),
    "busy": (503, "Service Unavailable"),
}
"""How it refuses: nothing is kept."""
WRONG = ("forgotten", "swapped", "wrong_type")
"""How it takes a file and shows nothing, another file, or no picture."""


class FakeCatbox(Fake):
    """catbox.moe, with the files at the same address instead of at files.catbox.moe."""

    service = "catbox"

    def __init__(self, **options: object) -> None:
        self.files: dict[str, bytes] = {}
        self.types: dict[str, str] = {}
        super().__init__(**options)  # type: ignore[arg-type]  # those of the base class

    def troubles(self) -> tuple[str, ...]:
        return (*TROUBLES, *WRONG)

    def trouble(self, fault: Fault, call: Call) -> Answer | None:
        if fault.kind in TROUBLES:
            status, said = TROUBLES[fault.kind]
            return _text(said, status)
        told = self.answer(call)
        name = told.content.decode().rpartition("/")[2]
        match fault.kind:
            case "forgotten":
                self.files.pop(name, None)
            case "swapped":
                self.files[name] = self.files[name][:-1] + b"!"
            case _:
                self.types[name] = "application/octet-stream"
        return told

    def answer(self, call: Call) -> Answer:
        agent = call.headers.get("user-agent", "").lower()
        if not agent or agent.startswith(ODD_CLIENTS):
            return _text("")
        if call.method == "POST" and call.path == "/user/api.php":
            return self._called(call)
        return self._file(call.path)

    def _called(self, call: Call) -> Answer:
        form = call.form if call.headers.get("content-type", "").startswith("multipart/form-data") else {}
        if "reqtype" not in form:
            return _text("No request type given.")
        if form["reqtype"].text != "fileupload":
            return _text("Invalid request type.")
        file = form.get("fileToUpload")
        if file is None or not file.filename or not file.content:
            return _text("No files given.", 412)
        ending = PurePosixPath(file.filename).suffix.lower()
        if ending in BANNED or not ending:
            return _text("File type not allowed.", 412)
        if len(file.content) > (MAX_GIF_BYTES if ending == ".gif" else MAX_BYTES):
            return _text("File too large.", 412)
        name = "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(6)) + ending
        self.files[name] = file.content
        return _text(f"{self.url}/{name}")

    def _file(self, path: str) -> Answer:
        name = path.removeprefix("/")
        if name not in self.files:
            return Answer(404, PAGE.encode(), "text/html")
        usual = TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
        return Answer(200, self.files[name], self.types.get(name, usual))


def _text(said: str, status: int = 200) -> Answer:
    return Answer(status, said.encode(), "text/html" if said.startswith("<") else "text/plain; charset=utf-8")
