"""Softphones that speak to a real Asterisk: what arrives there, and when."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio
from numpy.typing import NDArray

from softphone_sim.farm import Farm
from softphone_sim.person import Caller, OperatorPhone, PhoneEvent, Press, Reply, Say
from softphone_sim.spectrum import heard, read_samples
from softphone_sim.tone import RATE, caller_tone, chord, operator_tone, write_wav
from softphone_sim.verdict import Talk, check_audio
from tests.live.small_switch import PROJECT, SmallSwitch

pytestmark = pytest.mark.live

SOUNDS = PROJECT / "tests" / "sounds" / "speech"
WORDS, MORE_WORDS = SOUNDS / "000-anna-clean.wav", SOUNDS / "002-aleksandr-clean.wav"
CALLER = ("walkin", "secret-of-walkin")

DIALPLAN = """
[general]
[in]
exten => 100,1,Answer()
 same => n,Record({folder}/heard.wav,0,6,qx)
exten => 200,1,Answer()
 same => n,Playback({prompt})
 same => n,Record({folder}/answered.wav,0,6,qx)
exten => 300,1,Answer()
 same => n,Echo()
exten => 201,1,Answer()
 same => n,Wait(3)
 same => n,Dial(PJSIP/op1)
[phones]
"""


@pytest.fixture(scope="module")
def switch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallSwitch]:
    folder = tmp_path_factory.mktemp("switch")
    dialplan = DIALPLAN.format(folder=folder, prompt=MORE_WORDS.with_suffix(""))
    with SmallSwitch(folder, dialplan, {"op1": "secret-of-op1"}, dict([CALLER])) as running:
        yield running


class Watched(Farm):
    """A farm whose events are kept."""

    def __init__(self, switch: SmallSwitch, folder: Path) -> None:
        self.seen: list[PhoneEvent] = []
        super().__init__(
            registrar=switch.address, folder=folder, caller_account=CALLER, on_event=self.seen.append
        )

    def at(self, kind: str) -> float:
        """When this happened, the first time."""
        return next(event.at for event in self.seen if event.kind == kind)


@pytest_asyncio.fixture
async def farm(switch: SmallSwitch, tmp_path: Path) -> AsyncIterator[Watched]:
    farm = Watched(switch, tmp_path)
    try:
        yield farm
    finally:
        await farm.stop()


def samples(path: Path) -> NDArray[np.int16]:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def found(part: NDArray[np.int16], whole: NDArray[np.int16]) -> tuple[float, float]:
    """Where in the whole the part lies best (seconds), and how alike they are there (correlation, 0..1)."""
    wanted = part.astype(float) / np.linalg.norm(part.astype(float))
    sound = whole.astype(float)
    size = 1 << int(np.ceil(np.log2(len(sound) + len(wanted))))
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(wanted, size)), size)
    energy = np.cumsum(np.concatenate(([0.0], sound**2)))
    places = np.arange(len(sound) - len(wanted) + 1)
    norm = np.sqrt(np.maximum(energy[places + len(wanted)] - energy[places], 1e3))
    alike = product[: len(places)] / norm
    best = int(np.argmax(alike))
    return best / RATE, float(alike[best])


async def test_what_a_caller_says_arrives_and_nothing_else(farm: Watched, switch: SmallSwitch):
    says = (Say(1.0, WORDS), Say(0.5, MORE_WORDS))
    await farm.call(Caller("Anna", "100", caller_tone(0), does=says, hangs_up_after=9))
    there = samples(switch.folder / "heard.wav")
    first, second = samples(WORDS), samples(MORE_WORDS)
    at, alike = found(first, there)
    later, also = found(second, there)
    assert alike > 0.95 and also > 0.95
    assert later - at == pytest.approx(len(first) / RATE + 0.5, abs=0.1)
    silence = np.concatenate(
        [there[: int((at - 0.05) * RATE)], there[int(later * RATE) + len(second) + 400 :]]
    )
    assert np.abs(silence).max() < 50, "his tone was to be heard"


async def test_an_utterance_is_reported_with_its_times(farm: Watched):
    """The echo comes back into the phone's own recording, whose place in time is known."""
    outcome = await farm.call(
        Caller("Anna", "300", caller_tone(0), does=(Say(1.0, WORDS),), hangs_up_after=5)
    )
    assert outcome.recording and outcome.answered
    at, alike = found(samples(WORDS), read_samples(outcome.recording.path))
    assert alike > 0.9
    assert farm.at("says") == pytest.approx(outcome.answered + 1.0, abs=0.1)
    assert farm.at("said") - farm.at("says") == pytest.approx(len(samples(WORDS)) / RATE, abs=0.05)
    assert 0 < outcome.recording.answered + at - farm.at("says") < 0.3, "the way there and back"


