"""Groups of people, and the settings of the portal."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "group",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("members", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("sort_key", sa.Text(collation="C"), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group")),
    )
    op.create_index("uq_group_title", "group", ["sort_key"], unique=True)
    op.add_column("portal", sa.Column("title", sa.Text(), server_default="", nullable=False))
    op.add_column("portal", sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False))
    op.add_column("portal", sa.Column("first_day_of_week", sa.Text(), server_default="MONDAY", nullable=False))
    op.add_column("portal", sa.Column("date_format", sa.Text(), server_default="", nullable=False))
    op.add_column("portal", sa.Column("crm_enabled", sa.Boolean(), server_default=sa.text("true"), nullable=False))
    op.add_column("portal", sa.Column("crm_access", sa.Text(), server_default="EVERYONE", nullable=False))
    op.add_column("portal", sa.Column("crm_members", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
    op.add_column("portal", sa.Column("logo", sa.Text(), server_default="", nullable=False))
    op.add_column("portal", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "portal", sa.Column("create_time", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
    )
    op.add_column(
        "portal", sa.Column("update_time", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
    )
    op.add_column("portal", sa.Column("creator", sa.Text(), server_default="", nullable=False))
    op.add_column("user", sa.Column("groups", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False))
