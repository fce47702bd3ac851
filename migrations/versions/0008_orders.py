"""What is bought of the paid services, from the intent on, and how many calls at once they take."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
OPEN = sa.text("state in ('asked', 'bought', 'in doubt')")


def upgrade() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("component", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by_job", sa.Boolean(), nullable=False),
        sa.Column("reserved_usd", sa.Numeric(12, 6), server_default="0", nullable=False),
        sa.Column("charged_usd", sa.Numeric(12, 6), nullable=True),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("before_usd", sa.Numeric(14, 6), nullable=True),
        sa.Column("before_at", MOMENT, nullable=True),
        sa.Column("after_usd", sa.Numeric(14, 6), nullable=True),
        sa.Column("after_at", MOMENT, nullable=True),
        sa.Column("refused_sha256", sa.Text(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.Text(), server_default="", nullable=False),
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind in ('storyboard', 'image', 'contact_sheet', 'composite', 'clip', 'filmstrip', 'narration', 'sfx', 'film', 'receipt')",
            name="kind_known",
        ),
        sa.CheckConstraint(
            "state in ('asked', 'bought', 'in doubt', 'made', 'failed', 'refused', 'lost')",
            name="state_known",
        ),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_orders_task_id"), "orders", ["task_id"], unique=False)
    op.create_index("orders_of_channel", "orders", ["channel_id", "asked_at"], unique=False)
    op.create_index("orders_of_service", "orders", ["service", "asked_at"], unique=False)
    op.create_index("orders_asked", "orders", ["asked_at"], unique=False)
    op.create_index(
        "orders_open_once", "orders", ["task_id", "kind", "index", "subject"], unique=True, postgresql_where=OPEN
    )
    op.create_table(
        "service_limits",
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("at_once", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("service"),
    )
    op.add_column("video_costs", sa.Column("basis", sa.Text(), server_default="list price", nullable=False))
    op.add_column("video_costs", sa.Column("order_id", sa.BigInteger(), nullable=True))
    op.create_check_constraint("basis_known", "video_costs", "basis in ('provider', 'list price')")
    op.create_foreign_key(None, "video_costs", "orders", ["order_id"], ["id"])
    op.create_index(op.f("ix_video_costs_order_id"), "video_costs", ["order_id"], unique=False)
    op.create_index("video_costs_at", "video_costs", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index("video_costs_at", table_name="video_costs")
    op.drop_index(op.f("ix_video_costs_order_id"), table_name="video_costs")
    op.drop_constraint("video_costs_order_id_fkey", "video_costs", type_="foreignkey")
    op.drop_constraint("basis_known", "video_costs", type_="check")
    op.drop_column("video_costs", "order_id")
    op.drop_column("video_costs", "basis")
    op.drop_table("service_limits")
    op.drop_index("orders_open_once", table_name="orders", postgresql_where=OPEN)
    op.drop_index("orders_asked", table_name="orders")
    op.drop_index("orders_of_service", table_name="orders")
    op.drop_index("orders_of_channel", table_name="orders")
    op.drop_index(op.f("ix_orders_task_id"), table_name="orders")
    op.drop_table("orders")
