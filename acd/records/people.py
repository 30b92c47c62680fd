"""The key table: which pseudonym is which number. Kept apart from the journal, and erasable alone.

Its own file beside the journal's (or its own database), so that whoever may read the records need not
be able to read the numbers.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from acd.records import database, migrations
from acd.records.pseudonyms import Pseudonyms, normal
from acd.records.reading import TROUBLE
from acd.records.sql_errors import journal_error
from acd.records.tables import people


class People:
    """Made by `open`. Errors are from acd.records.errors."""

    def __init__(self, url: str, pseudonyms: Pseudonyms) -> None:
        self._url = database.parse(url)
        self.where = database.where(self._url)
        self.pseudonyms = pseudonyms
        self._engine = database.engine(self._url, writing=True, alone=True)

    @classmethod
    async def open(cls, url: str, pseudonyms: Pseudonyms) -> Self:
        """url: as for the journal, another file or database than the journal's if the two are to be apart."""
        opened = cls(url, pseudonyms)
        file = database.file_of(opened._url)
        try:
            if file is not None:
                database.make_file(Path(file))
            async with opened._engine.begin() as connection:
                await migrations.upgrade(connection, "people", opened.where)
        except BaseException as error:
            await opened.close()
            if isinstance(error, TROUBLE):
                raise journal_error(error, opened.where) from error
            raise
        return opened

    async def remember(self, number: str | None, at: datetime) -> str | None:
        """The number's pseudonym, and keep which it is. None for a withheld number. at: aware."""
        pseudonym = self.pseudonyms.of(number)
        if pseudonym is not None:
            line = {"pseudonym": pseudonym, "number": normal(number or ""), "first_seen": at, "last_seen": at}
            await self._do(_SEEN[self._engine.dialect.name].values(line))
        return pseudonym

    async def number_of(self, pseudonym: str) -> str | None:
        """The number to call back; None when it was erased or never known."""
        return (await self._do(select(people.c.number).where(people.c.pseudonym == pseudonym))).scalar()

    async def forget(self, pseudonym: str) -> bool:
        """Erase one person's number; what the journal says of the pseudonym stays. Whether there was one."""
        return await self._erase(people.c.pseudonym == pseudonym) > 0

    async def forget_unseen_since(self, at: datetime) -> int:
        """Erase everybody who last called before `at`. Returns how many."""
        return await self._erase(people.c.last_seen < at)

    async def _erase(self, whom: ColumnElement[bool]) -> int:
        """Returns how many. In a file, the number's bytes are gone as well."""
        count: int = (await self._do(delete(people).where(whom))).rowcount
        try:
            await database.empty_log(self._engine)
        except TROUBLE as error:
            raise journal_error(error, self.where) from error
        return count

    async def close(self) -> None:
        await self._engine.dispose()

    async def _do(self, statement: Any) -> Any:
        try:
            async with self._engine.begin() as connection:
                return await connection.execute(statement)
        except TROUBLE as error:
            raise journal_error(error, self.where) from error


def _seen(dialect: Any) -> Any:
    statement = dialect.insert(people)
    return statement.on_conflict_do_update(
        index_elements=["pseudonym"], set_={"last_seen": statement.excluded.last_seen}
    )


_SEEN = {"sqlite": _seen(sqlite), "postgresql": _seen(postgresql)}
