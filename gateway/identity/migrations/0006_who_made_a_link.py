"""A link knows who made it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("link", sa.Column("issuer", sa.Text(), server_default="", nullable=False))
