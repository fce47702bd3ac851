"""The files of a film: what is made, what is bought but not fetched yet, what was rejected.

Every write carries the fence of the claim it belongs to, so that a process that lost its task can
record nothing any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from vidctl.contract import Cost
from vidctl.domain.review import Rejection
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind, Made, Retake
from vidctl.errors import LostRace
from vidctl.store import Db
from vidctl.store.tasks import Seen

_BEGIN: Final = """
    with held as (select id, status from tasks where id = %(id)s and fence = %(fence)s for share)
    insert into artifacts as old (task_id, kind, index, state, prompt, fingerprint, subject, attempts)
    select id, %(kind)s, %(index)s, 'pending', %(prompt)s, %(fingerprint)s, %(subject)s, 1 from held
    on conflict (task_id, kind, index) do update
       set job_id = case when old.subject = excluded.subject and old.state = 'submitted' then old.job_id end,
           state = case when old.subject = excluded.subject and old.state = 'submitted'
                        then old.state else excluded.state end,
           prompt = excluded.prompt, fingerprint = excluded.fingerprint, subject = excluded.subject,
           attempts = old.attempts + 1, updated_at = now()
    returning job_id, (select status from held),
              (select max(paused_until) from service_state
                where service = any(%(services)s) and paused_until > %(now)s)
"""

_SUBMITTED: Final = """
    update artifacts a set state = 'submitted', job_id = %(job_id)s, updated_at = now()
      from tasks t
     where t.id = a.task_id and t.id = %(id)s and t.fence = %(fence)s and a.kind = %(kind)s and a.index = %(index)s
    returning a.index
"""

_DONE: Final = """
    with held as (
        update tasks set progress_done = progress_done + 1, attempt = 1, updated_at = %(now)s
         where id = %(id)s and fence = %(fence)s
        returning id
    )
    insert into artifacts (task_id, kind, index, state, path, sha256, size_bytes, modified_ns, fingerprint, url, facts,
                           made_at)
    select id, %(kind)s, %(index)s, 'done', %(path)s, %(sha256)s, %(size_bytes)s, %(modified_ns)s, %(fingerprint)s,
           %(url)s, %(facts)s, %(now)s from held
    on conflict (task_id, kind, index) do update
       set state = excluded.state, path = excluded.path, sha256 = excluded.sha256, size_bytes = excluded.size_bytes,
           modified_ns = excluded.modified_ns, fingerprint = excluded.fingerprint, url = excluded.url,
           facts = excluded.facts, job_id = null, made_at = excluded.made_at, updated_at = excluded.made_at
    returning index
"""

_COST: Final = """
    with booked as (
        insert into video_costs (task_id, kind, index, component, units_used, cost_usd, at)
        values (%(id)s, %(kind)s, %(index)s, %(component)s, %(units)s, %(cost_usd)s, %(now)s)
    )
    update artifacts set cost_usd = cost_usd + %(cost_usd)s
     where task_id = %(id)s and kind = %(kind)s and index = %(index)s
"""

_REJECT: Final = """
    update artifacts
       set state = 'rejected', take = take + 1, note = concat_ws('; ', nullif(note, ''), nullif(%(note)s, '')),
           updated_at = %(now)s
     where task_id = %(id)s and kind = %(kind)s and index = %(index)s
    returning index
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """An artifact's row: what was made, and enough to see without reading it whether the file changed."""

    made: Made
    modified_ns: int
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Begun:
    """What `begin` found: the job to resume if one was submitted, the task's status, its service's pause."""

    job_id: str | None
    status: Status
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of a film's way to the public: which film it was, and whether it arrived."""

    film_sha256: str | None
    finished: bool
    url: str | None


def done(db: Db, task_id: UUID) -> dict[Artifact, Kept]:
    """Return every artifact of a film that is made and not rejected."""
    rows = db.execute(
        """select kind, index, path, sha256, size_bytes, fingerprint, modified_ns, facts
             from artifacts where task_id = %s and state = 'done' order by kind, index""",
        (task_id,),
    )
    kept = {}
    for kind, index, path, sha256, size_bytes, fingerprint, modified_ns, facts in rows:
        artifact = Artifact(Kind(kind), index)
        kept[artifact] = Kept(Made(artifact, path, sha256, size_bytes, fingerprint), modified_ns, facts)
    return kept


def url_of(db: Db, task_id: UUID, artifact: Artifact) -> str | None:
    """Return where an artifact can be seen by others, if anywhere."""
    row = db.execute(
        "select url from artifacts where task_id = %s and kind = %s and index = %s",
        (task_id, artifact.kind, artifact.index),
    ).fetchone()
    return row[0] if row else None


def retakes(db: Db, task_id: UUID) -> dict[Artifact, Retake]:
    """Return what people asked for when they rejected artifacts of a film."""
    rows = db.execute(
        "select kind, index, take, note from artifacts where task_id = %s and (take > 1 or note <> '')", (task_id,)
    )
    return {Artifact(Kind(kind), index): Retake(take, note) for kind, index, take, note in rows}


def known(db: Db, task_id: UUID) -> set[Artifact]:
    """Return every artifact that a film has a row for, in whatever state."""
    rows = db.execute("select kind, index from artifacts where task_id = %s", (task_id,))
    return {Artifact(Kind(kind), index) for kind, index in rows}


