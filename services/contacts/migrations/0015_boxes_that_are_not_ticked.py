"""Boxes that an import found not ticked have no value, as those have none that nobody ticked on a page."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade():
    """Forward only: to go back, restore a backup."""
    op.execute(
        sa.text(
            "UPDATE contact SET custom = jsonb_strip_nulls(custom)"
            " WHERE custom <> '{}' AND jsonb_path_exists(custom, '$.* ? (@ == null)')"
        )
    )
