"""Tags that are renamed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("clearing", sa.Column("becomes", sa.Text(), server_default="", nullable=False))
