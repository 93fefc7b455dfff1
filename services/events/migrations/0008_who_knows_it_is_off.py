"""Who was told that an event was called off."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("event_guest", sa.Column("told_cancelled", sa.Boolean(), server_default="false", nullable=False))
