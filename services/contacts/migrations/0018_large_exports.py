"""Files of exports may be larger than two gigabytes."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.alter_column("export", "size", existing_type=sa.Integer(), type_=sa.BigInteger(), existing_nullable=False)
