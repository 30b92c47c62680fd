"""A farm by hand: `python -m softphone_sim.cli PLAN.json` lets the people in the plan telephone and tells what happens.

The plan holds secrets, so it is a file and not options: keep it readable by its owner only.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from softphone_sim.farm import Farm, PhonesNotRegistered
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent
from softphone_sim.spectrum import heard


class Plan(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Who telephones. callers all dial at once; operators stay for `seconds` when nobody calls."""

    registrar: str
    caller_account: tuple[str, str] = ("", "")
    operators: tuple[OperatorPhone, ...] = ()
    callers: tuple[Caller, ...] = ()
    seconds: float = 30.0


async def run(plan: Plan, folder: Path) -> int:
    """Let them telephone; returns the exit code: 1 when a call failed or a phone did not register."""
    began = time.monotonic()

    def tell(event: PhoneEvent) -> None:
        print(f"{event.at - began:7.2f}  {event.phone}  {event.kind}  {event.detail}", flush=True)

    farm = Farm(registrar=plan.registrar, folder=folder, caller_account=plan.caller_account, on_event=tell)
    try:
        await farm.start_operators(plan.operators)
        outcomes = await asyncio.gather(*(farm.call(caller) for caller in plan.callers))
        if not plan.callers:
            await asyncio.sleep(plan.seconds)
    except PhonesNotRegistered as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        await farm.stop()
    for recording in farm.recordings:
        voices = ", ".join(heard(recording, farm.tones)) or "nobody"
        print(f"{recording.phone}, call {recording.call}: heard {voices}; {recording.path}")
    return int(any(outcome.ended_by == "failed" for outcome in outcomes))


def _path(kind: type, value: object) -> Path:
    if kind is not Path or not isinstance(value, str):
        raise NotImplementedError
    return Path(value)


def main() -> int:
    """The command."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        plan = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Plan, dec_hook=_path)
    except (OSError, msgspec.DecodeError) as error:
        print(f"{sys.argv[1]}: {error}", file=sys.stderr)
        return 2
    return asyncio.run(run(plan, Path(tempfile.mkdtemp(prefix="softphones-"))))


if __name__ == "__main__":
    sys.exit(main())
