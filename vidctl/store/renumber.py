"""Items are numbered by their place in the storyboard: when that changes, what is known of each follows it.

An image is known by the place of its file, which is made of its kind and its name. Of what belongs to a scene only
what people asked for follows it here; its files and jobs are known by what they are made for, wherever they are.
"""

from collections.abc import Mapping
from itertools import count
from typing import Final
from uuid import UUID

from vidctl.domain import layout
from vidctl.domain.storyboard import Storyboard
from vidctl.domain.work import Artifact, Kind, Retake
from vidctl.store import Db, artifacts

# Two numbers may change places, and a primary key is checked row by row: by way of numbers that no image has.
_ASIDE: Final = """
    update artifacts a set index = -moved.now_is
      from unnest(%(was)s::int[], %(now_is)s::int[]) as moved (was, now_is)
     where a.task_id = %(task)s and a.kind = %(kind)s and a.index = moved.was
"""
_BACK: Final = "update artifacts set index = -index where task_id = %(task)s and kind = %(kind)s and index < 0"

_TAKES_ASIDE: Final = """
    update takes t set index = -moved.now_is
      from unnest(%(was)s::int[], %(now_is)s::int[]) as moved (was, now_is)
     where t.task_id = %(task)s and t.kind = %(kind)s and t.index = moved.was
"""
_TAKES_BACK: Final = "update takes set index = -index where task_id = %(task)s and kind = %(kind)s and index < 0"

_ORDERS_ASIDE: Final = """
    update orders o set index = -moved.now_is
      from unnest(%(was)s::int[], %(now_is)s::int[]) as moved (was, now_is)
     where o.task_id = %(task)s and o.kind = %(kind)s and o.index = moved.was
"""
_ORDERS_BACK: Final = "update orders set index = -index where task_id = %(task)s and kind = %(kind)s and index < 0"

_COSTS: Final = """
    update video_costs c set index = moved.now_is
      from unnest(%(was)s::int[], %(now_is)s::int[]) as moved (was, now_is)
     where c.task_id = %(task)s and c.kind = %(kind)s and c.index = moved.was
"""
_ERRORS: Final = """
    update task_errors e set index = moved.now_is
      from unnest(%(was)s::int[], %(now_is)s::int[]) as moved (was, now_is)
     where e.task_id = %(task)s and e.kind = %(kind)s and e.index = moved.was
"""


def moved_images(db: Db, task_id: UUID, old: Storyboard | None, new: Storyboard) -> dict[Artifact, Artifact]:
    """Return each image whose number another storyboard changes, with its new one.

    Images that the storyboard has no more get numbers after all that it has. They were paid for, and
    are there again once somebody puts them back. Without the `old` storyboard, only what was made is known.
    """
    rows = db.execute(
        "select index, path from artifacts where task_id = %s and kind = %s order by index", (task_id, Kind.IMAGE)
    ).fetchall()
    was = dict(enumerate(map(layout.image, old.assets), 1)) if old else {}
    places = {layout.image(asset): index for index, asset in enumerate(new.assets, 1)}
    beyond = count(len(new.assets) + 1)
    numbers = [(index, places.pop(was.get(index, path), 0) or next(beyond)) for index, path in rows]
    return {Artifact(Kind.IMAGE, before): Artifact(Kind.IMAGE, after) for before, after in numbers if before != after}


def renumber(db: Db, task_id: UUID, moved: Mapping[Artifact, Artifact]) -> None:
    """Give images their new numbers: files, takes, notes, jobs, orders, costs and errors.

    Call it in the edit's transaction.
    """
    numbers = {"was": [image.index for image in moved], "now_is": [image.index for image in moved.values()]}
    for query in (_ASIDE, _BACK, _TAKES_ASIDE, _TAKES_BACK, _ORDERS_ASIDE, _ORDERS_BACK, _COSTS, _ERRORS):
        db.execute(query, {"task": task_id, "kind": Kind.IMAGE, **numbers})


def renumbered_retakes(
    retakes: Mapping[Artifact, Retake], came_from: Mapping[Artifact, Artifact | None]
) -> dict[Artifact, Retake]:
    """Return what people asked for by the numbers that the items have now; nobody asked for anything of a new one."""
    moved = {item: retakes.get(was, Retake()) if was else Retake() for item, was in came_from.items()}
    return {**retakes, **moved}


def retakes_follow(db: Db, task_id: UUID, came_from: Mapping[Artifact, Artifact | None]) -> None:
    """Let what people asked for when they rejected an item go where that is now. Call it in the edit's transaction."""
    before = artifacts.retakes(db, task_id)
    for item, retake in renumbered_retakes(before, came_from).items():
        if retake != before.get(item, Retake()):
            db.execute(
                """insert into artifacts (task_id, kind, index, state, take, note)
                   values (%s, %s, %s, 'pending', %s, %s)
                   on conflict (task_id, kind, index) do update set take = excluded.take, note = excluded.note""",
                (task_id, item.kind, item.index, retake.take, retake.note),
            )
