"""Callers who say what they need: real Asterisk, real phones, real recognition."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from softphone_sim.person import Press, Say
from tests.live.running_hotline import RunningHotline

pytestmark = pytest.mark.live
SPEECH = Path(__file__).parents[1] / "sounds" / "speech"
MEDICAL_HELP = SPEECH / "024-anna-clean.wav"


@pytest.fixture
async def hotline(tmp_path: Path) -> AsyncIterator[RunningHotline]:
    running = RunningHotline(tmp_path)
    await running.start()
    try:
        await running.until(lambda figures: any(one["well"] for one in figures["speech"]["workers"]))
        yield running
    finally:
        await running.end()


async def test_a_caller_who_says_the_topic_talks_with_an_operator_who_knows_it(hotline: RunningHotline):
    await hotline.operators("op1", "op3", talk_for=2.0)
    outcome = await hotline.caller(1, does=(Say(1.0, MEDICAL_HELP, when="quiet"),))
    assert outcome.heard_whom == "op1"
    [row] = await hotline.rows()
    assert (row.topic, row.operator, row.result) == ("medical", "op1", "answered")
