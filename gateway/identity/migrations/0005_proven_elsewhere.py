"""People may sign in at another provider."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "proven_elsewhere",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_proven_elsewhere_user_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_proven_elsewhere")),
    )
    op.create_index("uq_proven_elsewhere_user_id_issuer", "proven_elsewhere", ["user_id", "issuer"], unique=True)
