"""Guests of events."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "event_guest",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("contact", sa.BigInteger(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("response_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue", sa.BigInteger(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("attendance", sa.Text(), nullable=False),
        sa.Column("invite_time", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("mail_key", sa.Text(), nullable=False),
        sa.Column("delivery", sa.Text(), nullable=False),
        sa.Column("delivery_message", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("changes_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["event"], ["event.id"], name=op.f("fk_event_guest_event"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_guest")),
        sa.UniqueConstraint("event", "contact", name=op.f("uq_event_guest_event_contact")),
    )
    op.create_index(op.f("ix_event_guest_contact"), "event_guest", ["contact"], unique=False)
    op.create_index(
        "ix_event_guest_mail_key", "event_guest", ["mail_key"], unique=False, postgresql_where=sa.text("mail_key <> ''")
    )
    op.create_table(
        "guest_mail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("guest", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("inviter", sa.Text(), nullable=False),
        sa.Column("due_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["guest"], ["event_guest.id"], name=op.f("fk_guest_mail_guest"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_guest_mail_key")),
    )
    op.create_index(op.f("ix_guest_mail_due_time"), "guest_mail", ["due_time"], unique=False)
    op.create_index(op.f("ix_guest_mail_guest"), "guest_mail", ["guest"], unique=False)
    op.add_column("event", sa.Column("capacity", sa.Integer(), server_default="0", nullable=False))
    op.add_column("event", sa.Column("reminders", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False))
    op.add_column("event", sa.Column("reminded", postgresql.ARRAY(sa.Integer()), server_default="{}", nullable=False))
    op.add_column(
        "event", sa.Column("guest_counts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False)
    )
    op.add_column("event", sa.Column("next_reminder_time", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_event_next_reminder_time",
        "event",
        ["next_reminder_time"],
        unique=False,
        postgresql_where=sa.text("next_reminder_time IS NOT NULL"),
    )
    op.add_column("principal", sa.Column("time_zone", sa.Text(), server_default="", nullable=False))
