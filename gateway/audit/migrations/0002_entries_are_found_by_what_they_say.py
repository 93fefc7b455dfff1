"""Entries are found by what they say."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    """Forward only: to go back, restore a backup."""
    for name in ("session", "address", "service", "event", "action"):
        op.create_index(f"ix_audit_entry_{name}_number", "audit_entry", [name, "number"], unique=False)
