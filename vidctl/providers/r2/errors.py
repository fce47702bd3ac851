"""What R2 and boto3 say when something goes wrong, as errors of ours.

Nothing here is ever in doubt: to store the same bytes under the same key again is free.
"""

# mypy: disable-error-code="import-untyped"
# boto3 comes without types.

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from vidctl.contract import ScriptError
from vidctl.providers.r2 import cases
from vidctl.providers.r2.cases import Case, case_of

_SHOWN: Final = 200
_OF_STRANGE_ANSWERS: Final = (KeyError, TypeError, AttributeError)
"""boto3 takes it for granted that an answer has what it goes on with: of one that has not come these."""


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Turn whatever boto3 raises in the block into a `ScriptError`; `doing` says in words what was tried.

    There is one call of boto3 in the block and nothing else. Some of its errors are an `OSError` too: this goes
    inside a block that catches those.
    """
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except (ClientError, BotoCoreError, Boto3Error, ResponseParserError, *_OF_STRANGE_ANSWERS) as exc:
        raise _as_ours(_innermost(exc), doing) from exc


def _innermost(exc: BaseException) -> BaseException:
    """Return the error of R2, or of the connection, that the transfer manager wrapped."""
    from boto3.exceptions import S3UploadFailedError

    while isinstance(exc, S3UploadFailedError) and (inner := exc.__cause__ or exc.__context__) is not None:
        exc = inner
    return exc


def _as_ours(exc: BaseException, doing: str) -> ScriptError:
    from botocore.exceptions import ClientError

    if isinstance(exc, ClientError):
        return _answered(exc.response, doing)
    # Its text holds addresses, which name the account: only what kind of error it is gets further.
    case = _case_of_kind(exc)
    return case.error(f"cannot {doing}: {case.is_so} ({type(exc).__name__})")


def _answered(response: Mapping[str, Any], doing: str) -> ScriptError:
    """Return the error for an answer of R2, or of whoever stands in its way."""
    error, about = response.get("Error") or {}, response.get("ResponseMetadata") or {}
    status, code = about.get("HTTPStatusCode"), _words(error.get("Code"))
    is_page = "html" in str((about.get("HTTPHeaders") or {}).get("content-type", ""))
    case = cases.WEB_PAGE if is_page else case_of(status, code)
    said = ": ".join(words for words in (code, _words(error.get("Message"))) if words)
    return case.error(f"cannot {doing}: {case.is_so} ({status} {said})")


def _words(said: object) -> str:
    """Return the beginning of what a stranger said, on one line, printable."""
    text = "".join(one if one.isprintable() else " " for one in str(said or ""))
    return " ".join(text.split())[:_SHOWN]


def _case_of_kind(exc: BaseException) -> Case:
    from botocore import exceptions as of_boto
    from botocore.parsers import ResponseParserError

    for kind, case in (
        (of_boto.NoCredentialsError, cases.NO_KEY),
        (of_boto.PartialCredentialsError, cases.NO_KEY),
        (of_boto.ParamValidationError, cases.BAD_REQUEST),
        (of_boto.ConnectionError, cases.UNREACHABLE),
        (of_boto.HTTPClientError, cases.CONNECTION_LOST),
        (of_boto.IncompleteReadError, cases.CONNECTION_LOST),
        ((ResponseParserError, *_OF_STRANGE_ANSWERS), cases.UNREADABLE),
    ):
        if isinstance(exc, kind):
            return case
    return cases.UNEXPLAINED
