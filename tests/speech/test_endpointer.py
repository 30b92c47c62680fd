"""When a caller begins and ends, with the real network on real and made sound, and with a scripted one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from speech.listening.endpointer import (
    FRAME_SAMPLES,
    Began,
    Certain,
    Edge,
    Ended,
    Endpointer,
    EndpointSettings,
)
from speech.listening.voice_activity import SileroVoiceActivity
from speech.pcm import Samples
from tests.speech.sounds import (
    KINDS,
    at_level,
    babble,
    clip,
    echo,
    mixed,
    prompt,
    quiet_line,
    silence,
    sound,
)

TENTH = 5  # frames


class Scripted:
    """Voice activity that says what the sound's level says: louder than -40 dBFS is `sure`."""

    def __init__(self, sure: float = 1.0) -> None:
        self.sure, self.asked, self.resets = sure, 0, 0

    def feed(self, samples: Samples) -> float:
        self.asked += 1
        return self.sure if np.abs(samples).max() > 600 else 0.0

    def reset(self) -> None:
        self.resets += 1


def tone(seconds: float, level: float = -20.0) -> Samples:
    return at_level(np.sin(np.arange(round(seconds * 8000)) * 0.8), level)


def edges(endpointer: Endpointer, samples: Samples, *, playing: bool = False) -> list[Edge]:
    found: list[Edge] = []
    for at in range(0, samples.size - FRAME_SAMPLES + 1, FRAME_SAMPLES):
        found += endpointer.feed(samples[at : at + FRAME_SAMPLES], playing=playing)
    return found


def heard(samples: Samples, *, playing: bool = False) -> list[Edge]:
    return edges(Endpointer(SileroVoiceActivity()), samples, playing=playing)


def barge_ins(samples: Samples) -> list[Certain]:
    return [edge for edge in heard(samples, playing=True) if isinstance(edge, Certain)]


# --- its own logic --------------------------------------------------------------------------------


def test_speech_begins_at_its_onset_and_ends_at_its_last_sound():
    began, certain, ended = edges(Endpointer(Scripted()), np.concatenate((silence(1), tone(0.6), silence(1))))
    assert isinstance(began, Began) and isinstance(certain, Certain) and isinstance(ended, Ended)
    assert began.at == certain.at == pytest.approx(1.0, abs=0.021)
    assert certain.known - certain.at <= 0.1
    assert ended.at == pytest.approx(1.6, abs=0.021)
    assert ended.known - ended.at == pytest.approx(EndpointSettings().pause, abs=0.011)


def test_what_was_said_before_anybody_was_sure_is_not_lost():
    sound_ = np.concatenate((silence(1), tone(0.6), silence(1)))
    began = edges(Endpointer(Scripted()), sound_)[0]
    assert isinstance(began, Began)
    assert began.sound.size >= round(EndpointSettings().pre_roll * 8000)
    at = sound_.tobytes().find(began.sound.tobytes())
    assert at >= 0, "the pre-roll is the caller's own sound, in order"


def test_one_frame_of_voice_is_nothing():
    assert edges(Endpointer(Scripted()), np.concatenate((silence(1), tone(0.02), silence(1)))) == []


def test_a_little_voice_is_listened_to_but_nobody_is_sure():
    kinds = [
        type(e) for e in edges(Endpointer(Scripted()), np.concatenate((silence(1), tone(0.04), silence(1))))
    ]
    assert kinds == [Began, Ended]


def test_a_short_pause_does_not_end_what_he_says():
    found = edges(
        Endpointer(Scripted()), np.concatenate((silence(1), tone(0.4), silence(0.4), tone(0.4), silence(1)))
    )
    assert [type(edge) for edge in found] == [Began, Certain, Ended]


def test_a_caller_without_a_pause_is_cut_at_the_longest():
    settings = replace(EndpointSettings(), longest=3.0)
    ended = [
        e
        for e in edges(Endpointer(Scripted(), settings), np.concatenate((silence(1), tone(5))))
        if isinstance(e, Ended)
    ]
    assert ended[0].too_long and ended[0].known == pytest.approx(4.0, abs=0.1)


