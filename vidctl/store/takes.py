"""Takes: every version of an item that was made, what each cost, and which one is in use.

Call what writes here in the transaction that writes the artifact itself: both say the same or neither does.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from psycopg.rows import kwargs_row

from vidctl.domain import layout
from vidctl.domain.takes import KEPT, Take
from vidctl.domain.work import Artifact, Kind, Made
from vidctl.store import Db

_COLUMNS: Final = """kind, index, number, place, path, sha256, size_bytes, modified_ns, prompt, note, cost_usd, facts,
    made_at, replaced_at"""

FILE_GONE: Final = "FileGone"
"""The error of an item whose file was paid for, and is nowhere any more."""

_REPLACED: Final = f"""
    update takes set replaced_at = %(now)s
     where task_id = %(task)s and kind = %(kind)s and index = %(index)s and replaced_at is null
       and sha256 <> %(sha256)s
    returning {_COLUMNS}
"""  # noqa: S608  # constants only

# What a take cost is what was spent on the item and not on an earlier take: by the sums, not by the times of the
# charges, for clocks may stand still or run backwards, and a charge may be booked late. So failed tries count to the
# take that they led to. The same bytes once more are no other take, but they were paid for once more.
_MADE: Final = """
    insert into takes (task_id, kind, index, number, place, path, sha256, size_bytes, modified_ns, prompt, note,
                       cost_usd, facts, fingerprint, made_for, made_at)
    select a.task_id, a.kind, a.index, %(number)s, a.path, %(path)s, a.sha256, a.size_bytes, a.modified_ns, a.prompt,
           coalesce(%(note)s, a.note),
           a.cost_usd - (select coalesce(sum(t.cost_usd), 0) from takes t
                          where t.task_id = a.task_id and t.kind = a.kind and t.index = a.index),
           a.facts, a.fingerprint, a.fingerprint, a.made_at
      from artifacts a
     where a.task_id = %(task)s and a.kind = %(kind)s and a.index = %(index)s
    on conflict (task_id, kind, index, sha256) do update
       set place = excluded.place, modified_ns = excluded.modified_ns, cost_usd = takes.cost_usd + excluded.cost_usd,
           fingerprint = excluded.fingerprint, made_for = coalesce(takes.made_for, excluded.made_for),
           replaced_at = null, let_go_at = null
"""

_NEXT: Final = """
    select coalesce(max(number), 0) + 1 from takes where task_id = %(task)s and kind = %(kind)s and index = %(index)s
