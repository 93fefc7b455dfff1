"""Who works here, by name."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    """Forward only: to go back, restore a backup."""
    for name in ("display_name", "email", "state"):
        op.add_column("principal", sa.Column(name, sa.Text(), server_default="", nullable=False))
