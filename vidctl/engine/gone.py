"""Files that were paid for and are nowhere any more: a person, whose word buys them again, hears of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from vidctl.contract import Failure, ScriptError
from vidctl.domain.review import listed
from vidctl.domain.work import Artifact
from vidctl.store import takes


@dataclass(frozen=True, slots=True)
class Gone(Failure):
    """Why an item is not made: its file, which had cost `paid_usd`, is gone."""

    paid_usd: Decimal = Decimal(0)
    instead: str = ""
    """What a person can do."""


class FileGone(ScriptError):
    """Raised where the file of an item that was paid for is gone; `what` says which, `again` how it is retried."""

    def __init__(self, what: str, paid_usd: Decimal, again: str, *, hint: str) -> None:
        put_back = f"put the file back, then {again}; without the file, that buys it again"
        message = f"{what}; it had cost ${paid_usd:.2f}: {put_back}"
        super().__init__(message, hint=hint, error_type=takes.FILE_GONE)
        one = self.failure
        self.failure = Gone(one.error_type, one.error_class, one.scope, message, hint, paid_usd=paid_usd, instead=again)


def sentence(gone: Sequence[tuple[Artifact, Gone]]) -> str:
    """Return in one line which files are gone, and what they had cost: one word of a person buys them all again."""
    if len(gone) == 1:
        [(artifact, failure)] = gone
        return f"{artifact}: {failure.message}"
    usd = sum((failure.paid_usd for _, failure in gone), Decimal(0))
    return (
        f"{len(gone)} files are gone or damaged, and cannot be fetched: {listed([item for item, _ in gone])}; they had "
        f"cost ${usd:.2f}: put them back, then {gone[0][1].instead}; without the files, that buys all of them again"
    )
