"""The one multipart body of the API: fields, and a file."""

import re

from tests.fakes.notion.call import Form
from tests.fakes.notion.errors import invalid

_NAME = re.compile(r'\bname="([^"]*)"')
_FILENAME = re.compile(r'\bfilename="([^"]*)"')


def parse(content_type: str, body: bytes) -> Form:
    """Return what a multipart/form-data body holds; the file is the field `file`."""
    boundary = re.search(r'boundary="?([^";]+)"?', content_type)
    if "multipart/form-data" not in content_type or boundary is None:
        raise invalid("body failed validation: the body should be multipart/form-data with a boundary.")
    form = Form()
    for part in (b"\r\n" + body).split(b"\r\n--" + boundary.group(1).encode())[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        _take(form, head.decode("utf-8", "replace"), content)
    return form


def _take(form: Form, head: str, content: bytes) -> None:
    name = _NAME.search(head)
    if name is None:
        return
    if name.group(1) != "file":
        form.fields[name.group(1)] = content.decode("utf-8", "replace")
        return
    filename, kind = _FILENAME.search(head), re.search(r"(?im)^content-type:\s*(.+?)\s*$", head)
    form.filename = filename.group(1) if filename else None
    form.content_type = kind.group(1) if kind else None
    form.content = content
