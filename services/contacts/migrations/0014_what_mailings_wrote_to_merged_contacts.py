"""What mailings wrote to contacts that were merged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"


def upgrade():
    """Forward only: to go back, restore a backup."""
    kept = sa.Column("recipients", postgresql.JSONB(), server_default="[]", nullable=False)
    op.add_column("contact_merge", kept)
