"""`./hotline speech eval`: how much of a set of test sound the hotline would understand."""

from __future__ import annotations

import json as json_text
import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from rich.console import Console
from rich.progress import Progress

from ivr.core.flow import Speech
from ivr.instance import PROJECT
from ivr.open_question import OpenQuestion, QuestionUnknown, open_question
from ivr.speech_eval_table import print_figures
from speech.listening.listener import Listener
from speech.meaning.question_grammar import grammar_of
from speech.meaning.understanding import understand
from speech.pcm import Samples
from speech.recognition.models import default_models, find_model
from speech.recognition.vosk_recognizer import VoskRecognizer
from speech.recognizer import ModelUnusable, Recognizer
from speech.telephone.gsm import GsmMissing
from speech.telephone.line import ConditionUnknown, Line, line
from speech.trial.evaluation import Outcome, expectations, outcome, with_line_around
from speech.trial.evaluation_figures import figures
from speech.trial.evaluation_set import Clip, SetUnreadable, read_set

SWITCH = PROJECT / "var" / "asterisk"  # its libraries; libgsm among them
_TALKERS = 24


@dataclass(frozen=True)
class _Run:
    clips: Sequence[Clip]
    sounds: Sequence[Samples]
    lines: dict[str, Line]

    def jobs(self) -> list[tuple[str, int]]:
        """(condition, number of the clip); "" leaves the sound as it is, under the table's word."""
        names = list(self.lines) or [""]
        return [(name, number) for name in names for number in range(len(self.clips))]

    def carried(self, name: str, number: int) -> Samples:
        """The same for the same file and condition, whatever else is in the set but for babble's talkers."""
        clip = self.clips[number]
        rng = np.random.default_rng([crc32(clip.file.name.encode()), crc32(name.encode())])
        sound = with_line_around(self.sounds[number], rng)
        if not name:
            return sound
        count = len(self.clips)
        others = [self.sounds[(number + 7 * n) % count] for n in range(1, _TALKERS) if 7 * n % count]
        return self.lines[name].carry(sound, rng, others=others, libraries=[SWITCH])


def run_speech_eval(
    table: Path,
    *,
    menu: str | None,
    site: Path,
    model: str | None,
    language: str | None,
    conditions: str | None,
    json: Path | None,
) -> int:
    """Print the figures, write them as JSON. Returns 1, with a sentence, when the set or model is unusable."""
    try:
        clips = read_set(table)
        question = open_question(menu, site, language) if menu else None
        recognizer = load_recognizer(model, question.expectation.language if question else language)
        outcomes = evaluate(clips, recognizer, question, conditions)
        thresholds = question.thresholds if question else Speech()
        found = figures(outcomes, thresholds.sure, thresholds.unsure)
    except (SetUnreadable, QuestionUnknown, ModelUnusable, ConditionUnknown, GsmMissing, ValueError) as fault:
        print(fault, file=sys.stderr)
        return 1
    found = {"table": str(table), "model": recognizer.model, "menu": menu or "", **found}
    found["left_out"] = len(clips) * max(1, len((conditions or "-").split(","))) - len(outcomes)
    print_figures(found, Console())
    if json:
        json.write_text(json_text.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


def load_recognizer(model: str | None, language: str | None) -> Recognizer:
    """A model by name or folder; None: the one that ships for the language. Raises ModelUnusable."""
    shipped = default_models()
    spoken = language or (find_model(model).language if model else "") or "ru"
    if model is None and spoken not in shipped:
        raise ModelUnusable(f"no model ships for {spoken!r}; give one with --model")
    return VoskRecognizer(find_model(model or shipped[spoken]).path, spoken)


def evaluate(
    clips: Sequence[Clip],
    recognizer: Recognizer,
    question: OpenQuestion | None = None,
    conditions: str | None = None,
) -> list[Outcome]:
    """Each clip through a listener as a call has it, under the table's condition or each of those named.

    conditions: names of lines, comma between; they are laid over the clips that the table calls clean (all,
    if it calls none so). Raises SetUnreadable, ConditionUnknown, GsmMissing.
    """
    lines = {name.strip(): line(name.strip()) for name in conditions.split(",")} if conditions else {}
    if lines:
        clips = [clip for clip in clips if clip.condition == "clean"] or clips
    asked = expectations(clips, recognizer.language, question.expectation if question else None)
    run = _Run(clips, [clip.sound() for clip in clips], lines)

    def one(job: tuple[str, int]) -> Outcome | None:
        name, number = job
        clip = clips[number]
        listener = Listener({recognizer.language: recognizer}, understand, grammar_of)
        return outcome(clip, name or clip.condition, run.carried(*job), asked[clip.kind], listener)

    jobs = run.jobs()
    with (
        ThreadPoolExecutor(os.cpu_count() or 1) as pool,
        Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as progress,
    ):
        return [made for made in progress.track(pool.map(one, jobs), total=len(jobs)) if made]
