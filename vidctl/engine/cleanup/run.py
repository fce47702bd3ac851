"""One run of `vidctl cleanup`: published films, logs, what was left behind, and old rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from vidctl.domain.channel import Channel
from vidctl.domain.retention import Keep
from vidctl.engine.channel_files import Loaded
from vidctl.engine.cleanup import films, old_files
from vidctl.engine.cleanup.elsewhere import Elsewhere, Film
from vidctl.engine.cleanup.inventory import File
from vidctl.engine.context import Context
from vidctl.engine.prepare import channel_of
from vidctl.errors import BadInput, VidctlError
from vidctl.logs import log
from vidctl.storage.local import Folder
from vidctl.storage.removal import alone_in, require_inside
from vidctl.store import Db, artifacts, channels, cleanup, exhibits, locks, tasks
from vidctl.store.cleanup import OLD, Stand

_AT_WORK: Final = "a step is at work on it, or its page is seen to"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What came of one film; `left` says why all of it was left alone."""

    stand: Stand
    gone: list[File] = field(default_factory=list)
    stay: list[tuple[File, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    left: str = ""


@dataclass(slots=True)
class Report:
    """What was removed, or would be."""

    films: list[Cleaned] = field(default_factory=list)
    logs: old_files.Swept = field(default_factory=old_files.Swept)
    temporary: old_files.Swept = field(default_factory=old_files.Swept)
    orphans: list[old_files.Orphan] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    """By table."""
    problems: list[str] = field(default_factory=list)
    """What else could not be removed, and why."""
    elsewhere: bool = False
    """Whether another process of this machine is cleaning up: then this one does nothing."""


@dataclass(slots=True)
class Cleanup:
    """One run. Nothing but what it finds below `context.home` is ever removed."""

    db: Db
    context: Context
    files: Loaded
    dry_run: bool = False
    orphans: bool = False
    """Whether folders go too that belong to no film."""
    places: Elsewhere = field(init=False)
    report: Report = field(default_factory=Report)

    def __post_init__(self) -> None:
        self.places = Elsewhere(self.db, self.context)

    def run(self) -> Report:
        """Clean up, and return what came of it; what cannot be removed keeps nothing else from being.

        Raises:
            BadInput: the database knows none of the films that are here.
        """
        with alone_in(self.context.home / old_files.WORKSPACE) as alone:
            if not alone:
                self.report.elsewhere = True
                return self.report
            try:
                self._clean()
            finally:
                self.places.close()
        return self.report

    def _clean(self) -> None:
        self.report.problems += [
            f"films of {one.path.stem}, whose file cannot be used: {one}" for one in self.files.problems
        ]
        places = sorted(self._folders(), key=lambda place: place.root.name)
        known = cleanup.stands(self.db, list(old_files.ids_of(place.root.name for place in places)))
        self._require_known(places, known)
        mine = [(stand, place) for place in places if (stand := old_files.film_of(place.root, known)) is not None]
        for stand, place in mine:
            if (cleaned := self._film(stand, place)) is not None:
                self.report.films.append(cleaned)
        sweep = old_files.Sweep(self.context, self.report.problems, dry_run=self.dry_run)
        self.report.temporary = sweep.temporary(place.root for _, place in mine)
        of_films = {place for _, place in mine}
        self.report.orphans = sweep.orphans(
            [place.root for place in places if place not in of_films], remove=self.orphans
        )
        self.report.logs = sweep.logs(lambda ids: cleanup.stands(self.db, ids))
        self._rows()

    def _folders(self) -> Iterator[Folder]:
        for root in old_files.projects(self.context.home):
            try:
                require_inside(self.context.home, root)
            except BadInput as error:
                if (problem := f"{error} ({error.hint})") not in self.report.problems:
                    self.report.problems.append(problem)
            else:
                yield Folder(root)

    def _require_known(self, places: Sequence[Folder], known: Mapping[UUID, Stand]) -> None:
        """Refuse to call every film here a stranger: it is likelier that the database is another one's."""
        if self.orphans and places and not known:
            raise BadInput(
                f"the database knows none of the {len(places)} films in {self.context.home}: nothing was removed",
                hint="look at DATABASE_URL; or remove the folders by hand",
            )

    def _film(self, stand: Stand, place: Folder) -> Cleaned | None:
        """Clean up one film; None where its time has not come, or nothing is to be said of it."""
        try:
            if not self._is_due(stand, place):
                return None
            with self._holding(stand.id) as held:
                if not held:
                    return Cleaned(stand, left=_AT_WORK)
                now_is = cleanup.stands(self.db, [stand.id]).get(stand.id)  # it may have gone another way since
                return self._cleaned(now_is, place) if now_is and self._is_due(now_is, place) else None
        except VidctlError as error:
            return Cleaned(stand, left=f"{error} ({error.hint})")
        except OSError as exc:
            return Cleaned(stand, left=f"cannot read {exc.filename or place.root}: {exc.strerror or exc}")

    def _is_due(self, stand: Stand, place: Folder) -> bool:
        if (
            not stand.is_over or stand.channel_id in self.files.broken
        ):  # nobody knows what a broken file says of keeping
            return False
        settings = self._live(stand.channel_id).cleanup
        is_old = stand.since + timedelta(days=settings.after_days) <= self.context.clock()
        return is_old and Keep(settings.keep) is not Keep.EVERYTHING and place.root.is_dir()

    def _live(self, channel_id: str) -> Channel:
        """Return a channel's settings as its file has them; of one without a file, as it had them."""
        own = (channel for channel in self.files.channels if channel.channel_id == channel_id)
        return next(own, None) or channels.get(self.db, channel_id).channel

    @contextmanager
    def _holding(self, task_id: UUID) -> Iterator[bool]:
        """Hold a film and its page, or neither."""
        with locks.trying_task(self.db, task_id, patience_s=0) as held:
            if not (held and exhibits.try_lock(self.db, task_id)):
                yield False
                return
            try:
                yield True
            finally:
                exhibits.unlock(self.db, task_id)

    def _cleaned(self, stand: Stand, place: Folder) -> Cleaned | None:
        if stand.has_orders:
            return Cleaned(stand, left="something was ordered for it that may still come (see: vidctl settle)")
        task = tasks.get(self.db, stand.id)
        film = Film(task, channel_of(task, self._live(stand.channel_id)), place, artifacts.done(self.db, stand.id))
        judged = films.judge(self.db, film, self.places.seen)
        cleaned = Cleaned(stand, judged.gone, judged.stay)
        if judged.gone and not self.dry_run:
            left = films.take_away(self.db, film, judged, now=self.context.clock())
            cleaned.failed.extend((path, exc.strerror or str(exc)) for path, exc in left.items())
            cleaned.gone[:] = [file for file in cleaned.gone if file.path not in left]
            _log(cleaned)
        return cleaned if judged.gone or judged.stay else None

    def _rows(self) -> None:
        kept, now = self.context.limits.kept_days, self.context.clock()
        do = cleanup.count if self.dry_run else cleanup.take_away
        self.report.rows = {old.table: number for old in OLD if (number := do(self.db, old, kept, now=now))}


def _log(cleaned: Cleaned) -> None:
    log(
        "a published film was cleaned up",
        correlation_id=str(cleaned.stand.id),
        channel_id=cleaned.stand.channel_id,
        files=len(cleaned.gone),
        freed_bytes=sum(file.freed_bytes for file in cleaned.gone),
        stay=len(cleaned.stay),
        failed=len(cleaned.failed),
    )
