"""What instant scripts made of one film, brought to another: rows, files and what the scripts' ledger says.

A film's way to a gate takes a second, and hundreds of tests begin at one. So a run lets the engine make such a film
once, for all of its workers, and brings what came of it to the others: a test whose subject is the way itself goes it.
"""

import json
import os
import pickle
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from vidctl.domain.status import Status
from vidctl.store import Db, audit
from vidctl.store.audit import Decision

_WHOLE = ("artifacts", "takes", "alerts", "video_costs", "task_errors")
"""Tables in which a film that was only queued has no row."""
_MOVED = (
    "status, version, fence, attempt, next_attempt_at, failed_step, claimed_at, claimed_by, error_log, review_notes, "
    "progress_done, progress_total, settings, youtube_url, status_since, updated_at"
)
"""Columns of a film that its way changes."""

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """What differs between two studios, and between two films in one."""

    root: Path
    task_id: UUID
    folder: Path
    database_id: str
    now: datetime

    @property
    def words(self) -> tuple[str, ...]:
        return str(self.root), str(self.task_id), self.database_id


@dataclass(frozen=True)
class Snapshot:
    """A film in `status`; `kept` has a copy of its folder."""

    place: Place
    status: Status
    passed: frozenset[str]
    took: timedelta
    tables: dict[str, Rows]
    decided: Rows
    ledger: str
    faults: str
    """What is left of them."""
    kept: Path


def furthest(key: str, to: Status) -> Snapshot | None:
    """Return the snapshot of such a film that is nearest to `to`, and not past it."""
    all_of_it = [_read(path) for path in _folder(key).glob("*.pickle")]
    before = [one for one in all_of_it if to.value not in one.passed]
    return max(before, key=lambda one: len(one.passed), default=None)


def take(db: Db, key: str, place: Place, *, since: datetime, ledger: str, faults: str) -> None:
    """Keep what was made of a film; `since` is what the studio's clock said before."""
    rows = {table: _rows(db, table, place.task_id) for table in (*_WHOLE, "task_events", "tasks")}
    decided = _rows(db, "review_audit", place.task_id)
    status = Status(rows["tasks"][0]["status"])
    file = _folder(key) / f"{status.name}.pickle"
    if file.exists():
        return
    passed = frozenset(row["from_status"] for row in rows["task_events"])
    if status in passed or not place.folder.exists():  # it came here before, or has nothing yet
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = Path(tempfile.mkdtemp(dir=file.parent))
    shutil.copytree(place.folder, kept, symlinks=True, dirs_exist_ok=True)
    made = Snapshot(place, status, passed, place.now - since, rows, decided, ledger, faults, kept)
    whole = kept.with_suffix(".whole")
    whole.write_bytes(pickle.dumps(made))
    whole.rename(file)  # another worker may read it at this moment


def _folder(key: str) -> Path:
    return Path(os.environ["VIDCTL_TEST_RUN_HOME"]) / "replay" / sha256(key.encode()).hexdigest()


@cache
def _read(path: Path) -> Snapshot:
    made: Snapshot = pickle.loads(path.read_bytes())
    return made


def bring(db: Db, snapshot: Snapshot, place: Place) -> str:
    """Give a film that was only queued what a snapshot has; return what the ledger says of it."""
    moves = dict(zip(snapshot.place.words, place.words, strict=True))
    later = place.now - (snapshot.place.now - snapshot.took)
    _copy(snapshot, place)
    with db.transaction():
        for table in _WHOLE:
            _insert(db, table, _moved(db, table, snapshot.tables[table], moves, later))
        version = db.execute("select version from tasks where id = %s", (place.task_id,)).fetchone()
        assert version is not None
        events = [row for row in snapshot.tables["task_events"] if row["version"] > version[0]]
        _insert(db, "task_events", _moved(db, "task_events", events, moves, later))
        for row in _moved(db, "review_audit", snapshot.decided, moves, later):
            audit.append(db, _decision(place, row))
        db.execute(
            f"update tasks set ({_MOVED}) = (select {_MOVED} from jsonb_populate_record(null::tasks, %s))"
            " where id = %s",
            (Jsonb(_moved(db, "tasks", snapshot.tables["tasks"], moves, later)[0]), place.task_id),
        )
    return _with(snapshot.ledger, moves)


def _decision(place: Place, row: dict[str, Any]) -> Decision:
    at = datetime.fromisoformat(row["at"])
    content = [(kind, index, sha256) for kind, index, sha256 in row["content"]]
    return Decision(place.task_id, Status(row["gate"]), row["action"], row["reviewer_id"], row["notes"], content, at)


def _copy(snapshot: Snapshot, place: Place) -> None:
    """Copy the folder with the times of its files; what is named after the film gets the new name."""
    old, new = str(snapshot.place.task_id), str(place.task_id)
    shutil.copytree(snapshot.kept, place.folder, symlinks=True, dirs_exist_ok=True)
    for path in [*place.folder.rglob(f"*{old}*")]:
        path.rename(path.with_name(path.name.replace(old, new)))


def _rows(db: Db, table: str, task_id: UUID) -> Rows:
    own = "id" if table == "tasks" else "task_id"
    order = {"task_events": "order by version", "review_audit": "order by id"}.get(table, "")
    found = db.execute(f"select to_jsonb(t) from {table} t where {own} = %s {order}", (task_id,))
    return [row[0] for row in found]


def _columns(db: Db, table: str) -> dict[str, str]:
    """Return the columns that can be written, with their types; no word of a script is said for two films."""
    found = db.execute(
        "select column_name, data_type from information_schema.columns where table_schema = current_schema()"
        " and table_name = %s and is_identity = 'NO' and is_generated = 'NEVER'"
        " and column_name <> 'word_id'",
        (table,),
    )
    return dict(found.fetchall())


def _moved(db: Db, table: str, rows: Rows, moves: dict[str, str], later: timedelta) -> Rows:
    if not rows:
        return []
    moments = [name for name, kind in _columns(db, table).items() if kind.startswith("timestamp")]
    moved: Rows = json.loads(_with(json.dumps(rows), moves))
    for row in moved:
        for name in moments:
            if row[name] is not None:
                row[name] = (datetime.fromisoformat(row[name]) + later).isoformat()
    return moved


def _with(text: str, moves: dict[str, str]) -> str:
    for old, new in moves.items():
        if old:
            text = text.replace(old, new)
    return text


def _insert(db: Db, table: str, rows: Rows) -> None:
    if rows:
        columns = ", ".join(f'"{name}"' for name in _columns(db, table))
        db.execute(
            f"insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, %s)",
            (Jsonb(rows),),
        )
