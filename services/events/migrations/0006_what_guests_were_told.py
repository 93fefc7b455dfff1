"""What guests were told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.add_column("event_guest", sa.Column("inviter", sa.Text(), server_default="", nullable=False))
    op.add_column("event_guest", sa.Column("told_start_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column("event_guest", sa.Column("told_end_time", sa.DateTime(timezone=True), nullable=True))
    op.add_column("event_guest", sa.Column("told_place", sa.Text(), server_default="", nullable=False))
    # What was sent told the time and place of then; that it is of now is the best guess.
    op.execute(
        "UPDATE event_guest SET told_start_time = event.start_time, told_end_time = event.end_time,"
        " told_place = event.place FROM event WHERE event.id = event_guest.event AND invite_time IS NOT NULL"
    )
    op.add_column("guest_mail", sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    op.add_column("guest_mail", sa.Column("request", sa.LargeBinary(), nullable=True))
    op.alter_column("guest_mail", "guest", existing_type=sa.BIGINT(), nullable=True)
    op.drop_column("guest_mail", "inviter")
