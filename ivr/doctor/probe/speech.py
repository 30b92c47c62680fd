"""Models are tried in a process of their own; workers are asked for by way of the controller that uses them."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ivr.doctor.finding import Finding
from ivr.doctor.judge import speech
from ivr.doctor.judge.speech import SpeechFacts, WorkerSeen
from ivr.doctor.subject import Subject, short
from ivr.speech_plan import NoSpeechSecret, speech_secret, speech_settings
from speech.recognition.models import PROOFS


def examine(subject: Subject) -> Iterator[Finding]:
    """Nothing is kept of the trial: the doctor changes nothing."""
    if subject.site is None:
        return
    with tempfile.TemporaryDirectory() as proofs:
        if PROOFS.is_dir():  # what the last start has found out need not be tried again
            shutil.copytree(PROOFS, proofs, dirs_exist_ok=True)
        planned = speech_settings(subject.site, subject.instance, proofs=Path(proofs))
    secret = ""
    if planned.on:
        try:
            speech_secret(planned, subject.instance)
        except NoSpeechSecret as fault:
            secret = str(fault)
    said = (subject.status or {}).get("speech") or {}
    yield from speech.judge(
        SpeechFacts(
            on=planned.on,
            models=tuple(planned.models.items()),
            faults=planned.missing,
            secret=secret,
            workers=tuple(_seen(one) for one in said.get("workers", ())),
            full=said.get("full", 0),
            log=short(subject.instance.logs / "speech.log"),
        )
    )


def _seen(worker: dict[str, object]) -> WorkerSeen:
    address = str(worker["address"])
    own = "/" in address
    return WorkerSeen("this machine" if own else address, own, bool(worker["well"]))
