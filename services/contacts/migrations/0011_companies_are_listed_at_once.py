"""Companies, and persons, are listed without looking at the others."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_index("ix_contact_kind_sort_key", "contact", ["kind", "sort_key", "id"])
