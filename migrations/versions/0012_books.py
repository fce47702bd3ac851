"""Which word of a script a charge is, so that one that had to be put off is booked once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("video_costs", sa.Column("word_id", sa.Uuid(), nullable=True))
    op.create_index("video_costs_word", "video_costs", ["word_id"], unique=True)


def downgrade() -> None:
    op.drop_index("video_costs_word", table_name="video_costs")
    op.drop_column("video_costs", "word_id")
