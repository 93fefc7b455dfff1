"""Mail that comes too late."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("mail", sa.Column("expire_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column("portal", sa.Column("title", sa.Text(), server_default="", nullable=False))
