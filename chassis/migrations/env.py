"""Runs the migrations of one service, each in a transaction of its own, one process at a time."""

from alembic import context
from sqlalchemy import create_engine, pool, text

from chassis.db import Name, UtcDateTime

settings = context.config.attributes


def render(kind, item, _):
    """Writes our column types into a migration as what they are kept as: it must outlive the code."""
    if kind == "type" and isinstance(item, Name):
        return "sa.BigInteger()"
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


engine = create_engine(settings["url"], poolclass=pool.NullPool, connect_args={"options": "-c lock_timeout=4000"})
with engine.connect() as connection:
    connection.execute(text("SELECT pg_advisory_lock(7269745)"))
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=settings["metadata"],
        transaction_per_migration=True,
        compare_type=True,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()
