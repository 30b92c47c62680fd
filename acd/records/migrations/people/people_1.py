"""The key table: which pseudonym is which number."""

import sqlalchemy as sa
from alembic import op

from acd.records.tables import UtcTime

revision = "people_1"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("pseudonym", sa.Text, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("first_seen", UtcTime, nullable=False),
        sa.Column("last_seen", UtcTime, nullable=False),
    )
    op.create_index("people_last_seen", "people", ["last_seen"])
