"""All that a command may leave behind: every row of the database, and every file of a folder."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from psycopg import sql

from vidctl.store import Db


def traces(db: Db, root: Path, *, but: Collection[str] = ()) -> dict[str, Any]:
    """Return each table's rows, but of some tables, and each file's bytes."""
    tables = db.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    rows = sql.SQL("select array_agg(t::text order by t::text) from {} t")
    kept = {name: db.execute(rows.format(sql.Identifier(name))).fetchone() for (name,) in tables if name not in but}
    files = (path for path in root.rglob("*") if path.is_file())
    return kept | {str(path): path.read_bytes() for path in files}


def changed(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    """Return the names of the tables and files that are not as they were."""
    return {name for name in before | after if before.get(name) != after.get(name)}
