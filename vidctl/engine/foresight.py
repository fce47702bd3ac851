"""What a tick, or one step, would begin now. It goes the same way, and writes as they do: take all of it back.

Boards in Notion are not asked: what people did there since the last tick is not known here.
"""

from pathlib import Path
from uuid import UUID

from vidctl.domain.work import Step
from vidctl.engine import budget_stops, channel_files
from vidctl.engine.channel_files import Loaded
from vidctl.engine.context import Context
from vidctl.engine.run_step import taken
from vidctl.engine.tick import here, rooms
from vidctl.store import Db, channels, picks
from vidctl.store.picks import Pick


def of_tick(db: Db, channel_configs: Path, context: Context) -> tuple[Loaded, list[Pick]]:
    """Return the films that a tick would begin, in their order, and the channel files that it would work by.

    Raises:
        Misconfigured: no channel file can be used.
    """
    files = channel_files.load(channel_configs)
    channels.put(db, files.channels, broken=files.broken)
    stops = budget_stops.holding(db, files, now=context.clock())
    return files, picks.pick(
        db, rooms(files.limits), now=context.clock(), stops=stops, here=here(files.limits, context)
    )


def of_step(db: Db, task_id: UUID, context: Context) -> Step | None:
    """Return the step that `run-step` would do; the locks that it needs are this session's from then on.

    Raises:
        NotFound: there is no such film.
    """
    found = taken(db, task_id, context)
    return None if found is None else found[2]
