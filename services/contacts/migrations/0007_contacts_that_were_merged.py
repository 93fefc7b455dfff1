"""Contacts that were merged."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "contact_merge",
        sa.Column("source", sa.BigInteger(), nullable=False),
        sa.Column("source_title", sa.Text(), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source_before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("target_before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("target_after", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("persons", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_merge")),
    )
    op.create_index("ix_contact_merge_create_time_id", "contact_merge", ["create_time", "id"], unique=False)
    op.create_index(op.f("ix_contact_merge_source"), "contact_merge", ["source"], unique=False)
    op.create_index(op.f("ix_contact_merge_target"), "contact_merge", ["target"], unique=False)
