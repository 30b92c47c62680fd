from __future__ import annotations

import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.doctor.judge.prompts import PromptFacts, Voice, judge
from ivr.doctor.probe.users import unreadable
from tests.ivr.doctor.reading import said, troubles

ANNA = Voice("ru", "rhvoice", "anna")
GOOD = PromptFacts("city", "site.yaml", "var/prompts", True, 38, (ANNA,), plays="nobody", writes="hotline")


def test_prompts_that_are_there_and_can_be_heard_are_well():
    assert troubles(judge(GOOD)) == []


def test_a_prompt_without_sound_is_an_error_while_callers_may_come():
    findings = list(judge(replace(GOOD, missing=("main.topic.ask (ru)",))))
    assert troubles(findings) == ["prompts-missing"]
    assert "main.topic.ask (ru)" in said(findings, "prompts-missing").sentence


def test_before_the_start_it_is_only_still_to_be_made():
    assert troubles(judge(replace(GOOD, running=False, missing=("main.topic.ask (ru)",)))) == [
        "prompts-to-be-made"
    ]


def test_sounds_that_are_broken_are_told_a_few_at_a_time():
    broken = tuple(f"prompt main.{number} (ru): cut off" for number in range(9))
    assert troubles(judge(replace(GOOD, broken=broken))) == ["prompts-broken"] * 3


def test_sounds_that_asterisks_user_cannot_read_are_an_error():
    findings = list(judge(replace(GOOD, unreadable=("var/prompts/ru/1.wav", "var/prompts/ru/2.wav"))))
    assert troubles(findings) == ["prompts-unreadable"]
    assert "'nobody'" in findings[-1].sentence


def test_a_folder_that_takes_no_sounds_is_an_error():
    assert troubles(judge(replace(GOOD, writable=False))) == ["prompts-unwritable"]


def test_a_language_that_nobody_speaks_is_an_error():
    assert troubles(judge(replace(GOOD, voices=(ANNA, Voice("tt", why="nothing speaks 'tt'"))))) == [
        "prompts-no-voice"
    ]


def test_a_robot_and_a_voice_that_was_not_asked_for_are_warnings():
    robot = Voice("ru", "espeak-ng", "ru", "none of the voices anna is here")
    assert troubles(judge(replace(GOOD, voices=(robot,)))) == ["voice-other", "voice-robotic"]


def test_a_recording_that_nobody_hears_is_told():
    assert troubles(judge(replace(GOOD, unused=("ru/main.topik.wav replaces no prompt",)))) == [
        "recording-unused"
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can ask as somebody else")
def test_reading_is_asked_of_the_kernel_as_the_other_user():
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        secret, public = folder / "secret wav", folder / "public.wav"
        for file, mode in ((secret, 0o600), (public, 0o644)):
            file.write_text("")
            file.chmod(mode)
        assert unreadable([secret, public], 65534, 65534) == [str(secret)]
        folder.chmod(0o700)
        assert unreadable([secret, public], 65534, 65534) == [str(secret), str(public)]
