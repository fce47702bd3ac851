"""One order: sent once. Only where KIE itself says that it did not take it is it sent again."""

import time
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final

from vidctl.contract import ErrorClass, Ordering, Scope, ScriptError
from vidctl.providers.http import AnswerLost, NotSent
from vidctl.providers.kie import errors
from vidctl.providers.kie.account import Account
from vidctl.providers.kie.answers import Answer, text
from vidctl.script import say

COMPONENT: Final = "kling_video"
_MOVED: Final = range(300, 400)
_REFUSED: Final = range(400, 500)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what is waited for, in seconds."""

    wait_s: float = 600.0
    """For a job to end."""
    poll_s: float = 5.0
    """The shortest pause between two looks at it, and between two tries to fetch something."""
    window_s: float = 10.0
    """KIE takes 20 orders in so many seconds, and turns away what is more."""
    turned_away_s: float = 60.0
    """For an order to be taken that was turned away."""
    grace_s: float = 90.0
    """For a job that was just ordered to be known."""


def order(account: Account, document: Any, cost_usd: Decimal, patience: Patience) -> str:
    """Order a clip and return the job's id.

    Raises:
        ScriptError: KIE did not take it; or, `in_doubt`, nobody knows.
    """
    until = time.monotonic() + patience.turned_away_s
    while True:
        answer = _sent(account, document, cost_usd)
        if answer.is_good and (job_id := text(answer.fields.get("taskId"))):
            return job_id
        pause_s = max(patience.window_s, answer.reply.retry_after_s or 0.0)
        if not _was_turned_away(answer) or time.monotonic() + pause_s > until:
            raise refusal(answer, prompt=text(document["input"].get("prompt")), again_s=patience.window_s)
        time.sleep(pause_s)


def _sent(account: Account, document: Any, cost_usd: Decimal) -> Answer:
    # Over a new connection: one that was kept open may have been closed by the other side without a word, and
    # then nobody knows whether the order arrived.
    with account.connected() as kie:
        say(Ordering(COMPONENT, cost_usd))
        try:
            return kie.post("/api/v1/jobs/createTask", json=document)
        except NotSent as exc:
            raise ScriptError(
                f"KIE could not be reached: {exc}",
                hint=f"check the network, and that {account.api} can be reached from here",
                error_class=ErrorClass.TRANSIENT,
                error_type="NotSent",
            ) from exc
        except AnswerLost as exc:
            raise errors.in_doubt(str(exc)) from exc


def _was_turned_away(answer: Answer) -> bool:
    return (
        answer.code == HTTPStatus.TOO_MANY_REQUESTS and errors.is_of_kie(answer) and not errors.says_no_credits(answer)
    )


def refusal(answer: Answer, *, prompt: str, again_s: float) -> ScriptError:
    """Return the error that an answer to an order is, which has no job in it."""
    if error := errors.of_account(answer):
        return error
    if not errors.is_of_kie(answer) or answer.code in _MOVED:
        return _page(answer)
    if answer.code == HTTPStatus.TOO_MANY_REQUESTS:
        return _turned_away(answer, again_s)
    if answer.code in (400, 422):
        return _bad(answer, prompt)
    if answer.code == HTTPStatus.NOT_FOUND:
        return ScriptError(
            f"KIE knows no such address or model: {answer.said}",
            hint="look at docs.kie.ai whether the model is still there, and check KIE_BASE_URL",
            scope=Scope.SERVICE,
            error_type="NotFound",
        )
    if answer.code in _REFUSED and answer.code != HTTPStatus.REQUEST_TIMEOUT:
        return ScriptError(
            f"KIE refused the order (code {answer.code}): {answer.said}",
            hint="look up the code at docs.kie.ai; nothing was ordered",
            error_type="Refused",
        )
    return errors.in_doubt(f"code {answer.code}, {answer.said}")


def _page(answer: Answer) -> ScriptError:
    if answer.reply.status not in (*_MOVED, *_REFUSED):
        return errors.in_doubt(f"HTTP {answer.reply.status}, {answer.said}")
    return ScriptError(
        f"something on the way to KIE answered in its place (HTTP {answer.reply.status}): {answer.said}",
        hint="nothing was ordered; it is tried again later",
        error_class=ErrorClass.TRANSIENT,
        error_type="WebPage",
    )


def _turned_away(answer: Answer, again_s: float) -> ScriptError:
    return ScriptError(
        f"KIE takes no more orders now: {answer.said}",
        hint="nothing: it is tried again later; if it happens often, lower max_concurrent_video",
        error_class=ErrorClass.TRANSIENT,
        error_type="TooManyOrders",
        retry_after_s=again_s,
    )


def _bad(answer: Answer, prompt: str) -> ScriptError:
    if errors.means_policy(answer.said):
        return errors.prompt_refused(answer.said, prompt)
    if errors.means_picture_not_fetched(answer.said):
        return errors.picture_not_fetched(answer.said)
    return ScriptError(
        f"KIE cannot use the order (code {answer.code}): {answer.said}",
        hint="change what it names (the motion prompt, the picture, an option); nothing was ordered",
        error_type="BadOrder",
    )
