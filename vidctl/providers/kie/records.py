"""What KIE tells of a job."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Self

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers.http import AnswerLost, NotSent
from vidctl.providers.kie import errors
from vidctl.providers.kie.answers import document, number, text, whole_number
from vidctl.providers.kie.connection import Connection

LOOK_TIMEOUT_S: Final = 30.0
MAX_CREDITS: Final = 100_000
"""More than any clip costs: it is no amount of credits."""
_ENDED: Final = {501: "generation failed", 408: "nothing came of it in time"}
"""Codes in the body that mean that the job itself has failed."""
_UNKNOWN: Final = (404, 422)


@dataclass(frozen=True, slots=True)
class Record:
    """A job as KIE sees it. `credits` is None where it does not say what it took."""

    state: str
    model: str = ""
    urls: tuple[str, ...] = ()
    fail_code: int | None = None
    fail_said: str = ""
    credits: Decimal | None = None

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Read what `recordInfo` has in `data`."""
        urls = document(data.get("resultJson")).get("resultUrls")
        found = [urls] if isinstance(urls, str) else urls if isinstance(urls, list) else []
        taken = number(data.get("creditsConsumed"))
        return cls(
            text(data.get("state")).lower(),
            text(data.get("model")),
            tuple(url for url in found if isinstance(url, str)),
            whole_number(data.get("failCode")),
            text(data.get("failMsg")),
            None if taken is None or taken > MAX_CREDITS else taken,
        )

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen to it; a state that nobody knows is one on the way."""
        return self.state in {"success", "fail"}


@dataclass(frozen=True, slots=True)
class NotSeen:
    """A look that showed nothing, and why.

    `unknown`: KIE itself says that it has no such job. `refusal`: it says that this account may not look.
    """

    why: str
    unknown: bool = False
    refusal: ScriptError | None = None


def look(kie: Connection, job_id: str) -> Record | NotSeen:
    """Return what a job has come to. Whatever goes wrong with looking, the job goes on."""
    try:
        answer = kie.get("/api/v1/jobs/recordInfo", params={"taskId": job_id}, timeout_s=LOOK_TIMEOUT_S)
    except (NotSent, AnswerLost) as exc:
        return NotSeen(str(exc))
    if answer.is_good and answer.fields:
        return Record.of(answer.fields)
    if answer.spoken and answer.code in _ENDED:
        said = answer.said or _ENDED[answer.code]
        return Record("fail", fail_code=answer.code, fail_said=said)
    error = errors.of_account(answer)
    final = error is not None and error.failure.error_class is ErrorClass.PERMANENT
    return NotSeen(
        f"code {answer.code}, {answer.said}",
        unknown=errors.is_of_kie(answer) and answer.code in _UNKNOWN,
        refusal=error if final else None,
    )


def failed(record: Record, job_id: str, prompt: str) -> ScriptError:
    """Return the error for a job that has failed: codes first, then words."""
    said = f"{record.fail_said or 'it does not say why'} (job {job_id})"
    if errors.means_picture_not_fetched(record.fail_said):
        return errors.picture_not_fetched(said, job_over=True)
    if record.fail_code in (400, 422) or errors.means_policy(record.fail_said):
        return errors.prompt_refused(said, prompt, job_over=True)
    return ScriptError(
        f"KIE could not make the clip: {said}",
        hint=f"nothing: it is ordered anew later, and KIE gives back the credits of failed jobs ({errors.LOGS})",
        error_class=ErrorClass.TRANSIENT,
        scope=Scope.ITEM,
        error_type="JobFailed",
        job_over=True,
    )