def test_silence_for_minutes_asks_nobody():
    activity = Scripted()
    assert edges(Endpointer(activity), silence(180)) == []
    assert activity.asked == 0


def test_people_who_go_on_talking_behind_him_do_not_keep_him_from_ending():
    after_him = np.concatenate((silence(1), tone(0.8, -15), tone(3, -41)))
    found = edges(Endpointer(Scripted()), after_him)
    assert [type(edge) for edge in found] == [Began, Certain, Ended]
    assert found[-1].at < 2.0


def test_forgotten_speech_is_followed_by_a_fresh_start():
    activity = Scripted()
    endpointer = Endpointer(activity)
    edges(endpointer, np.concatenate((silence(1), tone(0.5))))
    endpointer.forget()
    assert activity.resets == 1 and not endpointer.certain and endpointer.pause == 0
    assert edges(endpointer, silence(1)) == []


def test_in_a_prompt_more_evidence_is_needed():
    voice = np.concatenate((silence(1), tone(0.5), silence(1)))
    plain = edges(Endpointer(Scripted(0.62)), voice)
    prompted = edges(Endpointer(Scripted(0.62)), voice, playing=True)
    known = [next(e.known for e in found if isinstance(e, Certain)) for found in (plain, prompted)]
    assert known[0] < known[1]


# --- voices ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["002-aleksandr-clean", "024-anna-clean", "009-irina-clean", "011-elena-clean"]
)
def test_a_caller_who_speaks_over_a_prompt_is_noticed_within_a_quarter_of_a_second(name: str):
    line = mixed(np.concatenate((silence(2), clip(name), silence(1))), quiet_line(4.0))
    certain = barge_ins(line)
    assert len(certain) == 1
    assert certain[0].known - certain[0].at <= 0.25 and certain[0].at == pytest.approx(2.1, abs=0.2)


def test_he_is_noticed_over_the_echo_of_the_prompt_that_he_interrupts():
    back = echo(prompt("elena"), 20, 0.1)[: 3 * 8000]
    (certain,) = barge_ins(mixed(back, np.concatenate((silence(2), clip("024-anna-clean"), silence(1)))))
    assert 2.0 <= certain.at <= 2.3


def test_a_caller_25_dB_quieter_than_usual_interrupts_where_nothing_returns():
    quiet = at_level(clip("024-anna-clean"), -42)
    assert len(barge_ins(mixed(np.concatenate((silence(2), quiet, silence(1))), quiet_line(4.4)))) == 1


def test_a_line_shows_in_one_prompt_what_returns_in_the_next():
    endpointer = Endpointer(SileroVoiceActivity())
    edges(endpointer, quiet_line(3), playing=True)
    edges(endpointer, quiet_line(1))
    at_once = mixed(np.concatenate((silence(0.2), at_level(clip("024-anna-clean"), -42))), quiet_line(1.5))
    assert any(isinstance(edge, Certain) for edge in edges(endpointer, at_once, playing=True))


# --- what is not speech to us ---------------------------------------------------------------------


@pytest.mark.parametrize("level", [-40, -20])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_other_sound_cuts_a_prompt(kind: str, level: float):
    assert barge_ins(mixed(quiet_line(12), sound(kind, 12, level, seed=4))) == []


@pytest.mark.parametrize(
    "colour", ["white noise", "pink noise", "brown noise", "mains hum", "crackling line"]
)
def test_noise_20_dB_below_speech_is_not_listened_to(colour: str):
    assert heard(sound(colour, 12, -40)) == []


@pytest.mark.parametrize("voice", ["anna", "aleksandr", "irina", "elena"])
@pytest.mark.parametrize(("loss", "delay"), [(12, 0.05), (12, 0.25), (20, 0.15), (30, 0.25)])
def test_our_own_prompt_does_not_cut_itself(voice: str, loss: float, delay: float):
    assert barge_ins(mixed(echo(prompt(voice), loss, delay), quiet_line(12.5))) == []


def test_people_who_talk_in_his_room_all_the_time_do_not_cut_a_prompt():
    assert barge_ins(np.concatenate((babble(12, -38), silence(1)))) == []
