"""Real softphones and a real Asterisk with a dialplan of a few lines."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from softphone_sim.call_log import CallerOutcome
from softphone_sim.farm import Farm, PhonesNotRegistered
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent, Press
from softphone_sim.spectrum import heard
from softphone_sim.tone import caller_tone, chord, operator_tone, write_wav
from softphone_sim.verdict import Talk, check_audio
from tests.live.small_switch import PROJECT, SmallSwitch

pytestmark = pytest.mark.live

OPERATORS = {f"op{i}": f"secret-of-op{i}" for i in range(1, 5)}
CALLER = ("walkin", "secret-of-walkin")
SPOKEN = operator_tone(15)

DIALPLAN = """
[general]
[in]
; the menu: one key chooses the operator, music while his phone rings
exten => 100,1,Answer()
 same => n,Goto(menu,s,1)
; straight to an operator's phone, unanswered until he answers; three seconds
exten => _20[1-4],1,Dial(PJSIP/op${{EXTEN:2}},3)
 same => n,Hangup(${{HANGUPCAUSE}})
exten => 300,1,Answer()
 same => n,MusicOnHold()
[menu]
exten => s,1,WaitExten(5)
exten => _[1-4],1,Dial(PJSIP/op${{EXTEN}},20,m)
[phones]
exten => *10,1,Answer()
 same => n,Playback({folder}/spoken)
 same => n,Hangup()
