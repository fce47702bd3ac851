"""All rows of all tables as PostgreSQL's own text, as they are at one moment, and back into empty tables.

By COPY, and not by pg_dump: what a server of one version wrote, any other from 14 on reads, and no program has to be
there. The schema is not in it: migrations make that.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

import psycopg
from psycopg import sql

from vidctl.errors import BadInput, Misconfigured
from vidctl.store import Db

_FORM: Final = (
    "set local timezone = 'UTC'",
    "set local datestyle = 'ISO, YMD'",
    "set local intervalstyle = 'postgres'",
    "set local extra_float_digits = 3",
    "set local bytea_output = 'hex'",
    "set local client_encoding = 'UTF8'",
    "set local synchronize_seqscans = off",
    "set local statement_timeout = 0",
)
"""The same rows are the same bytes on every server, in the order in which they lie there."""

_COLUMNS: Final = """
    select a.attname from pg_attribute a
     where a.attrelid = to_regclass(quote_ident(%s)) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     order by a.attnum
"""

_SEQUENCES: Final = """
    with ours as (select to_regclass(quote_ident(name)) as place from unnest(%s::text[]) name)
    select distinct s.relname
      from pg_class s
      join pg_depend d on (d.classid = 'pg_class'::regclass and d.objid = s.oid and d.refobjid in (table ours))
                       or (d.refclassid = 'pg_class'::regclass and d.refobjid = s.oid
                           and d.classid = 'pg_attrdef'::regclass
                           and exists (select from pg_attrdef f where f.oid = d.objid and f.adrelid in (table ours)))
     where s.relkind = 'S'
     order by 1
"""
"""Those that number a column by themselves, and those that a column's default asks."""

_LAX: Final = """
    select c.relname from pg_class c
     where c.oid = to_regclass(quote_ident(%s)) and (
           not exists (select from pg_trigger t
                        where t.tgrelid = c.oid and t.tgname = 'append_only' and t.tgenabled = 'O')
        or exists (select from aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
                    where a.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')))
"""


@contextmanager
def snapshot(db: Db, tables: Sequence[str]) -> Iterator[None]:
    """Read everything as it is at one moment, and let nobody change the schema meanwhile; who works goes on."""
    with db.transaction():
        db.execute("set transaction isolation level repeatable read, read only")
        speak_plainly(db)
        names = sql.SQL(", ").join(sql.Identifier(name) for name in tables)
        db.execute(sql.SQL("lock table {} in access share mode").format(names))
        db.execute("select 1")  # the moment is that of the first query, and not that of the locks
        yield


def speak_plainly(db: Db) -> None:
    """Have the rest of this transaction write and read values in the one form that backups have."""
    for statement in _FORM:
        db.execute(statement)


def columns(db: Db, table: str) -> list[str]:
    """Return a table's columns but for those that are computed from others; [] where there is no such table."""
    return [name for (name,) in db.execute(_COLUMNS, (table,))]


@contextmanager
def copy_out(db: Db, table: str, names: Sequence[str]) -> Iterator[Iterator[bytes]]:
    """Yield a table's rows for the block, a line each.

    Not a plain generator: one that is left in the middle keeps its connection's lock, and the end of the transaction
    would wait for that for ever.
    """
    with db.cursor().copy(_copy(table, names, "to stdout")) as copy:
        yield map(bytes, copy)


def copy_in(db: Db, table: str, names: Sequence[str], parts: Iterable[bytes]) -> None:
    """Put rows into a table that `copy_out` yielded.

    Raises:
        BadInput: the table has other columns than these, or does not take such rows.
    """
    if list(names) != columns(db, table):
        raise BadInput(
            f"the columns of {table} are others than those in the backup",
            hint="restore with the version of vidctl that made it, then upgrade",
        )
    try:
        with db.cursor().copy(_copy(table, names, "from stdin")) as copy:
            for part in parts:
                copy.write(part)
    except (psycopg.DataError, psycopg.IntegrityError) as exc:
        raise BadInput(
            f"the table {table} does not take the rows in the backup: {exc.diag.message_primary}",
            hint="nothing was changed; use another copy, or an earlier backup",
        ) from exc


def _copy(table: str, names: Sequence[str], where: str) -> sql.Composed:
    listed = sql.SQL(", ").join(sql.Identifier(name) for name in names)
    return sql.SQL("copy {} ({}) ").format(sql.Identifier(table), listed) + sql.SQL(where)


def sequences(db: Db, tables: Sequence[str]) -> dict[str, int]:
    """Return the last number that each sequence gave; 0 where it gave none. Read them after the rows."""
    names = [name for (name,) in db.execute(_SEQUENCES, (list(tables),))]
    return {name: _last(db, name) for name in names}


def _last(db: Db, name: str) -> int:
    query = sql.SQL("select case when is_called then last_value else last_value - 1 end from {}")
    row = db.execute(query.format(sql.Identifier(name))).fetchone()
    return int(row[0]) if row else 0


def go_on_from(db: Db, last: Mapping[str, int]) -> None:
    """Let each sequence go on behind the last number that it gave."""
    for name, number in last.items():
        db.execute("select setval(quote_ident(%s)::regclass, %s + 1, false)", (name, number))


def present(db: Db, tables: Sequence[str]) -> list[str]:
    """Return those tables that there are."""
    rows = db.execute(
        "select name from unnest(%s::text[]) name where to_regclass(quote_ident(name)) is not null", (list(tables),)
    )
    return [name for (name,) in rows]


def keep_others_out(db: Db, tables: Sequence[str]) -> None:
    """Let nobody read or write these tables before this transaction ends."""
    if tables:
        names = sql.SQL(", ").join(sql.Identifier(name) for name in tables)
        db.execute(sql.SQL("lock table {} in access exclusive mode").format(names))


def rows_in(db: Db, table: str) -> int:
    """Return how many rows a table has."""
    row = db.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def tokens_in(db: Db) -> int:
    """Return how many channels have a token, by a schema of any version."""
    row = db.execute("select count(*) from channels where youtube_token_encrypted is not null").fetchone()
    return int(row[0]) if row else 0


def require_history_kept(db: Db, tables: Sequence[str]) -> None:
    """Prove that the database refuses to change what these tables hold.

    Raises:
        Misconfigured: one of them can be changed.
    """
    if lax := [name for table in tables for (name,) in db.execute(_LAX, (table,))]:
        raise Misconfigured(
            f"the database lets {', '.join(lax)} be changed", hint="restore into a database of its own, as its owner"
        )


def empty(db: Db, table: str) -> None:
    """Take all rows out of a table."""
    db.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
