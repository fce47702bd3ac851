"""Which word of a script a charge is; and in which order things happened to orders, whatever the hosts' clocks say."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBERS = ("answered_no", "settled_no", "before_since_no", "before_no", "after_since_no", "after_no")

# What happened before has its moment in microseconds for a number, and a reading was asked for six seconds before.
BY_TIME = """
    update orders set asked_no = 1000000 * extract(epoch from asked_at),
                      answered_no = 1000000 * extract(epoch from answered_at),
                      settled_no = 1000000 * extract(epoch from settled_at),
                      before_since_no = 1000000 * extract(epoch from before_at - interval '6 s'),
                      before_no = 1000000 * extract(epoch from before_at),
                      after_since_no = 1000000 * extract(epoch from after_at - interval '6 s'),
                      after_no = 1000000 * extract(epoch from after_at)
"""
AFTER_ALL = """
    select setval('ledger', 1 + max(greatest(asked_no, answered_no, settled_no, before_no, after_no)))
      from orders having count(*) > 0
"""


def upgrade() -> None:
    op.add_column("video_costs", sa.Column("word_id", sa.Uuid(), nullable=True))
    op.create_index("video_costs_word", "video_costs", ["word_id"], unique=True)
    op.execute("create sequence ledger")
    op.add_column("orders", sa.Column("asked_no", sa.BigInteger(), nullable=True))
    for number in NUMBERS:
        op.add_column("orders", sa.Column(number, sa.BigInteger(), nullable=True))
    op.execute(BY_TIME)
    op.execute(AFTER_ALL)
    op.alter_column("orders", "asked_no", nullable=False, server_default=sa.text("nextval('ledger')"))


def downgrade() -> None:
    for number in ("asked_no", *NUMBERS):
        op.drop_column("orders", number)
    op.execute("drop sequence ledger")
    op.drop_index("video_costs_word", table_name="video_costs")
    op.drop_column("video_costs", "word_id")
