"""Before something is bought: whether the film has the very same, under another number or as an older take.

An edit of the storyboard may make scenes change places, or take back what an earlier one changed: what was paid for
is known by what it was made for, and is used again. Where its file is gone, only a person may buy it once more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vidctl.domain.takes import Take
from vidctl.domain.work import BOUGHT, Artifact, Job, Made, fingerprint, needs
from vidctl.engine.gone import FileGone
from vidctl.storage.local import Folder
from vidctl.store import Db, takes
from vidctl.store.artifacts import Kept
from vidctl.store.tasks import Seen


@dataclass(frozen=True, slots=True)
class Again:
    """Looks for the file of one job, which is to be made for `mark`; `twins` are the numbers of those that are alike.

    Two scenes that show the same are two clips: neither has the other's.
    """

    db: Db
    task: Seen
    folder: Folder
    job: Job
    mark: str
    twins: tuple[int, ...]

    def find(self) -> tuple[Take, Path] | None:
        """Return a take that is the same, and where its file is; None where there is none here."""
        if self.job.makes.kind not in BOUGHT:
            return None
        for take in takes.made_for(self.db, self.task.id, self.job.makes, self.mark, besides=self.twins):
            if (file := self.folder.find(take, self.job.output)) is not None:
                return take, file
        return None

    def require_word(self) -> None:
        """Refuse to buy once more what was paid for, and whose file is gone, without a person's word.

        Raises:
            FileGone: nobody has said so yet.
        """
        if self.job.makes.kind not in BOUGHT:
            return
        paid_usd = takes.paid_for(self.db, self.task.id, self.job.makes, self.mark, besides=self.twins)
        if paid_usd > 0:
            raise FileGone(
                f"its file {self.job.output} is gone or damaged, and cannot be fetched",
                paid_usd,
                f"vidctl retry {str(self.task.id)[:8]}",
                hint=f"look for it in a backup of {self.folder.root}; what is made of it is made again if it is bought",
            )


def on_the_move(wanted: Iterable[Job], made: Mapping[Artifact, Made], kept: Mapping[Artifact, Kept]) -> list[Artifact]:
    """Return what is recorded of one item and wanted for another: before anything is replaced, it has to be here."""
    marks = {(job.makes.kind, fingerprint(job, made)): job.makes for job in wanted}
    found = {item: marks.get((item.kind, one.made.fingerprint)) for item, one in kept.items() if item.kind in BOUGHT}
    return [item for item, wants in found.items() if wants not in (None, item)]


def alike(job: Job, mark: str, plan: Iterable[Job], made: Mapping[Artifact, Made]) -> tuple[int, ...]:
    """Return the numbers of the other items of a plan that are made for the same `mark`."""
    return tuple(
        other.makes.index
        for other in plan
        if other.makes != job.makes
        and other.makes.kind is job.makes.kind
        and all(need in made for need in needs(other))
        and fingerprint(other, made) == mark
    )