exten => *72,1,Dial(PJSIP/op4,10)
"""


@pytest.fixture(scope="module")
def switch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSwitch]:
    folder = tmp_path_factory.mktemp("switch")
    write_wav(folder / "spoken.wav", chord(SPOKEN, 1.5))
    with SmallSwitch(folder, DIALPLAN.format(folder=folder), OPERATORS, dict([CALLER])) as running:
        yield running


class Watched(Farm):
    """A farm whose events are kept."""

    def __init__(self, switch: SmallSwitch, folder: Path) -> None:
        self.seen: list[PhoneEvent] = []
        super().__init__(
            registrar=switch.address, folder=folder, caller_account=CALLER, on_event=self.seen.append
        )

    def kinds(self, phone: str) -> list[str]:
        return [event.kind for event in self.seen if event.phone == phone]

    async def until(self, phone: str, kind: str, seconds: float = 10) -> PhoneEvent:
        """The first event of this kind, waited for if need be."""
        deadline = time.monotonic() + seconds
        while True:
            for event in self.seen:
                if (event.phone, event.kind) == (phone, kind):
                    return event
            assert time.monotonic() < deadline, f"{phone} saw {self.kinds(phone)}, no {kind}"
            await asyncio.sleep(0.02)


@pytest_asyncio.fixture
async def farm(switch: SmallSwitch, tmp_path: Path) -> AsyncIterator[Watched]:
    farm = Watched(switch, tmp_path)
    before = psutil.Process().children()
    try:
        yield farm
    finally:
        await farm.stop()
        assert psutil.Process().children() == before, "a process outlived its farm"


def operator(number: int, **habits: object) -> OperatorPhone:
    name = f"op{number}"
    return OperatorPhone(name, OPERATORS[name], operator_tone(number), **habits)  # type: ignore[arg-type]


def caller(number: int, dials: str, **habits: object) -> Caller:
    return Caller(f"Звонящий {number}", dials, caller_tone(number), **habits)  # type: ignore[arg-type]


async def talk_of(farm: Watched, outcome: CallerOutcome, operator: str, kind: str = "ended") -> Talk:
    await farm.until(operator, kind)  # his phone learns a moment later that the caller has left
    recording = next(recording for recording in farm.recordings if recording.phone == operator)
    return Talk(outcome.caller, operator, recording.answered, min(recording.ended, outcome.ended))


async def test_two_callers_reach_the_operators_whose_keys_they_pressed_and_a_third_hears_only_music(
    farm: Watched,
):
    await farm.start_operators([operator(1), operator(2)])
    first, second, third = await asyncio.gather(
        farm.call(caller(1, "100", presses=(Press(1.5, "1"),), talk_for=3.0)),
        farm.call(caller(2, "100", presses=(Press(1.5, "2"),), talk_for=3.0)),
        farm.call(caller(3, "300", hangs_up_after=5.0)),
    )
    assert (first.heard_whom, second.heard_whom, third.heard_whom) == ("op1", "op2", None)
    assert [outcome.ended_by for outcome in (first, second, third)] == ["caller"] * 3
    assert first.heard and first.ended - first.heard == pytest.approx(3.0, abs=0.3)
    talks = [await talk_of(farm, first, "op1"), await talk_of(farm, second, "op2")]
    verdicts = check_audio(talks, farm.recordings, farm.tones)
    assert [verdict.why for verdict in verdicts] == ["", ""]
    assert all(verdict.judged for verdict in verdicts)
    assert third.recording and heard(third.recording, farm.tones) == {}


async def test_a_caller_who_is_taken_for_connected_to_another_operator_fails_the_audio_check(farm: Watched):
    await farm.start_operators([operator(1), operator(2)])
    first, second = await asyncio.gather(
        farm.call(caller(1, "100", presses=(Press(1.5, "1"),), talk_for=3.0)),
        farm.call(caller(2, "100", presses=(Press(1.5, "2"),), talk_for=3.0)),
    )
    crossed = [await talk_of(farm, first, "op2"), await talk_of(farm, second, "op1")]
    verdicts = check_audio(crossed, farm.recordings, farm.tones)
    assert not any(verdict.ok for verdict in verdicts)
    assert verdicts[0].strangers == ("op1", second.caller)


async def test_a_phone_that_nobody_picks_up_rings_until_the_switch_gives_up(farm: Watched):
    await farm.start_operators([operator(1, answers_after=None)])
    outcome = await farm.call(caller(1, "201"))
    assert outcome.answered is None and outcome.ended_by == "failed"
    await farm.until("op1", "ended")
    assert farm.kinds("op1") == ["registered", "ringing", "ended"]


async def test_a_refused_call_tells_the_caller_busy(farm: Watched):
    await farm.start_operators([operator(1, rejects=True)])
    outcome = await farm.call(caller(1, "201"))
    assert (outcome.ended_by, outcome.status) == ("failed", 486)
    await farm.until("op1", "rejected")
    assert farm.kinds("op1") == ["registered", "ringing", "rejected"]


async def test_a_second_call_to_a_phone_in_use_is_refused_and_says_so(farm: Watched):
    await farm.start_operators([operator(1)])
    talking = asyncio.create_task(farm.call(caller(1, "201", hangs_up_after=3.0)))
    await farm.until("op1", "answered")
    second = await farm.call(caller(2, "201"))
    assert second.status == 486
    refused = await farm.until("op1", "rejected")
    assert "second call" in refused.detail
    assert (await talking).ended_by == "caller"


async def test_a_caller_who_gives_up_stops_the_ringing(farm: Watched):
    await farm.start_operators([operator(1, answers_after=None)])
    outcome = await farm.call(caller(1, "201", hangs_up_after=1.0))
    assert outcome.ended_by == "caller" and outcome.answered is None and outcome.recording is None
    stopped = await farm.until("op1", "ended")
    assert stopped.at - outcome.ended < 0.5


async def test_an_operator_hangs_up_when_his_talk_is_over(farm: Watched):
    await farm.start_operators([operator(1, talk_for=1.5)])
    outcome = await farm.call(caller(1, "201"))
    assert outcome.ended_by == "hotline" and outcome.answered
    assert outcome.ended - outcome.answered == pytest.approx(1.5, abs=0.3)


async def test_an_unplugged_phone_vanishes_without_a_word_and_takes_nobody_along(farm: Watched):
    await farm.start_operators([operator(1, unplugged_at=4.0), operator(2)])
    first = asyncio.create_task(farm.call(caller(1, "201", hangs_up_after=6.0)))
    second = asyncio.create_task(farm.call(caller(2, "202", talk_for=5.0)))
    gone = await farm.until("op1", "unplugged")
    outcomes = await asyncio.gather(first, second)
    assert all(outcome.ended > gone.at + 0.5 for outcome in outcomes), "no BYE may reach the caller"
    assert farm.kinds("op1")[-1] == "failed"
    lost = next(recording for recording in farm.recordings if recording.phone == "op1")
    assert outcomes[0].caller in heard(lost, farm.tones), "the recording is kept, header or not"
    third = await farm.call(caller(3, "201"))
    assert third.answered is None


async def test_an_unplugged_phone_can_be_plugged_in_again(farm: Watched):
    await farm.start_operators([operator(1, unplugged_at=0.5)])
    await farm.until("op1", "unplugged")
    await farm.start_operators([operator(1)])
    outcome = await farm.call(caller(1, "201", talk_for=0.5))
    assert outcome.heard_whom == "op1"


async def test_an_operator_dials_a_feature_code_and_records_what_is_said(farm: Watched):
    await farm.start_operators([operator(1, dials=((0.5, "*10"),))])
    ended = await farm.until("op1", "ended")
    recording = next(recording for recording in farm.recordings if recording.phone == "op1")
    assert recording.ended == ended.at
    assert heard(recording, {"confirmation": SPOKEN})["confirmation"].seconds > 0.5


async def test_a_blind_transfer_connects_the_caller_with_the_second_operator(farm: Watched):
    await farm.start_operators([operator(1, transfers=(2.0, "*72")), operator(4, talk_for=3.0)])
    outcome = await farm.call(caller(1, "201"))
    assert outcome.recording and outcome.ended_by == "hotline"
    voices = heard(outcome.recording, farm.tones)
    assert voices["op1"].last < voices["op4"].first
    assert "transferred" in farm.kinds("op1")
    talk = await talk_of(farm, outcome, "op4", "hung_up")
    assert check_audio([talk], farm.recordings, farm.tones)[0].why == ""


async def test_nine_callers_at_once_are_spread_over_processes_of_four(farm: Watched):
    before = len(psutil.Process().children())
    outcomes = await asyncio.gather(
        *(farm.call(caller(number, "300", hangs_up_after=2.0)) for number in range(9))
    )
    assert [outcome.ended_by for outcome in outcomes] == ["caller"] * 9
    assert len(psutil.Process().children()) - before == 3


async def test_the_same_caller_calls_again_and_both_recordings_are_kept(farm: Watched):
    once = await farm.call(caller(1, "300", hangs_up_after=0.5))
    again = await farm.call(caller(1, "300", hangs_up_after=0.5))
    assert once.recording and again.recording and once.recording.path != again.recording.path
    assert once.recording.path.exists() and again.recording.path.exists()


async def test_what_no_telephone_has_is_refused_before_anything_rings(farm: Watched):
    with pytest.raises(ValueError, match="no such keys"):
        await farm.call(caller(1, "300; rm"))
    with pytest.raises(ValueError, match="no such keys"):
        await farm.call(caller(1, "300", presses=(Press(1, "x"),)))
    await farm.start_operators([operator(1)])
    with pytest.raises(ValueError, match="have a phone already: op1"):
        await farm.start_operators([operator(1)])
    assert farm.kinds(caller(1, "300").name) == []


async def test_a_phone_with_a_wrong_secret_is_named(farm: Watched):
    wrong = OperatorPhone("op2", "not the secret", operator_tone(2))
    with pytest.raises(PhonesNotRegistered, match=r"op2 \(401|op2 \(403") as failure:
        await farm.start_operators([operator(1), wrong], timeout=2)
    assert failure.value.names == ("op2",)


async def test_a_number_nobody_has_fails_with_the_status(farm: Watched):
    outcome = await farm.call(caller(1, "999"))
    assert (outcome.ended_by, outcome.status) == ("failed", 404)


async def test_a_cancelled_call_is_hung_up(farm: Watched):
    call = asyncio.create_task(farm.call(caller(1, "300")))
    name = caller(1, "300").name
    await farm.until(name, "answered")
    call.cancel()
    await farm.until(name, "hung_up")


async def test_stopping_in_the_middle_of_calls_hangs_them_up_and_twice_is_fine(farm: Watched):
    await farm.start_operators([operator(1)])
    call = asyncio.create_task(farm.call(caller(1, "201")))
    await farm.until("op1", "answered")
    await asyncio.gather(farm.stop(), farm.stop())
    assert (await call).ended_by == "caller"
    await farm.stop()


PROGRAM = """
import asyncio, sys
from pathlib import Path
from softphone_sim.farm import Farm
from softphone_sim.person import Caller, OperatorPhone

