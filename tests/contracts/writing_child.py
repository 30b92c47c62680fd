"""A process that writes batches of five until it is killed, and says so when each one is acknowledged."""

from __future__ import annotations

import asyncio
import sys

from acd.adapters.sql_journal import SqlJournal
from tests.contracts.call_entries import notes


async def main(url: str) -> None:
    journal = await SqlJournal.open(url)
    first = 1
    while True:
        await journal.append(notes(5, first=first))
        first += 5
        print(first - 1, flush=True)


asyncio.run(main(sys.argv[1]))
