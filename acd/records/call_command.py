"""`./hotline call ID` and `./hotline call --last N`."""

from __future__ import annotations

import asyncio
import sys

import msgspec

from acd.records.calls import CallRow
from acd.records.errors import JournalError
from acd.records.reading import Records
from acd.records.story import Line, story
from acd.records.story_view import call_view, calls_view, printer


def run_call(url: str, id: str | None, last: int, json: bool) -> int:
    """Print one call's story, or the last calls. Only reads, so it is harmless beside a running hotline.

    url: of the records. id: a call's, or its beginning; None lists the `last` calls.
    Returns 0; 1 when there is no such call or the records cannot be read (one sentence on stderr).
    """
    try:
        return asyncio.run(_run(url, id, last, json))
    except (JournalError, ValueError) as error:
        return _refuse(str(error))


async def _run(url: str, id: str | None, last: int, json: bool) -> int:
    if id is None and last < 1:
        return _refuse("Name a call, or ask for the last ones: --last 10.")
    records = await Records.open(url)
    try:
        if id is None:
            return _list(await records.last_calls(last), json)
        found = await records.calls_like(id)
        if len(found) != 1:
            return _refuse(_not_one(id, found))
        entries = [entry async for entry in records.read(call=found[0].id)]
        return _tell(found[0], story(entries), json)
    finally:
        await records.close()


def _list(rows: list[CallRow], json: bool) -> int:
    if json:
        _print_json(rows)
    elif rows:
        printer().print(calls_view(rows))
    else:
        print("No call yet.")
    return 0


def _tell(row: CallRow, lines: list[Line], json: bool) -> int:
    if json:
        _print_json({"call": row, "story": lines})
    else:
        printer().print(call_view(row, lines))
    return 0


def _not_one(id: str, found: list[CallRow]) -> str:
    if not found:
        return f"No call {id!r} in the records; ./hotline call --last 10 lists the latest."
    return f"{id!r} begins several calls: {', '.join(row.id for row in found)}. Name one."


def _print_json(what: object) -> None:
    print(msgspec.json.format(msgspec.json.encode(what), indent=2).decode())


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 1
