"""Distinct pairs."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "distinct_pair",
        sa.Column("one", sa.BigInteger(), nullable=False),
        sa.Column("other", sa.BigInteger(), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["one"], ["contact.id"], name=op.f("fk_distinct_pair_one"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other"], ["contact.id"], name=op.f("fk_distinct_pair_other"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("one", "other", name=op.f("pk_distinct_pair")),
    )
    op.create_index(op.f("ix_distinct_pair_other"), "distinct_pair", ["other"], unique=False)