def begin(
    db: Db,
    task: Seen,
    artifact: Artifact,
    *,
    fingerprint: str,
    prompt: str,
    now: datetime,
    subject: str = "",
    services: Sequence[str] = (),
) -> Begun:
    """Say that an artifact is about to be made; a job submitted for the same subject is kept.

    The subject is the fingerprint, unless another is given.

    Raises:
        LostRace: another process has claimed the task.
    """
    asked = {
        "fingerprint": fingerprint,
        "subject": subject or fingerprint,
        "prompt": prompt,
        "services": list(services),
        "now": now,
    }
    row = db.execute(_BEGIN, {**_names(task, artifact), **asked}).fetchone()
    if row is None:
        raise _fenced(task)
    return Begun(row[0], Status(row[1]), row[2])


def forget_jobs(db: Db, task_id: UUID, dead: Iterable[Artifact]) -> None:
    """Let go of jobs whose result is no good or will never come: a person's retry begins anew.

    Never of an upload: whether it reached the public is not ours to guess.
    """
    for artifact in dead:
        db.execute(
            """update artifacts set state = 'pending', job_id = null
                where task_id = %s and kind = %s and index = %s and state = 'submitted' and kind <> 'receipt'""",
            (task_id, artifact.kind, artifact.index),
        )


def upload_of(db: Db, task_id: UUID) -> Upload | None:
    """Return the upload of a film that was begun or finished, if one was."""
    with db.cursor(row_factory=class_row(Upload)) as cursor:
        return cursor.execute(
            """select subject as film_sha256, state = 'done' as finished, url from artifacts
                where task_id = %s and kind = 'receipt' and state in ('submitted', 'done')""",
            (task_id,),
        ).fetchone()


def forget_upload(db: Db, task_id: UUID) -> None:
    """Let an upload be begun anew, because a person says that the earlier one is not with the public."""
    db.execute(
        "update artifacts set state = 'pending', job_id = null where task_id = %s and kind = 'receipt'", (task_id,)
    )


def submitted(db: Db, task: Seen, artifact: Artifact, job_id: str) -> None:
    """Keep a provider's job id before its result is waited for.

    Raises:
        LostRace: another process has claimed the task.
    """
    if db.execute(_SUBMITTED, {**_names(task, artifact), "job_id": job_id}).fetchone() is None:
        raise _fenced(task)


def submitted_late(db: Db, task: Seen, artifact: Artifact, job_id: str, *, subject: str) -> None:
    """Keep a job id that could not be kept when it was announced, unless something else was asked for since."""
    db.execute(
        """update artifacts a set state = 'submitted', job_id = %(job_id)s, updated_at = now()
             from tasks t
            where t.id = a.task_id and t.id = %(id)s and t.fence = %(fence)s and a.kind = %(kind)s
              and a.index = %(index)s and a.state = 'pending' and a.subject = %(subject)s""",
        {**_names(task, artifact), "job_id": job_id, "subject": subject},
    )


def record(
    db: Db, task: Seen, made: Made, *, modified_ns: int, url: str | None, facts: Mapping[str, Any], now: datetime
) -> None:
    """Record a whole artifact. It is progress: the attempts spent on the step begin anew.

    Raises:
        LostRace: another process has claimed the task.
    """
    row = db.execute(
        _DONE,
        {
            **_names(task, made.artifact),
            "path": made.path,
            "sha256": made.sha256,
            "size_bytes": made.size_bytes,
            "modified_ns": modified_ns,
            "fingerprint": made.fingerprint,
            "url": url,
            "facts": Jsonb(dict(facts)),
            "now": now,
        },
    ).fetchone()
    if row is None:
        raise _fenced(task)


def replace(db: Db, task_id: UUID, made: Made, *, modified_ns: int, now: datetime) -> None:
    """Record that a person changed an artifact's file by hand; its fingerprint stays."""
    db.execute(
        """update artifacts set sha256 = %s, size_bytes = %s, modified_ns = %s, made_at = %s, updated_at = %s
            where task_id = %s and kind = %s and index = %s""",
        (made.sha256, made.size_bytes, modified_ns, now, now, task_id, made.artifact.kind, made.artifact.index),
    )


def charge(db: Db, task_id: UUID, artifact: Artifact, cost: Cost, *, now: datetime) -> None:
    """Book a charge; it counts whoever holds the task, because the money is gone."""
    names = {"id": task_id, "kind": artifact.kind, "index": artifact.index, "now": now}
    db.execute(_COST, {**names, "component": cost.component, "units": cost.units, "cost_usd": Decimal(cost.cost_usd)})


def reject(db: Db, task_id: UUID, rejected: Iterable[Rejection], *, now: datetime) -> None:
    """Mark artifacts to be made again, each with what should be different."""
    for item in rejected:
        names = {"id": task_id, "kind": item.artifact.kind, "index": item.artifact.index}
        db.execute(_REJECT, {**names, "note": item.note, "now": now})


def _names(task: Seen, artifact: Artifact) -> dict[str, object]:
    return {"id": task.id, "fence": task.version, "kind": artifact.kind, "index": artifact.index}


def _fenced(task: Seen) -> LostRace:
    return LostRace(f"task {task.id} is in another process's hands now", hint="nothing is lost: see vidctl status")
