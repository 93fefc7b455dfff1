"""Who is in groups: whoever is sees what his groups may see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("principal", sa.Column("members", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
