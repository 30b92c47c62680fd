"""The tables. Changes to them go into acd/records/migrations, never here alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Double,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    text,
)

journal_tables = MetaData()
people_tables = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; PostgreSQL keeps a timestamptz, SQLite a text in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _row_number() -> Column[int]:
    number = BigInteger().with_variant(Integer, "sqlite")  # SQLite's row id, no index beside it
    return Column("seq", number, primary_key=True, autoincrement=False)


journal = Table(
    "journal",
    journal_tables,
    _row_number(),
    Column("at", UtcTime, nullable=False),
    Column("mono", Double, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("call", Text),
    Column("operator", Text),
    Column("body", Text, nullable=False),  # JSON as text: PostgreSQL's jsonb would refuse \u0000
    Index(
        "journal_call",
        "call",
        "seq",
        sqlite_where=text("call IS NOT NULL"),
        postgresql_where=text("call IS NOT NULL"),
    ),
    Index(
        "journal_policies",
        "seq",
        sqlite_where=text("name = 'PolicyChanged'"),
        postgresql_where=text("name = 'PolicyChanged'"),
    ),
)

calls = Table(
    "calls",
    journal_tables,
    Column("id", Text, primary_key=True),
    Column("number", Text),
    Column("caller", Text),
    Column("language", Text),
    Column("topic", Text),
    Column("line", Text),
    Column("operator", Text),
    Column("started", UtcTime, nullable=False),
    Column("queued", UtcTime),
    Column("first_offered", UtcTime),
    Column("answered", UtcTime),
    Column("talk_began", UtcTime),
    Column("ended", UtcTime),
    Column("wait_seconds", Double),
    Column("talk_seconds", Double),
    Column("state", Text, nullable=False),
    Column("result", Text),
    Column("hung_up_by", Text),
    Column("offers", Integer, nullable=False),
    Column("flow", Text),
    Column("policy", Text),
    Index("calls_started", "started"),
    Index("calls_open", "id", sqlite_where=text("ended IS NULL"), postgresql_where=text("ended IS NULL")),
)

people = Table(
    "people",
    people_tables,
    Column("pseudonym", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("first_seen", UtcTime, nullable=False),
    Column("last_seen", UtcTime, nullable=False),
    Index("people_last_seen", "last_seen"),
)
