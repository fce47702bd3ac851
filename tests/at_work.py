"""From when to when films are at work in which step, as the database sees it behind the back of what is tested."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from vidctl.store import Db

WATCH = """
    create table at_work (task_id uuid, channel_id text, status text, began bool,
                          at timestamptz default clock_timestamp());
    create function log_at_work() returns trigger language plpgsql as $$
    begin
        if new.version <> old.version then
            insert into at_work values (new.id, new.channel_id, new.status, new.fence <> old.fence);
        end if;
        return null;
    end $$;
    create trigger log_at_work after update on tasks for each row execute function log_at_work()
"""


@dataclass(frozen=True)
class Span:
    """One claim of one film, from its beginning to the move that ended it."""

    channel_id: str
    status: str
    began: float
    ended: float


def spans(db: Db) -> list[Span]:
    """Return all claims that have ended."""
    rows = db.execute(
        """select channel_id, status, extract(epoch from at)::float8,
                  extract(epoch from lead(at) over (partition by task_id order by at))::float8, began
             from at_work order by at"""
    ).fetchall()
    return [Span(*row[:4]) for row in rows if row[4] and row[3] is not None]


def most_at_once(times: Iterable[tuple[float, float]]) -> int:
    """Return the largest number of these times, each with its beginning and end, that overlap at any instant."""
    edges = sorted(edge for began, ended in times for edge in ((began, 1), (ended, -1)))
    return max(accumulate((change for _, change in edges), initial=0))
