"""Mail is counted by address."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_index("ix_mail_to_create_time", "mail", ["to", "create_time"], unique=False)
