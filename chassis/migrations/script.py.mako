"""${message.capitalize()}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    """Forward only: to go back, restore a backup."""
    ${upgrades if upgrades else "pass"}
