"""The table of calls in SQL: load, change, list, make again from the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.records.calls import CallRow
from acd.records.tables import calls


def _upsert(dialect: Any) -> Any:
    statement = dialect.insert(calls)
    new = {column.name: statement.excluded[column.name] for column in calls.columns if column.name != "id"}
    return statement.on_conflict_do_update(index_elements=["id"], set_=new)


_UPSERT = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}


async def load(connection: AsyncConnection, ids: Collection[str]) -> dict[str, CallRow]:
    """The rows of these calls, those that there are."""
    if not ids:
        return {}
    return {row.id: row for row in await _rows(connection, select(calls).where(calls.c.id.in_(ids)))}


async def save(connection: AsyncConnection, rows: Iterable[CallRow]) -> None:
    changed = [asdict(row) for row in rows]
    if changed:
        await connection.execute(_UPSERT[connection.dialect.name], changed)


async def clear(connection: AsyncConnection) -> None:
    await connection.execute(delete(calls))


async def last(connection: AsyncConnection, count: int) -> list[CallRow]:
    """The `count` calls that began last, the latest first."""
    newest = calls.c.started.desc(), calls.c.id.desc()
    return await _rows(connection, select(calls).order_by(*newest).limit(count))


async def every(connection: AsyncConnection) -> list[CallRow]:
    return await _rows(connection, select(calls).order_by(calls.c.started, calls.c.id))


async def called_by(connection: AsyncConnection, caller: str) -> list[CallRow]:
    """Every call of one caller's pseudonym, in order of beginning."""
    his = select(calls).where(calls.c.caller == caller)
    return await _rows(connection, his.order_by(calls.c.started, calls.c.id))


async def not_ended(connection: AsyncConnection) -> list[CallRow]:
    """Calls whose end is not in the journal: going on now, or lost sight of while no controller ran."""
    return await _rows(connection, select(calls).where(calls.c.ended.is_(None)).order_by(calls.c.started))


async def called_like(connection: AsyncConnection, beginning: str) -> list[CallRow]:
    """Calls whose id is, or begins with, `beginning`; an exact one comes alone. At most 20."""
    exact = await load(connection, [beginning])
    if exact:
        return list(exact.values())
    alike = calls.c.id.startswith(beginning, autoescape=True)
    return await _rows(connection, select(calls).where(alike).order_by(calls.c.started.desc()).limit(20))


async def _rows(connection: AsyncConnection, statement: Select[Any]) -> list[CallRow]:
    return [CallRow(**row._mapping) for row in await connection.execute(statement)]
