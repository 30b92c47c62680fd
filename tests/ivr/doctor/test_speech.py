"""Whether callers who speak are understood, and what the doctor says when they are not."""

from __future__ import annotations

from dataclasses import replace

from ivr.doctor.judge.speech import SpeechFacts, WorkerSeen, judge
from tests.ivr.doctor.reading import said, troubles

OURS = WorkerSeen("this machine", own=True, there=True)
GOOD = SpeechFacts(True, models=(("ru", "vosk-model-tiny-ru-8k"),), workers=(OURS,), log="log/speech.log")


def test_a_model_that_can_be_loaded_and_a_worker_that_listens_are_well():
    assert troubles(judge(GOOD)) == []


def test_speech_that_is_off_is_no_trouble():
    assert troubles(judge(SpeechFacts(on=False))) == []


def test_a_model_that_cannot_be_used_is_a_warning_for_calls_go_on_by_key():
    findings = list(
        judge(replace(GOOD, models=(), faults=("callers who speak ru are served by key only: x",)))
    )
    assert troubles(findings) == ["speech-model"]
    assert said(findings, "speech-model").verdict == "warning"


def test_our_own_worker_that_is_away_is_looked_for_in_its_log_and_others_at_their_host():
    elsewhere = WorkerSeen("speech1.example.org:7000", own=False, there=False)
    findings = list(judge(replace(GOOD, workers=(replace(OURS, there=False), elsewhere))))
    assert troubles(findings) == ["speech-worker-away", "speech-worker-away"]
    assert "log/speech.log" in findings[-2].cure
    assert "firewall" in findings[-1].cure


def test_callers_who_were_turned_to_keys_because_it_was_full_are_counted():
    findings = list(judge(replace(GOOD, full=12)))
    assert troubles(findings) == ["speech-full"]
    assert "12 callers" in said(findings, "speech-full").sentence


def test_a_secret_that_cannot_be_read_keeps_every_worker_away():
    assert troubles(judge(replace(GOOD, secret="speech.secret_file cannot be read: no such file"))) == [
        "speech-secret"
    ]