async def test_he_waits_until_the_prompt_is_over_and_then_speaks(farm: Watched, switch: SmallSwitch):
    does = (Say(0.7, WORDS, when="quiet"), Press(0.5, "1", when="quiet"))
    await farm.call(Caller("Anna", "200", caller_tone(0), does=does, hangs_up_after=8))
    prompt = len(samples(MORE_WORDS)) / RATE
    assert farm.at("quiet") - farm.at("sounds") == pytest.approx(prompt, abs=0.5)
    assert farm.at("says") - farm.at("quiet") == pytest.approx(0.7, abs=0.15)
    _, alike = found(samples(WORDS), samples(switch.folder / "answered.wav"))
    assert alike > 0.95
    assert "keys" not in [event.kind for event in farm.seen], "nothing more was asked"


async def test_with_an_operator_he_says_his_tone_and_no_more_words(farm: Watched):
    await farm.start_operators([OperatorPhone("op1", "secret-of-op1", operator_tone(1))])
    caller = Caller("Anna", "201", caller_tone(0), does=(Say(1, WORDS), Say(5, WORDS)), talk_for=4)
    outcome = await farm.call(caller)
    assert outcome.heard_whom == "op1"
    assert [event.kind for event in farm.seen].count("says") == 1
    await farm.stop()
    taken = next(one for one in farm.recordings if one.phone == "op1")
    talk = Talk("Anna", "op1", taken.answered, outcome.ended, caller_from=farm.at("tone"))
    assert check_audio([talk], farm.recordings, farm.tones)[0].why == ""
    assert heard(taken, farm.tones)["Anna"].first > taken.answered


async def test_what_is_no_sound_is_refused_before_anything_rings(farm: Watched, tmp_path: Path):
    (tmp_path / "no.wav").write_text("hello")
    for path in (tmp_path / "no.wav", tmp_path / "missing.wav"):
        with pytest.raises(ValueError, match="cannot be said"):
            await farm.call(Caller("Anna", "100", caller_tone(0), does=(Say(1, path),)))


async def test_he_answers_the_sentence_he_knows_and_is_silent_to_another(farm: Watched, switch: SmallSwitch):
    farm.sentences = {"hello": MORE_WORDS, "goodbye": SOUNDS / "005-anna-clean.wav"}
    (switch.folder / "answered.wav").unlink(missing_ok=True)
    yes, no = Reply(("hello",), (Say(0.7, WORDS),)), Reply(("goodbye",), (Press(0.7, "9"),))
    await farm.call(Caller("Anna", "200", caller_tone(0), replies=(no, yes), hangs_up_after=9))
    assert [event.detail for event in farm.seen if event.kind == "understood"] == ["hello"]
    assert farm.at("says") - farm.at("understood") == pytest.approx(0.7, abs=0.15)
    assert "keys" not in [event.kind for event in farm.seen]
    _, alike = found(samples(WORDS), samples(switch.folder / "answered.wav"))
    assert alike > 0.95


async def test_many_short_words_of_four_callers_at_once_cost_no_phone_its_life(farm: Watched, tmp_path: Path):
    """A player that was freed before it had told the end of its file took the process along."""
    short = tmp_path / "short.wav"
    write_wav(short, chord(2000.0, 0.26))
    does = tuple(Say(0.0, short) for _ in range(30))
    outcomes = await asyncio.gather(
        *(farm.call(Caller(f"c{i}", "300", caller_tone(i), does=does, hangs_up_after=9)) for i in range(4))
    )
    assert [outcome.ended_by for outcome in outcomes] == ["caller"] * 4
    assert sum(event.kind == "said" for event in farm.seen) >= 100
