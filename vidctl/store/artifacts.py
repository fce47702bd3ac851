"""The files of a film: what is made, what it cost, what was rejected.

Every write carries the fence of the claim it belongs to, so that a process that lost its task can
record nothing any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from vidctl.contract import Cost
from vidctl.domain.review import Rejection, latest
from vidctl.domain.takes import Take
from vidctl.domain.work import UNCOUNTED, Artifact, Kind, Made, Retake
from vidctl.errors import LostRace
from vidctl.store import Db
from vidctl.store.tasks import Seen

_DONE: Final = """
    with held as (
        update tasks set progress_done = progress_done + %(counts)s, attempt = 1, updated_at = %(now)s
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
           facts = excluded.facts, job_id = null, stored = null, made_at = excluded.made_at, removed_at = null,
           updated_at = excluded.made_at
    returning index
"""

# An order knows which number its image has by now. What was booked for it without a script's word, since a person said
# that it was bought or nobody could fetch it any more, is not booked once more when that word comes late.
_COST: Final = """
    with item as (
        select coalesce((select index from orders where id = %(order)s::bigint), %(index)s) as index
    ), booked as (
        insert into video_costs (task_id, kind, index, component, units_used, cost_usd, basis, order_id, word_id, at)
        select %(id)s, %(kind)s, index, %(component)s, %(units)s, %(cost_usd)s, %(basis)s, %(order)s, %(word)s, %(now)s
          from item
         where %(word)s::uuid is null
            or not exists (select from video_costs c
                            where c.task_id = %(id)s and c.order_id = %(order)s::bigint and c.word_id is null)
        on conflict (word_id) do nothing
        returning index
    ), ordered as (
        update orders set charged_usd = coalesce(charged_usd, 0) + %(cost_usd)s,
               answered_at = coalesce(answered_at, %(now)s),
               answered_no = coalesce(answered_no, nextval('ledger')),
               state = case when state in ('asked', 'in doubt') then 'bought' else state end
         where id = %(order)s::bigint and exists (select from booked)
    )
    update artifacts set cost_usd = cost_usd + %(cost_usd)s
     where task_id = %(id)s and kind = %(kind)s and index = (select index from booked)
"""

# What a person rejected is not used again by itself, whatever the film asks for later: neither its copies under other
# numbers nor, fetched once more, what its order brought. An item that has the same bytes in use keeps them.
_REJECT: Final = """
    with rejected as (
        select sha256, made_for from takes
         where task_id = %(id)s and kind = %(kind)s and index = %(index)s and replaced_at is null
    ), same as (
        select t.index, t.number, t.replaced_at, rejected.made_for from takes t join rejected using (sha256)
         where t.task_id = %(id)s and t.kind = %(kind)s
    ), nameless as (
        update takes t set fingerprint = null, made_for = null from same
         where t.task_id = %(id)s and t.kind = %(kind)s and (t.index, t.number) = (same.index, same.number)
           and (same.replaced_at is not null or same.index = %(index)s)
    ), ordered as (
        update orders o set rejected_at = %(now)s from same
         where o.task_id = %(id)s and o.kind = %(kind)s and o.index = same.index and o.subject = same.made_for
           and o.state = 'made'
    )
    update artifacts
       set state = 'rejected', take = take + 1, note = %(note)s, updated_at = %(now)s
     where task_id = %(id)s and kind = %(kind)s and index = %(index)s
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One file in the object store; `path` is relative to the film's folder."""

    path: str
    key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Kept:
    """An artifact's row: what was made, and enough to see without reading it whether the file changed."""

    made: Made
    modified_ns: int
    facts: dict[str, Any]
    stored: tuple[Stored, ...] = ()
    """Its file and what lies beside it, in the object store; empty where they are only on a machine."""


def done(db: Db, task_id: UUID) -> dict[Artifact, Kept]:
    """Return every artifact of a film that is made and not rejected."""
    rows = db.execute(
        """select kind, index, path, sha256, size_bytes, fingerprint, modified_ns, facts, stored
             from artifacts where task_id = %s and state = 'done' order by kind, index""",
        (task_id,),
    )
    kept = {}
    for kind, index, path, sha256, size_bytes, fingerprint, modified_ns, facts, stored in rows:
        artifact = Artifact(Kind(kind), index)
        files = tuple(Stored(**file) for file in stored or ())
        kept[artifact] = Kept(Made(artifact, path, sha256, size_bytes, fingerprint), modified_ns, facts, files)
    return kept


def keep_stored(db: Db, task_id: UUID, made: Made, files: Sequence[Stored], *, url: str | None) -> None:
    """Keep where a file is in the object store, unless another has taken its place meanwhile.

    `url` is where anybody can see it, for as long as it is there; None leaves what is known.
    """
    db.execute(
        """update artifacts set stored = %s, url = coalesce(%s, url)
            where task_id = %s and kind = %s and index = %s and sha256 = %s""",
        (
            Jsonb([{"path": one.path, "key": one.key, "sha256": one.sha256} for one in files]),
            *(url, task_id, made.artifact.kind, made.artifact.index, made.sha256),
        ),
    )


def removed(db: Db, task_id: UUID, items: Iterable[Artifact], *, at: datetime | None) -> None:
    """Keep that the files of these artifacts were cleaned up, and where else they are stays known; None: they are here.

    Only of a published film: nothing makes them again.
    """
    items = list(items)
    db.execute(
        """update artifacts a set removed_at = %s from unnest(%s::text[], %s::int[]) as item (kind, index)
            where a.task_id = %s and a.kind = item.kind and a.index = item.index""",
        (at, [item.kind.value for item in items], [item.index for item in items], task_id),
    )


def url_of(db: Db, task_id: UUID, artifact: Artifact) -> str | None:
    """Return where an artifact can be seen by others, if anywhere."""
    row = db.execute(
        "select url from artifacts where task_id = %s and kind = %s and index = %s",
        (task_id, artifact.kind, artifact.index),
    ).fetchone()
    return row[0] if row else None


def facts_of(db: Db, task_id: UUID, artifact: Artifact) -> dict[str, Any]:
    """Return what was measured of an artifact; {} where it is not made."""
    row = db.execute(
        "select facts from artifacts where task_id = %s and kind = %s and index = %s and state = 'done'",
        (task_id, artifact.kind, artifact.index),
    ).fetchone()
    return row[0] if row else {}


def subject_of(db: Db, task_id: UUID, artifact: Artifact) -> str | None:
    """Return what an artifact was begun for the last time."""
    row = db.execute(
        "select subject from artifacts where task_id = %s and kind = %s and index = %s",
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
            **names(task, made.artifact),
            "counts": int(made.artifact.kind not in UNCOUNTED),
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
        raise fenced(task)


def replace(db: Db, task_id: UUID, made: Made, *, modified_ns: int, now: datetime) -> None:
    """Record that a person changed an artifact's file by hand; its fingerprint stays."""
    db.execute(
        """update artifacts
              set sha256 = %s, size_bytes = %s, modified_ns = %s, stored = null, made_at = %s, updated_at = %s
            where task_id = %s and kind = %s and index = %s""",
        (made.sha256, made.size_bytes, modified_ns, now, now, task_id, made.artifact.kind, made.artifact.index),
    )


def bring_back(db: Db, task_id: UUID, take: Take, fingerprint: str, *, now: datetime) -> None:
    """Record that a take is the item's file again, as good as one that was made for `fingerprint`.

    Where others could see the file that it replaces, they do not see this one.
    """
    db.execute(
        """update artifacts
              set state = 'done', path = %s, sha256 = %s, size_bytes = %s, modified_ns = %s, prompt = %s, facts = %s,
                  fingerprint = %s, url = null, stored = null, made_at = %s, updated_at = %s
            where task_id = %s and kind = %s and index = %s""",
        (
            *(take.place, take.sha256, take.size_bytes, take.modified_ns, take.prompt, Jsonb(dict(take.facts))),
            *(fingerprint, now, now),
            *(task_id, take.artifact.kind, take.artifact.index),
        ),
    )


def charge(
    db: Db,
    task_id: UUID,
    artifact: Artifact,
    cost: Cost,
    *,
    now: datetime,
    order_id: int | None = None,
    word_id: UUID | None = None,
) -> None:
    """Book a charge, on the order that it is for; it counts whoever holds the task, because the money is gone.

    A word that is booked already is not booked again.
    """
    names = {"id": task_id, "kind": artifact.kind, "index": artifact.index, "now": now}
    db.execute(
        _COST,
        {
            **names,
            "component": cost.component,
            "units": cost.units,
            "cost_usd": Decimal(cost.cost_usd),
            "basis": cost.basis,
            "order": order_id,
            "word": word_id,
        },
    )


def reject(db: Db, task_id: UUID, rejected: Iterable[Rejection], *, now: datetime) -> None:
    """Mark artifacts to be made again, each with what should be different, after what was asked for before.

    Call it where the film was moved in the same transaction: so nobody else writes the notes meanwhile.
    """
    before = retakes(db, task_id)
    for item in rejected:
        names = {"id": task_id, "kind": item.artifact.kind, "index": item.artifact.index}
        note = latest([before.get(item.artifact, Retake()).note, item.note])
        db.execute(_REJECT, {**names, "note": note, "now": now})


def names(task: Seen, artifact: Artifact) -> dict[str, object]:
    """Return the parameters by which a claim names one of its film's artifacts."""
    return {"id": task.id, "fence": task.version, "kind": artifact.kind, "index": artifact.index}


def fenced(task: Seen) -> LostRace:
    """Return the error for a claim that is not the film's last one."""
    return LostRace(f"task {task.id} is in another process's hands now", hint="nothing is lost: see vidctl status")
