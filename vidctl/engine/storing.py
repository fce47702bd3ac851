"""Files of a film in the object store: put there once they are recorded, and fetched where they are needed.

What is in the store is named by its sha256, so any host can go on with a film: the workspace is a cache.
"""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from vidctl.contract import ErrorClass, Failure, Result, Scope, ScriptError, from_line
from vidctl.domain.channel import Channel, timeout_of
from vidctl.domain.storage_keys import storage_key
from vidctl.domain.work import Artifact, Made
from vidctl.engine import journal
from vidctl.engine.children import Command, Ended
from vidctl.engine.redact import redacted, redacted_failure
from vidctl.engine.scripts import environment, program
from vidctl.engine.verdict import verdict
from vidctl.errors import BadInput
from vidctl.logs import log
from vidctl.storage.files import is_whole, sha256_of
from vidctl.storage.local import Folder
from vidctl.storage.staging import Staging, sidecars
from vidctl.store import Db, artifacts
from vidctl.store.artifacts import Kept, Stored
from vidctl.store.tasks import Seen

STORE: Final = "store_file.py"
FETCH: Final = "fetch_file.py"
SERVICE: Final = "r2"
TIMEOUT_S: Final = 1_800.0

Running = Generator[Command, Ended, Result]


@dataclass(slots=True)
class Store:
    """The object store as one claim of a film uses it."""

    db: Db
    task: Seen
    channel: Channel
    folder: Folder
    staging: Staging
    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    kept: dict[Artifact, Kept]
    """What is recorded, and where it is stored."""
    failed: list[tuple[Artifact, Failure]] = field(default_factory=list)
    _rests: bool = False

    @property
    def is_used(self) -> bool:
        """Whether the channel keeps its films' files there."""
        return self.channel.storage_strategy == "r2"

    def pieces(self) -> Generator[Generator[Command, Ended, None], None, None]:
        """Yield one piece of work for each recorded file that is not there yet, for as long as the store is well."""
        for artifact, kept in artifacts.done(self.db, self.task.id).items():
            if any(failure.scope is Scope.SERVICE for _, failure in self.failed):
                return  # the others would meet the same
            if not kept.stored:
                yield self._put(artifact, kept.made)

    def soon(self, artifact: Artifact, made: Made) -> Generator[Command, Ended, None]:
        """Put a file there as soon as it is recorded: a host may be gone before its step has made the others.

        Whatever goes wrong is met again by `pieces`, at the end of the step; until then nothing more is tried.
        """
        if self.is_used and not self._rests:
            before = len(self.failed)
            yield from self._put(artifact, made)
            self._rests = len(self.failed) > before
            del self.failed[before:]

    def fetch_all(self, wanted: Iterable[Artifact]) -> Generator[Command, Ended, None]:
        """Bring the files of these artifacts here, unless they are.

        Raises:
            ScriptError: one cannot be had.
        """
        for artifact in wanted:
            yield from self.fetch(artifact)

    def fetch(self, artifact: Artifact) -> Generator[Command, Ended, None]:
        """Bring an artifact's files here, unless they are.

        Raises:
            ScriptError: they cannot be had.
        """
        kept = self.kept.get(artifact)
        if kept is None or not kept.stored or is_whole(self._place(kept), kept.made, modified_ns=kept.modified_ns):
            return
        for file in reversed(kept.stored):  # what lies beside it first: it never lies there alone
            place = self.folder.path(file.path)
            if not place.is_file() or sha256_of(place) != file.sha256:
                staged = self.staging.place(file.path)
                words = [f"--key={file.key}", f"--sha256={file.sha256}", f"--output={staged}"]
                yield from self._run(FETCH, words)
                place.parent.mkdir(parents=True, exist_ok=True)
                staged.replace(place)

    def is_replaced(self, artifact: Artifact) -> None:
        """Forget what was stored of an artifact: another file takes its place."""
        self.kept.pop(artifact, None)

    def _place(self, kept: Kept) -> Path:
        return self.folder.path(kept.made.path)

    def _put(self, artifact: Artifact, made: Made) -> Generator[Command, Ended, None]:
        try:
            place, files, url = self.folder.path(made.path), list[Stored](), None
            for path in (place, *sidecars(place)):
                sha256 = made.sha256 if path == place else sha256_of(path)
                key = storage_key(
                    self.channel.channel_id, str(self.task.id), artifact, sha256=sha256, file_name=path.name
                )
                result = yield from self._run(STORE, [f"--file={path}", f"--key={key}", f"--sha256={sha256}"])
                files.append(Stored(str(path.relative_to(self.folder.root)), key, sha256))
                url = url or _lasting(result.url)
            artifacts.keep_stored(self.db, self.task.id, made, files, url=url)
        except (ScriptError, BadInput) as error:
            failure = error.failure if isinstance(error, ScriptError) else _refused(error)
            self.failed.append((artifact, redacted_failure(failure, self.environment)))
            log(f"{artifact} was not stored", level="warning", error_message=failure.message, hint=failure.hint)
        except OSError as exc:
            self.failed.append((artifact, _refused(BadInput(f"cannot read {made.path}: {exc}", hint="look at it"))))

    def _run(self, script: str, words: list[str]) -> Running:
        heard: list[Result | Failure] = []
        ended = yield Command(
            argv=[*program(self.channel, script), *words],
            environment=environment(self.channel, script, self.environment),
            folder=self.staging.root,
            timeout_s=timeout_of(self.channel, script, TIMEOUT_S),
            on_line=lambda line: _hear(line, heard),
        )
        stderr = redacted(ended.stderr, self.environment)
        outcome = verdict(script, replace(ended, stderr=stderr), heard[-1] if heard else None, None)
        journal.said(script, None, stderr, level="info" if isinstance(outcome, Result) else "warning")
        if isinstance(outcome, Result):
            return outcome
        raise ScriptError(
            outcome.message,
            hint=outcome.hint,
            error_class=outcome.error_class,
            scope=outcome.scope,
            error_type=outcome.error_type,
            retry_after_s=outcome.retry_after_s,
        )


def _hear(line: str, heard: list[Result | Failure]) -> None:
    try:
        message = from_line(line)
    except BadInput:
        return
    if isinstance(message, Result | Failure):
        heard.append(message)


def _lasting(url: str | None) -> str | None:
    """Return an address that is worth keeping: one that is signed is good for a week, and for whoever has it."""
    return url if url and "?" not in url else None


def _refused(error: BadInput) -> Failure:
    return Failure("NotStored", ErrorClass.TRANSIENT, Scope.ITEM, str(error), error.hint)
