"""The language that a contact is best written to in."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("contact", sa.Column("language", sa.Text(), server_default="", nullable=False))
