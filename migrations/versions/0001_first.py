"""The first schema: channels, films, their artifacts and history, reviews, costs, alerts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("task_events", "review_audit")
REFUSE_CHANGE = """
    create function refuse_change() returns trigger language plpgsql as $$
    begin
        raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
    end $$
"""


def upgrade() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("channel_name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), server_default="normal", nullable=False),
        sa.Column("max_concurrent", sa.Integer(), nullable=False),
        sa.Column(
            "config", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("last_served_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("youtube_token_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("priority in ('high', 'normal', 'low')", name="priority_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel_id"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "service_state",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("paused_until", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("service"),
    )
    op.create_table(
        "ticks",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("started_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("ended_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("dispatched", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_ticks_started_at"), "ticks", ["started_at"], unique=False)
    op.create_table(
        "weekly_metrics",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column(
            "metrics", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("week"),
    )
    op.create_table(
        "youtube_quota_usage",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("bucket", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("units_used", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("project", "bucket", "day"),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("notion_page_id", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("story_direction", sa.Text(), server_default="", nullable=False),
        sa.Column("status", sa.Text(), server_default="Draft", nullable=False),
        sa.Column("priority", sa.Text(), server_default="normal", nullable=False),
        sa.Column("privacy", sa.Text(), nullable=True),
        sa.Column("publish_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("error_log", sa.Text(), server_default="", nullable=False),
        sa.Column("review_notes", sa.Text(), server_default="", nullable=False),
        sa.Column("youtube_url", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("fence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failed_step", sa.Text(), nullable=True),
        sa.Column("claimed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("progress_done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("progress_total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("board_seen_status", sa.Text(), nullable=True),
        sa.Column("pushed_version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("superseded_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("queued_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("status_since", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("priority in ('high', 'normal', 'low')", name="priority_known"),
        sa.CheckConstraint(
            "status in ('Draft', 'Queued', 'Claimed', 'Generating Assets', 'Assets Ready', 'Assets Approved', 'Generating Composites', 'Composites Ready', 'Generating Video', 'Video Ready', 'Video Approved', 'Generating Audio', 'Generating SFX', 'SFX Ready', 'Audio Ready', 'Audio Approved', 'Assembling', 'Assembly Ready', 'Final Review', 'Approved', 'Uploading', 'Published', 'Asset Error', 'Video Error', 'Audio Error', 'Upload Error')",
            name="status_known",
        ),
        sa.ForeignKeyConstraint(
            ["channel_id"],
            ["channels.channel_id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("tasks_by_channel", "tasks", ["channel_id", "status"], unique=False)
    op.create_index(
        "tasks_page", "tasks", ["notion_page_id"], unique=True, postgresql_where=sa.text("superseded_at is null")
    )
    op.create_index(
        "tasks_waiting",
        "tasks",
        ["status", "next_attempt_at"],
        unique=False,
        postgresql_where=sa.text(
            "status in ('Approved', 'Assembling', 'Assembly Ready', 'Assets Approved', 'Audio Approved', 'Claimed', 'Composites Ready', 'Generating Assets', 'Generating Audio', 'Generating Composites', 'Generating SFX', 'Generating Video', 'Queued', 'SFX Ready', 'Uploading', 'Video Approved')"
        ),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=True),
        sa.Column("channel_id", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("delivered_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "alerts_due", "alerts", ["created_at"], unique=False, postgresql_where=sa.text("delivered_at is null")
    )
    op.create_table(
        "artifacts",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("modified_ns", sa.BigInteger(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("prompt", sa.Text(), server_default="", nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("take", sa.Integer(), server_default="1", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_usd", sa.Numeric(precision=12, scale=6), server_default="0", nullable=False),
        sa.Column(
            "facts", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False
        ),
        sa.Column("made_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('storyboard', 'image', 'contact_sheet', 'composite', 'clip', 'filmstrip', 'narration', 'sfx', 'film', 'receipt')",
            name="kind_known",
        ),
        sa.CheckConstraint("state in ('pending', 'submitted', 'done', 'rejected')", name="state_known"),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("task_id", "kind", "index"),
    )
    op.create_table(
        "review_audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reviewer_id", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "content", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'::jsonb"), nullable=False
        ),
        sa.Column("content_sha256", sa.Text(), nullable=False),
        sa.Column("video_id", sa.Text(), nullable=True),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("action in ('approved', 'rejected')", name="action_known"),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("hash"),
    )
    op.create_index(op.f("ix_review_audit_task_id"), "review_audit", ["task_id"], unique=False)
    op.create_table(
        "task_errors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("index", sa.Integer(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error_type", sa.Text(), nullable=False),
        sa.Column("error_class", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column(
            "is_transient", sa.Boolean(), sa.Computed("error_class <> 'permanent'", persisted=True), nullable=True
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), server_default="", nullable=False),
        sa.Column("stderr", sa.Text(), server_default="", nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint("error_class in ('transient', 'permanent', 'quota')", name="error_class_known"),
        sa.CheckConstraint("scope in ('item', 'service')", name="scope_known"),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_task_errors_task_id"), "task_errors", ["task_id"], unique=False)
    op.create_table(
        "task_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_status", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("to_status", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "event in ('queue', 'claim', 'start', 'finish', 'defer', 'fail', 'approve', 'reject', 'retry', 'hold')",
            name="event_known",
        ),
        sa.CheckConstraint(
            "from_status in ('Draft', 'Queued', 'Claimed', 'Generating Assets', 'Assets Ready', 'Assets Approved', 'Generating Composites', 'Composites Ready', 'Generating Video', 'Video Ready', 'Video Approved', 'Generating Audio', 'Generating SFX', 'SFX Ready', 'Audio Ready', 'Audio Approved', 'Assembling', 'Assembly Ready', 'Final Review', 'Approved', 'Uploading', 'Published', 'Asset Error', 'Video Error', 'Audio Error', 'Upload Error')",
            name="from_status_known",
        ),
        sa.CheckConstraint(
            "to_status in ('Draft', 'Queued', 'Claimed', 'Generating Assets', 'Assets Ready', 'Assets Approved', 'Generating Composites', 'Composites Ready', 'Generating Video', 'Video Ready', 'Video Approved', 'Generating Audio', 'Generating SFX', 'SFX Ready', 'Audio Ready', 'Audio Approved', 'Assembling', 'Assembly Ready', 'Final Review', 'Approved', 'Uploading', 'Published', 'Asset Error', 'Video Error', 'Audio Error', 'Upload Error')",
            name="to_status_known",
        ),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("task_id", "version", name="task_events_one_a_version"),
    )
    op.create_table(
        "video_costs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("index", sa.Integer(), nullable=True),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("units_used", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("cost_usd", sa.Numeric(precision=12, scale=6), server_default="0", nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"],
            ["tasks.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_video_costs_task_id"), "video_costs", ["task_id"], unique=False)
    op.execute(REFUSE_CHANGE)
    for table in APPEND_ONLY:
        op.execute(
            f"create trigger append_only before update or delete or truncate on {table}"
            " for each statement execute function refuse_change()"
        )


def downgrade() -> None:
    op.drop_index(op.f("ix_video_costs_task_id"), table_name="video_costs")
    op.drop_table("video_costs")
    op.drop_table("task_events")
    op.drop_index(op.f("ix_task_errors_task_id"), table_name="task_errors")
    op.drop_table("task_errors")
    op.drop_index(op.f("ix_review_audit_task_id"), table_name="review_audit")
    op.drop_table("review_audit")
    op.drop_table("artifacts")
    op.drop_index("alerts_due", table_name="alerts", postgresql_where=sa.text("delivered_at is null"))
    op.drop_table("alerts")
    op.drop_index(
        "tasks_waiting",
        table_name="tasks",
        postgresql_where=sa.text(
            "status in ('Approved', 'Assembling', 'Assembly Ready', 'Assets Approved', 'Audio Approved', 'Claimed', 'Composites Ready', 'Generating Assets', 'Generating Audio', 'Generating Composites', 'Generating SFX', 'Generating Video', 'Queued', 'SFX Ready', 'Uploading', 'Video Approved')"
        ),
    )
    op.drop_index("tasks_page", table_name="tasks", postgresql_where=sa.text("superseded_at is null"))
    op.drop_index("tasks_by_channel", table_name="tasks")
    op.drop_table("tasks")
    op.drop_table("youtube_quota_usage")
    op.drop_table("weekly_metrics")
    op.drop_index(op.f("ix_ticks_started_at"), table_name="ticks")
    op.drop_table("ticks")
    op.drop_table("service_state")
    op.drop_table("channels")
    op.execute("drop function refuse_change")
