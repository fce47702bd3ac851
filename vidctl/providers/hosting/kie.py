"""KIE's own upload host: free, with the same key, for a day."""

from http import HTTPStatus
from typing import Final

from vidctl.providers.hosting.picture import HostFailed, Picture
from vidctl.providers.http import AnswerLost, NotSent, is_web_address
from vidctl.providers.kie import errors
from vidctl.providers.kie.account import Account

FOLDER: Final = "images/seeds"


def put(picture: Picture, account: Account) -> str:
    """Upload a picture and return its address.

    Raises:
        HostFailed: there is none.
        ScriptError: the key is refused: no order would be taken either.
    """
    name = picture.new_name()
    try:
        with account.connected(account.uploads) as kie:
            answer = kie.post(
                "/api/file-stream-upload",
                data={"uploadPath": FOLDER, "fileName": name},
                files={"file": (name, picture.content, picture.media_type)},
            )
    except (NotSent, AnswerLost) as exc:
        raise HostFailed(str(exc)) from exc
    error = errors.of_account(answer)
    if error is not None and answer.code == HTTPStatus.UNAUTHORIZED:
        raise error
    url = answer.fields.get("downloadUrl") or answer.fields.get("fileUrl")
    if not answer.is_good or not is_web_address(url, like=account.uploads):
        raise HostFailed(f"code {answer.code}, {answer.said}")
    return str(url)
