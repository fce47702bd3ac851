"""What is asked every minute is answered by indexes: a year of films makes no tick slower."""

import re

from tests.plans import plans
from tests.studio import Studio
from vidctl.engine.tick import look

GROW = frozenset(
    {
        *("tasks", "task_events", "task_errors", "artifacts", "artifact_takes", "orders", "video_costs", "alerts"),
        *("ticks", "uploads", "review_audit", "cards", "card_comments", "card_notes"),
    }
)
"""The tables that have more rows every week."""


def read_whole(found: list[str]) -> dict[str, str]:
    """Return the tables that were read from end to end, each with the statement that did."""
    return {table: plan for plan in found for table in re.findall(r"Seq Scan on (\w+)", plan) if table in GROW}


def test_a_tick_reads_no_table_that_grows_from_end_to_end(studio: Studio) -> None:
    studio.film()
    with plans(studio.db) as found:
        ticked = look(studio.db, studio.dsn, studio.files(), studio.context)
        look(studio.db, studio.dsn, studio.files(), studio.context)
    assert len(ticked.begun) == 1
    assert any("tasks" in plan for plan in found)
    assert not read_whole(found)
