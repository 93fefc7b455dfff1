"""Searched history."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_index(
        "ix_history_entry_search_text",
        "history_entry",
        ["search_text"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