"""


def of_film(db: Db, task_id: UUID) -> list[Take]:
    """Return every take of a film, in the order of its items and of their numbers."""
    with db.cursor(row_factory=kwargs_row(_take)) as cursor:
        return cursor.execute(
            f"""select {_COLUMNS} from takes where task_id = %s
                 order by array_position(%s, kind), index, number""",  # noqa: S608  # constants only
            (task_id, list(Kind)),
        ).fetchall()


def prices(db: Db, task_id: UUID) -> dict[Artifact, Decimal]:
    """Return what each item of a film that cost anything cost the last time; of what has no takes, all of it."""
    rows = db.execute(
        """select a.kind, a.index, coalesce(last.cost_usd, a.cost_usd)
             from artifacts a
             left join lateral (select t.cost_usd from takes t
                                 where t.task_id = a.task_id and t.kind = a.kind and t.index = a.index
                                   and t.cost_usd > 0
                                 order by t.number desc limit 1) last on true
            where a.task_id = %s and coalesce(last.cost_usd, a.cost_usd) > 0""",
        (task_id,),
    )
    return {Artifact(Kind(kind), index): usd for kind, index, usd in rows}


def made(db: Db, task_id: UUID, new: Made, *, now: datetime, note: str | None = None) -> list[Take]:
    """Note a file that was recorded just now as a take, and return the one that it replaces, if it does.

    `note` says what a person did, where that is not what was asked for when the take before it was rejected.
    """
    if new.artifact.kind not in KEPT:
        return []
    item = {**_key(task_id, new.artifact), "sha256": new.sha256, "now": now, "note": note}
    row = db.execute(_NEXT, item).fetchone()
    assert row is not None
    replaced = _replace(db, item)
    db.execute(_MADE, {**item, "number": row[0], "path": layout.take(new.path, row[0], new.sha256)})
    return replaced


def use(db: Db, task_id: UUID, take: Take, fingerprint: str, *, now: datetime) -> list[Take]:
    """Note that a take is in use again, in the place that it names, and return the one that it replaces, if it does.

    From now on it stands for `fingerprint`; what it was made for stays known.
    """
    item = {**_key(task_id, take.artifact), "sha256": take.sha256, "now": now}
    replaced = _replace(db, item)
    db.execute(
        """update takes set replaced_at = null, place = %(place)s, fingerprint = %(fingerprint)s
            where task_id = %(task)s and kind = %(kind)s and index = %(index)s and sha256 = %(sha256)s""",
        {**item, "place": take.place, "fingerprint": fingerprint},
    )
    return replaced


def made_for(db: Db, task_id: UUID, artifact: Artifact, fingerprint: str, *, besides: Sequence[int]) -> list[Take]:
    """Return the takes of a film that were made for this or stand for it, whatever their number: the best first.

    `besides` are the numbers of items that are to be the same as this one: what they have in use is theirs.
    """
    with db.cursor(row_factory=kwargs_row(_take)) as cursor:
        return cursor.execute(
            f"""select {_COLUMNS} from takes
                 where task_id = %(task)s and kind = %(kind)s and %(fingerprint)s in (fingerprint, made_for)
                   and (replaced_at is not null or index <> all(%(besides)s))
                 order by index = %(index)s desc, replaced_at desc nulls first, number desc""",  # noqa: S608
            {**_key(task_id, artifact), "fingerprint": fingerprint, "besides": list(besides)},
        ).fetchall()


def to_use(db: Db, task_id: UUID) -> Counter[tuple[Kind, str]]:
    """Return how many takes a film has of what was made for each fingerprint, but for those let be bought again."""
    rows = db.execute(
        """select kind, mark, count(*) from takes
            cross join lateral (select fingerprint union select made_for) as marks (mark)
            where task_id = %s and mark is not null and let_go_at is null group by 1, 2""",
        (task_id,),
    )
    return Counter({(Kind(kind), fingerprint): number for kind, fingerprint, number in rows})


def paid_for(db: Db, task_id: UUID, artifact: Artifact, fingerprint: str, *, besides: Sequence[int]) -> Decimal:
    """Return what was paid for the takes that `made_for` names, unless somebody let them be bought again."""
    row = db.execute(
        """select greatest(sum(t.cost_usd),
                           (select max(coalesce(o.charged_usd, o.reserved_usd)) from orders o
                             where o.task_id = %(task)s and o.kind = %(kind)s and o.subject = %(fingerprint)s
                               and o.state <> 'refused'))
             from takes t
            where t.task_id = %(task)s and t.kind = %(kind)s and %(fingerprint)s in (t.fingerprint, t.made_for)
              and (t.replaced_at is not null or t.index <> all(%(besides)s)) and t.let_go_at is null
           having count(*) > 0""",
        {**_key(task_id, artifact), "fingerprint": fingerprint, "besides": list(besides)},
    ).fetchone()
    return Decimal(row[0]) if row else Decimal(0)


def let_go(db: Db, task_id: UUID, *, now: datetime) -> None:
    """Let be bought again what the film stopped for, because its file is gone: a person was told, and says to go on.

    Not what another item that is to be the same has in use: that one's file may go too, some day.
    """
    db.execute(
        """update takes t set let_go_at = %(now)s from artifacts a
            where a.task_id = %(task)s and a.state = 'pending'
              and t.task_id = a.task_id and t.kind = a.kind and a.fingerprint in (t.fingerprint, t.made_for)
              and not exists (select from artifacts other
                               where (other.task_id, other.kind, other.index) = (t.task_id, t.kind, t.index)
                                 and other.sha256 = t.sha256 and other.state = 'done' and t.replaced_at is null)
              and exists (select from task_errors e
                           where e.task_id = a.task_id and e.kind = a.kind and e.index = a.index
                             and e.error_type = %(gone)s and (a.made_at is null or e.at >= a.made_at))""",
        {"task": task_id, "gone": FILE_GONE, "now": now},
    )


def _replace(db: Db, item: dict[str, Any]) -> list[Take]:
    with db.cursor(row_factory=kwargs_row(_take)) as cursor:
        return cursor.execute(_REPLACED, item).fetchall()


def _key(task_id: UUID, artifact: Artifact) -> dict[str, Any]:
    return {"task": task_id, "kind": artifact.kind, "index": artifact.index}


def _take(*, kind: str, index: int, **columns: Any) -> Take:
    return Take(artifact=Artifact(Kind(kind), index), **columns)
