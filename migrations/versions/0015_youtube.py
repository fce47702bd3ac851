"""What YouTube is told and shown: accounts of channels, uploads, and what films are compared by."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_OF_KINDS = ("artifacts", "exhibits", "orders", "takes")
_KINDS_BEFORE = (
    "kind in ('storyboard', 'image', 'contact_sheet', 'composite', 'animatic', 'clip', 'filmstrip', 'narration', "
    "'sfx', 'film', 'receipt')"
)
_KINDS_SINCE = _KINDS_BEFORE.replace("'film', ", "'film', 'thumbnail', 'fingerprint', ")
_SCOPES_BEFORE = "scope in ('item', 'service')"
_SCOPES_SINCE = "scope in ('item', 'channel', 'service')"
_ACTIONS_BEFORE = "action in ('approved', 'rejected', 'settled')"
_ACTIONS_SINCE = "action in ('approved', 'rejected', 'settled', 'allowed', 'published')"
# Of films that were handed over before, the bytes are known, and nothing else. Previews stayed on their machine.
_HANDED_OVER_BEFORE = """
    insert into uploads (task_id, channel_id, film_sha256, begun_at, published_at)
    select t.id, t.channel_id, coalesce(nullif(receipt.subject, ''), film.sha256), receipt.updated_at,
           case when receipt.state = 'done' then receipt.updated_at end
      from artifacts receipt
      join tasks t on t.id = receipt.task_id
      join channels c using (channel_id)
      join artifacts film on film.task_id = t.id and film.kind = 'film'
     where receipt.kind = 'receipt' and receipt.state in ('submitted', 'done')
       and coalesce(nullif(receipt.subject, ''), film.sha256) is not null
       and (coalesce(t.settings ->> 'mode', t.mode, c.mode) <> 'preview'
            or jsonb_exists(c.config -> 'scripts', 'upload_video.py'))
"""
_TIME = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    for table in _OF_KINDS:
        _check(table, "kind_known", _KINDS_SINCE)
    _check("task_errors", "scope_known", _SCOPES_SINCE)
    _check("review_audit", "action_known", _ACTIONS_SINCE)
    op.add_column("channels", sa.Column("youtube_channel_id", sa.Text(), nullable=True))
    op.add_column("channels", sa.Column("youtube_channel_title", sa.Text(), server_default="", nullable=False))
    op.add_column("channels", sa.Column("youtube_authorized_at", _TIME, nullable=True))
    op.add_column("channels", sa.Column("youtube_expires_at", _TIME, nullable=True))
    op.add_column("channels", sa.Column("youtube_problem", sa.Text(), server_default="", nullable=False))
    empty = sa.text("'[]'::jsonb")
    op.create_table(
        "uploads",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("film_sha256", sa.Text(), nullable=False),
        sa.Column("frames", postgresql.JSONB(astext_type=sa.Text()), server_default=empty, nullable=False),
        sa.Column("spoken", postgresql.JSONB(astext_type=sa.Text()), server_default=empty, nullable=False),
        sa.Column("account", sa.Text(), server_default="", nullable=False),
        sa.Column("video_id", sa.Text(), nullable=True),
        sa.Column("begun_at", _TIME, nullable=False),
        sa.Column("published_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"]),
        sa.PrimaryKeyConstraint("task_id"),
    )
    op.create_index("uploads_of_channel", "uploads", ["channel_id", "begun_at"])
    op.execute(_HANDED_OVER_BEFORE)


def downgrade() -> None:
    op.drop_index("uploads_of_channel", table_name="uploads")
    op.drop_table("uploads")
    for column in ("channel_id", "channel_title", "authorized_at", "expires_at", "problem"):
        op.drop_column("channels", f"youtube_{column}")
    op.drop_constraint("action_known", "review_audit", type_="check")
    # What was written since stays: it is append-only.
    op.create_check_constraint("action_known", "review_audit", _ACTIONS_BEFORE, postgresql_not_valid=True)
    op.execute("update task_errors set scope = 'service' where scope = 'channel'")
    _check("task_errors", "scope_known", _SCOPES_BEFORE)
    for table in _OF_KINDS:
        op.execute(f"delete from {table} where kind in ('thumbnail', 'fingerprint')")  # noqa: S608  # constants only
        _check(table, "kind_known", _KINDS_BEFORE)


def _check(table: str, name: str, condition: str) -> None:
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, condition)
