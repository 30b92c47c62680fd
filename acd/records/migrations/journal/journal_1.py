"""The journal and the table of calls."""

import sqlalchemy as sa
from alembic import op

from acd.records.tables import UtcTime

revision = "journal_1"
down_revision = None


def upgrade() -> None:
    in_a_call = sa.text("call IS NOT NULL")
    op.create_table(
        "journal",
        sa.Column(
            "seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("at", UtcTime, nullable=False),
        sa.Column("mono", sa.Double, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("call", sa.Text),
        sa.Column("operator", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index(
        "journal_call", "journal", ["call", "seq"], sqlite_where=in_a_call, postgresql_where=in_a_call
    )
    policies = sa.text("name = 'PolicyChanged'")
    op.create_index("journal_policies", "journal", ["seq"], sqlite_where=policies, postgresql_where=policies)
    op.create_table(
        "calls",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text) for name in ("number", "caller", "language", "topic", "line", "operator")),
        sa.Column("started", UtcTime, nullable=False),
        *(
            sa.Column(name, UtcTime)
            for name in ("queued", "first_offered", "answered", "talk_began", "ended")
        ),
        sa.Column("wait_seconds", sa.Double),
        sa.Column("talk_seconds", sa.Double),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("hung_up_by", sa.Text),
        sa.Column("offers", sa.Integer, nullable=False),
        sa.Column("flow", sa.Text),
        sa.Column("policy", sa.Text),
    )
    op.create_index("calls_started", "calls", ["started"])
    still_open = sa.text("ended IS NULL")
    op.create_index("calls_open", "calls", ["id"], sqlite_where=still_open, postgresql_where=still_open)