async def main():
    registrar, folder = sys.argv[1:]
    account, secret, *operators = sys.stdin.readline().split()
    farm = Farm(registrar=registrar, folder=Path(folder), caller_account=(account, secret),
                on_event=lambda event: print(event.phone, event.kind, flush=True))
    try:
        phones = [OperatorPhone(f"op{i + 1}", s, 1700 + 25.0 * i) for i, s in enumerate(operators)]
        await farm.start_operators(phones)
        await asyncio.gather(*(farm.call(Caller(f"c{i}", f"20{i}", 2000 + 25.0 * i)) for i in (1, 2)))
    finally:
        await farm.stop()

try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize(
    ("signalled", "code"),
    [(signal.SIGINT, 130), (signal.SIGKILL, -signal.SIGKILL)],
    ids=["ctrl-c", "kill -9"],
)
def test_when_the_parent_is_stopped_or_killed_no_process_and_no_port_is_left(
    switch: SmallSwitch, tmp_path: Path, signalled: signal.Signals, code: int
):
    parent = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, switch.address, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    assert parent.stdin and parent.stdout
    parent.stdin.write(" ".join([*CALLER, OPERATORS["op1"], OPERATORS["op2"]]) + "\n")
    parent.stdin.flush()
    answered = 0
    while answered < 4:
        answered += "answered" in parent.stdout.readline()
    workers = psutil.Process(parent.pid).children()
    ports = [c.laddr.port for worker in workers for c in worker.net_connections("udp")]
    assert len(workers) == 2 and len(ports) >= 2 + 2 * 4
    parent.send_signal(signalled)
    assert parent.wait(10) == code
    _, alive = psutil.wait_procs(workers, timeout=8)
    assert not alive
    for port in ports:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", port))
    deadline = time.monotonic() + 5
    while "0 active channels" not in switch.cli("core show channels count"):
        assert time.monotonic() < deadline, "the calls were not hung up"
        time.sleep(0.1)
    parent.stdin.close()
    parent.stdout.close()
