"""How soon a hotline falls silent when a caller speaks, and how soon after his last word it has decided.

    python -m benchmarks.barge_in [--calls N] [--json]

A real Asterisk, a real speech worker, real telephones: each caller says a topic while the question is read out.
Barge-in: from the first sample of his words leaving his telephone until nothing of the question is in what his
telephone records. Decision: from the last sample of his words until the menu's choice stands in the journal.
Medians are compared with 250 ms and 700 ms. Exit code 1 when one is above.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivr.logs import configure_logs
from softphone_sim.person import Say
from tests.live.running_hotline import RunningHotline
from tests.live.speaking import SPEECH, ends_at, is_heard, silent_from, spoken_at

BARGE_IN, DECISION = 0.25, 0.70  # seconds, medians
SAID = tuple(
    SPEECH / f"{name}-clean.wav"
    for name in (
        "024-anna",
        "056-irina",
        "026-aleksandr",
        "027-elena",
        "030-elena",
        "057-elena",
        "044-irina",
        "045-anna",
    )
)
APART = 1.5  # seconds between two callers
IN_THE_QUESTION = (
    7.0  # seconds after the answer, and a little more for each caller: not all in the same pause
)


@dataclass
class Measured:
    """Seconds. barge_in: None for a caller who happened to begin in a pause of the question."""

    barge_in: float | None
    decision: float | None


async def measure(calls: int) -> tuple[list[Measured], dict[str, int]]:
    """Each caller, and the worker's own medians in milliseconds, counted from when the sound reached it."""
    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as made:
        hotline = RunningHotline(Path(made))
        await hotline.start()
        try:
            await hotline.until(lambda figures: any(one["well"] for one in figures["speech"]["workers"]))
            found = await _measure(hotline, calls)
            speech = (await hotline.ask("figures"))["speech"]
            return found, {name: _ms(speech[name] or 0.0) for name in ("began_after", "heard_after")}
        finally:
            await hotline.end()


async def _measure(hotline: RunningHotline, calls: int) -> list[Measured]:
    await hotline.farm.prepare_callers(min(calls, 12))
    running = []
    for number in range(1, calls + 1):
        says = Say(IN_THE_QUESTION + 0.13 * (number % 9), SAID[number % len(SAID)])
        running.append(hotline.caller(number, does=(says,), hangs_up_after=14.0))
        await asyncio.sleep(APART)
    outcomes = await asyncio.gather(*running)
    chosen = await _choices(hotline)
    found = []
    for outcome, at in zip(sorted(outcomes, key=lambda one: one.answered or 0.0), chosen, strict=True):
        [spoke] = spoken_at(hotline.events, outcome.caller)
        [ended] = ends_at(hotline.events, outcome.caller)
        recording = outcome.recording
        assert recording is not None
        cut = silent_from(recording, spoke) - spoke if is_heard(recording, spoke) else None
        found.append(Measured(cut, None if at is None else at - ended))
    return found


async def _choices(hotline: RunningHotline) -> list[float | None]:
    """When each call's choice was made, by the machine's monotonic clock; calls in the order they came in."""
    entries = await hotline.entries()
    calls = [entry.call for entry in entries if entry.name == "CallStarted"]
    made = {
        entry.call: entry.mono
        for entry in reversed(entries)
        if entry.name == "MenuStep" and entry.body["step"] == "menu choice"
    }
    return [made.get(call) for call in calls]


def summary(found: list[Measured]) -> dict[str, float | int]:
    cuts = sorted(one.barge_in for one in found if one.barge_in is not None)
    decisions = sorted(one.decision for one in found if one.decision is not None)
    return {
        "calls": len(found),
        "spoke_over_the_question": len(cuts),
        "understood": len(decisions),
        "barge_in_ms": _ms(statistics.median(cuts)) if cuts else 0,
        "barge_in_p95_ms": _ms(_p95(cuts)) if cuts else 0,
        "decision_ms": _ms(statistics.median(decisions)) if decisions else 0,
        "decision_p95_ms": _ms(_p95(decisions)) if decisions else 0,
    }


def _p95(values: list[float]) -> float:
    return values[min(len(values) - 1, int(0.95 * len(values)))]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def main() -> int:
    parser = argparse.ArgumentParser("benchmarks.barge_in")
    parser.add_argument("--calls", type=int, default=24)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    configure_logs(None, level=40)
    callers, worker = asyncio.run(measure(given.calls))
    found = summary(callers) | worker
    if given.json:
        print(json.dumps(found))
    else:
        print(
            "{understood} of {calls} callers understood, {spoke_over_the_question} spoke over the question".format(
                **found
            )
        )
        print(
            "the question stops after  median {barge_in_ms} ms  p95 {barge_in_p95_ms} ms  (250 ms wanted)".format(
                **found
            )
        )
        print(
            "the choice is made after  median {decision_ms} ms  p95 {decision_p95_ms} ms  (700 ms wanted)".format(
                **found
            )
        )
        print(
            "of which in the worker: {began_after} ms to speech, {heard_after} ms to understood".format(
                **found
            )
        )
    enough = found["barge_in_ms"] <= BARGE_IN * 1000 and found["decision_ms"] <= DECISION * 1000
    return 0 if enough and found["spoke_over_the_question"] and found["understood"] else 1


if __name__ == "__main__":
    sys.exit(main())
