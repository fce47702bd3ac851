"""Decisions that nobody may change: archives of old ones, heads that were posted, and no right to edit history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_NEW = ("audit_archives", "audit_heads")
_HISTORY = ("task_events", "review_audit", *_NEW)
_TIME = postgresql.TIMESTAMP(timezone=True)

REVOKE_FROM_ALL = """
    do $$
    declare holder record;
    begin
        for holder in
            select distinct h.place, case when a.grantee = 0 then 'public' else quote_ident(r.rolname) end as role
              from unnest('{%s}'::regclass[]) h(place) join pg_class c on c.oid = h.place,
                   aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) a
                   left join pg_roles r on r.oid = a.grantee
             where a.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE')
        loop
            execute format('revoke update, delete, truncate on %%s from %%s cascade', holder.place, holder.role);
        end loop;
    end $$
"""
"""The owner of a table may take its own rights from itself; a superuser needs none, and only the trigger stops it."""

GIVE_BACK_TO_OWNER = """
    do $$
    begin
        execute format('grant update, delete, truncate on %s to %s', '{0}',
                       (select relowner::regrole::text from pg_class where oid = '{0}'::regclass));
    end $$
"""


def upgrade() -> None:
    op.create_table(
        "audit_archives",
        sa.Column("from_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("to_id", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("first_hash", sa.Text(), nullable=False),
        sa.Column("last_hash", sa.Text(), nullable=False),
        sa.Column("last_at", _TIME, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("from_id"),
        sa.UniqueConstraint("to_id"),
    )
    op.create_table(
        "audit_heads",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    for table in _NEW:
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table}"
            " for each statement execute function refuse_change()"
        )
    op.execute(REVOKE_FROM_ALL % ", ".join(_HISTORY))


def downgrade() -> None:
    # What was archived is in its files alone: the version before would call the chain broken.
    op.execute(
        "do $$ begin if exists (select from audit_archives) then"
        " raise exception 'decisions were archived: the schema before this one does not know where they are'; end if;"
        " end $$"
    )
    for table in ("task_events", "review_audit"):
        op.execute(GIVE_BACK_TO_OWNER.format(table))
    for table in _NEW:
        op.drop_table(table)
