"""catbox.moe: public, for ever, without a key. It refuses many servers, and commercial use has to be asked for."""

import re
from http import HTTPStatus
from typing import Final

from vidctl.providers.hosting.picture import HostFailed, Picture
from vidctl.providers.http import AnswerLost, Client, NotSent, Reply

BASE_URL: Final = "https://catbox.moe"
TIMEOUT_S: Final = 60.0
_REAL: Final = r"https://files\.catbox\.moe/[A-Za-z0-9]+\.\w+"


def put(picture: Picture, base_url: str = BASE_URL) -> str:
    """Upload a picture and return its address.

    Raises:
        HostFailed: there is none, whatever the status says: its refusals come as sentences, with 200 too.
    """
    file = (picture.new_name(), picture.content, picture.media_type)
    try:
        with Client(base_url, timeout_s=TIMEOUT_S) as client:
            reply = client.post("/user/api.php", data={"reqtype": "fileupload"}, files={"fileToUpload": file})
    except (NotSent, AnswerLost) as exc:
        raise HostFailed(str(exc)) from exc
    said = reply.content.decode("utf-8", "replace").strip()
    if reply.status != HTTPStatus.OK or not re.fullmatch(_pattern(base_url), said):
        raise HostFailed(_why(reply))
    return said


def _pattern(base_url: str) -> str:
    return _REAL if base_url == BASE_URL else rf"{re.escape(base_url)}/[A-Za-z0-9/]+\.\w+"


def _why(reply: Reply) -> str:
    if reply.status == HTTPStatus.PRECONDITION_FAILED:
        return f"it takes nothing from this network: {reply.shown or 'HTTP 412'}"
    return f"HTTP {reply.status}, {reply.shown or 'and nothing said'}"
