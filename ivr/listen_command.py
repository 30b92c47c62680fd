"""`./hotline listen`: a sound file through the ear of a call; what is heard, what it means, where it leads."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from rich.console import Console

from ivr.core.commands import AnyCommand, Enqueue, Hangup, Play
from ivr.core.flow import FlowError
from ivr.listen_screen import show
from ivr.open_question import OpenQuestion, QuestionUnknown, open_question
from ivr.speech_eval_command import load_recognizer
from speech.expectation import Expectation, Meaning
from speech.hypothesis import Hypothesis
from speech.listening.listener import Listener
from speech.listening_events import SpeechBegan, Understood
from speech.meaning.question_grammar import grammar_of
from speech.meaning.understanding import understand
from speech.pcm import TELEPHONE_RATE, Samples, resample
from speech.recognizer import ModelUnusable, Recognizer
from speech.trial.evaluation import LEAD, with_line_around
from speech.wav import SoundUnreadable, read_wav

_FRAME = 160  # samples: 20 ms, as a line brings them


def run_listen(
    file: Path, *, menu: str, site: Path, language: str | None, model: str | None, json: bool
) -> int:
    """Print each utterance of a WAV file of any rate. Returns 1, with a sentence, when it cannot be heard."""
    try:
        rate, samples = read_wav(file)
        question = open_question(menu, site, language)
        recognizer = load_recognizer(model, question.expectation.language)
        said = list(listen(resample(samples, rate, TELEPHONE_RATE), question, recognizer))
    except (SoundUnreadable, QuestionUnknown, ModelUnusable, FlowError) as fault:
        print(fault, file=sys.stderr)
        return 1
    found = {"file": str(file), "model": recognizer.model, "utterances": said}
    if json:
        sys.stdout.write(json_text.dumps(found, ensure_ascii=False, indent=1) + "\n")
    else:
        show(found, Console())
    return 0


def listen(sound: Samples, question: OpenQuestion, recognizer: Recognizer) -> Iterator[dict[str, Any]]:
    """Every utterance in turn, each an answer to what the call asks by then; prompts are taken as heard out.

    When the call has left the menu, a new one begins at the question. Times are seconds of the file; a
    word's are counted from the utterance's first sound.
    """
    heard: list[Hypothesis] = []

    def understood(hypothesis: Hypothesis, expectation: Expectation) -> Meaning:
        heard.append(hypothesis)
        return understand(hypothesis, expectation)

    listener = Listener({recognizer.language: recognizer}, understood, grammar_of)
    around = with_line_around(sound, np.random.default_rng(0))
    turn = 0
    listener.expect(turn, question.expectation, playing=False)
    for at in range(0, around.size, _FRAME):
        for event in listener.feed(around[at : at + _FRAME]):
            if isinstance(event, SpeechBegan):
                heard.clear()
            elif isinstance(event, Understood):
                yield _told(event, heard[-1] if heard else Hypothesis(), question)
                if not question.asking:
                    question.begin()
                turn += 1
                listener.expect(turn, question.expectation, playing=False)


def _told(event: Understood, heard: Hypothesis, question: OpenQuestion) -> dict[str, Any]:
    node, limits, meaning = question.node, question.thresholds, event.meaning
    if meaning.kind in ("unknown", "nothing"):
        verdict = meaning.kind
    elif meaning.confidence >= limits.sure:
        verdict = "sure"
    else:
        verdict = "unsure" if meaning.confidence >= limits.unsure else "unknown"
    return {
        "asked": node,
        "began": round(event.began - LEAD, 2),
        "ended": round(event.ended - LEAD, 2),
        "decided": round(event.decided - LEAD, 2),
        "early": event.early,
        "words": [msgspec.structs.asdict(word) for word in heard.words],
        "meaning": msgspec.structs.asdict(meaning),
        "verdict": verdict,
        "leads_to": _led(question.said(meaning), question),
    }


def _led(commands: list[AnyCommand], question: OpenQuestion) -> dict[str, Any]:
    """node: where the call is now. topic: of the queue it is in, if it is. says: the prompts on the way."""
    topics = [one.topic for one in commands if isinstance(one, Enqueue)]
    return {
        "node": question.node,
        "topic": topics[-1] if topics else None,
        "ends": any(isinstance(one, Hangup) for one in commands),
        "says": [one.text or one.prompt for one in commands if isinstance(one, Play)],
    }
