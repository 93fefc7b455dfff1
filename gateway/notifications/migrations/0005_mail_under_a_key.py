"""Mail under a key."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("mail", sa.Column("key", sa.Text(), server_default="", nullable=False))
    op.create_index("ix_mail_key", "mail", ["key"], unique=True, postgresql_where=sa.text("key <> ''"))
