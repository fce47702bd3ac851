"""The animatic that a film shows before its clips are bought, and what it asks there."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OF_KINDS = ("artifacts", "exhibits", "orders", "takes")
_BEFORE = (
    "kind in ('storyboard', 'image', 'contact_sheet', 'composite', 'clip', 'filmstrip', 'narration', 'sfx', 'film', "
    "'receipt')"
)
_SINCE = _BEFORE.replace("'composite', ", "'composite', 'animatic', ")


def upgrade() -> None:
    for table in _OF_KINDS:
        op.drop_constraint("kind_known", table, type_="check")
        op.create_check_constraint("kind_known", table, _SINCE)
    op.add_column("tasks", sa.Column("asks", sa.Text(), nullable=True))
    op.create_check_constraint("asks_at_a_gate", "tasks", "asks is null or status in ('Composites Ready')")


def downgrade() -> None:
    op.drop_constraint("asks_at_a_gate", "tasks", type_="check")
    op.drop_column("tasks", "asks")
    for table in _OF_KINDS:
        op.execute(f"delete from {table} where kind = 'animatic'")  # noqa: S608  # constants only
        op.drop_constraint("kind_known", table, type_="check")
        op.create_check_constraint("kind_known", table, _BEFORE)
