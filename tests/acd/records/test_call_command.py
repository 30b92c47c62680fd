"""`./hotline call`, as a person or a program uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from acd.adapters.sql_journal import SqlJournal
from acd.records.call_command import run_call
from tests.contracts.call_entries import typical_call


@pytest.fixture
async def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    journal = await SqlJournal.open(url)
    await journal.append(
        [*typical_call("1763832642.17"), *typical_call("1763832642.18", 60.0), *typical_call("b%")]
    )
    await journal.close()
    return url


def test_one_call_is_told_from_ring_to_hang_up(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_call(url, "1763832642.17", 0, json=False) == 0
    printed = capsys.readouterr().out
    assert "Call 1763832642.17: answered" in printed
    assert "topic medical, operator op2, waited 11.0 s, talked 60.0 s, 2 offers, hung up by caller" in printed
    assert (
        printed.index("op1 did not pick up")
        < printed.index("phone rings (offer 2)")
        < printed.index("End of the call")
    )


def test_the_latest_calls_are_listed_with_the_newest_first(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_call(url, None, 2, json=False) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].split()[0] == "1763832642.18"


def test_programs_get_json(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_call(url, "1763832642.17", 0, json=True) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["call"]["result"] == "answered"
    assert told["call"]["started"] == "2026-11-22T09:00:00Z"
    assert len(told["story"]) == 16
    assert told["story"][9]["because"]
    assert run_call(url, None, 5, json=True) == 0
    assert json.loads(capsys.readouterr().out)[0]["id"] == "1763832642.18"


def test_the_beginning_of_an_id_is_enough_when_it_is_one_calls(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_call(url, "b", 0, json=False) == 0
    assert "Call b%" in capsys.readouterr().out
    assert run_call(url, "17638", 0, json=False) == 1
    assert "begins several calls: 1763832642.18, 1763832642.17" in capsys.readouterr().err


@pytest.mark.parametrize("id", ["nobody", "%", "", "1' OR 1=1 --"])
def test_an_unknown_call_is_told_on_stderr(url: str, id: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_call(url, id, 0, json=False) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1


def test_without_records_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_call(f"sqlite:///{tmp_path / 'none.sqlite3'}", None, 10, json=False) == 1
    assert "start the hotline first" in capsys.readouterr().err
    assert run_call("mysql://x", None, 10, json=False) == 1
    assert run_call(f"sqlite:///{tmp_path / 'none.sqlite3'}", None, 0, json=False) == 1
    assert "--last 10" in capsys.readouterr().err


async def test_it_reads_beside_a_running_hotline(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    import asyncio

    journal = await SqlJournal.open(url)
    try:
        await journal.append(typical_call("live")[:10])
        assert await asyncio.to_thread(run_call, url, "live", 0, False) == 0
        assert "Call live: now in ringing" in capsys.readouterr().out
    finally:
        await journal.close()
