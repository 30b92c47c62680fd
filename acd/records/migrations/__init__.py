"""The tables' history, and how a database is brought up to date when the hotline starts.

Two histories, since the key table of people may stand in a database of its own: "journal" and "people".
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from acd.records.errors import DatabaseTooNew, DatabaseTooOld

HEADS = {"journal": "journal_1", "people": "people_1"}
"""The newest version of each history; kept here so that a start without changes need not load alembic."""


async def upgrade(connection: AsyncConnection, history: str, where: str) -> None:
    """Bring the open transaction's database up to HEADS[history]; all or nothing.

    where: for messages. Raises DatabaseTooNew.
    """
    await connection.run_sync(_upgrade, history, where)


async def demand_current(connection: AsyncConnection, history: str, where: str) -> None:
    """For readers. Raises DatabaseTooNew or DatabaseTooOld."""
    present = await connection.run_sync(version, history)
    if present == HEADS[history]:
        return
    if present is not None and present not in _known(history):
        raise DatabaseTooNew(_too_new(present, history, where))
    raise DatabaseTooOld(
        f"The database {where} is older than this hotline: start the hotline once, that brings it up to date."
    )


def version(connection: Connection, history: str) -> str | None:
    """The version a database is at; None before the first."""
    table = f"{history}_version"
    if not inspect(connection).has_table(table):
        return None
    return connection.execute(text(f"SELECT version_num FROM {table}")).scalar()  # noqa: S608 (our own name)


def is_known(revision: str, history: str) -> bool:
    """Whether this hotline knows a version, newest or older; False means a newer hotline wrote it."""
    return revision in _known(history)


def _upgrade(connection: Connection, history: str, where: str) -> None:
    present = version(connection, history)
    if present == HEADS[history]:
        return
    if present is not None and present not in _known(history):
        raise DatabaseTooNew(_too_new(present, history, where))
    from alembic import command  # noqa: PLC0415 (a fifth of a second that a reader need not spend)

    configuration = _configuration(history)
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def _known(history: str) -> set[str]:
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    return {
        script.revision for script in ScriptDirectory.from_config(_configuration(history)).walk_revisions()
    }


def _configuration(history: str):
    from alembic.config import Config  # noqa: PLC0415

    here = Path(__file__).parent
    configuration = Config()
    configuration.set_main_option("script_location", str(here).replace("%", "%%"))
    configuration.set_main_option("version_locations", str(here / history).replace("%", "%%"))
    configuration.set_main_option("path_separator", "newline")
    configuration.attributes["history"] = history
    return configuration


def _too_new(present: str, history: str, where: str) -> str:
    return (
        f"The database {where} was written by a newer hotline (version {present}, this one knows up to "
        f"{HEADS[history]}): update the hotline, or name another database."
    )
