"""Who may use the CRM and who administers the portal; what is removed is found by an index."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "portal",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_portal")),
    )
    op.add_column("person", sa.Column("role", sa.Text(), server_default="", nullable=False))
    op.alter_column("person", "role", server_default=None)
    op.add_column("mail", sa.Column("once", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.alter_column("mail", "once", server_default=None)
    op.create_index("ix_notification_read_time", "notification", ["read_time"], unique=False)
    op.create_index(
        "ix_notification_mailed_only",
        "notification",
        ["id"],
        unique=False,
        postgresql_where=sa.text("NOT shown AND NOT awaits_digest"),
    )
