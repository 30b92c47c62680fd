"""A farm that is interrupted, or has nobody to talk to: its registrar listens and never says a word."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from softphone_sim.farm import Farm, PhonesNotRegistered
from softphone_sim.person import Caller, OperatorPhone
from softphone_sim.process_pool import FarmStopped
from softphone_sim.tone import operator_tone

PHONES = [OperatorPhone(f"op{i}", "secret", operator_tone(i)) for i in range(7)]


@pytest.fixture
def farm(tmp_path: Path) -> Iterator[Farm]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mute:
        mute.bind(("127.0.0.1", 0))
        registrar = f"127.0.0.1:{mute.getsockname()[1]}"
        yield Farm(registrar=registrar, folder=tmp_path, caller_account=("walkin", "secret"))


def children() -> list[psutil.Process]:
    """The farm's processes; other tests of this run may have a server of their own."""
    own = psutil.Process().children()
    return [one for one in own if "softphone_sim.worker" in " ".join(one.cmdline())]


async def first_child() -> psutil.Process:
    deadline = time.monotonic() + 5
    while not (found := children()):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    return found[0]


async def test_phones_that_get_no_answer_are_named(farm: Farm):
    with pytest.raises(PhonesNotRegistered, match=r"op0 \(no answer\), op1 \(no answer\)") as failure:
        await farm.start_operators(PHONES[:2], timeout=1)
    assert failure.value.names == ("op0", "op1")
    await farm.stop()
    assert children() == []


async def test_stopping_while_the_phones_are_being_started_leaves_nothing(farm: Farm):
    starting = asyncio.create_task(farm.start_operators(PHONES))
    await asyncio.sleep(0)
    await farm.stop()
    with pytest.raises((FarmStopped, PhonesNotRegistered)):
        await starting
    assert children() == []


@pytest.mark.parametrize("dialled", [False, True])
async def test_a_second_interruption_while_stopping_kills_at_once(farm: Farm, dialled: bool):
    call = asyncio.create_task(farm.call(Caller("Anna", "1000", 2000.0)))
    await first_child()
    if dialled:
        await asyncio.sleep(0.5)
    stopping = asyncio.create_task(farm.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    try:
        assert (await call).ended_by == "failed"
    except FarmStopped:
        assert not dialled
    assert children() == []


async def test_a_farm_that_never_started_stops_and_takes_no_more_calls(farm: Farm):
    await farm.stop()
    await farm.stop()
    with pytest.raises(FarmStopped):
        await farm.call(Caller("Anna", "1000", 2000.0))


async def test_a_caller_whose_process_dies_has_failed(farm: Farm):
    call = asyncio.create_task(farm.call(Caller("Anna", "1000", 2000.0)))
    (await first_child()).kill()
    outcome = await call
    assert (outcome.ended_by, outcome.status) == ("failed", 0)
    await farm.stop()
