"""Jobs of artifacts: what is begun, what is bought but not fetched yet, what was handed to the public.

Every write carries the fence of the claim it belongs to, so that a process that lost its task can
record nothing any more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg.rows import class_row

from vidctl.domain.status import Status
from vidctl.domain.work import Artifact
from vidctl.store import Db
from vidctl.store.artifacts import fenced, names
from vidctl.store.tasks import Seen

_BEGIN: Final = """
    with held as (select id, status, paused_at from tasks where id = %(id)s and fence = %(fence)s for share)
    insert into artifacts as old (task_id, kind, index, state, prompt, fingerprint, subject, attempts)
    select id, %(kind)s, %(index)s, 'pending', %(prompt)s, %(fingerprint)s, %(subject)s, 1 from held
    on conflict (task_id, kind, index) do update
       set job_id = case when old.subject = excluded.subject and old.state = 'submitted' then old.job_id end,
           state = case when old.subject = excluded.subject and old.state = 'submitted'
                        then old.state else excluded.state end,
           prompt = excluded.prompt, fingerprint = excluded.fingerprint, subject = excluded.subject,
           attempts = old.attempts + 1, updated_at = now()
    returning job_id, (select status from held), (select paused_at is not null from held),
              (select max(paused_until) from service_state
                where service = any(%(services)s) and paused_until > %(now)s)
"""

_SUBMITTED: Final = """
    update artifacts a set state = 'submitted', job_id = %(job_id)s, updated_at = now()
      from tasks t
     where t.id = a.task_id and t.id = %(id)s and t.fence = %(fence)s and a.kind = %(kind)s and a.index = %(index)s
    returning a.index
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """What `begin` found: the job to resume if one was submitted, the task's status and its service's pause.

    Where the task's card is in the trash nothing may be begun.
    """

    job_id: str | None
    status: Status
    card_is_gone: bool
    paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of a film's way to the public: which film it was, and whether it arrived."""

    film_sha256: str | None
    finished: bool
    url: str | None


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
    row = db.execute(_BEGIN, {**names(task, artifact), **asked}).fetchone()
    if row is None:
        raise fenced(task)
    return Begun(row[0], Status(row[1]), row[2], row[3])


def forget(db: Db, task_id: UUID, dead: Iterable[Artifact]) -> None:
    """Let go of jobs whose result is no good or will never come, and of their orders: the next try begins anew.

    Never of an upload: whether it reached the public is not ours to guess.
    """
    for artifact in dead:
        db.execute(
            """with forgotten as (
                   update artifacts set state = 'pending', job_id = null
                    where task_id = %(task)s and kind = %(kind)s and index = %(index)s and state = 'submitted'
                      and kind <> 'receipt')
               update orders set state = 'failed', settled_at = now(), settled_no = nextval('ledger'),
                                 settled_by = 'engine'
                where task_id = %(task)s and kind = %(kind)s and index = %(index)s and state = 'bought'
                  and subject = (select subject from artifacts
                                  where task_id = %(task)s and kind = %(kind)s and index = %(index)s)""",
            {"task": task_id, "kind": artifact.kind, "index": artifact.index},
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
    if db.execute(_SUBMITTED, {**names(task, artifact), "job_id": job_id}).fetchone() is None:
        raise fenced(task)


def submitted_late(db: Db, task: Seen, artifact: Artifact, job_id: str, *, subject: str) -> None:
    """Keep a job id that could not be kept when it was announced, unless something else was asked for since."""
    db.execute(
        """update artifacts a set state = 'submitted', job_id = %(job_id)s, updated_at = now()
             from tasks t
            where t.id = a.task_id and t.id = %(id)s and t.fence = %(fence)s and a.kind = %(kind)s
              and a.index = %(index)s and a.state = 'pending' and a.subject = %(subject)s""",
        {**names(task, artifact), "job_id": job_id, "subject": subject},
    )
