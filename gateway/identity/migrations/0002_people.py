"""People are invited, set new passwords by links, and have photos."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.create_table(
        "known_place",
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "network", name=op.f("pk_known_place")),
    )
    op.create_index(op.f("ix_known_place_time"), "known_place", ["time"], unique=False)
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("request_id", sa.Text(), server_default=sa.text("CAST(gen_random_uuid() AS TEXT)"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
    )
    op.create_index(op.f("ix_outgoing_mail_expire_time"), "outgoing_mail", ["expire_time"], unique=False)
    op.create_index(op.f("ix_outgoing_mail_try_time"), "outgoing_mail", ["try_time"], unique=False)
    op.create_table(
        "picture",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_picture")),
    )
    op.create_table(
        "link",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("expire_time", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_link_user_id")),
        sa.PrimaryKeyConstraint("user_id", "purpose", name=op.f("pk_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_link_digest")),
    )
    op.create_index(op.f("ix_link_expire_time"), "link", ["expire_time"], unique=False)
    op.add_column("attempt", sa.Column("kind", sa.Text(), server_default="SIGN_IN", nullable=False))
    op.add_column("session", sa.Column("address", sa.Text(), server_default="", nullable=False))
    op.add_column("user", sa.Column("job_title", sa.Text(), server_default="", nullable=False))
    op.add_column("user", sa.Column("theme", sa.Text(), server_default="SYSTEM", nullable=False))
    op.add_column("user", sa.Column("joined", sa.Boolean(), nullable=False, server_default=sa.text("false")))
    # Who has a password has joined; who has none was never able to sign in.
    op.execute('UPDATE "user" SET joined = password_hash IS NOT NULL')
    op.execute("""UPDATE "user" SET state = 'INVITED' WHERE password_hash IS NULL AND state = 'ACTIVE'""")
    op.alter_column("user", "joined", server_default=None)
    op.add_column("user", sa.Column("photo", sa.Text(), server_default="", nullable=False))
