"""Everything a contact has."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "clearing",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearing")),
    )
    op.create_table(
        "contact_field",
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("mask", sa.Text(), nullable=False),
        sa.Column("options", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_field")),
    )
    op.create_table(
        "contact_photo",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_contact_photo")),
    )
    op.create_table(
        "contact_settings",
        sa.Column("temperature_to_related", sa.Text(), nullable=False),
        sa.Column("tags_to_related", sa.Text(), nullable=False),
        sa.Column("mail_to_history", sa.Boolean(), nullable=False),
        sa.Column("phone_region", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_settings")),
    )
    op.create_table(
        "contact_tag",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_tag")),
        sa.UniqueConstraint("key", name=op.f("uq_contact_tag_key")),
    )
    op.create_table(
        "contact_type",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_type")),
        sa.UniqueConstraint("key", name=op.f("uq_contact_type_key")),
    )
    op.create_table(
        "temperature_level",
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("color", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("update_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("creator", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_temperature_level")),
        sa.UniqueConstraint("key", name=op.f("uq_temperature_level_key")),
    )
    op.add_column(
        "contact",
        sa.Column("websites", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column(
        "contact",
        sa.Column("socials", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'[]'")),
    )
    op.add_column("contact", sa.Column("type", sa.BigInteger(), nullable=True))
    op.add_column("contact", sa.Column("temperature", sa.BigInteger(), nullable=True))
    op.add_column(
        "contact", sa.Column("temperature_rank", sa.BigInteger(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column("contact", sa.Column("currency", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("contact", sa.Column("photo", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("contact", sa.Column("source", sa.Text(), nullable=False, server_default="MANUAL"))
    op.add_column("contact", sa.Column("origin", sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column("contact", sa.Column("keys", postgresql.ARRAY(sa.Text()), nullable=True))
    op.add_column(
        "contact", sa.Column("tags", postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'"))
    )
    op.add_column(
        "contact", sa.Column("tag_keys", postgresql.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'"))
    )
    op.add_column(
        "contact",
        sa.Column("custom", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default=sa.text("'{}'")),
    )
    op.create_index("ix_contact_custom", "contact", ["custom"], unique=False, postgresql_using="gin")
    op.create_index("ix_contact_first_name_id", "contact", ["first_name", "id"], unique=False)
    op.create_index("ix_contact_keys", "contact", ["keys"], unique=False, postgresql_using="gin")
    op.create_index("ix_contact_last_name_id", "contact", ["last_name", "id"], unique=False)
    op.create_index("ix_contact_origin", "contact", ["origin"], unique=False, postgresql_where=sa.text("origin <> ''"))
    op.create_index("ix_contact_tag_keys", "contact", ["tag_keys"], unique=False, postgresql_using="gin")
    op.create_index("ix_contact_temperature_rank_id", "contact", ["temperature_rank", "id"], unique=False)
    op.create_index("ix_contact_temperature_sort_key", "contact", ["temperature", "sort_key", "id"], unique=False)
    op.create_index("ix_contact_type_sort_key", "contact", ["type", "sort_key", "id"], unique=False)
    op.create_index("ix_contact_unsettled", "contact", ["id"], unique=False, postgresql_where=sa.text("keys IS NULL"))
    op.create_index("ix_contact_update_time_id", "contact", ["update_time", "id"], unique=False)
    op.create_foreign_key(op.f("fk_contact_type"), "contact", "contact_type", ["type"], ["id"])
    op.create_foreign_key(op.f("fk_contact_temperature"), "contact", "temperature_level", ["temperature"], ["id"])
